"""Two files of one person become one, and back. Nothing is deleted: what can move moves, each change is written down,
and records of service stay where they are while the file that goes points to the one that stays.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices, Window
from django.db.models.functions import Lead
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.queries import standing
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.organisations.models import RoleGrant, Team
from zhiyuan.domain.organisations.permissions import Permission, require, scope_of
from zhiyuan.domain.people.models import Consent, GuardianConsent, Person
from zhiyuan.domain.volunteers.models import (
    Credential,
    ExternalNumber,
    Invitation,
    Membership,
    Merge,
    Pause,
    Transfer,
    Volunteer,
    VolunteerSkill,
)
from zhiyuan.domain.volunteers.queries import files_of, volunteers_visible_to
from zhiyuan.domain.volunteers.strength import recount

type Change = dict[str, Any]


class MergeObstacle(TextChoices):
    SAME_FILE = "merge_same_file", _("This is one and the same file.")
    ALREADY_MERGED = "already_merged", _("One of the two was already merged with another file.")
    NO_REASON = "file_merge_without_reason", _("Say how you know that they are one person.")
    OTHER_ID_NUMBER = "other_id_number", _("They have two different ID numbers: these are two people.")
    OTHER_BIRTH_DATE = "other_birth_date", _("Their birth dates differ. Correct the wrong one first.")
    KEEP_THE_OTHER = "keep_the_other", _("The other file has the ID number. Keep that one, so that nothing is lost.")
    HAS_ROLES = "merge_with_roles", _("The file that goes holds a role. End the role first.")
    SAME_SHIFT = "merge_same_shift", _("Both are signed up for the same time. Give one of the places back first.")
    MINUTES_TWICE = (
        "merge_minutes_twice",
        _("Both have hours for the same time, and no minute counts twice. Take one of the records back first."),
    )
    NOT_MERGED = "not_merged", _("This merging was already undone.")
    CHANGED_SINCE = (
        "changed_since_merge",
        _("Something that moved was changed since. It can no longer be undone as a whole."),
    )


def obstacle_to_merge(kept: Volunteer, away: Volunteer, *, at: datetime) -> MergeObstacle | None:
    """Why two files cannot become one; None when nothing stands in the way."""
    if kept.pk == away.pk:
        return MergeObstacle.SAME_FILE
    if kept.merged_into_id or away.merged_into_id:
        return MergeObstacle.ALREADY_MERGED
    if obstacle := _obstacle_of_persons(kept.person, away.person):
        return obstacle
    if RoleGrant.objects.filter(person=away.person_id, ended_at=None, until__gte=local_day(at)).exists():
        return MergeObstacle.HAS_ROLES
    if _in_two_places(kept, away):
        return MergeObstacle.SAME_SHIFT
    return MergeObstacle.MINUTES_TWICE if _minutes_twice(kept, away) else None


def _obstacle_of_persons(kept: Person, away: Person) -> MergeObstacle | None:
    if away.id_number_key and kept.id_number_key:
        return MergeObstacle.OTHER_ID_NUMBER  # the database keeps each number once: two of them differ
    if kept.born_on and away.born_on and kept.born_on != away.born_on:
        return MergeObstacle.OTHER_BIRTH_DATE
    return MergeObstacle.KEEP_THE_OTHER if away.id_number_key else None


def _in_two_places(kept: Volunteer, away: Volunteer) -> bool:
    held = SignUp.objects.exclude(state=SignUp.State.CANCELLED)
    same = Q(shift=OuterRef("shift")) | Q(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))
    return held.filter(Exists(held.filter(same, volunteer=kept)), volunteer=away).exists()


def _minutes_twice(kept: Volunteer, away: Volunteer) -> bool:
    clash = standing().filter(
        volunteer__in=files_of(kept), starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    return standing().filter(Exists(clash), volunteer__in=files_of(away)).exists()


@verb
def merge(kept: Volunteer, away: Volunteer, why: str, *, by: Person, at: datetime) -> Merge:
    """Make two files one. What moved is kept in the merge, to be undone."""
    kept, away = _locked(kept, away)
    for one in (kept, away):
        require(by, Permission.MERGE_PEOPLE, area=one.area_id)
    if not why.strip():
        raise Refused(MergeObstacle.NO_REASON)
    if obstacle := obstacle_to_merge(kept, away, at=at):
        raise Refused(obstacle)
    touched = _teams_of(kept, away)
    changes = [change for row, field, value in _moves(kept, away, at) for change in _change(row, field, value)]
    done = Merge.objects.create(kept=kept, away=away, why=why, by=by, at=at, changes=changes)
    for team in touched:
        recount(team)
    record(by, "volunteer.merged", kept, at=at, away=away.public_id, merge=done.public_id, changes=len(changes))
    return done


def _locked(first: Volunteer, second: Volunteer) -> tuple[Volunteer, Volunteer]:
    """Both as they stand, held until the commit; in one order, so that nobody waits in a circle."""
    rows = Volunteer.objects.select_for_update(of=("self",)).select_related("person")
    found = {row.pk: row for row in rows.filter(pk__in=[first.pk, second.pk]).order_by("pk")}
    return found[first.pk], found[second.pk]


def _teams_of(*volunteers: Volunteer) -> list[Team]:
    teams = Team.objects.filter(memberships__volunteer__in=volunteers, memberships__until=None)
    return list(teams.distinct().order_by("pk"))


def _moves(kept: Volunteer, away: Volunteer, at: datetime) -> Iterator[tuple[models.Model, str, Any]]:
    """(row, field, new value) of all that changes."""
    for row in _movable(kept, away):
        yield row, "volunteer", kept.pk
    for membership in _left_behind(Membership, away, Q(until=None)):
        yield membership, "until", local_day(at)
    for pause in _left_behind(Pause, away, Q(ended_on=None)):
        yield pause, "ended_on", local_day(at)
    for model in (Consent, GuardianConsent, Need):
        owned = model._default_manager.filter(person=away.person_id)
        if model is Consent:
            owned = owned.exclude(Q(withdrawn_at=None, purpose__in=_consented(kept)))
        for row in owned.order_by("pk"):
            yield row, "person", kept.person_id
    for earlier in Volunteer.objects.filter(merged_into=away).order_by("pk"):
        yield earlier, "merged_into", kept.pk
    yield away, "merged_into", kept.pk
    yield away.person, "is_active", False


def _consented(kept: Volunteer) -> QuerySet[Consent, str]:
    return Consent.objects.filter(person=kept.person_id, withdrawn_at=None).values_list("purpose", flat=True)


_ALWAYS: tuple[type[models.Model], ...] = (SignUp, Credential, ExternalNumber)
# while this holds, a volunteer has one row for each value of that: a standing membership of a team, a skill …
_ONCE: tuple[tuple[type[models.Model], Q, tuple[str, ...]], ...] = (
    (Membership, Q(until=None), ("team",)),
    (VolunteerSkill, Q(), ("skill",)),
    (Volunteer.categories.through, Q(), ("category",)),
    (Invitation, Q(state=Invitation.State.OPEN), ("team",)),
    (Transfer, Q(state=Transfer.State.ASKED), ("source",)),
    (Pause, Q(ended_on=None), ()),
)


def _movable(kept: Volunteer, away: Volunteer) -> Iterator[models.Model]:
    """All that hangs on the file that goes, but for what the kept file has as well and can have only once."""
    for model in _ALWAYS:
        yield from model._default_manager.filter(volunteer=away).order_by("pk")
    for model, holds, fields in _ONCE:
        same = model._default_manager.filter(holds, volunteer=kept, **{field: OuterRef(field) for field in fields})
        rows = model._default_manager.filter(volunteer=away)
        yield from rows.exclude(holds & Q(Exists(same))).order_by("pk")


def _left_behind[M: models.Model](model: type[M], away: Volunteer, standing: Q) -> QuerySet[M]:
    """What stays with the file that goes, because the kept one has the same; it stands no longer."""
    return model._default_manager.filter(standing, volunteer=away).order_by("pk")


def _change(row: models.Model, name: str, value: Any) -> Iterator[Change]:
    """Change one field and tell what it was."""
    field = row._meta.get_field(name)
    old = getattr(row, field.attname)  # type: ignore[union-attr]
    if old != value:
        type(row)._default_manager.filter(pk=row.pk).update(**{name: value})
        yield {"row": row._meta.label, "key": row.pk, "field": name, "old": _plain(old), "new": _plain(value)}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int) else str(value)


def obstacle_to_undo(done: Merge) -> MergeObstacle | None:
    """Why two files cannot be parted again; None when nothing stands in the way."""
    if done.undone_at is not None:
        return MergeObstacle.NOT_MERGED
    changed = any(_plain(_value_of(change)) != change["new"] for change in done.changes)
    return MergeObstacle.CHANGED_SINCE if changed else None


def _value_of(change: Change) -> Any:
    rows = apps.get_model(change["row"])._default_manager.filter(pk=change["key"])
    return rows.values_list(change["field"], flat=True).first()


@verb
def undo_merge(done: Merge, *, by: Person, at: datetime) -> None:
    """Put everything back as it was, row for row."""
    done = Merge.objects.select_for_update(of=("self",)).select_related("kept", "away").get(pk=done.pk)
    kept, away = _locked(done.kept, done.away)
    for one in (kept, away):
        require(by, Permission.MERGE_PEOPLE, area=one.area_id)
    if obstacle := obstacle_to_undo(done):
        raise Refused(obstacle)
    for change in reversed(done.changes):
        model = apps.get_model(change["row"])
        old = model._meta.get_field(change["field"]).to_python(change["old"])
        model._default_manager.filter(pk=change["key"]).update(**{change["field"]: old})
    Merge.objects.filter(pk=done.pk).update(undone_by=by, undone_at=at)
    for team in _teams_of(kept, away):
        recount(team)
    record(by, "volunteer.merge_undone", kept, at=at, away=away.public_id, merge=done.public_id)


def possible_duplicates(person: Person | None) -> QuerySet[Volunteer]:
    """Files within reach that share name and birth date with another one, each with the key of its `twin`."""
    reached = scope_of(person, Permission.MERGE_PEOPLE).rows()
    files = Volunteer.objects.filter(reached, merged_into=None, person__is_active=True, person__born_on__isnull=False)
    twin = Window(Lead("public_id"), partition_by=["person__name", "person__born_on"], order_by="pk")
    found = files.annotate(twin=twin).filter(twin__isnull=False)
    return found.select_related("person", "area").order_by("area_id", "joined_at", "pk")


def merges_visible_to(person: Person | None) -> QuerySet[Merge]:
    """Merges in somebody's branch, the latest first."""
    reached = scope_of(person, Permission.MERGE_PEOPLE).rows(area="kept__area_id")
    return (
        Merge.objects.filter(reached).select_related("kept__person", "away", "by", "undone_by").order_by("-at", "-pk")
    )


def files_to_merge(person: Person | None) -> QuerySet[Volunteer]:
    """The files that somebody may merge."""
    reached = scope_of(person, Permission.MERGE_PEOPLE).rows()
    return volunteers_visible_to(person).filter(reached, merged_into=None)
