"""Limits that hold over restarts and several processes: counted in the database, in a transaction of their own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import models, transaction

from zhiyuan.domain.foundation.models import RateBucket
from zhiyuan.domain.foundation.sealed import blind_index
from zhiyuan.domain.foundation.undone import count_even_if_undone


@dataclass(frozen=True)
class Limit:
    """At most `times` in each window of `seconds`, for one `name` and whoever it is counted for."""

    name: str
    times: int
    seconds: int


def spend(limit: Limit, who: str, *, at: datetime) -> bool:
    """Count one more try, for good; False when there are none left. `who` is stored only as a keyed hash."""
    window = int(at.timestamp()) // limit.seconds
    ends_at = datetime.fromtimestamp((window + 1) * limit.seconds, tz=UTC) + timedelta(days=1)
    bucket = RateBucket(key=blind_index(who, f"limit:{limit.name}"), window=window, spent=0, ends_at=ends_at)
    count_even_if_undone(lambda: _spend_from(bucket, limit.times))
    return _spend_from(bucket, limit.times)


@transaction.atomic
def _spend_from(bucket: RateBucket, times: int) -> bool:
    RateBucket.objects.bulk_create([bucket], ignore_conflicts=True)
    left = RateBucket.objects.filter(key=bucket.key, window=bucket.window, spent__lt=times)
    return left.update(spent=models.F("spent") + 1) == 1
