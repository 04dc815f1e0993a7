"""Random people and a clock that runs on, in any order: whatever they do, no need vanishes or loses its owner."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    NOW,
    TUNZI,
    a_category,
    a_clerk,
    a_county,
    a_dispatcher,
    a_leader,
    a_team,
    area,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.checking import need_checks
from zhiyuan.domain.needs.dispatching import dispatch_need, offer_need, recall_order
from zhiyuan.domain.needs.filing import NeedFacts, answer_question, appeal_refusal, file_need, withdraw_need
from zhiyuan.domain.needs.merging import merge_needs, take_apart
from zhiyuan.domain.needs.models import (
    AT_TEAM,
    ENDED,
    OPEN,
    SERVED,
    Body,
    DeclineReason,
    Door,
    Need,
    NeedState,
    Order,
    Rating,
    Transition,
    Urgency,
    VerifyMethod,
)
from zhiyuan.domain.needs.queries import needs_visible_to
from zhiyuan.domain.needs.rating import close_need, confirm_need, deny_need, finish_follow_up, rate_need
from zhiyuan.domain.needs.referring import note_referral_answer, refer_need
from zhiyuan.domain.needs.serving import (
    accept_order,
    claim_need,
    decline_order,
    hand_back,
    mark_done,
    mark_scheduled,
    mark_serving,
)
from zhiyuan.domain.needs.ticking import tick
from zhiyuan.domain.needs.verifying import ask_requester, reject_need, verify_need
from zhiyuan.domain.people.models import Person

S = NeedState
which = st.integers(min_value=0, max_value=99)
BY_DESK: dict[str, Callable[..., Any]] = {
    "verify": lambda need, **who: verify_need(need, VerifyMethod.PHONE, "属实", **who),
    "ask": lambda need, **who: ask_requester(need, "几点在家？", **who),
    "reject": lambda need, **who: reject_need(need, "请打 12345", **who),
    "answer": lambda need, **who: answer_question(need, "下午", **who),
    "withdraw": lambda need, **who: withdraw_need(need, "孩子买了", **who),
    "appeal": lambda need, **who: appeal_refusal(need, "真的走不动", **who),
    "recall": lambda need, **who: recall_order(need, "改派", **who),
    "offer": lambda need, **who: offer_need(need, wide=False, **who),
    "offer wide": lambda need, **who: offer_need(need, wide=True, **who),
    "refer": lambda need, **who: refer_need(need, Body.HOTLINE, "漏水", **who),
    "theirs": lambda need, **who: note_referral_answer(need, "修好了", theirs=True, **who),
    "not theirs": lambda need, **who: note_referral_answer(need, "不归我们", theirs=False, **who),
    "apart": lambda need, **who: take_apart(need, "两件事", **who),
    "confirm": confirm_need,
    "deny": lambda need, **who: deny_need(need, "没人来", **who),
    "follow up": lambda need, **who: finish_follow_up(need, "问过了", **who),
    "close": close_need,
}
BY_RESIDENT = ("answer", "withdraw", "appeal", "confirm", "deny")
BY_TEAM: dict[str, Callable[..., Any]] = {
    "hand back": lambda need, **who: hand_back(need, DeclineReason.OTHER, "车坏了", **who),
    "schedule": lambda need, **who: mark_scheduled(need, until=who["at"] + timedelta(hours=30), **who),
    "done": lambda need, **who: mark_done(need, helped=1, outcome="办好了", **who),
}
reached: set[str] = set()


class Needs(RuleBasedStateMachine):
    """A village's needs, its clerk and dispatchers, three teams, neighbours who may not, and the time."""

    def __init__(self) -> None:
        super().__init__()
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self.at: datetime = NOW
        self.changed = True

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undone.__exit__(None, None, None)

    @initialize()
    def a_county_with_people(self) -> None:
        self.teams = [a_team(), a_team(name="包城村分队"), a_team(name="孟坝队", area_code=MENGBA)]
        self.leaders = [a_leader(team) for team in self.teams]
        self.desk = [a_clerk(MABAO), a_dispatcher(TUNZI), a_dispatcher(COUNTY)]
        self.siblings = [a_dispatcher(MENGBA), a_clerk(MENGBA)]
        self.category = a_category()
        self.file(Urgency.NORMAL, 17)

    # who does what ---------------------------------------------------------------------------------------------------

    def _attempt(self, act: Callable[..., Any], *what: Any, by: Person | None) -> bool:
        """Refusals are fine, whatever else is not."""
        try:
            with transaction.atomic():
                act(*what, by=by, at=self.at)
        except Refused:
            return False
        self.changed = True
        return True

    def _need(self, number: int, among: Iterable[str] = S) -> Need | None:
        found = list(Need.objects.filter(state__in=list(among)).order_by("pk"))
        return found[number % len(found)] if found else None

    @precondition(lambda _self: Need.objects.count() < 4)
    @rule(urgency=st.sampled_from(Urgency), phone=st.integers(17, 19))
    def file(self, urgency: Urgency, phone: int) -> None:
        facts = NeedFacts("王奶奶", f"100009900{phone}", area(MABAO), "降压药快吃完了。", self.category, urgency)
        file_need(facts, door=Door.PHONE, by=self.desk[0], at=self.at)
        self.changed = True

    @rule(number=which, verb=st.sampled_from(sorted(BY_DESK)), seat=st.integers(0, 2))
    def the_desk_acts(self, number: int, verb: str, seat: int) -> None:
        if need := self._need(number):
            self._attempt(BY_DESK[verb], need, by=self.desk[seat])

    @rule(number=which, verb=st.sampled_from(BY_RESIDENT))
    def the_resident_acts(self, number: int, verb: str) -> None:
        if need := self._need(number):
            self._attempt(BY_DESK[verb], need, by=None)

    @rule(number=which, stars=st.integers(1, 5))
    def the_resident_rates(self, number: int, stars: int) -> None:
        if need := self._need(number, (*SERVED, S.MERGED)):
            self._attempt(rate_need, need, stars, "", by=None)

    @rule(number=which, asked=st.lists(st.integers(0, 2), max_size=3), seat=st.integers(0, 2))
    def the_desk_sends(self, number: int, asked: list[int], seat: int) -> None:
        if need := self._need(number, (S.SUBMITTED, S.VERIFIED, S.DISPATCHED)):
            if need.state == S.SUBMITTED:
                self._attempt(BY_DESK["verify"], need, by=self.desk[seat])
            self._attempt(dispatch_need, need, *[self.teams[one] for one in asked], by=self.desk[seat])

    @rule(number=which, into=which)
    def the_desk_merges(self, number: int, into: int) -> None:
        one, other = self._need(number), self._need(into)
        if one and other:
            self._attempt(merge_needs, other, [one], "同一件事", by=self.desk[1])

    @rule(number=which, yes=st.booleans())
    def a_team_answers(self, number: int, yes: bool) -> None:
        orders = list(Order.objects.filter(state=Order.State.OPEN).select_related("team").order_by("pk"))
        if orders:
            order = orders[number % len(orders)]
            leader = self.leaders[self.teams.index(order.team)]
            answer = accept_order if yes else decline_order
            self._attempt(answer, order, *([] if yes else [DeclineReason.TOO_FAR, ""]), by=leader)

    @rule(number=which, team=st.integers(0, 2))
    def a_team_claims(self, number: int, team: int) -> None:
        if need := self._need(number, (S.OFFERED, S.VERIFIED)):
            self._attempt(claim_need, need, self.teams[team], by=self.leaders[team])

    @rule(number=which, verb=st.sampled_from(sorted(BY_TEAM)))
    def the_team_that_has_it_acts(self, number: int, verb: str) -> None:
        if (need := self._need(number, AT_TEAM)) and need.team:
            self._attempt(BY_TEAM[verb], need, by=self.leaders[self.teams.index(need.team)])

    @rule(number=which)
    def the_first_helper_arrives(self, number: int) -> None:
        if need := self._need(number, AT_TEAM):
            self._attempt(mark_serving, need, by=self.leaders[0])

    @rule(hours=st.sampled_from([0, 1, 3, 12, 30, 100]))
    def time_goes_by(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        self.changed = tick(self.at) > 0 or self.changed
        assert tick(self.at) == 0

    @rule(number=which, verb=st.sampled_from(sorted({**BY_DESK, **BY_TEAM})), who=st.integers(0, 1))
    def a_neighbour_changes_nothing(self, number: int, verb: str, who: int) -> None:
        if need := self._need(number):
            before = Transition.objects.count()
            done = self._attempt({**BY_DESK, **BY_TEAM}[verb], need, by=self.siblings[who])
            assert (done, Transition.objects.count()) == (False, before)

    @rule(number=which, team=st.integers(0, 2))
    def another_team_changes_nothing(self, number: int, team: int) -> None:
        need = self._need(number, AT_TEAM)
        if need and need.team != self.teams[team]:
            assert not self._attempt(BY_TEAM["done"], need, by=self.leaders[team])

    @rule(number=which, steps=st.integers(1, 4))
    def things_go_their_way(self, number: int, steps: int) -> None:
        if need := self._need(number, NEXT):
            for _ in range(steps):
                need.refresh_from_db()
                if step := NEXT.get(S(need.state)):
                    self._attempt(partial(step, self), need, by=None)

    # what always holds -----------------------------------------------------------------------------------------------

    @invariant()
    def what_must_hold_holds(self) -> None:
        if self.changed:
            self._everything_is_where_its_steps_led_and_counters_are_right()
            self._an_open_need_has_an_owner_and_a_running_or_paused_clock()
            self._nothing_vanishes_from_the_desk()
            self.changed = False
            reached.update(Transition.objects.values_list("to_state", flat=True))

    def _everything_is_where_its_steps_led_and_counters_are_right(self) -> None:
        assert {check.name: check.wrong for check in need_checks() if check.wrong} == {}

    def _an_open_need_has_an_owner_and_a_running_or_paused_clock(self) -> None:
        for need in Need.objects.select_related("merged_into").defer("name", "phone", "address"):
            assert need.desk_id in (MABAO, TUNZI, COUNTY)
            assert (need.alarm_at is None) == (need.state in ENDED)
            if need.state in OPEN:
                assert (need.team_id is not None) == (need.state in (*AT_TEAM, *SERVED))
                assert (need.due_at is not None) == (need.state != S.WAITING)
                assert need.used_minutes is not None or need.state != S.WAITING
            if need.merged_into and not Rating.objects.filter(need=need).exists():
                assert need.merged_into.state not in (S.MERGED, S.WITHDRAWN, S.REJECTED)

    def _nothing_vanishes_from_the_desk(self) -> None:
        everything = Need.objects.count()
        assert [needs_visible_to(person).count() for person in self.desk] == [everything] * 3
        assert [needs_visible_to(person).count() for person in self.siblings] == [0, 0]


def _by(person: Callable[[Needs, Need], Person | None], act: Callable[..., Any]) -> Callable[..., Any]:
    """The usual next step, by whose turn it is."""
    return lambda machine, need, *, by, at: act(need, by=by or person(machine, need), at=at)


def _clerk(machine: Needs, _need: Need) -> Person:
    return machine.desk[2]


def _leader(machine: Needs, need: Need) -> Person:
    return machine.leaders[machine.teams.index(need.team or _asked(need).team)]


def _resident(_machine: Needs, _need: Need) -> None:
    return None


def _asked(need: Need) -> Order:
    return need.orders.filter(state=Order.State.OPEN).select_related("team").latest("pk")


def _send(machine: Needs, need: Need, by: None, at: datetime) -> None:
    dispatch_need(need, machine.teams[need.times_sent % 3], by=machine.desk[1], at=at)


NEXT: dict[NeedState, Callable[..., Any]] = {
    S.SUBMITTED: _by(_clerk, BY_DESK["verify"]),
    S.WAITING: _by(_resident, BY_DESK["answer"]),
    S.VERIFIED: _send,
    S.DISPATCHED: _by(_leader, lambda need, **who: accept_order(_asked(need), **who)),
    S.ACCEPTED: _by(_leader, BY_TEAM["schedule"]),
    S.SCHEDULED: _by(_leader, mark_serving),
    S.SERVING: _by(_leader, BY_TEAM["done"]),
    S.DONE: _by(_resident, lambda need, **who: rate_need(need, 2, "", **who)),
    S.RATED: _by(_clerk, BY_DESK["follow up"]),
}


@pytest.mark.django_db
def test_whatever_people_and_the_clock_do_no_need_vanishes():
    reached.clear()
    a_county()

    run_state_machine_as_test(
        Needs,
        settings=settings(
            max_examples=15, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

    assert reached >= {*SERVED, *AT_TEAM, S.DISPATCHED, S.MERGED, S.WITHDRAWN}  # no empty walk
