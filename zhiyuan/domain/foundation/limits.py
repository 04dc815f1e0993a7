"""Limits that hold over restarts and several processes: counted in the database, in a transaction of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models import BigIntegerField, Case, F, PositiveIntegerField, Q, When

from zhiyuan.domain.foundation.forgetting import forget
from zhiyuan.domain.foundation.models import RateBucket
from zhiyuan.domain.foundation.sealed import blind_index
from zhiyuan.domain.foundation.undone import count_even_if_undone


@dataclass(frozen=True)
class Limit:
    """At most `times` within `seconds` of the first try, for one `name` and whoever it is counted for."""

    name: str
    times: int
    seconds: int


def spend(limit: Limit, who: str, *, at: datetime) -> bool:
    """Count one more try, for good; False when there are none left. `who` is stored only as a keyed hash."""
    count_even_if_undone(lambda: _spend(limit, who, at))
    return _spend(limit, who, at)


@transaction.atomic
def spend_each(tries: Sequence[tuple[Limit, str]], *, at: datetime) -> datetime | None:
    """Count one try against several limits, up to the first that has none left: when it will have some again."""
    for limit, who in tries:
        if not spend(limit, who, at=at):
            return free_again_at(limit, who, at=at)
    return None


@transaction.atomic
def _spend(limit: Limit, who: str, at: datetime) -> bool:
    """One conditional update begins a new window or counts in the one that runs, so that processes that count at once
    agree.
    """
    key, second, begins = _key(limit, who), int(at.timestamp()), ceil(at.timestamp())
    ends_at = at + timedelta(seconds=limit.seconds)
    RateBucket.objects.bulk_create(
        [RateBucket(key=key, window=begins, spent=0, ends_at=ends_at)], ignore_conflicts=True
    )
    over = Q(window__lte=second - limit.seconds) | Q(window__gt=second + limit.seconds)  # or of a clock put back
    left = RateBucket.objects.filter(over | Q(spent__lt=limit.times), key=key)
    counted = left.update(
        window=Case(When(over, then=begins), default=F("window"), output_field=BigIntegerField()),
        spent=Case(When(over, then=1), default=F("spent") + 1, output_field=PositiveIntegerField()),
        ends_at=Case(When(over, then=ends_at), default=F("ends_at")),
    )
    return counted == 1


def give_back(limit: Limit, who: str) -> None:
    """Take one try back: it was none of those that the limit counts."""
    RateBucket.objects.filter(key=_key(limit, who), spent__gt=0).update(spent=F("spent") - 1)


def free_again_at(limit: Limit, who: str, *, at: datetime) -> datetime:
    """When the tries that are spent count no longer."""
    bucket = RateBucket.objects.filter(key=_key(limit, who)).first()
    return datetime.fromtimestamp(bucket.window + limit.seconds, tz=UTC) if bucket else at


def _key(limit: Limit, who: str) -> str:
    return blind_index(who, f"limit:{limit.name}")


def forget_counts(at: datetime) -> int:
    """Counts that no longer hold anybody back."""
    return forget(RateBucket.objects.filter(ends_at__lt=at))
