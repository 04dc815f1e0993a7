"""The only ways a need can go, and the one place where it goes."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import SYSTEM, record
from zhiyuan.domain.needs.clocks import REPEAT, Clocks
from zhiyuan.domain.needs.models import ENDED, TURNS, Need, NeedState, Transition
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.people.models import Person

S = NeedState
TRANSITIONS: dict[NeedState, frozenset[NeedState]] = {
    S.SUBMITTED: frozenset({S.WAITING, S.VERIFIED, S.REJECTED, S.WITHDRAWN, S.MERGED, S.REFERRED}),
    S.WAITING: frozenset({S.SUBMITTED, S.REJECTED, S.WITHDRAWN}),
    S.VERIFIED: frozenset({S.WAITING, S.DISPATCHED, S.OFFERED, S.REJECTED, S.WITHDRAWN, S.MERGED, S.REFERRED}),
    S.DISPATCHED: frozenset({S.ACCEPTED, S.VERIFIED, S.WITHDRAWN}),
    S.OFFERED: frozenset({S.ACCEPTED, S.VERIFIED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.SCHEDULED, S.VERIFIED, S.WITHDRAWN}),
    S.SCHEDULED: frozenset({S.SERVING, S.DONE, S.VERIFIED}),
    S.SERVING: frozenset({S.DONE}),
    S.DONE: frozenset({S.CONFIRMED, S.CLOSED, S.VERIFIED}),  # nobody's word: not rated; "nobody came": back to the desk
    S.CONFIRMED: frozenset({S.RATED, S.CLOSED}),
    S.RATED: frozenset({S.CLOSED}),
    S.REFERRED: frozenset({S.CLOSED, S.VERIFIED, S.SUBMITTED}),  # answered; or not theirs, verified before or not
    S.REJECTED: frozenset({S.SUBMITTED}),  # appealed
    S.MERGED: frozenset({S.SUBMITTED}),  # taken apart again
    S.CLOSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
# what a step may change beside the state
_MOVED = (
    "state", "state_since", "turn", "warn_at", "due_at", "alarm_at", "used_minutes", "desk", "escalations", "team",
    "offered_in", "times_sent", "helped", "outcome", "left_over", "done_at", "merged_into", "appealed_at",
)  # fmt: skip


class MovingObstacle(TextChoices):
    NOT_FROM_HERE = (
        "need_not_from_here",
        _("The request has moved on meanwhile: it is at “%(state)s”. Look at it again."),
    )
    SILENT = "step_without_reason", _("Say why. The resident and the next colleague read it.")


def may_move(need: Need, to: NeedState) -> bool:
    return to in TRANSITIONS[NeedState(need.state)]


def require_move(need: Need, to: NeedState) -> None:
    """Refuse a step that leads nowhere from here."""
    if not may_move(need, to):
        raise Refused(MovingObstacle.NOT_FROM_HERE, state=NeedState(need.state).label)


def lock_need(need: Need) -> Need:
    """The need as it stands, held until the commit."""
    rows = Need.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("team__area", "area", "desk", "category", "person", "entered_by").get(pk=need.pk)


def move(
    need: Need,
    to: NeedState,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "",
    team: Team | None = None,
    start: datetime | None = None,
    clocks: Clocks | None = None,
    by_clock: bool = False,
) -> None:
    """Take a locked need one step and start the next stage's clock.

    `by` is None for the resident, who acts by the receipt, and for the clock (`by_clock`). `team` is the one the step
    is about: who it was sent to, who declined. `start`: when the new stage's clock starts, if later than now. The
    caller sets what else changes (`need.team`, `need.desk` …) beforehand.
    """
    require_move(need, to)
    clocks = clocks or Clocks.on(local_day(at))
    before, late = need.state, need.due_at is not None and need.due_at <= at
    ran = clocks.minutes_in(need.urgency, before, start=need.state_since, end=at)
    need.state, need.state_since, need.turn = to, at, TURNS[to]
    need.used_minutes = _used_before(need, before, ran)
    start_clock(need, clocks, start=max(at, start or at), used=0 if to == S.WAITING else need.used_minutes or 0)
    need.save(update_fields=_MOVED)
    Transition.objects.create(
        need=need,
        from_state=before,
        to_state=to,
        by=by,
        at=at,
        reason=reason.strip(),
        team=team or need.team,
        minutes=ran,
        late=late,
        by_clock=by_clock,
    )
    record(SYSTEM if by_clock else by, f"need.{to.value}", need, at=at, before=before)


def _used_before(need: Need, before: str, ran: int) -> int | None:
    """What is gone of the time to make sure of it: a question to the requester does not wind the clock back."""
    if need.state == S.WAITING:
        return (need.used_minutes or 0) + ran if before == S.SUBMITTED else 0
    return need.used_minutes if need.state == S.SUBMITTED and before == S.WAITING else None


def start_clock(need: Need, clocks: Clocks, *, start: datetime, used: int = 0) -> None:
    """Set when the present stage is at risk and overdue, and when the clock looks at it next."""
    times = None if need.state in ENDED else clocks.times(need.urgency, need.state, start=start, used=used)
    if times is None:
        need.warn_at = need.due_at = need.alarm_at = None
    elif need.state == S.WAITING:  # it stands; the clock only sees to it that the desk calls again
        need.warn_at = need.due_at = None
        need.alarm_at = times.due_at
    else:
        need.warn_at, need.due_at = times.warn_at, times.due_at
        need.alarm_at = need.warn_at


def ring_again(need: Need, clocks: Clocks, *, at: datetime) -> None:
    """After an alarm about an overdue stage: once more when the stage's time has passed again. The county's desk, above
    which there is none, is told at most once a day."""
    times = clocks.times(need.urgency, need.state, start=at)
    pause = timedelta(minutes=clocks[REPEAT]) if desk_above(need.desk) is None else timedelta()
    need.alarm_at = max(times.due_at if times else at, at + pause)


def desk_above(desk: Area) -> Area | None:
    """The next desk up: village, township, county; None from the county on."""
    return None if desk.code == settings.COUNTY_CODE else desk.parent


def one_level_up(need: Need) -> bool:
    """Lay a locked need onto the desk above; False when it lies on the county's already."""
    above = desk_above(need.desk)
    if above is None:
        return False
    need.desk, need.escalations = above, need.escalations + 1
    return True


def require_reason(reason: str) -> None:
    """Refuse a step that nobody could understand later."""
    if not reason.strip():
        raise Refused(MovingObstacle.SILENT)
