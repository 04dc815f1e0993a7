"""The only ways a need can go, and the one place where it goes."""

from datetime import datetime, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record
from zhiyuan.domain.needs.clocks import due_at
from zhiyuan.domain.needs.models import Need, NeedState, Transition, Urgency
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.people.models import Person

S = NeedState
TRANSITIONS: dict[NeedState, frozenset[NeedState]] = {
    S.SUBMITTED: frozenset({S.WAITING, S.VERIFIED, S.REJECTED, S.WITHDRAWN}),
    S.WAITING: frozenset({S.SUBMITTED, S.REJECTED, S.WITHDRAWN}),
    S.VERIFIED: frozenset({S.WAITING, S.DISPATCHED, S.REJECTED, S.WITHDRAWN}),
    S.DISPATCHED: frozenset({S.ACCEPTED, S.VERIFIED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.SCHEDULED, S.VERIFIED, S.WITHDRAWN}),
    S.SCHEDULED: frozenset({S.SERVING, S.DONE, S.VERIFIED}),
    S.SERVING: frozenset({S.DONE}),
    S.DONE: frozenset({S.CONFIRMED}),
    S.CONFIRMED: frozenset({S.RATED, S.CLOSED}),
    S.RATED: frozenset({S.CLOSED}),
    S.CLOSED: frozenset(),
    S.REJECTED: frozenset(),
    S.WITHDRAWN: frozenset(),
}


class MovingObstacle(TextChoices):
    NOT_FROM_HERE = (
        "need_not_from_here",
        _("The request has moved on meanwhile: it is at “%(state)s”. Look at it again."),
    )
    SILENT = "step_without_reason", _("Say why. The resident and the next colleague read it.")


def may_move(need: Need, to: NeedState) -> bool:
    return to in TRANSITIONS[NeedState(need.state)]


def lock_need(need: Need) -> Need:
    """The need as it stands, held until the commit."""
    rows = Need.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("team__area", "area", "category", "person").get(pk=need.pk)


def move(
    need: Need, to: NeedState, *, by: Person | None, at: datetime, reason: str = "", team: Team | None = None
) -> None:
    """Take a locked need one step. `by` is None for the resident, who acts by the receipt.

    `team` is the one the step is about: who it was sent to, who declined. The caller sets `need.team` beforehand.
    """
    if not may_move(need, to):
        raise Refused(MovingObstacle.NOT_FROM_HERE, state=NeedState(need.state).label)
    before = need.state
    used = _time_used(need) if before == NeedState.WAITING else timedelta()
    need.state, need.state_since = to, at
    need.due_at = due_at(Urgency(need.urgency), to, at=at, used=used)
    need.save()
    Transition.objects.create(
        need=need, from_state=before, to_state=to, by=by, at=at, reason=reason.strip(), team=team or need.team
    )
    record(by, f"need.{to.value}", need, at=at, before=before)


def _time_used(need: Need) -> timedelta:
    """How much of its time a need that was paused had used before: a question does not wind the clock back."""
    used, running_since = timedelta(), None
    for step in need.transitions.order_by("at", "pk"):
        if step.to_state == NeedState.SUBMITTED:
            running_since = step.at
        elif step.to_state == NeedState.WAITING and running_since:
            used, running_since = used + step.at - running_since, None
        else:
            used, running_since = timedelta(), None
    return used


def require_reason(reason: str) -> None:
    """Refuse a step that nobody could understand later."""
    if not reason.strip():
        raise Refused(MovingObstacle.SILENT)
