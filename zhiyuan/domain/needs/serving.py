"""The team's part: yes or no to an order, a date, being there, done."""

from datetime import datetime

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.needs.counting import count_for
from zhiyuan.domain.needs.dispatching import back_to_desk
from zhiyuan.domain.needs.models import Need, NeedState
from zhiyuan.domain.needs.moving import MovingObstacle, lock_need, move, require_reason
from zhiyuan.domain.needs.telling import tell_accepted, tell_done
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, require
from zhiyuan.domain.people.models import Person

DECLINABLE = (NeedState.DISPATCHED, NeedState.ACCEPTED, NeedState.SCHEDULED)


def _lock_order(need: Need, permission: Permission, *, by: Person) -> Need:
    """The locked need, when it is at a team for which somebody may act."""
    need = lock_need(need)
    if need.team is None:
        raise Refused(AccessObstacle.NOT_YOURS)
    require(by, permission, team=need.team)
    return need


@verb
def accept_order(need: Need, *, by: Person, at: datetime) -> Need:
    """The team takes it; the resident is told who comes."""
    need = _lock_order(need, Permission.ANSWER_ORDER, by=by)
    move(need, NeedState.ACCEPTED, by=by, at=at)
    tell_accepted(need, at=at)
    return need


@verb
def decline_order(need: Need, reason: str, *, by: Person, at: datetime) -> Need:
    """The team says no, or can no longer: back to the desk with the reason. It is held against no person."""
    need = _lock_order(need, Permission.ANSWER_ORDER, by=by)
    if need.state not in DECLINABLE:
        raise Refused(MovingObstacle.NOT_FROM_HERE, state=NeedState(need.state).label)
    require_reason(reason)
    team = need.team
    back_to_desk(need, reason, by=by, at=at)
    count_for(team, declined=1)
    return need


@verb
def mark_scheduled(need: Need, *, by: Person, at: datetime) -> Need:
    """The team has made an activity of it."""
    need = _lock_order(need, Permission.PLAN_ACTIVITY, by=by)
    move(need, NeedState.SCHEDULED, by=by, at=at)
    return need


@verb
def mark_serving(need: Need, *, by: Person, at: datetime) -> Need:
    """The first helper has arrived. Whoever checked in may be a volunteer: the caller has asked for permission."""
    need = lock_need(need)
    move(need, NeedState.SERVING, by=by, at=at)
    return need


@verb
def mark_done(need: Need, *, helped: int, outcome: str, by: Person, at: datetime) -> Need:
    """The team says what was done and for how many; the resident is asked whether it was good."""
    need = _lock_order(need, Permission.TAKE_ATTENDANCE, by=by)
    need.helped, need.outcome = helped, outcome.strip()[:500]
    move(need, NeedState.DONE, by=by, at=at)
    count_for(need.team, open_orders=-1, done=1)
    tell_done(need, at=at)
    return need
