"""Tables that serve every room: counted attempts, calls that happen once, what a county set, its special days, work
that comes round.
"""

from django.db import models

from zhiyuan.domain.foundation.fields import CleanCharField


class RateBucket(models.Model):
    """How often something was tried in a window of time, which begins with its first try."""

    key = models.CharField(max_length=64, unique=True)
    window = models.BigIntegerField()  # the second in which it began
    spent = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)


class Call(models.Model):
    """A changing call that was carried out, kept in the effect's own transaction: sent twice, it happens once."""

    actor = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    body_sha256 = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_effect_a_key")]


class ParameterValue(models.Model):
    """What a county set a parameter to, from a day on. Never changed: a later row answers an earlier one."""

    append_only = True

    name = models.CharField(max_length=60)
    value = models.IntegerField()
    since = models.DateField()
    reason = CleanCharField(max_length=200)
    set_by = models.CharField(max_length=32)  # a person's public id; people stand above this room
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["name", "since"], name="values_of_parameter")]


class SpecialDay(models.Model):
    """A day that a county added to the shipped holidays and make-up days, or changed."""

    day = models.DateField(primary_key=True)
    worked = models.BooleanField()
    name_zh = CleanCharField(max_length=40)
    name_en = CleanCharField(max_length=60)
    source = CleanCharField(max_length=80)
    set_by = models.CharField(max_length=32)
    set_at = models.DateTimeField()


class PeriodicWork(models.Model):
    """When a piece of work that comes round is due, who has it in hand, and how it went last."""

    name = models.CharField(max_length=60, primary_key=True)
    every_seconds = models.PositiveIntegerField()
    since = models.DateTimeField()  # it stands on the schedule
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=16, default="")  # a random word of the worker's, new with each lease
    tries = models.PositiveIntegerField(default=0)  # failures in a row
    last_ok_at = models.DateTimeField(null=True)
    last_seconds = models.FloatField(default=0)
    last_result = models.BigIntegerField(null=True)
    last_error = models.CharField(max_length=80, default="")  # its kind alone, never its words
