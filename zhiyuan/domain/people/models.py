from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.fields import CleanCharField
from zhiyuan.domain.foundation.ids import new_public_id
from zhiyuan.domain.foundation.sealed import SealedField


class Sex(models.TextChoices):
    FEMALE = "f", _("Female")
    MALE = "m", _("Male")
    UNSAID = "", _("Not said")


class People(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(public_id=username)


class Person(AbstractBaseUser):
    """Anybody with an account. Telephone and identity number are sealed; their keyed hashes keep them unique."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    name = CleanCharField(max_length=40)
    phone = SealedField(default="")
    phone_key = models.CharField(max_length=64, unique=True, null=True)
    id_number = SealedField(default="")
    id_number_key = models.CharField(max_length=64, unique=True, null=True)
    born_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, choices=Sex, default=Sex.UNSAID, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    # counts up when roles change or the person is signed out everywhere; sessions of an older epoch end
    auth_epoch = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "public_id"

    def __str__(self) -> str:
        return self.public_id

    def age_on(self, day: date) -> int | None:
        """Whole years on a day; None when the birth date was not given. Born on 29 February: a year more on 1 March."""
        if self.born_on is None:
            return None
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


class LoginCode(models.Model):
    """A code on its way to a phone. Only its hash is kept; five minutes' or five wrong tries' life."""

    public_id = models.CharField(max_length=26, unique=True)
    phone_key = models.CharField(max_length=64, db_index=True)
    code_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(tries__lte=5), name="five_tries_a_code")]


class SecondFactor(models.Model):
    """A staff member's authenticator (TOTP, RFC 6238). `last_step` stops a code from being used twice."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="second_factor")
    secret = SealedField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)


class Purpose(models.TextChoices):
    """What somebody may say yes or no to; each by itself. The texts stand in `consents`."""

    SERVICE = "service", _("Registering as a volunteer and recording service")
    PUBLICATION = "publication", _("Publishing the name with service hours")
    LOCATION = "location", _("Where the telephone is when checking in")
    NATIONAL = "national", _("Passing the record on to the national system")
    PHOTOGRAPHS = "photographs", _("Photographs of service with me in them")
    HEALTH = "health", _("Facts about health that a post asks for")


class PaperForm(models.Model):
    """A signed sheet of consent: which one, where it is kept, and who took it in face to face. Never changed."""

    append_only = True

    number = CleanCharField(max_length=40)
    signed_on = models.DateField()
    kept_at = CleanCharField(max_length=60)
    taken_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()


class Consent(models.Model):
    """A yes to one purpose in one version; taken back at a moment, never deleted: a new yes is a new row."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    paper = models.ForeignKey(PaperForm, null=True, on_delete=models.PROTECT, related_name="consents")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_consent_a_purpose",
            )
        ]


class HowGiven(models.TextChoices):
    """How a parent or guardian said yes."""

    CODE = "code", _("by a code to the guardian's own telephone")
    PAPER = "paper", _("signed on paper")
    IN_PERSON = "in_person", _("in person, before a clerk")


class GuardianConsent(models.Model):
    """What a guardian allows somebody under 18: one activity, or all service in a period."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardian_consents")
    guardian_name = CleanCharField(max_length=40)
    guardian_phone = SealedField()
    # keyed hashes of the telephones of the guardian, and of another adult who comes along instead
    guardian_key = models.CharField(max_length=64, null=True, db_index=True)
    companion_key = models.CharField(max_length=64, null=True)
    relation = CleanCharField(max_length=20)
    activity_key = models.CharField(max_length=16, null=True)  # public id of the only activity that is allowed
    since = models.DateField()
    until = models.DateField()
    how = models.CharField(max_length=10, choices=HowGiven, null=True)
    paper = models.ForeignKey(PaperForm, null=True, on_delete=models.PROTECT, related_name="guardian_consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="guardian_period_runs_forward"
            )
        ]


class Helper(models.Model):
    """Whoever takes calls for somebody without a telephone of their own, and was asked whether they want to."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="helper")
    name = CleanCharField(max_length=40)
    phone = SealedField()
    relation = CleanCharField(max_length=20)


class ClosedAccount(models.Model):
    """That somebody closed their account. The name rests sealed as long as records may have to be proved."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="closing")
    closed_at = models.DateTimeField()
    name = SealedField(default="")
    kept_until = models.DateField(db_index=True)
