"""Reading the ledger. A volunteer sees their own lines; who confirms hours sees their branch; auditors see theirs."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from zhiyuan.domain.hours.confirming import with_day_minutes
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.organisations.permissions import Permission, scope_of
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Volunteer
from zhiyuan.domain.volunteers.queries import files_of


def _lines() -> QuerySet[ServiceRecord]:
    return ServiceRecord.objects.select_related(
        "volunteer", "person", "team", "area", "entered_by", "confirmation__confirmed_by", "reversal"
    )


def records_visible_to(person: Person | None) -> QuerySet[ServiceRecord]:
    """Every line of the ledger that somebody may read."""
    if person is None:
        return ServiceRecord.objects.none()
    reached = Q(person=person) | Q(volunteer__merged_into__person=person)
    for permission in (Permission.CONFIRM_HOURS, Permission.READ_JOURNAL):
        reached |= scope_of(person, permission).rows(area="team__area_id", team="team__path")
    return _lines().filter(reached)


def standing() -> QuerySet[ServiceRecord]:
    """Credits that were not taken back."""
    return ServiceRecord.objects.filter(kind=ServiceRecord.Kind.CREDIT, reversal=None)


def records_to_confirm(person: Person | None) -> QuerySet[ServiceRecord]:
    """Provisional minutes in somebody's branch, oldest first, ready for `obstacle_to_confirm`."""
    reached = scope_of(person, Permission.CONFIRM_HOURS).rows(area="team__area_id", team="team__path")
    waiting = _lines().filter(reached, kind=ServiceRecord.Kind.CREDIT, reversal=None, confirmation=None)
    return with_day_minutes(waiting).order_by("served_on", "pk")


def records_of(volunteer: Volunteer) -> QuerySet[ServiceRecord]:
    """A volunteer's lines, newest first; those of files that were merged into theirs too."""
    return _lines().filter(volunteer__in=files_of(volunteer)).order_by("-served_on", "-pk")


@dataclass(frozen=True)
class Minutes:
    """What somebody has served, in whole minutes; what was taken back is in neither."""

    confirmed: int
    provisional: int


def minutes_of(volunteer: Volunteer) -> Minutes:
    sums = (
        standing()
        .filter(volunteer__in=files_of(volunteer))
        .aggregate(
            confirmed=Sum("minutes", filter=Q(confirmation__isnull=False), default=0),
            provisional=Sum("minutes", filter=Q(confirmation=None), default=0),
        )
    )
    return Minutes(**sums)
