"""Requests that are really one: the same household asking again, or a village asking for the same at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.needs.models import AT_TEAM, Need, NeedState, Rating
from zhiyuan.domain.needs.moving import lock_need, may_move, move, require_reason
from zhiyuan.domain.needs.telling import tell_merged
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person

ALIKE_DAYS = declare(
    Parameter(
        "need.alike.days",
        _("Requests that are alike"),
        _("Looked for among those of the last"),
        Unit.DAYS,
        14,
        least=1,
        most=180,
    )
)
MAY_TAKE_IN = (
    NeedState.SUBMITTED,
    NeedState.WAITING,
    NeedState.VERIFIED,
    NeedState.DISPATCHED,
    NeedState.OFFERED,
    *AT_TEAM,
)  # whatever is not done yet


class MergingObstacle(TextChoices):
    NOTHING_CHOSEN = "nothing_to_merge", _("Choose at least one request to take together with this one.")
    ITSELF = "merged_into_itself", _("Choose another request than this one.")
    ENDED = "merging_into_ended", _("The other request is done or over. It cannot take more in.")
    NOT_MERGEABLE = "need_not_mergeable", _("Only what no team has been asked for yet can be taken together.")
    HOLDS_OTHERS = "need_holds_others", _("Others were taken together with this one. Let it be the one that stays.")
    NOT_MERGED = "need_not_merged", _("This request stands by itself.")
    RATED = "merged_and_rated", _("This household has rated the work already. It stays with the others.")


def alike(need: Need, among: QuerySet[Need], *, at: datetime) -> QuerySet[Need]:
    """Of the needs that somebody may see: open ones of the same kind from the same village in the last days. The same
    telephone means that a household asked twice; another one, that neighbours ask for the same."""
    since = at - timedelta(days=value_of(ALIKE_DAYS, on=local_day(at)))
    found = among.filter(area=need.area_id, category=need.category_id, created_at__gte=since, state__in=MAY_TAKE_IN)
    return found.exclude(pk=need.pk).order_by("-created_at", "-pk")


def obstacle_to_merge(need: Need, into: Need) -> MergingObstacle | None:
    """Why a need can't be taken together with another; None when nothing stands in the way."""
    if need.pk == into.pk:
        return MergingObstacle.ITSELF
    if into.state not in MAY_TAKE_IN:
        return MergingObstacle.ENDED
    if not may_move(need, NeedState.MERGED):
        return MergingObstacle.NOT_MERGEABLE
    return MergingObstacle.HOLDS_OTHERS if Need.objects.filter(merged_into=need).exists() else None


@verb
def merge_needs(into: Need, needs: Iterable[Need], reason: str, *, by: Person, at: datetime) -> Need:
    """Deal with several requests as one work: `into` goes on, each household's own follows it and may rate it."""
    # in the order of their keys: two who take the same ones together never wait for each other in a circle
    taken_in = list(needs)
    locked = {one.pk: lock_need(one) for one in sorted((into, *taken_in), key=lambda need: need.pk)}
    into = locked[into.pk]
    require(by, Permission.VERIFY_NEED, area=into.area_id)
    if not taken_in:
        raise Refused(MergingObstacle.NOTHING_CHOSEN)
    require_reason(reason)
    for need in (locked[one.pk] for one in taken_in):
        require(by, Permission.VERIFY_NEED, area=need.area_id)
        if obstacle := obstacle_to_merge(need, into):
            raise Refused(obstacle)
        need.merged_into = into
        move(need, NeedState.MERGED, by=by, at=at, reason=reason)
        tell_merged(need, at=at)
    return into


@verb
def take_apart(need: Need, reason: str, *, by: Person, at: datetime) -> Need:
    """A request stands by itself again: it was not the same after all."""
    need = lock_need(need)
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    if need.state != NeedState.MERGED:
        raise Refused(MergingObstacle.NOT_MERGED)
    if Rating.objects.filter(need=need).exists():
        raise Refused(MergingObstacle.RATED)
    require_reason(reason)
    need.merged_into = None
    move(need, NeedState.SUBMITTED, by=by, at=at, reason=reason)
    return need


def let_go(need: Need, *, by: Person | None, at: datetime) -> None:
    """A locked need ends unserved: those that were taken together with it stand by themselves again, and the desk hears
    of them. Why it ended is its own household's word."""
    rows = Need.objects.select_for_update(no_key=True, of=("self",)).filter(merged_into=need, rating=None)
    for one in rows.select_related("team__area", "area", "desk", "category", "person").order_by("pk"):
        one.merged_into = None
        move(one, NeedState.SUBMITTED, by=by, at=at)


def households_of(need: Need) -> list[Need]:
    """The work's own household and those whose requests were taken together with it: all whom helpers come to. The
    same telephone is one household."""
    rows = Need.objects.filter(Q(pk=need.pk) | Q(merged_into=need)).select_related("area", "resident__merged_into")
    found: dict[str, Need] = {}
    for one in sorted(rows, key=lambda row: (row.pk != need.pk, row.pk)):
        found.setdefault(one.phone_key, one)
    return list(found.values())
