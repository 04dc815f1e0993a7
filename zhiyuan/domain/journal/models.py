from django.db import models


class JournalEntry(models.Model):
    """One thing that somebody did. `facts` holds ids and values, never names, telephones or free words of people."""

    append_only = True

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=32, db_index=True)  # a person's public id, or system, anonymous, demo
    action = models.CharField(max_length=48)
    object = models.CharField(max_length=64, db_index=True)  # kind:public id
    facts = models.JSONField(default=dict)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["object", "seq"], name="journal_of_object")]


class JournalHead(models.Model):
    """The one row that says where the chain ends; locked while lines are added."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)
