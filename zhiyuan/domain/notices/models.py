from django.db import models

from zhiyuan.domain.foundation.ids import new_public_id
from zhiyuan.domain.foundation.sealed import SealedField


class Message(models.Model):
    """One text to one telephone, waiting in the outbox or sent. Telephone and text are sealed."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        PARKED = "parked"
        EXPIRED = "expired"

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id)
    # what it is about, once: the same event is never told twice
    key = models.CharField(max_length=80, unique=True)
    phone = SealedField()
    text = SealedField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)  # a login code is not sent late
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="outbox_due")]


class SinkMessage(models.Model):
    """What the demo and test gateway received. Production has no sink."""

    message_id = models.CharField(max_length=16, unique=True)
    phone = SealedField()
    text = SealedField()
    at = models.DateTimeField()
