"""A dispatcher sends a need to one team or several, opens it to be claimed, or takes it back."""

from datetime import datetime

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.queries import county, in_area
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.counting import count_for
from zhiyuan.domain.needs.models import Need, NeedState, Order, Transition
from zhiyuan.domain.needs.moving import MovingObstacle, lock_need, may_move, move, one_level_up, require_reason
from zhiyuan.domain.needs.telling import tell_desk_above, tell_leaders, tell_leaders_it_is_over, tell_offered
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.organisations.queries import teams
from zhiyuan.domain.people.models import Person

OFTEN = 3  # orders that came back: the desk above is asked
TOLD_OF_AN_OFFER = 40  # teams; the others find it on their page


class DispatchObstacle(TextChoices):
    TEAM_OVER = "dispatch_team_ended", _("This team has ended. Choose another one.")
    NO_TEAM = "dispatch_without_team", _("Choose at least one team.")
    ASKED = "team_already_asked", _("This team has been asked already. Wait for its answer, or choose another one.")
    NOT_SENT = "order_not_open", _("Only an order that the team has not answered yet can be taken back.")


def obstacle_to_dispatch(need: Need, team: Team) -> DispatchObstacle | MovingObstacle | None:
    """Why a need can't be sent to this team; None when nothing stands in the way. While a team is silent, others can be
    asked as well."""
    if team.until:
        return DispatchObstacle.TEAM_OVER
    if need.state != NeedState.DISPATCHED:
        return None if may_move(need, NeedState.DISPATCHED) else MovingObstacle.NOT_FROM_HERE
    asked = Order.objects.filter(need=need, team=team, state=Order.State.OPEN)
    return DispatchObstacle.ASKED if asked.exists() else None


@verb
def dispatch_need(need: Need, *asked: Team, by: Person, at: datetime) -> Need:
    """Send a verified need to one team or to several at once: whichever says yes first has it."""
    need = lock_need(need)
    require(by, Permission.DISPATCH_NEED, area=need.area_id)
    asked = tuple(dict.fromkeys(asked))  # whoever names a team twice means it once
    if not asked:
        raise Refused(DispatchObstacle.NO_TEAM)
    for team in asked:
        if obstacle := obstacle_to_dispatch(need, team):
            raise Refused(obstacle, state=NeedState(need.state).label)
    need.times_sent += 1
    if need.state == NeedState.DISPATCHED:
        need.save(update_fields=["times_sent"])
        record(by, "need.sent_to_more", need, at=at, teams=[team.public_id for team in asked])
    else:
        move(need, NeedState.DISPATCHED, by=by, at=at, team=asked[0] if len(asked) == 1 else None)
    for team in asked:
        Order.objects.create(need=need, team=team, sent_by=by, sent_at=at)
        count_for(team, open_orders=1)
        tell_leaders(need, team, at=at)
    return need


def teams_offered(need: Need) -> QuerySet[Team]:
    """Living teams that may claim a need which is open to be claimed."""
    if need.offered_in_id is None:
        return teams().none()
    return teams().filter(in_area(need.offered_in_id))


@verb
def offer_need(need: Need, *, wide: bool, by: Person, at: datetime) -> Need:
    """Open a verified need to be claimed by the teams of its township, or (`wide`) of the whole county: the first to
    claim it has it."""
    need = lock_need(need)
    require(by, Permission.DISPATCH_NEED, area=need.area_id)
    need.offered_in = county() if wide else need.area.parent
    need.times_sent += 1
    move(need, NeedState.OFFERED, by=by, at=at)
    able = teams_offered(need).filter(categories=need.category_id).order_by("pk")
    tell_offered(need, able[:TOLD_OF_AN_OFFER], at=at)
    return need


@verb
def recall_order(need: Need, reason: str, *, by: Person, at: datetime) -> Need:
    """Take back what no team has answered, or an offer that nobody claimed; the need waits at the desk again."""
    need = lock_need(need)
    require(by, Permission.DISPATCH_NEED, area=need.area_id)
    if need.state not in (NeedState.DISPATCHED, NeedState.OFFERED):
        raise Refused(DispatchObstacle.NOT_SENT)
    require_reason(reason)
    for order in end_open_orders(need, Order.State.RECALLED, at=at, by=by):
        tell_leaders_it_is_over(need, order.team, at=at)
    back_to_desk(need, reason, by=by, at=at)
    return need


def open_orders(need: Need) -> list[Order]:
    rows = Order.objects.filter(need=need, state=Order.State.OPEN).select_related("team")
    return list(rows.order_by("pk"))


def end_open_orders(
    need: Need, state: Order.State, *, at: datetime, by: Person | None = None, but: Order | None = None
) -> list[Order]:
    """Close the orders of a locked need that nobody has answered; returns them. The teams are free of them."""
    ended = [order for order in open_orders(need) if order != but]
    for order in ended:
        close_order(order, state, by=by, at=at)
    return ended


def close_order(
    order: Order, state: Order.State, *, by: Person | None, at: datetime, why: str = "", reason: str = ""
) -> None:
    """An order ends; the team's counters follow."""
    order.state, order.answered_by, order.answered_at = state, by, at
    order.why, order.reason = why, reason.strip()
    order.save(update_fields=["state", "answered_by", "answered_at", "why", "reason"])
    came_back = {
        Order.State.DECLINED: {"declined": 1},
        Order.State.HANDED_BACK: {"declined": 1},
        Order.State.PASSED_OVER: {"silent": 1},
        Order.State.DONE: {"done": 1},
    }
    count_for(order.team, open_orders=-1, **came_back.get(state, {}))


def back_to_desk(
    need: Need,
    reason: str,
    *,
    by: Person | None,
    at: datetime,
    team: Team | None = None,
    by_clock: bool = False,
    goes_up: bool = False,
) -> None:
    """A locked need waits at the desk again: the step keeps whose it was. Every third time it goes one level up."""
    need.team = need.offered_in = None
    went_up = (goes_up or (times_back(need) + 1) % OFTEN == 0) and one_level_up(need)
    move(need, NeedState.VERIFIED, by=by, at=at, reason=reason, team=team, by_clock=by_clock)
    if went_up and not by_clock:  # the clock tells the desks itself
        tell_desk_above(need, at=at)


def times_back(need: Need) -> int:
    """How often a need came back to the desk from teams."""
    back = Transition.objects.filter(need=need, to_state=NeedState.VERIFIED)
    return back.exclude(from_state__in=[NeedState.SUBMITTED, NeedState.REFERRED]).count()


def withdraw_orders(need: Need, *, by: Person | None, at: datetime) -> None:
    """The need goes another way: nobody of the asked teams has to come, and they are told."""
    standing = Order.objects.filter(need=need, state__in=Order.STANDING).select_related("team")
    for order in list(standing.order_by("pk")):
        close_order(order, Order.State.WITHDRAWN, by=by, at=at)
        tell_leaders_it_is_over(need, order.team, at=at)
