"""The resident's word at the end: it happened, and how it was. Silence is "not rated", never "satisfied"."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.needs.counting import count_for
from zhiyuan.domain.needs.models import Need, NeedState, Rating
from zhiyuan.domain.needs.moving import lock_need, move
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may, require
from zhiyuan.domain.people.models import Person


class RatingObstacle(TextChoices):
    NOT_ONE_TO_FIVE = "stars_not_one_to_five", _("Choose between one and five.")
    NOT_DONE = "rating_not_done", _("There is nothing to rate yet. You are told when it is done.")
    RATED = "already_rated", _("This request is already rated. Thank you.")


def _lock_for_word(need: Need, by: Person | None) -> Need:
    """The locked need, for the resident by the receipt (`by` is None), or a clerk who called them."""
    need = lock_need(need)
    if by is not None and by.pk != need.person_id and not may(by, Permission.VERIFY_NEED, area=need.area_id):
        raise Refused(AccessObstacle.NOT_YOURS)
    return need


def obstacle_to_rate(need: Need) -> RatingObstacle | None:
    """Why a need can't be rated; None when nothing stands in the way."""
    if need.state in (NeedState.DONE, NeedState.CONFIRMED):
        return None
    rated = Rating.objects.filter(need=need).exists()
    return RatingObstacle.RATED if rated else RatingObstacle.NOT_DONE


@verb
def confirm_need(need: Need, *, by: Person | None, at: datetime) -> Need:
    """The resident says that it happened."""
    need = _lock_for_word(need, by)
    move(need, NeedState.CONFIRMED, by=by, at=at)
    return need


@verb
def rate_need(need: Need, stars: int, words: str, *, by: Person | None, at: datetime) -> Rating:
    """One to five, and words. Who rates what is only done confirms it with the same word."""
    need = _lock_for_word(need, by)
    if obstacle := obstacle_to_rate(need):
        raise Refused(obstacle)
    if not 1 <= stars <= 5:
        raise Refused(RatingObstacle.NOT_ONE_TO_FIVE)
    if need.state == NeedState.DONE:
        move(need, NeedState.CONFIRMED, by=by, at=at)
    caller = by if by and by.pk != need.person_id else None
    rating = Rating.objects.create(need=need, stars=stars, words=words, by=caller, at=at)
    move(need, NeedState.RATED, by=by, at=at)
    count_for(need.team, ratings=1, stars=stars)
    return rating


@verb
def close_need(need: Need, *, by: Person, at: datetime) -> Need:
    """Put a need away that was confirmed; unrated it stays "not rated"."""
    need = lock_need(need)
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    move(need, NeedState.CLOSED, by=by, at=at)
    return need
