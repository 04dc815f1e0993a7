"""Deleting what nobody needs any more."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

AT_ONCE = 2000


def forget(rows: QuerySet[Any]) -> int:
    """Delete them a slice at a time, so that nobody waits long for their turn to write; returns how many."""
    forgotten = 0
    while keys := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            forgotten += rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return forgotten
