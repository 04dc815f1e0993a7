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
from zhiyuan.domain.residents.models import Resident


class NeedState(models.TextChoices):
    SUBMITTED = "submitted", _("Received")
    WAITING = "waiting_for_requester", _("Waiting for the requester")
    VERIFIED = "verified", pgettext_lazy("need", "Verified")
    DISPATCHED = "dispatched", _("Sent to a team")
    OFFERED = "offered", _("Open to be claimed")
    ACCEPTED = "accepted", _("Accepted by a team")
    SCHEDULED = "scheduled", _("Date fixed")
    SERVING = "serving", _("Being served")
    DONE = "done", _("Done")
    CONFIRMED = "confirmed", _("Confirmed")
    RATED = "rated", _("Rated")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Not taken")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    REFERRED = "referred", _("Passed to another body")
    MERGED = "merged", _("Taken together with another request")


ENDED = (NeedState.CLOSED, NeedState.REJECTED, NeedState.WITHDRAWN, NeedState.MERGED)
OPEN = tuple(state for state in NeedState if state not in ENDED)
AT_TEAM = (NeedState.ACCEPTED, NeedState.SCHEDULED, NeedState.SERVING)  # one team has it
SERVED = (NeedState.DONE, NeedState.CONFIRMED, NeedState.RATED)


class Turn(models.IntegerChoices):
    """Whose turn it is, in the order of the desk's list."""

    OURS = 0  # the desk's or a team's: somebody is late when its time is up
    REQUESTER = 1  # asked back: the clock stands
    THANKS = 2  # done: the resident may still say how it was
    OVER = 3


TURNS: dict[NeedState, Turn] = {
    **dict.fromkeys(NeedState, Turn.OURS),
    NeedState.WAITING: Turn.REQUESTER,
    **dict.fromkeys(SERVED, Turn.THANKS),
    **dict.fromkeys(ENDED, Turn.OVER),
}


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


class Mandate(models.TextChoices):
    """How somebody who asks for another may do so."""

    UNSAID = "", _("Not said")
    SPOKEN = "spoken", _("They asked me to, by word of mouth")
    WRITTEN = "written", _("I have it in writing")
    FAMILY = "family", _("I am family or guardian")
    UNABLE = "unable", _("They cannot speak for themselves now")


class DayCounter(models.Model):
    """The last receipt number given on a day."""

    day = models.DateField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


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
    phone_key = models.CharField(max_length=64)
    address = SealedField(default="")
    risk = CleanCharField(max_length=120, blank=True)  # what helpers must know: steps, dog, infection
    urgency = models.CharField(max_length=8, choices=Urgency, default=Urgency.NORMAL)
    wanted_by = models.DateField(null=True)
    door = models.CharField(max_length=16, choices=Door)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="needs"
    )  # asked while signed in
    # None for what was asked before residents were kept; a merged one stands for its `current`
    resident = models.ForeignKey(Resident, null=True, on_delete=models.PROTECT, related_name="needs")
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")  # a clerk
    proxy_name = SealedField(default="")
    proxy_relation = CleanCharField(max_length=20, blank=True)
    proxy_phone = SealedField(default="")
    mandate = models.CharField(max_length=8, choices=Mandate, default=Mandate.UNSAID, blank=True)
    state = models.CharField(max_length=24, choices=NeedState, default=NeedState.SUBMITTED)
    state_since = models.DateTimeField()
    turn = models.PositiveSmallIntegerField(choices=Turn, default=Turn.OURS)  # follows from the state; for the index
    warn_at = models.DateTimeField(null=True)  # when the present stage is at risk
    due_at = models.DateTimeField(null=True)  # when the present stage is overdue; None while waiting or ended
    alarm_at = models.DateTimeField(null=True)  # when the clock next has something to do
    used_minutes = models.PositiveIntegerField(null=True)  # of its stage, when it was paused
    # whose desk it lies on: the village's, the township's, the county's; overdue it goes one level up
    desk = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    escalations = models.PositiveSmallIntegerField(default=0)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="needs")  # the one that took it
    offered_in = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")  # whose teams may claim
    times_sent = models.PositiveSmallIntegerField(default=0)
    helped = models.PositiveSmallIntegerField(null=True)  # people helped, said by the team when done
    outcome = CleanTextField(max_length=500, blank=True)
    left_over = CleanTextField(max_length=500, blank=True)  # what is still to be done, said by the team
    done_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    appealed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    grams = GramsField(default="")

    class Meta:
        indexes = [
            models.Index(fields=["turn", "due_at", "id", "area"], name="need_in_desk_order"),
            # all that the desk counts
            models.Index(fields=["state", "turn", "due_at", "area", "desk", "escalations"], name="need_at_desk"),
            models.Index(fields=["area", "turn", "due_at"], name="need_by_area"),
            models.Index(fields=["team", "state"], name="need_by_team"),
            models.Index(fields=["alarm_at"], name="need_by_alarm", condition=models.Q(alarm_at__isnull=False)),
            models.Index(fields=["phone_key", "created_at"], name="need_by_phone"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(team__isnull=False)
                | ~models.Q(state__in=["accepted", "scheduled", "serving", "done", "confirmed", "rated"]),
                name="a_taken_need_has_a_team",
            ),
            models.CheckConstraint(
                condition=models.Q(alarm_at__isnull=False)
                | models.Q(state__in=["closed", "rejected", "withdrawn", "merged"]),
                name="an_open_need_has_a_clock",
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into=None)),
                name="a_merged_need_says_into_which",
            ),
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
    # of the stage that it ends: how long it ran (in the stage's own kind of time), and whether it was late
    minutes = models.PositiveIntegerField(null=True)
    late = models.BooleanField(null=True)
    by_clock = models.BooleanField(null=True)  # nobody's hand: the time was up

    class Meta:
        indexes = [models.Index(fields=["need", "at"], name="steps_of_need")]


