"""What the clock does by itself: warns, asks again, passes over the silent, takes the overdue one level up, puts away
what nobody rated. Run every minute; run twice at a moment it does nothing twice."""

from datetime import datetime

from django.db.models import F, QuerySet

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.journal.verbs import SYSTEM, record, verb
from zhiyuan.domain.needs.clocks import Clocks
from zhiyuan.domain.needs.dispatching import back_to_desk, end_open_orders, open_orders
from zhiyuan.domain.needs.models import AT_TEAM, Alarm, FollowUp, Need, NeedState, Order, Turn
from zhiyuan.domain.needs.moving import move, one_level_up, ring_again
from zhiyuan.domain.needs.telling import (
    CALL_AGAIN,
    CLOCK_LATE,
    CLOCK_WARNS,
    ask_for_rating_again,
    ask_leaders_again,
    tell_desk,
    tell_late,
    tell_leaders_it_is_over,
    tell_taker,
    warn_leaders,
)
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import desks_people

S, K = NeedState, Alarm.Kind
A_BATCH = 500
_NEWS = {
    K.WARNED: CLOCK_WARNS,
    K.ESCALATED: CLOCK_LATE,
    K.OVERDUE: CLOCK_LATE,
    K.PASSED_OVER: CLOCK_LATE,
    K.CALL_AGAIN: CALL_AGAIN,
}
# read only for the few needs about which somebody is told: unsealing costs more than all the rest
_SEALED = ("name", "phone", "address", "proxy_name", "proxy_phone")


def tick(at: datetime) -> int:
    """Deal with every need whose clock rings; returns how many there were. A batch is a transaction: killed in between,
    the next tick goes on where this one stopped."""
    dealt_with = 0
    while batch := _tick_once(at):
        dealt_with += batch
    return dealt_with


def _ringing(at: datetime) -> QuerySet[Need]:
    """Whose clock rings, the longest first; those that somebody is just working at wait for the next tick."""
    rows = Need.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(alarm_at__lte=at)
    return rows.select_related("area", "desk__parent", "category", "team").defer(*_SEALED).order_by("alarm_at", "pk")


@verb
def _tick_once(at: datetime) -> int:
    needs = list(_ringing(at)[:A_BATCH])
    if needs:
        one_round = _Round(needs, at)
        for need in needs:
            one_round.deal_with(need)
        one_round.finish()
    return len(needs)


class _Round:
    """One batch: what is written for many needs at once is gathered, and written at the end."""

    def __init__(self, needs: list[Need], at: datetime) -> None:
        self._at = at
        self._clocks = Clocks.on(local_day(at))
        self._alarms: list[Alarm] = []
        self._changed: list[Need] = []
        self._warned: list[Need] = []
        self._late: list[Need] = []
        rated = [need.pk for need in needs if need.state in (S.RATED, S.MERGED)]
        self._followed = set(FollowUp.objects.filter(need__in=rated, done_at=None).values_list("need_id", flat=True))

    def deal_with(self, need: Need) -> None:
        if need.state == S.WAITING:
            self._call_again(need)
        elif need.due_at is not None and need.due_at > self._at:
            self._warn(need)
        elif need.turn == Turn.THANKS and need.pk not in self._followed:
            move(need, S.CLOSED, by=None, at=self._at, clocks=self._clocks, by_clock=True)
            tell_taker(need, at=self._at)
        elif need.state in (S.DISPATCHED, S.OFFERED):
            self._pass_over(need)
        else:
            self._escalate(need)

    def _ring(self, need: Need, kind: Alarm.Kind) -> None:
        self._alarms.append(Alarm(need=need, kind=kind, state=need.state, desk=need.desk, at=self._at))
        record(SYSTEM, f"need.{kind.value}", need, at=self._at, desk=need.desk_id)

    def _call_again(self, need: Need) -> None:
        ring_again(need, self._clocks, at=self._at)
        self._changed.append(need)
        self._ring(need, K.CALL_AGAIN)

    def _warn(self, need: Need) -> None:
        """Before it is late: whose turn it is, is told."""
        self._warned.append(need)
        if need.state == S.DISPATCHED:
            for order in open_orders(need):
                ask_leaders_again(need, order.team, at=self._at)
            Order.objects.filter(need=need, state=Order.State.OPEN).update(reminded_at=self._at)
            self._ring(need, K.ASKED_AGAIN)
        elif need.state == S.DONE:
            ask_for_rating_again(need, at=self._at)
            self._ring(need, K.RATING_ASKED)
        elif need.turn == Turn.OURS or need.pk in self._followed:
            if need.state in AT_TEAM and need.team:
                warn_leaders(need, need.team, at=self._at)
            self._ring(need, K.WARNED)

    def _pass_over(self, need: Need) -> None:
        """Nobody said yes in time: back to the desk, and one level up."""
        for order in end_open_orders(need, Order.State.PASSED_OVER, at=self._at):
            tell_leaders_it_is_over(need, order.team, at=self._at)
        back_to_desk(need, "", by=None, at=self._at, by_clock=True, goes_up=True)
        self._ring(need, K.PASSED_OVER)
        self._late.append(need)

    def _escalate(self, need: Need) -> None:
        """The stage's time is up: the desk above is told, and the resident; the county's desk again and again."""
        if one_level_up(need):
            self._ring(need, K.ESCALATED)
            self._late.append(need)
        else:
            self._ring(need, K.OVERDUE)
        ring_again(need, self._clocks, at=self._at)
        self._changed.append(need)

    def finish(self) -> None:
        Need.objects.filter(pk__in=[need.pk for need in self._warned]).update(alarm_at=F("due_at"))
        Need.objects.bulk_update(self._changed, ["alarm_at", "desk", "escalations"], batch_size=100)
        Alarm.objects.bulk_create(self._alarms)
        self._tell_late()
        self._tell_desks()

    def _tell_late(self) -> None:
        rows = Need.objects.filter(pk__in=[need.pk for need in self._late]).order_by("pk")
        tell_late(list(rows.select_related("desk", "team", "person")), at=self._at)

    def _tell_desks(self) -> None:
        news: dict[tuple[str, Alarm.Kind], Area] = {
            (alarm.desk.code, K(alarm.kind)): alarm.desk for alarm in self._alarms if alarm.kind in _NEWS
        }
        people = desks_people({code for code, _kind in news}, Permission.VERIFY_NEED, on=local_day(self._at))
        for (code, kind), desk in sorted(news.items(), key=lambda one: one[0]):
            tell_desk(people[code], _NEWS[kind], desk, at=self._at)
