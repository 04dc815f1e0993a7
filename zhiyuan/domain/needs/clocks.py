"""How long a need may stay in a stage: by urgency, in working or calendar time; when it is at risk, when late."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.calendar import shipped_days, work_calendar
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.parameters import Parameter, Unit, Values, declare, values_on
from zhiyuan.domain.needs.models import Need, NeedState, Turn, Urgency
from zhiyuan.engines.workdays import WorkCalendar

HOUR, DAY = 60, 24 * 60
WORKDAY = 7 * HOUR
_BY_URGENCY = (Urgency.URGENT, Urgency.NORMAL, Urgency.PLANNED)
# what holds until a county says otherwise: minutes by stage, for urgent, normal and planned needs
IN_WORKING_TIME: dict[NeedState, tuple[int, int, int]] = {
    NeedState.SUBMITTED: (1 * HOUR, 1 * WORKDAY, 2 * WORKDAY),
    NeedState.WAITING: (4 * HOUR, 2 * WORKDAY, 5 * WORKDAY),  # the clock stands; then the desk calls again
    NeedState.VERIFIED: (1 * HOUR, 1 * WORKDAY, 2 * WORKDAY),
    NeedState.DISPATCHED: (1 * HOUR, 1 * WORKDAY, 2 * WORKDAY),
    NeedState.OFFERED: (2 * HOUR, 2 * WORKDAY, 5 * WORKDAY),
    NeedState.ACCEPTED: (4 * HOUR, 2 * WORKDAY, 5 * WORKDAY),
    NeedState.REFERRED: (1 * DAY, 5 * WORKDAY, 10 * WORKDAY),
}
BY_THE_CALENDAR: dict[NeedState, tuple[int, int, int]] = {
    NeedState.SCHEDULED: (1 * DAY, 1 * DAY, 2 * DAY),  # after the end of the visit
    NeedState.SERVING: (1 * DAY, 1 * DAY, 2 * DAY),
    NeedState.DONE: (3 * DAY, 7 * DAY, 7 * DAY),  # then it counts as not rated
    NeedState.CONFIRMED: (7 * DAY, 7 * DAY, 7 * DAY),
    NeedState.RATED: (7 * DAY, 7 * DAY, 7 * DAY),
}
_SOURCE = _("Our proposal; the law asks for a timely answer (Regulations on voluntary service, article 13)")


type ByStage = dict[tuple[str, str], Parameter]


def _declare_limits() -> tuple[ByStage, ByStage]:
    limits: ByStage = {}
    kinds: ByStage = {}
    for number, urgency in enumerate(_BY_URGENCY):
        group = format_lazy("{}: {}", _("Time limits"), urgency.label)
        for state, minutes in {**IN_WORKING_TIME, **BY_THE_CALENDAR}.items():
            name = f"need.{urgency.value}.{state.value}"
            limit = Parameter(name, group, state.label, Unit.MINUTES, minutes[number], 5, 90 * DAY, _SOURCE)
            limits[urgency, state] = declare(limit)
            # what is wanted today is wanted on a Sunday too
            working = int(state in IN_WORKING_TIME and urgency != Urgency.URGENT)
            label = format_lazy("{}: {}", state.label, _("counted in working time"))
            kinds[urgency, state] = declare(Parameter(f"{name}.working", group, label, Unit.SWITCH, working, most=1))
    return limits, kinds


LIMITS, WORKING = _declare_limits()
_CLOCKS = _("Clocks of requests")
WARN_PERCENT = declare(
    Parameter("need.warn", _CLOCKS, _("Warned in the last part of its time"), Unit.PERCENT, 20, least=1, most=90)
)
REPEAT = declare(
    Parameter("need.repeat", _CLOCKS, _("The county is told again every"), Unit.MINUTES, DAY, least=30, most=30 * DAY)
)


@dataclass(frozen=True)
class Times:
    """When a stage is at risk and when it is overdue."""

    warn_at: datetime
    due_at: datetime


class Clocks:
    """The county's limits and calendar as they hold on a day; read once, asked often."""

    def __init__(self, values: Values, calendar: WorkCalendar) -> None:
        self._values, self._calendar = values, calendar

    @classmethod
    def on(cls, day: date) -> "Clocks":
        """Two queries."""
        values = values_on(day)
        return cls(values, work_calendar(values, on=day))

    @classmethod
    def usual(cls) -> "Clocks":
        """As they stand before a county has set anything. No query."""
        return cls(Values({}), WorkCalendar({day: special.worked for day, special in shipped_days().items()}))

    def __getitem__(self, parameter: Parameter) -> int:
        return self._values[parameter]

    def counts_working_time(self, urgency: str, state: str) -> bool:
        return bool(self._values[WORKING[urgency, state]])

    def limit(self, urgency: str, state: str) -> int:
        """Minutes that the stage may last: working or plain ones, as `counts_working_time` says."""
        return self._values[LIMITS[urgency, state]]

    def times(self, urgency: str, state: str, *, start: datetime, used: int = 0) -> Times | None:
        """Of a stage that begins at `start`; None for one without a clock. `used` minutes were gone before a pause."""
        if (urgency, state) not in LIMITS:
            return None
        left = max(0, self.limit(urgency, state) - used)
        warned = left * (100 - self._values[WARN_PERCENT]) // 100
        reach = self.after_working if self.counts_working_time(urgency, state) else _after
        return Times(reach(start, warned), reach(start, left))

    def after_working(self, start: datetime, minutes: int) -> datetime:
        """The moment when so many working minutes are over."""
        return self._calendar.add_minutes(timezone.localtime(start), minutes)

    def workdays_after(self, at: datetime, days: int) -> datetime:
        """The end of the `days`-th working day's last hour after a moment."""
        day = self._calendar.add_workdays(local_day(at), days)
        evening = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        return evening + (day - local_day(at)) + timedelta(minutes=self._calendar.stretches[-1][1])

    def minutes_in(self, urgency: str, state: str, *, start: datetime, end: datetime) -> int:
        """How long a stage ran, in its own kind of time."""
        if (urgency, state) in LIMITS and self.counts_working_time(urgency, state):
            return self._calendar.minutes_between(timezone.localtime(start), timezone.localtime(end))
        return max(0, int((end - start) / timedelta(minutes=1)))


def _after(start: datetime, minutes: int) -> datetime:
    return start + timedelta(minutes=minutes)


def is_overdue(need: Need, at: datetime) -> bool:
    """Whether somebody is late with this need. Nobody is late with thanks."""
    return need.turn == Turn.OURS and need.due_at is not None and need.due_at <= at


def is_at_risk(need: Need, at: datetime) -> bool:
    """Whether the last part of the stage's time has begun and is not over."""
    if need.turn != Turn.OURS or need.due_at is None or need.due_at <= at:
        return False
    return need.warn_at is not None and need.warn_at <= at
