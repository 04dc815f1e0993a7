"""Quiet hours: what is not urgent waits until they end."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, values_on

_GROUP = _("Telling people")
A_DAY = 24 * 60
QUIET_FROM = declare(
    Parameter("quiet.from", _GROUP, _("Quiet hours begin in the evening"), Unit.CLOCK, 21 * 60 + 30, most=A_DAY)
)
QUIET_UNTIL = declare(
    Parameter("quiet.until", _GROUP, _("Quiet hours end in the morning"), Unit.CLOCK, 7 * 60 + 30, most=A_DAY)
)


def quiet_hours(day: date) -> tuple[time, time]:
    """From when to when nothing but what is urgent leaves."""
    values = values_on(day)
    begins, ends = (divmod(values[parameter] % A_DAY, 60) for parameter in (QUIET_FROM, QUIET_UNTIL))
    return time(*begins), time(*ends)


def after_quiet_hours(at: datetime) -> datetime:
    """The same moment, or the end of the quiet hours it lies in."""
    values = values_on(local_day(at))
    begins, ends = values[QUIET_FROM], values[QUIET_UNTIL]
    local = timezone.localtime(at)
    minute = local.hour * 60 + local.minute
    within = begins <= minute < ends if begins <= ends else minute >= begins or minute < ends
    if not within:
        return at
    end = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(minutes=ends)
    return end if end > at else end + timedelta(days=1)
