"""Time comes from here and from nowhere else, so that a clock can be set from outside."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """This moment in UTC. Outside production `ZHIYUAN_CLOCK_SHIFT_SECONDS` moves it."""
    return timezone.now() + timedelta(seconds=settings.CLOCK_SHIFT_SECONDS)


def local_day(at: datetime) -> date:
    """The county's calendar day (Asia/Shanghai) of a moment."""
    return timezone.localtime(at).date()
