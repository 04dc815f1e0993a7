from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.database import GramsField
from zhiyuan.domain.foundation.fields import CleanCharField
from zhiyuan.domain.foundation.ids import new_public_id, random_id
from zhiyuan.domain.foundation.sealed import SealedField
from zhiyuan.domain.organisations.models import Category, Named, Skill, Team
from zhiyuan.domain.people.models import Person

PARTS_OF_DAY = 3  # morning, afternoon, evening
DAY_KINDS = 8  # Monday to Sunday, and public holidays
ALL_CELLS = 2 ** (PARTS_OF_DAY * DAY_KINDS) - 1


class InvitedHow(models.TextChoices):
    """What happens when a team invites somebody."""

    ASK = "ask", _("Ask me each time")
    ACCEPT = "accept", _("Take me in at once, and tell me")
    REFUSE = "refuse", _("Do not invite me")


class PhoneShown(models.TextChoices):
    """Who sees a volunteer's telephone, beside the service's own staff."""

    IN_CHARGE = "in_charge", _("Only who is in charge of an activity I signed up for")
    LEADERS = "leaders", _("Also the leaders of my teams")
    MEMBERS = "members", _("Also the members of my teams")


def new_number() -> str:
    return f"ZY{random_id(8).upper()}"


class Volunteer(models.Model):
    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="volunteer")
    number = models.CharField(max_length=12, unique=True, default=new_number, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="volunteers")
    joined_at = models.DateTimeField(db_index=True)
    # bit `day kind * 3 + part of day`; 0 is Monday morning, 23 a holiday's evening
    availability = models.PositiveIntegerField(default=0)
    skills = models.ManyToManyField(Skill, through="VolunteerSkill", related_name="volunteers")
    categories = models.ManyToManyField(Category, related_name="volunteers")  # what they would like to do
    grams = GramsField(default="")
    # unsaid: ask, leaders
    invited_how = models.CharField(max_length=8, choices=InvitedHow, null=True)
    phone_shown = models.CharField(max_length=10, choices=PhoneShown, null=True)
    # the file that this one became part of; what cannot move, such as service records, stays here and counts there
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    class Meta:
        indexes = [
            models.Index(fields=["area", "joined_at"], name="volunteer_by_area"),
            # all that counting the list reads
            models.Index(fields=["area", "merged_into", "person"], name="volunteers_counted"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(availability__lte=ALL_CELLS), name="availability_has_24_cells")
        ]

    def __str__(self) -> str:
        return self.number

    def is_free(self, day_kind: int, part: int) -> bool:
        return bool(self.availability >> (day_kind * PARTS_OF_DAY + part) & 1)


class VolunteerSkill(models.Model):
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="volunteer_skills")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["volunteer", "skill"], name="a_skill_is_said_once")]


class CredentialKind(Named):
    """A licence or certificate that a post can ask for; it proves one skill."""

    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="credential_kinds")


class Credential(models.Model):
    class State(models.TextChoices):
        UNVERIFIED = "unverified", _("Not yet verified")
        VERIFIED = "verified", _("Verified")
        REJECTED = "rejected", _("Rejected")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="credentials")
    kind = models.ForeignKey(CredentialKind, on_delete=models.PROTECT)
    issuer = CleanCharField(max_length=60)
    number = SealedField()
    expires_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.UNVERIFIED)
    verified_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    file_name = models.CharField(max_length=40, null=True)
    reminded_at = models.DateTimeField(null=True)  # that it runs out

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="unverified", verified_by=None)
                | models.Q(state__in=["verified", "rejected"], verified_by__isnull=False),
                name="a_verified_credential_has_a_verifier",
            )
        ]