class DeclineReason(models.TextChoices):
    """Why a team says no. It is held against nobody."""

    NOBODY_FREE = "nobody_free", _("Nobody is free then")
    NO_SKILL = "no_skill", _("Nobody of us can do it")
    TOO_FAR = "too_far", _("Too far for us")
    TOO_MUCH = "too_much", _("Too many orders already")
    NOT_OURS = "not_ours", _("Not work for volunteers")
    OTHER = "other", pgettext_lazy("decline", "Another reason")


class Order(models.Model):
    """A need at one team: sent by a desk, or claimed by the team itself; and what the team answered."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("order", "Not answered yet")
        ACCEPTED = "accepted", pgettext_lazy("order", "Accepted")
        DONE = "done", pgettext_lazy("order", "Done")
        DECLINED = "declined", pgettext_lazy("order", "Declined")
        HANDED_BACK = "handed_back", pgettext_lazy("order", "Handed back")
        RECALLED = "recalled", pgettext_lazy("order", "Taken back by the desk")
        PASSED_OVER = "passed_over", pgettext_lazy("order", "No answer, passed over")
        TAKEN_ELSEWHERE = "taken_elsewhere", pgettext_lazy("order", "Another team was quicker")
        WITHDRAWN = "withdrawn", pgettext_lazy("order", "No longer needed")

    STANDING = (State.OPEN, State.ACCEPTED)
    CAME_BACK = (State.DECLINED, State.HANDED_BACK, State.PASSED_OVER, State.RECALLED)

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="orders")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="orders")
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    claimed = models.BooleanField(default=False)
    sent_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=12, choices=DeclineReason, blank=True)
    reason = CleanCharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["team", "state"], name="orders_of_team"),
            models.Index(fields=["sent_at"], name="orders_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "team"],
                condition=models.Q(state__in=["open", "accepted"]),
                name="one_standing_order_a_team",
            ),
            models.UniqueConstraint(fields=["need"], condition=models.Q(state="accepted"), name="one_team_has_a_need"),
        ]


class Alarm(models.Model):
    """What the clock did about a need by itself. The resident sees it too."""

    class Kind(models.TextChoices):
        WARNED = "warned", _("Its time is running out: those whose turn it is were told")
        ASKED_AGAIN = "asked_again", _("The team was asked again")
        PASSED_OVER = "passed_over", _("The team stayed silent: another is looked for")
        ESCALATED = "escalated", _("Its time was up: it went to the desk above")
        OVERDUE = "overdue", _("Its time was up: the county's desk was told")
        CALL_AGAIN = "call_again", _("No answer yet: the desk calls again")
        RATING_ASKED = "rating_asked", _("The resident was asked once more how it was")

    append_only = True

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="alarms")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=24, choices=NeedState)
    desk = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")  # whose turn it is from now on
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["need", "at"], name="alarms_of_need")]


class Body(models.TextChoices):
    """Who takes what volunteers cannot: only named, never called by the program itself."""

    HOTLINE = "12345", _("12345, the government's hotline")
    POLICE = "110", _("110, police")
    FIRE = "119", _("119, fire and rescue")
    AMBULANCE = "120", _("120, ambulance")
    DEPARTMENT = "department", _("A department or unit")


class Referral(models.Model):
    """A need passed to another body, and what that body answered."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="referrals")
    body = models.CharField(max_length=10, choices=Body)
    department = CleanCharField(max_length=40, blank=True)
    note = CleanCharField(max_length=200)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answer = CleanCharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(body="department") | ~models.Q(department=""), name="a_department_is_named"
            ),
            models.UniqueConstraint(
                fields=["need"], condition=models.Q(answered_at=None), name="one_open_referral_a_need"
            ),
        ]


class FollowUp(models.Model):
    """A low rating is asked after: by when, by whom, with which result."""

    need = models.OneToOneField(Need, on_delete=models.PROTECT, related_name="follow_up")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    result = CleanCharField(max_length=300, blank=True)


class Look(models.Model):
    """Somebody read who asked and where exactly they live. The resident sees who and when."""

    class Capacity(models.TextChoices):
        DESK = "desk", _("desk")
        LEADER = "leader", _("team leader")
        HELPER = "helper", _("volunteer who comes")

    append_only = True

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=8, choices=Capacity)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["need", "at"], name="looks_at_need")]


class KeptApart(models.Model):
    """A household and a volunteer who do not want each other. Neither is told; only the desk knows."""

    phone_key = models.CharField(max_length=64)  # the household's telephone
    volunteer = models.ForeignKey("volunteers.Volunteer", on_delete=models.PROTECT, related_name="kept_apart")
    by_household = models.BooleanField()
    reason = SealedField(default="")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["phone_key"], name="kept_apart_household")]
        constraints = [
            models.UniqueConstraint(
                fields=["phone_key", "volunteer"], condition=models.Q(ended_at=None), name="kept_apart_once"
            )
        ]


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
    """How a team has done with its orders: counted by the verbs, used by proposals."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="record", primary_key=True)
    open_orders = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    declined = models.PositiveIntegerField(default=0)
    silent = models.PositiveIntegerField(default=0)
    ratings = models.PositiveIntegerField(default=0)
    stars = models.PositiveIntegerField(default=0)  # their sum
