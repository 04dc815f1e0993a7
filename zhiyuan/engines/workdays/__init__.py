"""Working time: which days are worked, and how far some minutes or days of work reach. Wall clocks, no time zones.

A year in China has Saturdays and Sundays that are worked and weekdays that are not (国务院办公厅 announces them each
autumn), so a working day is Monday to Friday but for the exceptions that are given.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# half past eight to noon, half past two to six: what a county office keeps
OFFICE_HOURS = ((8 * 60 + 30, 12 * 60), (14 * 60 + 30, 18 * 60))
MOST_DAYS = 3660  # a calendar without any working day ends a search instead of running for ever


class NoWorkingTime(ValueError):
    """Ten years hold no working minute: the calendar can't be meant."""


@dataclass(frozen=True)
class WorkCalendar:
    """`exceptions`: day → whether it is worked, where that differs from Monday to Friday. `stretches`: the working
    hours of a day as minutes after midnight, in order and apart.
    """

    exceptions: Mapping[date, bool]
    stretches: tuple[tuple[int, int], ...] = OFFICE_HOURS

    def is_workday(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    @property
    def minutes_a_day(self) -> int:
        return sum(end - start for start, end in self.stretches)

    def add_workdays(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself does not count; `day` for 0. O(days)."""
        for _step in range(MOST_DAYS):
            if count <= 0:
                return day
            day += ONE_DAY
            count -= self.is_workday(day)
        raise NoWorkingTime

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days come after `first`, up to `last` and with it. O(days)."""
        days = max(0, (last - first).days)
        return sum(self.is_workday(first + timedelta(days=n)) for n in range(1, days + 1))

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """When so many working minutes after `start` are over. 0 minutes on a free day end when work next begins.

        `start` is a wall-clock time; so is the answer, with the same tzinfo. Seconds of `start` are kept. O(days).
        """
        left = timedelta(minutes=minutes)
        for opens, closes in self._stretches_from(start):
            begins = max(opens, start)
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
        raise NoWorkingTime

    def minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from `start` to `end`; 0 when `end` is not later. O(days)."""
        total = timedelta()
        for opens, closes in self._stretches_from(start):
            if opens >= end:
                break
            total += max(timedelta(), min(closes, end) - max(opens, start))
        return int(total / timedelta(minutes=1))

    def _stretches_from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of work that end after `start`, in order."""
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        for _step in range(MOST_DAYS):
            if self.is_workday(midnight.date()):
                for opens, closes in self.stretches:
                    if (end := midnight + timedelta(minutes=closes)) > start:
                        yield midnight + timedelta(minutes=opens), end
            midnight += ONE_DAY
