"""Another person says yes to minutes; or somebody takes them back, by a line that answers the first."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.models import Confirmation, ServiceRecord
from zhiyuan.domain.journal.verbs import record as note
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.organisations.permissions import Permission, may, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Volunteer

# R51: a day with more than this asks for a yes from higher up
TEAM_ABOVE_FROM = 8 * 60
COUNTY_FROM = 12 * 60


class ConfirmObstacle(TextChoices):
    OWN_HOURS = "own_hours", _("These are your own hours. Somebody else confirms them.")
    OWN_ENTRY = "own_entry", _("You entered this record. Somebody else confirms it.")
    CONFIRMED = "hours_confirmed", _("These hours are already confirmed.")
    REVERSED = "hours_reversed", _("This record was taken back.")
    OVER_EIGHT_HOURS = "over_eight_hours", _("More than 8 hours on one day: somebody of the team above confirms them.")
    OVER_TWELVE_A_DAY = "over_twelve_a_day", _("More than 12 hours on one day: somebody of the county confirms them.")


class ReversalObstacle(TextChoices):
    NOT_A_CREDIT = "not_a_credit", _("This line takes back another one; it cannot be taken back itself.")
    TAKEN_BACK = "taken_back", _("This record was already taken back.")
    NO_REASON = "reversal_without_reason", _("Say why these hours are taken back.")


def with_day_minutes(records: QuerySet[ServiceRecord]) -> QuerySet[ServiceRecord]:
    """Records with `day_minutes`: what the volunteer has on that day in all, confirmed or not."""
    owner = OuterRef(OuterRef("file"))
    files = Volunteer.objects.filter(Q(pk=owner) | Q(merged_into=owner)).values("pk")
    same_day = ServiceRecord.objects.filter(
        volunteer__in=files, served_on=OuterRef("served_on"), kind=ServiceRecord.Kind.CREDIT, reversal=None
    )
    total = same_day.order_by().values("served_on").annotate(total=Sum("minutes")).values("total")
    records = records.annotate(file=Coalesce("volunteer__merged_into", "volunteer"))
    return records.annotate(day_minutes=Subquery(total)).select_related("team__parent", "confirmation", "reversal")


def obstacle_to_confirm(record: ServiceRecord, by: Person) -> ConfirmObstacle | None:
    """Why this person cannot confirm a record in their branch; None when nothing stands in the way."""
    if not hasattr(record, "day_minutes"):
        record = with_day_minutes(ServiceRecord.objects.filter(pk=record.pk)).get()
    if getattr(record, "confirmation", None) is not None:
        return ConfirmObstacle.CONFIRMED
    if record.kind == ServiceRecord.Kind.REVERSAL or getattr(record, "reversal", None) is not None:
        return ConfirmObstacle.REVERSED
    if record.person_id == by.pk:
        return ConfirmObstacle.OWN_HOURS
    if record.entered_by_id == by.pk:
        return ConfirmObstacle.OWN_ENTRY
    return _obstacle_of_long_day(record, by)


def _obstacle_of_long_day(record: ServiceRecord, by: Person) -> ConfirmObstacle | None:
    minutes: int = record.day_minutes or 0  # type: ignore[attr-defined]
    if minutes > COUNTY_FROM and not may(by, Permission.CONFIRM_HOURS, area=settings.COUNTY_CODE):
        return ConfirmObstacle.OVER_TWELVE_A_DAY
    above = record.team.parent or record.team
    if minutes > TEAM_ABOVE_FROM and not may(by, Permission.CONFIRM_HOURS, team=above):
        return ConfirmObstacle.OVER_EIGHT_HOURS
    return None


def obstacles_to_confirm(records: Iterable[ServiceRecord], by: Person) -> dict[int, ConfirmObstacle | None]:
    """The same for many, by key. Records that `with_day_minutes` made ready cost no further query."""
    return {record.pk: obstacle_to_confirm(record, by) for record in records}


@verb
def confirm(record: ServiceRecord, *, by: Person, at: datetime) -> Confirmation:
    """Say yes to minutes that somebody else entered for somebody else."""
    require(by, Permission.CONFIRM_HOURS, team=record.team)
    record = with_day_minutes(ServiceRecord.objects.filter(pk=record.pk)).get()  # as it stands now
    if obstacle := obstacle_to_confirm(record, by):
        raise Refused(obstacle)
    try:
        with transaction.atomic():
            confirmation = Confirmation.objects.create(
                record=record,
                person_id=record.person_id,
                entered_by_id=record.entered_by_id,
                confirmed_by=by,
                confirmed_at=at,
            )
    except IntegrityError:  # two confirmed at once: the database kept the first
        raise Refused(ConfirmObstacle.CONFIRMED) from None
    note(by, "hours.confirmed", record, at=at, minutes=record.minutes)
    return confirmation


@verb
def confirm_many(records: Iterable[ServiceRecord], by: Person, at: datetime) -> int:
    """Say yes to several records; returns to how many. One that others confirmed meanwhile is left as it is."""
    confirmed = 0
    for record in records:
        try:
            confirm(record, by=by, at=at)
        except Refused as refusal:
            if refusal.obstacle is not ConfirmObstacle.CONFIRMED:
                raise
        else:
            confirmed += 1
    return confirmed


def obstacle_to_reverse(record: ServiceRecord) -> ReversalObstacle | None:
    if record.kind == ServiceRecord.Kind.REVERSAL:
        return ReversalObstacle.NOT_A_CREDIT
    if ServiceRecord.objects.filter(reverses=record).exists():
        return ReversalObstacle.TAKEN_BACK
    return None


@verb
def reverse(record: ServiceRecord, reason: str, *, by: Person, at: datetime) -> ServiceRecord:
    """Take minutes back at once, by a line of the same size that names the first and says why in `content`."""
    require(by, Permission.CONFIRM_HOURS, team=record.team)
    if not reason.strip():
        raise Refused(ReversalObstacle.NO_REASON)
    if obstacle := obstacle_to_reverse(record):
        raise Refused(obstacle)
    copied = {field.attname: getattr(record, field.attname) for field in ServiceRecord._meta.concrete_fields}
    for own in ("id", "public_id"):
        del copied[own]
    answer = ServiceRecord(
        **{
            **copied,
            "kind": ServiceRecord.Kind.REVERSAL,
            "reverses_id": record.pk,
            "source": f"reversal:{record.public_id}",
            "content": reason.strip()[:200],
            "entered_by_id": by.pk,
            "entered_at": at,
        }
    )
    try:
        with transaction.atomic():
            answer.save(force_insert=True)
    except IntegrityError:  # two took it back at once
        raise Refused(ReversalObstacle.TAKEN_BACK) from None
    note(by, "hours.reversed", answer, at=at, minutes=record.minutes, record=record.public_id)
    return answer
