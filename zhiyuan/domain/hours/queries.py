"""Reading the ledger. A volunteer sees their own lines; who confirms hours sees their branch; auditors see theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum

from zhiyuan.domain.hours.confirming import with_day_minutes
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import Permission, scope_of
from zhiyuan.domain.people.consents import public_names
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


LISTED_DAYS = 30


@dataclass(frozen=True)
class PublicLine:
    """Somebody's confirmed hours with a team lately, as everybody may read it."""

    name: str
    minutes: int
    last_on: date


def recent_hours(team: Team, *, on: date) -> QuerySet[Any, Any]:
    """Who served with a team in the last 30 days, with confirmed minutes; the latest first, no ranking by hours."""
    lately = standing().filter(team=team, served_on__gt=on - timedelta(days=LISTED_DAYS), served_on__lte=on)
    confirmed = lately.filter(confirmation__isnull=False).values("person")
    return confirmed.annotate(total=Sum("minutes"), last_on=Max("served_on")).order_by("-last_on", "person")


def as_everybody_reads(rows: Iterable[dict[str, Any]]) -> list[PublicLine]:
    """With the name where its owner agrees to that at this moment, else with the family name alone."""
    rows = list(rows)
    people = Person.objects.filter(pk__in=[row["person"] for row in rows])
    names = public_names(people)
    return [PublicLine(names[row["person"]], row["total"], row["last_on"]) for row in rows]
