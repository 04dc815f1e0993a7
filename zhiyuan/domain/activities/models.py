from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.database import GramsField
from zhiyuan.domain.foundation.fields import CleanCharField, CleanTextField
from zhiyuan.domain.foundation.ids import new_public_id
from zhiyuan.domain.foundation.sealed import SealedField
from zhiyuan.domain.hours.models import Method
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.organisations.models import Category, Site, Skill, Team, Track
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.basics import Asked
from zhiyuan.domain.volunteers.models import TrainingKind, Volunteer


class Form(models.TextChoices):
    """The four forms of service."""

    CONCENTRATED = "concentrated", _("Concentrated")
    DAILY = "daily", _("Daily")
    PAIRED = "paired", _("Paired")
    MENU = "menu", _("From the menu")


class ActivityState(models.TextChoices):
    PUBLISHED = "published", _("Open")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")


class Activity(models.Model):
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    title = CleanCharField(max_length=60)
    content = CleanTextField(max_length=1000)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="activities")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="activities")
    place = CleanCharField(max_length=120)
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="activities")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="activities")
    form = models.CharField(max_length=12, choices=Form, default=Form.DAILY)
    track = models.CharField(max_length=12, choices=Track, default=Track.NONE, blank=True)
    in_charge = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    risk = CleanTextField(max_length=500)
    risk_version = models.PositiveSmallIntegerField(default=1)
    needed_skills = models.ManyToManyField(Skill, related_name="activities")
    needed_from = models.PositiveSmallIntegerField(default=14)  # age
    needed_training = models.ForeignKey(TrainingKind, null=True, on_delete=models.PROTECT, related_name="activities")
    dangerous = models.BooleanField(default=False)
    need = models.ForeignKey(Need, null=True, on_delete=models.PROTECT, related_name="activities")
    state = models.CharField(max_length=10, choices=ActivityState, default=ActivityState.PUBLISHED)
    # of its first and last shift, for lists
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)  # finished or cancelled
    cancel_reason = CleanCharField(max_length=200, blank=True)
    helped = models.PositiveSmallIntegerField(null=True)  # people helped, said by the team when finished
    outcome = CleanTextField(max_length=500, blank=True)
    grams = GramsField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "starts_at"], name="activity_by_start"),
            models.Index(fields=["team", "starts_at"], name="activity_by_team"),
            models.Index(fields=["area", "starts_at"], name="activity_by_area"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="activity_runs_forward"),
            models.CheckConstraint(condition=~models.Q(risk=""), name="an_activity_states_its_risk"),
        ]

    def __str__(self) -> str:
        return self.title


class NeededBasic(models.Model):
    """One of the legal basics that an activity cannot do without, such as the ID number for an insurance."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="needed_basics")
    basic = models.CharField(max_length=12, choices=Asked)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "basic"], name="a_basic_is_needed_once")]


class Shift(models.Model):
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    places = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    # what the leader's screen shows for check-in is made from this (RFC 4226, five minutes a code)
    code_secret = SealedField()

    class Meta:
        indexes = [models.Index(fields=["starts_at"], name="shift_by_start")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_runs_forward"),
            models.CheckConstraint(
                condition=models.Q(taken__gte=0, taken__lte=models.F("places")), name="taken_never_passes_places"
            ),
            models.CheckConstraint(condition=models.Q(places__gte=1, places__lte=5000), name="a_shift_has_places"),
        ]

    @property
    def places_left(self) -> int:
        return self.places - self.taken


class SignUp(models.Model):
    """A volunteer's place in a shift, and whether they came."""

    class State(models.TextChoices):
        ADMITTED = "admitted", _("Signed up")
        CANCELLED = "cancelled", _("Cancelled")
        CHECKED_IN = "checked_in", _("Checked in")
        CHECKED_OUT = "checked_out", _("Checked out")
        NO_SHOW = "no_show", _("Did not come")

    HOLDING = (State.ADMITTED, State.CHECKED_IN, State.CHECKED_OUT)

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="signups")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="signups")
    state = models.CharField(max_length=12, choices=State, default=State.ADMITTED)
    signed_up_at = models.DateTimeField()
    risk_version = models.PositiveSmallIntegerField()  # the risk statement that was acknowledged
    # copied from the shift: the database itself keeps one person's shifts apart
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = CleanCharField(max_length=120, blank=True)
    checked_in_at = models.DateTimeField(null=True)
    checked_in_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    checked_in_method = models.CharField(max_length=10, choices=Method, blank=True)
    checked_out_at = models.DateTimeField(null=True)
    checked_out_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    checked_out_method = models.CharField(max_length=10, choices=Method, blank=True)

    class Meta:
        indexes = [models.Index(fields=["volunteer", "starts_at"], name="signups_of_volunteer")]
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"], condition=~models.Q(state="cancelled"), name="one_sign_up_a_shift"
            ),
            models.CheckConstraint(
                condition=models.Q(checked_out_at=None) | models.Q(checked_out_at__gte=models.F("checked_in_at")),
                name="out_comes_after_in",
            ),
        ]
