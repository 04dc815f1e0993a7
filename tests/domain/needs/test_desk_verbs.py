"""Verifying, asking back, refusing, sending and taking back: by those who work for the place, and no others."""

from functools import partial

import pytest

from tests.build import (
    COUNTY,
    MENGBA,
    NOW,
    TODAY,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_team,
    an_auditor,
    order_of,
)
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.dispatching import DispatchObstacle, dispatch_need, recall_order
from zhiyuan.domain.needs.models import Need, NeedState, Order, TeamRecord, Transition, Verification, VerifyMethod
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.verifying import ask_requester, reject_need, verify_need
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle, forget_grants

pytestmark = pytest.mark.django_db


def verified(need, by):
    return verify_need(need, VerifyMethod.PHONE, "属实", by=by, at=NOW)


def asked(need, by):
    return ask_requester(need, "几点在家？", by=by, at=NOW)


def rejected(need, by):
    return reject_need(need, "请打 12345", by=by, at=NOW)


def sent(need, by):
    return dispatch_need(need, a_team(), by=by, at=NOW)


def recalled(need, by):
    return recall_order(need, "发错了", by=by, at=NOW)


STEPS = [
    (verified, NeedState.SUBMITTED, NeedState.VERIFIED),
    (asked, NeedState.SUBMITTED, NeedState.WAITING),
    (rejected, NeedState.SUBMITTED, NeedState.REJECTED),
    (sent, NeedState.VERIFIED, NeedState.DISPATCHED),
    (recalled, NeedState.DISPATCHED, NeedState.VERIFIED),
]


def needing(state):
    return a_need(state=state, team=a_team() if state == NeedState.DISPATCHED else None)


@pytest.mark.parametrize(("act", "before", "after"), STEPS)
@pytest.mark.parametrize("code", ["621027103000", COUNTY], ids=["township", "county"])
def test_a_dispatcher_of_the_place_or_above_acts(act, before, after, code):
    need = needing(before)

    act(need, a_dispatcher(code))

    assert Need.objects.get(pk=need.pk).state == after


@pytest.mark.parametrize(("act", "before", "after"), STEPS)
@pytest.mark.parametrize(
    "who",
    [lambda: a_dispatcher(MENGBA), an_auditor, a_person, lambda: a_leader(a_team())],
    ids=["sibling", "auditor", "nobody", "leader"],
)
def test_nobody_else_does(act, before, after, who):
    need = needing(before)

    with pytest.raises(Refused) as refusal:
        act(need, who())

    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    assert Need.objects.get(pk=need.pk).state == before
    assert Transition.objects.count() == 0


@pytest.mark.parametrize(("act", "before", "after"), [step for step in STEPS if step[0] is not sent])
def test_the_second_of_two_is_told_that_it_moved_on(act, before, after):
    need, by = needing(before), a_dispatcher()
    act(need, by)

    with pytest.raises(Refused) as refusal:
        act(need, by)

    assert refusal.value.obstacle in (MovingObstacle.NOT_FROM_HERE, DispatchObstacle.NOT_SENT)
    assert Transition.objects.count() == 1


def test_a_clerk_verifies_and_does_not_send():
    need, clerk = a_need(), a_clerk()

    verified(need, clerk)
    with pytest.raises(Refused) as refusal:
        sent(need, clerk)

    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_a_verification_keeps_how_and_what():
    need, clerk = a_need(), a_clerk()

    verified(need, clerk)

    kept = Verification.objects.get()
    assert (kept.method, kept.by, kept.result, kept.at) == (VerifyMethod.PHONE, clerk, "属实", NOW)


def test_a_need_that_was_not_verified_is_not_sent():
    with pytest.raises(Refused) as refusal:
        sent(a_need(), a_dispatcher())

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE


def test_an_accepted_need_is_not_verified_back_to_the_desk():
    need = a_need(state=NeedState.ACCEPTED, team=a_team())

    with pytest.raises(Refused) as refusal:
        verified(need, a_dispatcher())

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE
    assert Need.objects.get().state == NeedState.ACCEPTED


def test_nothing_is_sent_to_a_team_that_has_ended():
    need, team = a_need(state=NeedState.VERIFIED), a_team(until=TODAY)

    with pytest.raises(Refused) as refusal:
        dispatch_need(need, team, by=a_dispatcher(), at=NOW)

    assert refusal.value.obstacle == DispatchObstacle.TEAM_OVER


def test_leaders_are_told_of_an_order_and_nothing_private_with_it():
    need, team = a_need(state=NeedState.VERIFIED, name="王秀兰", address="二组第三家"), a_team()
    leader = a_leader(team)

    dispatch_need(need, team, by=a_dispatcher(), at=NOW)

    message = Message.objects.get()
    assert message.phone == leader.phone
    assert not [secret for secret in ("王秀兰", "二组", need.phone, need.words) if secret in message.text]


def test_leaders_are_told_that_an_order_was_taken_back():
    need, team, by = a_need(state=NeedState.VERIFIED), a_team(), a_dispatcher()
    leader = a_leader(team)

    dispatch_need(need, team, by=by, at=NOW)
    recall_order(need, "发错了", by=by, at=NOW)

    assert [message.phone for message in Message.objects.all()] == [leader.phone] * 2


def test_only_an_order_that_was_not_answered_is_taken_back():
    need = a_need(state=NeedState.ACCEPTED, team=a_team())

    with pytest.raises(Refused) as refusal:
        recalled(need, a_dispatcher())

    assert refusal.value.obstacle == DispatchObstacle.NOT_SENT


@pytest.mark.django_db(transaction=True)
def test_two_dispatchers_at_once_ask_a_team_once():
    need, team, by = a_need(state=NeedState.VERIFIED), a_team(), a_dispatcher()
    forget_grants(by)

    answers = race([partial(dispatch_need, need, team, by=by, at=NOW)] * 2)

    lost = [answer for answer in answers if isinstance(answer, Refused)]
    assert [refusal.obstacle for refusal in lost] == [DispatchObstacle.ASKED]
    assert Transition.objects.count() == 1
    assert list(TeamRecord.objects.values_list("team", "open_orders")) == [(team.pk, 1)]


def test_orders_are_counted():
    need, team, by = a_need(state=NeedState.VERIFIED), a_team(), a_dispatcher()

    dispatch_need(need, team, by=by, at=NOW)
    assert TeamRecord.objects.get(team=team).open_orders == 1
    recall_order(need, "发错了", by=by, at=NOW)

    need.refresh_from_db()
    assert TeamRecord.objects.get(team=team).open_orders == 0
    assert (need.team, need.times_sent) == (None, 1)
    assert order_of(need).state == Order.State.RECALLED


def test_the_requester_hears_of_questions_and_refusals():
    asked(a_need(), a_clerk())
    rejected(a_need(), a_clerk())

    assert Message.objects.count() == 2


def test_the_clock_stands_while_the_requester_is_asked():
    need = a_need()

    asked(need, a_clerk())

    assert Need.objects.get().due_at is None


@pytest.mark.parametrize("act", [verify_need, ask_requester, reject_need])
def test_a_step_without_a_reason_is_refused(act):
    need, by = a_need(), a_clerk()
    arguments = (VerifyMethod.PHONE, " ") if act is verify_need else (" ",)

    with pytest.raises(Refused) as refusal:
        act(need, *arguments, by=by, at=NOW)

    assert refusal.value.obstacle == MovingObstacle.SILENT