class Membership(models.Model):
    """Belonging to a team, from day to day; a volunteer may belong to several."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateField()
    until = models.DateField(null=True)
    began_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    why = SealedField(null=True)  # of taking out or moving

    class Meta:
        indexes = [models.Index(fields=["team", "until"], name="members_of_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "team"], condition=models.Q(until=None), name="one_standing_membership_a_team"
            )
        ]


class Invitation(models.Model):
    """A team's invitation, by the number or telephone that its leader typed. It says nothing about whether anybody
    has it: then there is no volunteer, and it runs out like any other.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EXPIRED = "expired", _("No answer came")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="invitations")
    volunteer = models.ForeignKey(Volunteer, null=True, on_delete=models.PROTECT, related_name="invitations")
    typed = SealedField()
    typed_key = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_on = models.DateField()  # the last day on which it can be accepted
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["team", "invited_at"], name="invitations_of_team"),
            models.Index(fields=["volunteer", "state"], name="invitations_of_volunteer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "typed_key"], condition=models.Q(state="open"), name="one_open_invitation_a_number"
            ),
            models.UniqueConstraint(
                fields=["team", "volunteer"], condition=models.Q(state="open"), name="one_open_invitation_a_volunteer"
            ),
        ]

    def state_on(self, day: date) -> str:
        """An open one whose last day is over counts as expired, whether or not that was written down yet."""
        return self.State.EXPIRED if self.state == self.State.OPEN and self.expires_on < day else self.state


class Transfer(models.Model):
    """A wish to move from one team to another, answered by the leader of the other."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waits for an answer")
        DONE = "done", _("Moved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="transfers")
    source = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="transfers")
    why = SealedField()
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["target", "state"], name="transfers_to_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "source"], condition=models.Q(state="asked"), name="one_open_transfer_a_membership"
            )
        ]


class Pause(models.Model):
    """A rest from service, from day to day; why is nobody's business and stands nowhere."""

    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="pauses")
    since = models.DateField()
    until = models.DateField(null=True)  # the last day; none: until they say so
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer"], condition=models.Q(ended_on=None), name="one_standing_pause_a_volunteer"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="a_pause_runs_forward"
            ),
        ]


class TrainingKind(Named):
    """A training that a post can ask for; it counts for so many months, or for ever."""

    months = models.PositiveSmallIntegerField(null=True)


class TrainingRecord(models.Model):
    """A training that somebody took part in. Never edited or deleted; a line that `reverses` it takes it back."""

    append_only = True

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="trainings")
    kind = models.ForeignKey(TrainingKind, on_delete=models.PROTECT, related_name="records")
    name = CleanCharField(max_length=60)
    content = CleanCharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    organiser = CleanCharField(max_length=60)
    held_on = models.DateField()
    passed = models.BooleanField()
    valid_until = models.DateField(null=True)
    entered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    why = SealedField(null=True)

    class Meta:
        indexes = [models.Index(fields=["volunteer", "held_on"], name="trainings_of_volunteer")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=1440), name="learning_minutes_of_a_day"
            )
        ]


class Platform(Named):
    """Somebody who numbers volunteers too: the national system, another platform."""


class ExternalNumber(models.Model):
    """A volunteer's number at another platform; unique there."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="external_numbers")
    platform = models.ForeignKey(Platform, on_delete=models.PROTECT, related_name="numbers")
    number = SealedField()
    number_key = models.CharField(max_length=64, db_index=True)
    since = models.DateField(null=True)
    source = CleanCharField(max_length=60, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "number_key"], name="a_number_stands_once_a_platform")
        ]


class Merge(models.Model):
    """Two files that became one, with every field that changed: `[{row, key, field, old, new}]`."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    kept = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="+")
    away = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="+")
    why = SealedField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changes = models.JSONField()
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["at"], name="merges_by_time")]


class TeamStrength(models.Model):
    """What a team's members can do and when, counted when a membership, skill or grid changes."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="strength", primary_key=True)
    members = models.PositiveIntegerField(default=0)
    skills = models.JSONField(default=dict)  # skill code → members who have it
    free = models.JSONField(default=list)  # 24 counts: members who are free in that cell
