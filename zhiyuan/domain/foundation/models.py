"""Two tables that serve every room: counted attempts, and calls that happen once."""

from django.db import models


class RateBucket(models.Model):
    """How often something was tried in one window of time."""

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    spent = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_bucket_a_window")]


class Call(models.Model):
    """A changing call that was carried out, kept in the effect's own transaction: sent twice, it happens once."""

    actor = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    body_sha256 = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_effect_a_key")]
