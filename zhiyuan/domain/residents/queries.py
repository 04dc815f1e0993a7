"""Reading residents: staff see their areas; who only enters needs sees whom they entered. Each look is noted."""

import re
from datetime import datetime

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import Permission, scope_of
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import phone_key
from zhiyuan.domain.residents.models import Merge, Resident
from zhiyuan.domain.residents.names import compact_name, name_key
from zhiyuan.domain.residents.permissions import require_see, rows_for

RESIDENTS_AN_HOUR = Limit("resident-files", 300, 3600)
_PHONE = re.compile(r"[01]\d{9,11}")


class ViewingObstacle(TextChoices):
    TOO_MANY = "too_many_residents_opened", _("You have opened 300 residents within an hour. Please go on later.")


def entries_visible_to(person: Person | None) -> QuerySet[Resident]:
    """All entries within somebody's reach, merged ones too."""
    return Resident.objects.filter(rows_for(person)).select_related("area", "household", "merged_into")


def residents_visible_to(person: Person | None) -> QuerySet[Resident]:
    return entries_visible_to(person).filter(merged_into=None)


def residents_to_merge(person: Person | None) -> QuerySet[Resident]:
    """Residents of the areas where somebody verifies needs."""
    return residents_visible_to(person).filter(scope_of(person, Permission.VERIFY_NEED).rows())


def in_list_order(residents: QuerySet[Resident]) -> QuerySet[Resident]:
    """Village by village, in the order of an index."""
    return residents.order_by("area_id", "created_at", "pk")


def in_place(residents: QuerySet[Resident], area_code: str) -> QuerySet[Resident]:
    return residents.filter(in_area(area_code))


def found_by(residents: QuerySet[Resident], words: str) -> QuerySet[Resident]:
    """Those with this telephone or full name, also where it stands in an entry that was merged with theirs."""
    digits = re.sub(r"\D", "", compact_name(words)).removeprefix("86")
    wanted = {"phone_key": phone_key(digits)} if _PHONE.fullmatch(digits) else {"name_key": name_key(words)}
    merged = Resident.objects.filter(**wanted).exclude(merged_into=None)
    return residents.filter(**wanted) | residents.filter(pk__in=merged.values("merged_into"))


def household_of(resident: Resident, person: Person | None) -> QuerySet[Resident]:
    """Who else lives with a resident, as far as somebody may see them."""
    together = residents_visible_to(person).filter(household=resident.household_id).exclude(household=None)
    return together.exclude(pk=resident.pk).order_by("pk")


def entries_of(resident: Resident) -> QuerySet[Resident]:
    """All entries that are this person: the one that stands, and those merged into it."""
    return Resident.objects.filter(pk=resident.pk) | Resident.objects.filter(merged_into=resident)


def merges_of(resident: Resident) -> QuerySet[Merge]:
    """Standing merges that brought entries to a resident, newest first."""
    standing = Merge.objects.filter(merged__in=resident.aliases.all(), undone_at=None)
    return standing.select_related("merged__area", "kept", "by").order_by("-at", "-pk")


def open_resident(resident: Resident, *, by: Person, at: datetime) -> None:
    """Note that somebody reads a resident's page; refused to whoever opens them by the hundred."""
    require_see(by, resident)
    if not spend(RESIDENTS_AN_HOUR, by.public_id, at=at):
        raise Refused(ViewingObstacle.TOO_MANY)
    _note_view(resident, by=by, at=at)


@verb
def _note_view(resident: Resident, *, by: Person, at: datetime) -> None:
    record(by, "resident.viewed", resident, at=at)
