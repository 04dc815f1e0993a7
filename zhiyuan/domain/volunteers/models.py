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

    class Meta:
        indexes = [models.Index(fields=["area", "joined_at"], name="volunteer_by_area")]
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

    class Meta:
        indexes = [models.Index(fields=["team", "until"], name="members_of_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["volunteer", "team"], condition=models.Q(until=None), name="one_standing_membership_a_team"
            )
        ]


class TeamStrength(models.Model):
    """What a team's members can do and when, counted when a membership, skill or grid changes."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="strength", primary_key=True)
    members = models.PositiveIntegerField(default=0)
    skills = models.JSONField(default=dict)  # skill code → members who have it
    free = models.JSONField(default=list)  # 24 counts: members who are free in that cell
