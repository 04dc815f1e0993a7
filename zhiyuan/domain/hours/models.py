from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.fields import CleanCharField
from zhiyuan.domain.foundation.ids import new_public_id
from zhiyuan.domain.organisations.models import Category, Team, Track
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Volunteer

MOST_MINUTES = 720


class Method(models.TextChoices):
    """How attendance was taken."""

    CODE = "code", _("Typed code")
    ROLL_CALL = "roll_call", _("Leader's roll call")
    CORRECTION = "correction", _("Told afterwards")  # a check-out that was forgotten (R50)


class ServiceRecord(models.Model):
    """Minutes of service, or of training. Never edited or deleted; a reversal answers it."""

    append_only = True

    class Kind(models.TextChoices):
        CREDIT = "credit", _("Service")
        REVERSAL = "reversal", _("Reversal")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CREDIT)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="service_records")
    # the volunteer's person, so that the database itself can compare it with who enters and confirms
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="service_records")  # the recording team
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    track = models.CharField(max_length=12, choices=Track, default=Track.NONE, blank=True)
    source = models.CharField(max_length=48, unique=True)  # signup:…, once
    activity_name = CleanCharField(max_length=60)
    content = CleanCharField(max_length=200)
    place = CleanCharField(max_length=120)
    person_in_charge = CleanCharField(max_length=40)
    served_on = models.DateField(db_index=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    method = models.CharField(max_length=10, choices=Method)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")

    class Meta:
        indexes = [
            models.Index(fields=["volunteer", "served_on"], name="records_of_volunteer"),
            models.Index(fields=["team", "served_on"], name="records_of_team"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=MOST_MINUTES), name="minutes_are_1_to_720"
            ),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="service_runs_forward"),
            models.CheckConstraint(
                condition=models.Q(kind="credit", reverses=None) | models.Q(kind="reversal", reverses__isnull=False),
                name="a_reversal_names_its_record",
            ),
        ]


class Confirmation(models.Model):
    """Another person's yes to a record. The database refuses the enterer's own and the volunteer's own."""

    append_only = True

    record = models.OneToOneField(
        ServiceRecord, on_delete=models.PROTECT, related_name="confirmation", primary_key=True
    )
    # copied from the record (a trigger makes sure) for the constraint below
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(confirmed_by=models.F("person")) & ~models.Q(confirmed_by=models.F("entered_by")),
                name="who_confirms_is_another",
            )
        ]
