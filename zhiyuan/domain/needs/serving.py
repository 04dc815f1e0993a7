"""The team's part: yes or no to an order, claiming, a date, being there, the closing report."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.needs.counting import count_for
from zhiyuan.domain.needs.dispatching import back_to_desk, close_order, end_open_orders, open_orders, teams_offered
from zhiyuan.domain.needs.models import DeclineReason, Need, NeedState, Order
from zhiyuan.domain.needs.moving import MovingObstacle, lock_need, move, require_reason
from zhiyuan.domain.needs.telling import tell_accepted, tell_done, tell_taken_elsewhere
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, require
from zhiyuan.domain.people.models import Person


class OrderObstacle(TextChoices):
    ANSWERED = "order_answered", _("This order was already answered, taken back, or taken by another team.")
    NOT_OFFERED = "need_not_offered", _("This request is not open to be claimed any more, or not by this team.")
    NO_REPORT = "done_without_report", _("Say in a sentence what was done. The resident and the desk read it.")


def _lock_order(order: Order, *, by: Person) -> tuple[Order, Need]:
    """The need first, then its order, as they stand; refused to whoever may not answer for the team."""
    need = lock_need(order.need)
    order = Order.objects.select_for_update(no_key=True, of=("self",)).select_related("team").get(pk=order.pk)
    require(by, Permission.ANSWER_ORDER, team=order.team)
    return order, need


def _lock_taken(need: Need, permission: Permission, *, by: Person) -> Need:
    """The locked need, when it is at a team for which somebody may act."""
    need = lock_need(need)
    if need.team is None:
        raise Refused(AccessObstacle.NOT_YOURS)
    require(by, permission, team=need.team)
    return need


def obstacle_to_answer(order: Order) -> OrderObstacle | None:
    """Why an order can't be answered; None while it waits."""
    return None if order.state == Order.State.OPEN else OrderObstacle.ANSWERED


@verb
def accept_order(order: Order, *, by: Person, at: datetime) -> Need:
    """The team takes it; the resident is told who comes, and other teams that were asked are free."""
    order, need = _lock_order(order, by=by)
    if obstacle := obstacle_to_answer(order):
        raise Refused(obstacle)
    for other in end_open_orders(need, Order.State.TAKEN_ELSEWHERE, at=at, but=order):
        tell_taken_elsewhere(need, other.team, at=at)
    _take(order, need, by=by, at=at)
    return need


def _take(order: Order, need: Need, *, by: Person, at: datetime) -> None:
    need.team, need.offered_in = order.team, None
    move(need, NeedState.ACCEPTED, by=by, at=at)
    order.state, order.answered_by, order.answered_at = Order.State.ACCEPTED, by, at
    order.save(update_fields=["state", "answered_by", "answered_at"])
    tell_accepted(need, at=at)


def obstacle_to_claim(need: Need, team: Team) -> OrderObstacle | None:
    """Why a team can't claim a need; None while it is open to it."""
    if need.state == NeedState.OFFERED and teams_offered(need).filter(pk=team.pk).exists():
        return None
    return OrderObstacle.NOT_OFFERED


@verb
def claim_need(need: Need, team: Team, *, by: Person, at: datetime) -> Need:
    """A team takes what is open to be claimed (抢单): the first has it."""
    need = lock_need(need)
    require(by, Permission.ANSWER_ORDER, team=team)
    if obstacle := obstacle_to_claim(need, team):
        raise Refused(obstacle)
    order = Order.objects.create(need=need, team=team, claimed=True, sent_at=at)
    count_for(team, open_orders=1)
    _take(order, need, by=by, at=at)
    return need


@verb
def decline_order(order: Order, why: DeclineReason, reason: str, *, by: Person, at: datetime) -> Need:
    """The team says no. When it was the last one asked, the need is back at the desk. It is held against no person."""
    order, need = _lock_order(order, by=by)
    if obstacle := obstacle_to_answer(order):
        raise Refused(obstacle)
    if why == DeclineReason.OTHER:
        require_reason(reason)
    close_order(order, Order.State.DECLINED, by=by, at=at, why=why, reason=reason)
    if not open_orders(need):
        back_to_desk(need, reason.strip() or str(why.label), by=by, at=at, team=order.team)
    return need


@verb
def hand_back(need: Need, why: DeclineReason, reason: str, *, by: Person, at: datetime) -> Need:
    """The team can no longer do what it took: back to the desk with the reason. It is held against no person."""
    need = _lock_taken(need, Permission.ANSWER_ORDER, by=by)
    if need.state not in (NeedState.ACCEPTED, NeedState.SCHEDULED):
        raise Refused(MovingObstacle.NOT_FROM_HERE, state=NeedState(need.state).label)
    require_reason(reason)
    order = _accepted_order(need)
    close_order(order, Order.State.HANDED_BACK, by=by, at=at, why=why, reason=reason)
    back_to_desk(need, reason, by=by, at=at, team=order.team)
    return need


def _accepted_order(need: Need) -> Order:
    return Order.objects.select_related("team").get(need=need, state=Order.State.ACCEPTED)


@verb
def mark_scheduled(need: Need, *, until: datetime, by: Person, at: datetime) -> Need:
    """The team has made an activity of it, which ends at `until`; from then on it should be done."""
    need = _lock_taken(need, Permission.PLAN_ACTIVITY, by=by)
    move(need, NeedState.SCHEDULED, by=by, at=at, start=until)
    return need


@verb
def mark_serving(need: Need, *, by: Person, at: datetime) -> Need:
    """The first helper has arrived. Whoever checked in may be a volunteer: the caller has asked for permission."""
    need = lock_need(need)
    move(need, NeedState.SERVING, by=by, at=at)
    return need


@verb
def mark_done(need: Need, *, helped: int, outcome: str, left_over: str = "", by: Person, at: datetime) -> Need:
    """The team's closing report: what was done, for how many, what is left. The resident is asked whether it was good,
    and so are those whose requests were taken together with it."""
    need = _lock_taken(need, Permission.TAKE_ATTENDANCE, by=by)
    if not outcome.strip():
        raise Refused(OrderObstacle.NO_REPORT)
    need.helped, need.outcome, need.left_over = helped, outcome.strip()[:500], left_over.strip()[:500]
    need.done_at = at
    move(need, NeedState.DONE, by=by, at=at)
    close_order(_accepted_order(need), Order.State.DONE, by=by, at=at)
    tell_done(need, at=at)
    return need
