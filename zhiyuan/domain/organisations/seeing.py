"""Who can see somebody's file or request at present and by which role, and who really looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from zhiyuan.domain.areas.queries import codes_around
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.models import Role, RoleGrant, Team
from zhiyuan.domain.organisations.permissions import GRANTS, Permission, standing_roles
from zhiyuan.domain.people.models import Person

A_LEVEL = 6  # signs of a team's path for each level of the tree


@dataclass(frozen=True)
class Seer:
    """Somebody whose role opens files: an official fact, so with the name."""

    name: str
    role: Role
    place: str
    since: date
    substitute: bool
    area_code: str | None
    team_path: str | None

    def may(self, permission: Permission) -> bool:
        return permission in GRANTS[self.role]

    def covers(self, code: str) -> bool:
        return self.area_code in codes_around(code)


def who_may_see(area_code: str, permission: Permission, *, on: date) -> list[Seer]:
    """Holders of area roles that reach what lies in an area with a permission, the widest first. One query."""
    return [seer for seer in who_reaches([area_code], [], on=on) if seer.may(permission)]


def who_reaches(area_codes: Iterable[str], teams: Iterable[Team], *, on: date) -> list[Seer]:
    """Holders of roles for these areas and those around them, then for these teams and those above. One query."""
    around = {above for code in area_codes for above in codes_around(code)}
    paths = {team.path[:end] for team in teams for end in range(A_LEVEL, len(team.path) + 1, A_LEVEL)}
    held = standing_roles(on).filter(Q(area__in=around) | Q(team__path__in=paths), person__is_active=True)
    in_order = held.order_by(F("area_id").asc(nulls_last=True), "team__path", "pk")
    return [
        Seer(
            name=row.person.name,
            role=Role(row.role),
            place=row.place,
            since=row.since,
            substitute=row.substitutes_id is not None,
            area_code=row.area_id,
            team_path=row.team.path if row.team else None,
        )
        for row in in_order.select_related("person", "area", "team")
    ]


@dataclass(frozen=True)
class Look:
    """One time that somebody looked; `role` and `place` as they held them then, empty for who held none."""

    seq: int
    at: datetime
    action: str
    object: str
    name: str
    role: str
    place: str


def looks_at(
    object_names: Iterable[str],
    *,
    since: Mapping[str, date] | None = None,
    but_by: Person | None = None,
    before: int | None = None,
    most: int = 50,
) -> list[Look]:
    """Looks at things ("volunteer:…"), newest first, with who looked by the role of that day. One query.

    `since` holds things that count from a day on; `but_by` leaves one's own looks out; `before` is the `seq` of the
    last look of the page before.
    """
    from_days = since or {}
    entries = JournalEntry.objects.filter(object__in={*object_names, *from_days}, action__endswith="viewed")
    for name, day in from_days.items():
        entries = entries.exclude(object=name, at__lt=timezone.make_aware(datetime.combine(day, time.min)))
    if but_by is not None:
        entries = entries.exclude(actor=but_by.public_id)
    if before is not None:
        entries = entries.filter(seq__lt=before)
    found = _with_lookers(entries.order_by("-seq")[:most])
    return [
        Look(seq, at, action, thing, name or "", str(Role(role).label) if role else "", team or area or "")
        for seq, at, action, thing, name, role, area, team in found
    ]


def _with_lookers(entries: QuerySet[JournalEntry]) -> Iterable[tuple[Any, ...]]:
    lookers = Person.objects.filter(public_id=OuterRef("actor"))
    then = RoleGrant.objects.filter(person__public_id=OuterRef("actor"))
    then = then.filter(
        Q(ended_at=None) | Q(ended_at__gt=OuterRef("at")), since__lte=OuterRef("on"), until__gte=OuterRef("on")
    )
    first = then.order_by(F("area_id").asc(nulls_last=True), "pk")
    return entries.annotate(on=TruncDate("at")).values_list(
        "seq",
        "at",
        "action",
        "object",
        Subquery(lookers.values("name")[:1]),
        Subquery(first.values("role")[:1]),
        Subquery(first.values("area__place")[:1]),
        Subquery(first.values("team__name")[:1]),
    )
