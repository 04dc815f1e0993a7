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
        """Whole years on a day; None when the birth date was not given."""
        if self.born_on is None:
            return None
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))

    def is_minor_on(self, day: date) -> bool:
        age = self.age_on(day)
        return age is not None and age < 18


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
    SERVICE = "service", _("Registering as a volunteer and recording service")
    PUBLICATION = "publication", _("Publishing the name with service hours")


class Consent(models.Model):
    """A yes to one purpose in one version; taken back by a day, never deleted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=Purpose)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_consent_a_purpose",
            )
        ]


class GuardianConsent(models.Model):
    """What a guardian allows somebody under 18: to register, and to take part in a period."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="guardian_consents")
    guardian_name = CleanCharField(max_length=40)
    guardian_phone = SealedField()
    relation = CleanCharField(max_length=20)
    since = models.DateField()
    until = models.DateField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="guardian_period_runs_forward"
            )
        ]
