"""A clerk makes sure of a need, asks the requester back, or says no with a reason."""

from datetime import datetime

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.needs.merging import let_go
from zhiyuan.domain.needs.models import Need, NeedState, Verification, VerifyMethod
from zhiyuan.domain.needs.moving import MovingObstacle, lock_need, move, require_reason
from zhiyuan.domain.needs.telling import tell_question, tell_rejected, tell_taker
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person


@verb
def verify_need(need: Need, method: VerifyMethod, result: str, *, by: Person, at: datetime) -> Need:
    """Say how one made sure of a need and what was found; only then can it be sent to a team."""
    need = lock_need(need)
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    if need.state != NeedState.SUBMITTED:  # a declined order comes back to "verified" by another way
        raise Refused(MovingObstacle.NOT_FROM_HERE, state=NeedState(need.state).label)
    require_reason(result)
    move(need, NeedState.VERIFIED, by=by, at=at, reason=result)
    Verification.objects.create(need=need, method=method, by=by, at=at, result=result)
    return need


@verb
def ask_requester(need: Need, question: str, *, by: Person, at: datetime) -> Need:
    """Ask the requester back. The clock stands until they answer."""
    need = lock_need(need)
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    require_reason(question)
    move(need, NeedState.WAITING, by=by, at=at, reason=question)
    tell_question(need, at=at)
    return need


@verb
def reject_need(need: Need, reason: str, *, by: Person, at: datetime) -> Need:
    """Say that this cannot be taken, and why; the requester reads it."""
    need = lock_need(need)
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    require_reason(reason)
    move(need, NeedState.REJECTED, by=by, at=at, reason=reason)
    let_go(need, by=by, at=at)
    tell_rejected(need, at=at)
    tell_taker(need, at=at)
    return need
