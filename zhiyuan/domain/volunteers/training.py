"""What volunteers learnt: a ledger like that of hours, never edited, a reversal answers a wrong line. Learning minutes
are no service minutes and are never added to them (rules on service records, article 8).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import TrainingKind, TrainingRecord, Volunteer
from zhiyuan.domain.volunteers.queries import files_of, memberships_of

MOST_MINUTES = 24 * 60


class TrainingObstacle(TextChoices):
    OWN_TRAINING = "own_training", _("Nobody enters their own training. Ask your leader or a colleague.")
    HELD_LATER = "training_in_future", _("The day of the training lies in the future.")
    NO_MINUTES = "training_minutes", _("Learning time is between 1 minute and 24 hours.")
    NO_REASON = "training_without_reason", _("Say why this training is taken back.")
    TAKEN_BACK = "training_taken_back", _("This line was taken back already, or takes back another one.")


@dataclass(frozen=True)
class Training:
    """What the law wants of a training: name, main content, time, who held it; and whether it was passed."""

    kind: TrainingKind
    name: str
    content: str
    minutes: int
    organiser: str
    held_on: date
    passed: bool


def enters_training(person: Person | None, volunteer: Volunteer) -> bool:
    """Whether somebody may enter trainings of a volunteer: staff of the place, leaders of one of their teams."""
    if may(person, Permission.RECORD_TRAINING, area=volunteer.area_id):
        return True
    return any(may(person, Permission.RECORD_TRAINING, team=one.team) for one in memberships_of(volunteer))


def valid_until(kind: TrainingKind, held_on: date) -> date | None:
    """The last day on which a training of this kind counts; None: it never runs out."""
    if kind.months is None:
        return None
    years, month = divmod(held_on.month - 1 + kind.months, 12)
    last = held_on.day
    while True:  # the 31st of a month that has none is its last day
        try:
            return date(held_on.year + years, month + 1, last)
        except ValueError:
            last -= 1


def obstacle_to_training(training: Training, *, at: datetime) -> TrainingObstacle | None:
    """Why a training cannot be entered like this; None when nothing stands in the way."""
    if training.held_on > local_day(at):
        return TrainingObstacle.HELD_LATER
    return None if 1 <= training.minutes <= MOST_MINUTES else TrainingObstacle.NO_MINUTES


def _require(by: Person, volunteer: Volunteer) -> None:
    if not enters_training(by, volunteer):
        raise Refused(AccessObstacle.NOT_YOURS)
    if by.pk == volunteer.person_id:
        raise Refused(TrainingObstacle.OWN_TRAINING)


@verb
def enter_training(volunteer: Volunteer, training: Training, *, by: Person, at: datetime) -> TrainingRecord:
    """Write down what somebody else learnt."""
    _require(by, volunteer)
    if obstacle := obstacle_to_training(training, at=at):
        raise Refused(obstacle)
    until = valid_until(training.kind, training.held_on)
    entry = TrainingRecord.objects.create(
        volunteer=volunteer, **vars(training), valid_until=until, entered_by=by, entered_at=at
    )
    record(by, "training.entered", entry, at=at, volunteer=volunteer.public_id, kind=training.kind.code)
    return entry


@verb
def take_back_training(entry: TrainingRecord, why: str, *, by: Person, at: datetime) -> TrainingRecord:
    """Answer a wrong line by one that takes it back and says why; a right one is entered anew."""
    _require(by, entry.volunteer)
    if not why.strip():
        raise Refused(TrainingObstacle.NO_REASON)
    if entry.reverses_id or TrainingRecord.objects.filter(reverses=entry).exists():
        raise Refused(TrainingObstacle.TAKEN_BACK)
    copied = {field.attname: getattr(entry, field.attname) for field in TrainingRecord._meta.concrete_fields}
    for own in ("id", "public_id"):
        del copied[own]
    own_facts = {"reverses_id": entry.pk, "why": why, "entered_by_id": by.pk, "entered_at": at}
    try:
        with transaction.atomic():
            answer = TrainingRecord.objects.create(**{**copied, **own_facts})
    except IntegrityError:  # two took it back at once
        raise Refused(TrainingObstacle.TAKEN_BACK) from None
    record(by, "training.taken_back", answer, at=at, training=entry.public_id)
    return answer


def trainings_of(volunteer: Volunteer) -> QuerySet[TrainingRecord]:
    """A volunteer's lines, those of merged files too, newest first."""
    lines = TrainingRecord.objects.filter(volunteer__in=files_of(volunteer))
    return lines.select_related("kind", "entered_by", "volunteer", "reversal").order_by("-held_on", "-pk")


def standing_trainings() -> QuerySet[TrainingRecord]:
    """Lines that take nothing back and were not taken back."""
    return TrainingRecord.objects.filter(reverses=None, reversal=None)


def trained_for(volunteer: Volunteer, *, kind: str, day: str) -> Exists:
    """Whether a volunteer has a passed training of the kind in a row's field that counts on the day in another."""
    counts = Q(valid_until=None) | Q(valid_until__gte=OuterRef(day))
    passed = standing_trainings().filter(counts, volunteer__in=files_of(volunteer), passed=True)
    return Exists(passed.filter(kind=OuterRef(kind), held_on__lte=OuterRef(day)))


def learning_minutes(volunteer: Volunteer) -> int:
    """How long somebody has learnt; never part of the hours of service."""
    lines = standing_trainings().filter(volunteer__in=files_of(volunteer))
    return sum(lines.values_list("minutes", flat=True))


def training_kinds() -> QuerySet[TrainingKind]:
    return TrainingKind.objects.order_by(F("order"), "code")
