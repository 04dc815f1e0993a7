from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.database import GramsField
from zhiyuan.domain.foundation.fields import CleanCharField, CleanTextField
from zhiyuan.domain.foundation.ids import new_capability, new_public_id
from zhiyuan.domain.foundation.sealed import SealedField
from zhiyuan.domain.organisations.models import Category, MenuItem, Team
from zhiyuan.domain.people.models import Person


class NeedState(models.TextChoices):
    SUBMITTED = "submitted", _("Received")
    WAITING = "waiting_for_requester", _("Waiting for the requester")
    VERIFIED = "verified", pgettext_lazy("need", "Verified")
    DISPATCHED = "dispatched", _("Sent to a team")
    ACCEPTED = "accepted", _("Accepted by a team")
    SCHEDULED = "scheduled", _("Date fixed")
    SERVING = "serving", _("Being served")
    DONE = "done", _("Done")
    CONFIRMED = "confirmed", _("Confirmed")
    RATED = "rated", _("Rated")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Not taken")
    WITHDRAWN = "withdrawn", _("Withdrawn")


ENDED = (NeedState.CLOSED, NeedState.REJECTED, NeedState.WITHDRAWN)
OPEN = tuple(state for state in NeedState if state not in ENDED)


class Urgency(models.TextChoices):
    URGENT = "urgent", _("Today")
    NORMAL = "normal", _("Within three days")
    PLANNED = "planned", _("When it suits")


class Door(models.TextChoices):
    WEB = "web", _("Online")
    PHONE = "phone", _("By telephone")
    VISIT = "visit", _("On a visit")
    PAPER = "paper", _("On paper")
    SOCIAL_WORKER = "social_worker", _("Through a social worker")
    ROUND = "round", _("On a round of the village")
    SURVEY = "survey", _("From a survey")


class DayCounter(models.Model):
    """The last receipt number given on a day."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class StageLimit(models.Model):
    """How long a need of an urgency may stay in a state before it is overdue.

    Dated: the newest that has begun holds.
    """

    urgency = models.CharField(max_length=8, choices=Urgency)
    state = models.CharField(max_length=24, choices=NeedState)
    minutes = models.PositiveIntegerField()
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["urgency", "state", "since"], name="one_limit_a_stage_and_day")]


class Need(models.Model):
    """What somebody asks for. Who and exactly where are sealed; the village is what others see."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    number = models.CharField(max_length=12, unique=True)  # 261123-0047: day and count, said on the telephone
    receipt_id = models.CharField(max_length=26, unique=True, default=new_capability, editable=False)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="needs")
    item = models.ForeignKey(MenuItem, null=True, on_delete=models.PROTECT, related_name="needs")  # of the menu
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="needs")
    words = CleanTextField(max_length=500)  # the resident's own
    name = SealedField()
    phone = SealedField()
    phone_key = models.CharField(max_length=64, db_index=True)
    address = SealedField(default="")
    risk = CleanCharField(max_length=120, blank=True)  # what helpers must know: steps, dog, infection
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.NORMAL)
    wanted_by = models.DateField(null=True)
    door = models.CharField(max_length=16, choices=Door)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="needs"
    )  # asked while signed in
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # a clerk
    proxy_name = SealedField(default="")
    proxy_relation = CleanCharField(max_length=20, blank=True)
    state = models.CharField(max_length=24, choices=NeedState, default=NeedState.SUBMITTED)
    state_since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # when the present stage is overdue; None while waiting or ended
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="needs")  # the present order's
    times_sent = models.PositiveSmallIntegerField(default=0)
    helped = models.PositiveSmallIntegerField(null=True)  # people helped, said by the team when done
    outcome = CleanTextField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    grams = GramsField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="need_by_due"),
            models.Index(fields=["area", "state", "due_at"], name="need_by_area"),
            models.Index(fields=["team", "state"], name="need_by_team"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(team__isnull=False)
                | ~models.Q(state__in=["dispatched", "accepted", "scheduled", "serving", "done", "confirmed", "rated"]),
                name="an_order_has_a_team",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Transition(models.Model):
    """One step of a need: from, to, who, when, why. Written once, never changed."""

    append_only = True

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="transitions")
    from_state = models.CharField(max_length=24, choices=NeedState, blank=True)
    to_state = models.CharField(max_length=24, choices=NeedState)
    by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+"
    )  # None: the resident, by receipt
    at = models.DateTimeField()
    reason = CleanCharField(max_length=200, blank=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["need", "at"], name="steps_of_need")]


class VerifyMethod(models.TextChoices):
    PHONE = "phone", _("By telephone")
    VISIT = "visit", _("By a visit")
    ONLINE = "online", _("Online")


class Verification(models.Model):
    """Who made sure of a need, how, and what was found."""

    append_only = True

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="verifications")
    method = models.CharField(max_length=8, choices=VerifyMethod)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    result = CleanCharField(max_length=200)


class Rating(models.Model):
    """One to five, and words, by the resident, a proxy, or a clerk's call."""

    append_only = True

    need = models.OneToOneField(Need, on_delete=models.PROTECT, related_name="rating")
    stars = models.PositiveSmallIntegerField()
    words = CleanCharField(max_length=200, blank=True)
    by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+"
    )  # a clerk who called; else None
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="one_to_five_stars")]


class TeamRecord(models.Model):
    """How a team has done with orders: counted by the verbs, used by proposals."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="record", primary_key=True)
    open_orders = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    ratings = models.PositiveIntegerField(default=0)
    stars = models.PositiveIntegerField(default=0)  # their sum
