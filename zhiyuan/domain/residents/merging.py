"""Entries that may be one person are found; somebody looks, and merges them or says that they are two."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.residents.models import Difference, Merge, Resident
from zhiyuan.domain.residents.permissions import lock_to_keep


class Likeness(TextChoices):
    """Why two entries may be one person."""

    PHONE = "phone", _("the same telephone and family name")
    NAME = "name", _("the same name in the same village")
    ACCOUNT = "account", _("the same account")


class MergingObstacle(TextChoices):
    THEMSELVES = "merge_with_themselves", _("These are one entry already.")
    SILENT = "merge_without_reason", _("Say how you know. Whoever undoes it later reads it.")
    UNDONE = "merge_already_undone", _("This merge was undone already.")


@dataclass(frozen=True)
class Twins:
    """Two entries that may be one person: the earlier one first."""

    first: Resident
    second: Resident
    likenesses: tuple[Likeness, ...]


def likenesses(one: Resident, other: Resident) -> tuple[Likeness, ...]:
    alike = {
        Likeness.PHONE: one.phone_key == other.phone_key and one.family_key == other.family_key,
        Likeness.NAME: one.name_key == other.name_key and one.area_id == other.area_id,
        Likeness.ACCOUNT: one.person_id is not None and one.person_id == other.person_id,
    }
    return tuple(likeness for likeness, holds in alike.items() if holds)


def _alike(of: Callable[[str], object]) -> list[Q]:
    """What `likenesses` says, for the database: each an equality in an index."""
    return [
        Q(phone_key=of("phone_key"), family_key=of("family_key")),
        Q(name_key=of("name_key"), area=of("area_id")),
        Q(person__isnull=False, person=of("person_id")),
    ]


def with_twins(residents: QuerySet[Resident]) -> QuerySet[Resident]:
    """Those among residents who have an earlier entry among them that may be the same person; newest first."""
    told_apart = Difference.objects.filter(second=OuterRef(OuterRef("pk"))).values("first")
    earlier = residents.filter(pk__lt=OuterRef("pk")).exclude(pk__in=told_apart)
    found = Q()
    for alike in _alike(OuterRef):
        found |= Q(Exists(earlier.filter(alike)))
    return residents.filter(found).order_by("-pk")


def twins_among(residents: QuerySet[Resident], newer: list[Resident]) -> list[Twins]:
    """The pairs that `newer` ones make with earlier entries among residents. Two queries."""
    wanted = Q(pk__in=[])
    for one in newer:
        for alike in _alike(lambda name, one=one: getattr(one, name)):  # type: ignore[misc]
            wanted |= alike
    found = list(residents.filter(wanted).order_by("pk"))
    apart = set(Difference.objects.filter(second__in=newer).values_list("first_id", "second_id"))
    pairs = [Twins(first, second, likenesses(first, second)) for second in newer for first in found]
    return [
        pair
        for pair in pairs
        if pair.first.pk < pair.second.pk and pair.likenesses and (pair.first.pk, pair.second.pk) not in apart
    ]


def twins_of(resident: Resident, residents: QuerySet[Resident]) -> list[Twins]:
    """Other entries among residents that may be this person, earlier and later ones."""
    wanted = Q(pk__in=[])
    for alike in _alike(lambda name: getattr(resident, name)):
        wanted |= alike
    found = residents.filter(wanted).exclude(pk=resident.pk).order_by("pk")
    apart = Difference.objects.filter(Q(first=resident) | Q(second=resident)).values_list("first_id", "second_id")
    known = {key for pair in apart for key in pair}
    return [_pair(resident, other) for other in found if other.pk not in known]


def _pair(one: Resident, other: Resident) -> Twins:
    first, second = sorted((one, other), key=lambda resident: resident.pk)
    return Twins(first, second, likenesses(first, second))


def obstacle_to_merge(kept: Resident, other: Resident) -> MergingObstacle | None:
    """Why two entries can't become one; None when nothing stands in the way."""
    return MergingObstacle.THEMSELVES if kept.pk == other.pk else None


def _lock(by: Person, *residents: Resident) -> list[Resident]:
    for resident in residents:
        require(by, Permission.VERIFY_NEED, area=resident.area_id)
    return lock_to_keep(by, *residents)


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise Refused(MergingObstacle.SILENT)
    return reason.strip()


@verb
def merge_residents(kept: Resident, other: Resident, reason: str, *, by: Person, at: datetime) -> Merge:
    """`other` leads to `kept` from now on, and whatever led to `other` too. Nothing of either entry is lost."""
    kept, other = _lock(by, kept, other)
    if obstacle := obstacle_to_merge(kept, other):
        raise Refused(obstacle)
    reason = _require_reason(reason)
    merge = Merge.objects.create(kept=kept, merged=other, reason=reason, by=by, at=at)
    Resident.objects.filter(Q(pk=other.pk) | Q(merged_into=other)).update(merged_into=kept)
    record(by, "resident.merged", kept, at=at, merged=other.public_id)
    return merge


@verb
def undo_merge(merge: Merge, reason: str, *, by: Person, at: datetime) -> Resident:
    """The entry that was merged stands by itself again, with what had been merged into it before."""
    merge = Merge.objects.select_for_update(of=("self",)).select_related("kept", "merged__merged_into").get(pk=merge.pk)
    merged = merge.merged
    require(by, Permission.VERIFY_NEED, area=merged.area_id)
    lock_to_keep(by, merged.current)
    if merge.undone_at:
        raise Refused(MergingObstacle.UNDONE)
    merge.undone_by, merge.undone_at, merge.undone_reason = by, at, _require_reason(reason)
    merge.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    Resident.objects.filter(pk__in=_merged_through(merged)).update(merged_into=merged)
    Resident.objects.filter(pk=merged.pk).update(merged_into=None)
    record(by, "resident.merge_undone", merge.kept, at=at, merged=merged.public_id)
    return merged


def _merged_through(resident: Resident) -> set[int]:
    """Entries that lead where they lead because they were merged into this one, directly or one after another."""
    found: set[int] = set()
    last = {resident.pk}
    while last:
        merges = Merge.objects.filter(kept__in=last, undone_at=None)
        last = set(merges.values_list("merged_id", flat=True)) - found
        found |= last
    return found


@verb
def tell_apart(one: Resident, other: Resident, *, by: Person, at: datetime) -> None:
    """Somebody looked: these are two people. They are not proposed again; said twice it changes nothing."""
    first, second = sorted(_lock(by, one, other), key=lambda resident: resident.pk)
    if obstacle := obstacle_to_merge(first, second):
        raise Refused(obstacle)
    _difference, made = Difference.objects.get_or_create(first=first, second=second, defaults={"by": by, "at": at})
    if made:
        record(by, "resident.told_apart", first, at=at, other=second.public_id)
