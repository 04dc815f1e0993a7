"""Leaving a gateway that fails in peace for a while, so that messages go straight to the other one.

Kept in the database: what one process learns, all know.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from zhiyuan.domain.notices.models import Breaker

OPENS_AFTER = 2  # failures in a row; so few that a round of messages to gateways that hang fits into a lease
PAUSE = timedelta(seconds=30)


def lets_through(gateway: str, *, at: datetime) -> bool:
    """Whether a gateway may be asked. After a pause one message tries it; the others wait for how that ends."""
    breaker = Breaker.objects.filter(gateway=gateway).exclude(open_until=None).first()
    if breaker is None:
        return True
    if breaker.open_until is not None and breaker.open_until > at:
        return False
    ours = Breaker.objects.filter(pk=breaker.pk, open_until=breaker.open_until)
    return ours.update(open_until=at + PAUSE) == 1


def note_success(gateway: str) -> None:
    Breaker.objects.filter(gateway=gateway, failures__gt=0).update(failures=0, open_until=None)


@transaction.atomic
def note_failure(gateway: str, fault: str, *, at: datetime) -> None:
    breaker, _made = Breaker.objects.select_for_update().get_or_create(gateway=gateway)
    breaker.failures, breaker.fault, breaker.failed_at = breaker.failures + 1, fault, at
    if breaker.failures >= OPENS_AFTER:
        breaker.open_until = at + PAUSE
    breaker.save()


def next_chance(gateways: Iterable[str], *, at: datetime) -> datetime:
    """When the first of some gateways may be asked again."""
    waiting = Breaker.objects.filter(gateway__in=list(gateways), open_until__gt=at)
    first = waiting.order_by("open_until").values_list("open_until", flat=True).first()
    return first or at + timedelta(seconds=1)
