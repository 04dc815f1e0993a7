"""The resident's word at the end: it happened, and how it was. Silence is "not rated", never "satisfied"."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.clocks import Clocks
from zhiyuan.domain.needs.counting import count_for
from zhiyuan.domain.needs.dispatching import back_to_desk
from zhiyuan.domain.needs.models import SERVED, FollowUp, Need, NeedState, Order, Rating, Turn
from zhiyuan.domain.needs.moving import MovingObstacle, lock_need, move, require_reason
from zhiyuan.domain.needs.telling import tell_taker
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person

_GROUP = _("Ratings")
LOW = declare(
    Parameter("need.rating.low", _GROUP, _("A rating of so many stars or fewer is followed up"), Unit.TIMES, 2, most=4)
)
FOLLOW_UP_DAYS = declare(
    Parameter("need.follow_up.days", _GROUP, _("A follow-up is done within"), Unit.WORKDAYS, 3, least=1, most=60)
)


class RatingObstacle(TextChoices):
    NOT_ONE_TO_FIVE = "stars_not_one_to_five", _("Choose between one and five.")
    NOT_DONE = "rating_not_done", _("There is nothing to rate yet. You are told when it is done.")
    RATED = "already_rated", _("This request is already rated. Thank you.")
    NOTHING_TO_FOLLOW = "no_follow_up", _("No follow-up is open here.")
    FOLLOW_UP_OPEN = "follow_up_open", _("The low rating has not been followed up yet. Do that first.")


def _lock_for_word(need: Need, by: Person | None) -> Need:
    """The locked need, for the resident by the receipt (`by` is None), for who took it down, or a clerk who called."""
    need = lock_need(need)
    if by is not None and by.pk not in (need.person_id, need.entered_by_id):
        require(by, Permission.VERIFY_NEED, area=need.area_id)
    return need


def obstacle_to_rate(need: Need) -> RatingObstacle | None:
    """Why a need can't be rated; None when nothing stands in the way. Who asked for the same as another rates that
    work for themselves."""
    done = need.merged_into or need
    if done.state not in (*SERVED, NeedState.CLOSED):
        return RatingObstacle.NOT_DONE
    if Rating.objects.filter(need=need).exists():
        return RatingObstacle.RATED
    if done.state in (NeedState.DONE, NeedState.CONFIRMED):
        return None
    served = done.team_id is not None and done.state in (*SERVED, NeedState.CLOSED)
    return None if need.merged_into and served else RatingObstacle.NOT_DONE


@verb
def confirm_need(need: Need, *, by: Person | None, at: datetime) -> Need:
    """The resident says that it happened."""
    need = _lock_for_word(need, by)
    move(need, NeedState.CONFIRMED, by=by, at=at)
    return need


@verb
def deny_need(need: Need, reason: str, *, by: Person | None, at: datetime) -> Need:
    """The resident says that it did not happen: back to the desk, one level up. The team's report stays to be read."""
    need = _lock_for_word(need, by)
    if need.state != NeedState.DONE:
        raise Refused(MovingObstacle.NOT_FROM_HERE, state=NeedState(need.state).label)
    require_reason(reason)
    order = Order.objects.select_related("team").filter(need=need, state=Order.State.DONE).order_by("-pk").first()
    if order:
        order.state, order.reason = Order.State.HANDED_BACK, reason.strip()
        order.save(update_fields=["state", "reason"])
        count_for(order.team, done=-1, declined=1)
    need.done_at = None
    back_to_desk(need, reason, by=by, at=at, team=need.team, goes_up=True)
    return need


@verb
def rate_need(need: Need, stars: int, words: str, *, by: Person | None, at: datetime) -> Rating:
    """One to five, and words. Who rates what is only done confirms it with the same word; a low rating makes a
    follow-up with a deadline."""
    need = _lock_for_word(need, by)
    if obstacle := obstacle_to_rate(need):
        raise Refused(obstacle)
    if not 1 <= stars <= 5:
        raise Refused(RatingObstacle.NOT_ONE_TO_FIVE)
    if need.state == NeedState.DONE:
        move(need, NeedState.CONFIRMED, by=by, at=at)
    caller = by if by and by.pk != need.person_id else None
    rating = Rating.objects.create(need=need, stars=stars, words=words, by=caller, at=at)
    clocks = Clocks.on(local_day(at))
    if need.state == NeedState.CONFIRMED:
        move(need, NeedState.RATED, by=by, at=at, clocks=clocks)
    else:
        record(by, "need.rated", need, at=at, before=need.state)
    served_by = need.team or (need.merged_into.team if need.merged_into else None)
    count_for(served_by, ratings=1, stars=stars)
    if stars <= clocks[LOW]:
        _open_follow_up(need, clocks, at=at)
    return rating


def _open_follow_up(need: Need, clocks: Clocks, *, at: datetime) -> None:
    """Somebody asks what went wrong. Until then it is the desk's turn, and the need's clock is the follow-up's; so too
    for a household whose request was taken together with another."""
    due_at = clocks.workdays_after(at, clocks[FOLLOW_UP_DAYS])
    FollowUp.objects.create(need=need, opened_at=at, due_at=due_at)
    if need.state == NeedState.RATED:
        need.turn = Turn.OURS
    if need.state in (NeedState.RATED, NeedState.MERGED):
        need.warn_at, need.due_at = at + (due_at - at) * 0.8, due_at
        need.alarm_at = need.warn_at
        need.save(update_fields=["turn", "warn_at", "due_at", "alarm_at"])


def open_follow_up(need: Need) -> FollowUp | None:
    """The follow-up that waits to be done."""
    return FollowUp.objects.filter(need=need, done_at=None).first()


@verb
def finish_follow_up(need: Need, result: str, *, by: Person, at: datetime) -> Need:
    """Say what came of asking after a low rating; the need is closed with it."""
    need = lock_need(need)
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    follow_up = FollowUp.objects.select_for_update().filter(need=need, done_at=None).first()
    if follow_up is None:
        raise Refused(RatingObstacle.NOTHING_TO_FOLLOW)
    require_reason(result)
    follow_up.done_at, follow_up.done_by, follow_up.result = at, by, result.strip()
    follow_up.save(update_fields=["done_at", "done_by", "result"])
    record(by, "need.followed_up", need, at=at)
    if need.state == NeedState.RATED:
        move(need, NeedState.CLOSED, by=by, at=at)
        tell_taker(need, at=at)
    elif need.state == NeedState.MERGED:
        need.warn_at = need.due_at = need.alarm_at = None
        need.save(update_fields=["warn_at", "due_at", "alarm_at"])
    return need


def obstacle_to_close(need: Need) -> RatingObstacle | MovingObstacle | None:
    """Why a need can't be put away; None when nothing stands in the way."""
    if need.state not in (NeedState.CONFIRMED, NeedState.RATED):
        return MovingObstacle.NOT_FROM_HERE
    return RatingObstacle.FOLLOW_UP_OPEN if open_follow_up(need) else None


@verb
def close_need(need: Need, *, by: Person, at: datetime) -> Need:
    """Put a need away that was confirmed; unrated it stays "not rated"."""
    need = lock_need(need)
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    if obstacle := obstacle_to_close(need):
        raise Refused(obstacle, state=NeedState(need.state).label)
    move(need, NeedState.CLOSED, by=by, at=at)
    tell_taker(need, at=at)
    return need
