"""How long a need may stay in a stage, and whether its time is up. Minutes of calendar time, by urgency."""

from datetime import date, datetime, timedelta

from django.db.models import Q

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.needs.models import Need, NeedState, StageLimit, Urgency

HOUR, DAY = 60, 24 * 60
# what holds until a county writes its own rows: minutes by stage, for urgent, normal and planned needs
DEFAULT_MINUTES: dict[NeedState, tuple[int, int, int]] = {
    NeedState.SUBMITTED: (1 * HOUR, 8 * HOUR, 1 * DAY),
    NeedState.VERIFIED: (1 * HOUR, 8 * HOUR, 2 * DAY),
    NeedState.DISPATCHED: (1 * HOUR, 8 * HOUR, 1 * DAY),
    NeedState.ACCEPTED: (4 * HOUR, 1 * DAY, 3 * DAY),
    NeedState.SCHEDULED: (1 * DAY, 4 * DAY, 14 * DAY),
    NeedState.SERVING: (1 * DAY, 1 * DAY, 2 * DAY),
    NeedState.DONE: (3 * DAY, 7 * DAY, 7 * DAY),
    NeedState.CONFIRMED: (7 * DAY, 7 * DAY, 7 * DAY),
    NeedState.RATED: (7 * DAY, 7 * DAY, 7 * DAY),
}
_COLUMN = {Urgency.URGENT: 0, Urgency.NORMAL: 1, Urgency.PLANNED: 2}
# stages that wait for staff or a team; the later ones wait for the resident, and nobody is late with thanks
TIMED = (
    NeedState.SUBMITTED,
    NeedState.VERIFIED,
    NeedState.DISPATCHED,
    NeedState.ACCEPTED,
    NeedState.SCHEDULED,
    NeedState.SERVING,
)
AT_RISK_SHARE = 0.2
AT_RISK_AT_MOST = timedelta(minutes=60)


def limit_of(urgency: Urgency, state: NeedState, *, on: date) -> timedelta | None:
    """How long the stage may last for a need of this urgency; None for stages without a clock."""
    dated = StageLimit.objects.filter(Q(since__lte=on), urgency=urgency, state=state).order_by("-since").first()
    if dated:
        return timedelta(minutes=dated.minutes)
    minutes = DEFAULT_MINUTES.get(state)
    return timedelta(minutes=minutes[_COLUMN[urgency]]) if minutes else None


def due_at(urgency: Urgency, state: NeedState, *, at: datetime, used: timedelta = timedelta()) -> datetime | None:
    """When a stage that begins now is overdue; None while waiting for the requester and when all is over.

    `used` is what was gone of its time before a pause.
    """
    limit = limit_of(urgency, state, on=local_day(at))
    return at + limit - used if limit else None


def is_overdue(need: Need, at: datetime) -> bool:
    """Whether somebody is late with this need."""
    return need.state in TIMED and need.due_at is not None and need.due_at <= at


def is_at_risk(need: Need, at: datetime) -> bool:
    """Whether the last fifth of the stage's time has begun, or its last hour, whichever is shorter."""
    if need.state not in TIMED or need.due_at is None or need.due_at <= at:
        return False
    last = min((need.due_at - need.state_since) * AT_RISK_SHARE, AT_RISK_AT_MOST)
    return need.due_at - at <= last
