"""Limits that hold over restarts and several processes: counted in the database, in a transaction of their own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import models, transaction

from zhiyuan.domain.foundation.models import RateBucket
from zhiyuan.domain.foundation.sealed import blind_index


@dataclass(frozen=True)
class Limit:
    """At most `times` in each window of `seconds`, for one `name` and whoever it is counted for."""

    name: str
    times: int
    seconds: int


def spend(limit: Limit, who: str, *, at: datetime) -> bool:
    """Count one more try; False when there are none left. `who` is stored only as a keyed hash."""
    window = int(at.timestamp()) // limit.seconds
    ends_at = datetime.fromtimestamp((window + 1) * limit.seconds, tz=UTC) + timedelta(days=1)
    key = blind_index(who, f"limit:{limit.name}")
    with transaction.atomic():
        RateBucket.objects.bulk_create(
            [RateBucket(key=key, window=window, spent=0, ends_at=ends_at)], ignore_conflicts=True
        )
        bucket = RateBucket.objects.filter(key=key, window=window, spent__lt=limit.times)
        return bucket.update(spent=models.F("spent") + 1) == 1
