"""The county's working days and hours: the holidays and make-up days that ship with the program, and what the county
changed of them.
"""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.models import SpecialDay
from zhiyuan.domain.foundation.parameters import Parameter, Unit, Values, declare, values_on
from zhiyuan.engines.workdays import OFFICE_HOURS, WorkCalendar

SHIPPED = Path(__file__).parent / "data" / "special_days.csv"
_HOURS = _("Working time")
(_MORNING, _AFTERNOON) = OFFICE_HOURS
OPENS = declare(Parameter("work.opens", _HOURS, _("Work begins in the morning"), Unit.CLOCK, _MORNING[0], most=24 * 60))
NOON = declare(Parameter("work.noon", _HOURS, _("Work ends at noon"), Unit.CLOCK, _MORNING[1], most=24 * 60))
AFTERNOON = declare(
    Parameter("work.afternoon", _HOURS, _("Work begins in the afternoon"), Unit.CLOCK, _AFTERNOON[0], most=24 * 60)
)
CLOSES = declare(
    Parameter("work.closes", _HOURS, _("Work ends in the evening"), Unit.CLOCK, _AFTERNOON[1], most=24 * 60)
)


@dataclass(frozen=True)
class Day:
    """A day that is worked or free against the rule Monday to Friday, and who says so."""

    day: date
    worked: bool
    name_zh: str
    name_en: str
    source: str


@cache
def shipped_days() -> dict[date, Day]:
    """Holidays and make-up days of 2024 to 2026 as the State Council's office announced them."""
    days = {}
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            day, last = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
            while day <= last:
                days[day] = Day(day, row["worked"] == "1", row["name_zh"], row["name_en"], row["source"])
                day += timedelta(days=1)
    return days


def special_days() -> dict[date, Day]:
    """The shipped days with what the county changed laid over them. One query."""
    own = {row.day: Day(row.day, row.worked, row.name_zh, row.name_en, row.source) for row in SpecialDay.objects.all()}
    return {**shipped_days(), **own}


def work_calendar(values: Values | None = None, *, on: date) -> WorkCalendar:
    """The county's calendar with the hours that hold on a day. At most two queries."""
    values = values or values_on(on)
    stretches = ((values[OPENS], values[NOON]), (values[AFTERNOON], values[CLOSES]))
    exceptions = {day: special.worked for day, special in special_days().items()}
    return WorkCalendar(exceptions, tuple((start, end) for start, end in stretches if end > start))
