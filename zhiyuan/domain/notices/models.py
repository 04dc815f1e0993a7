from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiyuan.domain.foundation.ids import new_public_id
from zhiyuan.domain.foundation.sealed import SealedField
from zhiyuan.domain.people.models import Person


class Channel(models.TextChoices):
    SMS = "sms", _("SMS")
    EMAIL = "email", _("E-mail")


class Notice(models.Model):
    """What somebody finds on their own page. The words are sealed; `href` is where to deal with it."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=80)
    template = models.CharField(max_length=60)
    words = SealedField()
    href = models.CharField(max_length=200, default="")
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_notice_an_event")]
        indexes = [
            models.Index(fields=["person", "-at"], name="notices_of_a_person"),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="notices_unread"),
        ]


class Ways(models.Model):
    """How somebody wants to be told. Who never chose is told by SMS, outside of the quiet hours."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="ways")
    sms = models.BooleanField(default=True)
    email = models.BooleanField(default=False)
    call = models.BooleanField(default=False)
    at_night = models.BooleanField(default=False)
    address = SealedField(default="")  # for e-mail


class Message(models.Model):
    """One SMS or e-mail, waiting in the outbox or sent. Recipient and text are sealed."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("message", "Waiting")
        SENT = "sent", pgettext_lazy("message", "Sent")
        PARKED = "parked", pgettext_lazy("message", "Parked")
        EXPIRED = "expired", pgettext_lazy("message", "Too late, dropped")
        CALLING = "calling", pgettext_lazy("message", "On the call list")

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    # what it is about, to whom and how, once: the same event is never told twice
    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.SMS)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    phone = SealedField(default="")
    address = SealedField(default="")  # for e-mail
    text = SealedField()
    template = models.CharField(max_length=60, default="")
    area = models.CharField(max_length=12, default="")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # a login code is not sent late
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # who took it, and what they call it
    gateway = models.CharField(max_length=20, default="")
    reference = models.CharField(max_length=80, default="")

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="outbox_due")]

    @property
    def recipient(self) -> str:
        return str(self.address if self.channel == Channel.EMAIL else self.phone)


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", pgettext_lazy("attempt", "Accepted")
    REFUSED = "refused", pgettext_lazy("attempt", "Refused this message")
    FAILED = "failed", pgettext_lazy("attempt", "Failed")
    UNKNOWN = "unknown", pgettext_lazy("attempt", "No answer, so nobody knows")


class Attempt(models.Model):
    """One gateway asked once to carry one message, and what it said."""

    append_only = True

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attempts")
    gateway = models.CharField(max_length=20)
    outcome = models.CharField(max_length=8, choices=Outcome)
    fault = models.CharField(max_length=40, default="")
    reference = models.CharField(max_length=80, default="")
    at = models.DateTimeField()


class Breaker(models.Model):
    """How a gateway did of late, for all processes alike. Open: nobody asks it until then; afterwards one may."""

    gateway = models.CharField(max_length=20, unique=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    open_until = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, default="")
    failed_at = models.DateTimeField(null=True)


class CallEntry(models.Model):
    """Somebody to be told by telephone, or at the door: who has no other way, or wants to be called."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    key = models.CharField(max_length=120, unique=True)
    area = models.CharField(max_length=12)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    name = SealedField(default="")
    phone = SealedField(default="")
    words = SealedField()
    template = models.CharField(max_length=60, default="")
    urgent = models.BooleanField(default=False)
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    reached = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["area", "-at"], name="calls_of_an_area")]


class SinkMessage(models.Model):
    """What the demo and test gateway received. Production has no sink."""

    message_id = models.CharField(max_length=16, unique=True)
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.SMS)
    phone = SealedField()
    text = SealedField()
    at = models.DateTimeField()
