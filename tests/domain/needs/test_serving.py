"""The team's yes or no, a date, being there, the closing report."""

from datetime import timedelta
from functools import partial

import pytest

from tests.build import (
    MENGBA_VILLAGE,
    NOW,
    TOMORROW,
    a_clerk,
    a_deputy,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_team,
    a_volunteer,
    an_order,
    order_of,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.models import DeclineReason, Need, NeedState, Order, TeamRecord, Transition
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.serving import (
    OrderObstacle,
    accept_order,
    decline_order,
    hand_back,
    mark_done,
    mark_scheduled,
    mark_serving,
)
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db
NOBODY_FREE, OTHER = DeclineReason.NOBODY_FREE, DeclineReason.OTHER


def obstacle_of(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.obstacle


def sent_to(team, **facts):
    """An order that waits for its answer."""
    return order_of(a_need(state=NeedState.DISPATCHED, team=team, **facts))


def test_a_team_accepts_and_the_resident_is_told_who():
    team = a_team(phone="09340000001")
    order, leader = sent_to(team), a_leader(team)

    accept_order(order, by=leader, at=NOW)

    order.refresh_from_db()
    need = Need.objects.get()
    assert (need.state, need.team) == (NeedState.ACCEPTED, team)
    assert (order.state, order.answered_by, order.answered_at) == (Order.State.ACCEPTED, leader, NOW)
    assert [team.name in message.text for message in Message.objects.all()] == [True]
    assert TeamRecord.objects.get(team=team).open_orders == 1


def test_a_declined_order_is_back_at_the_desk_with_its_reason():
    team = a_team()
    order, leader = sent_to(team), a_leader(team)

    decline_order(order, NOBODY_FREE, "这周没人", by=leader, at=NOW)

    order.refresh_from_db()
    need, step, record = Need.objects.get(), Transition.objects.get(), TeamRecord.objects.get(team=team)
    assert (need.state, need.team) == (NeedState.VERIFIED, None)
    assert (step.reason, step.team) == ("这周没人", team)
    assert (order.state, order.why, order.reason) == (Order.State.DECLINED, NOBODY_FREE, "这周没人")
    assert (record.open_orders, record.declined) == (0, 1)


@pytest.mark.parametrize("state", [NeedState.ACCEPTED, NeedState.SCHEDULED])
def test_what_a_team_took_it_hands_back_with_a_reason(state):
    team = a_team()
    need = a_need(state=state, team=team)

    hand_back(need, DeclineReason.TOO_MUCH, "车坏了", by=a_leader(team), at=NOW)

    need.refresh_from_db()
    order, step, record = Order.objects.get(), Transition.objects.get(), TeamRecord.objects.get(team=team)
    assert (need.state, need.team) == (NeedState.VERIFIED, None)
    assert (step.reason, step.team) == ("车坏了", team)
    assert (order.state, order.why) == (Order.State.HANDED_BACK, DeclineReason.TOO_MUCH)
    assert (record.open_orders, record.declined) == (0, 1)


def test_one_of_the_usual_reasons_needs_no_words_and_another_one_does():
    team = a_team()
    leader = a_leader(team)

    decline_order(sent_to(team), NOBODY_FREE, " ", by=leader, at=NOW)

    assert Transition.objects.get().reason == str(NOBODY_FREE.label)
    assert obstacle_of(lambda: decline_order(sent_to(team), OTHER, " ", by=leader, at=NOW)) == MovingObstacle.SILENT


def test_handing_back_needs_words():
    team = a_team()
    need, leader = a_need(state=NeedState.ACCEPTED, team=team), a_leader(team)

    assert obstacle_of(lambda: hand_back(need, NOBODY_FREE, "", by=leader, at=NOW)) == MovingObstacle.SILENT


@pytest.mark.parametrize("state", [NeedState.SERVING, NeedState.DONE])
def test_what_is_being_served_is_not_handed_back(state):
    team = a_team()
    need, leader = a_need(state=state, team=team), a_leader(team)

    assert obstacle_of(lambda: hand_back(need, OTHER, "走了", by=leader, at=NOW)) == MovingObstacle.NOT_FROM_HERE
    assert Need.objects.get().state == state


ANSWERS = [accept_order, partial(decline_order, why=NOBODY_FREE, reason="没人")]
STRANGERS = {
    "another leader": lambda: a_leader(a_team(name="别队", area_code=MENGBA_VILLAGE)),
    "dispatcher": a_dispatcher,
    "clerk": a_clerk,
    "nobody": a_person,
}


@pytest.mark.parametrize("answer", ANSWERS, ids=["accept", "decline"])
@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_answers_for_a_team_but_its_leaders(answer, who):
    order = sent_to(a_team())

    assert obstacle_of(lambda: answer(order, by=STRANGERS[who](), at=NOW)) == AccessObstacle.NOT_YOURS
    assert Order.objects.get().state == Order.State.OPEN


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (partial(mark_scheduled, until=TOMORROW), NeedState.ACCEPTED),
        (partial(hand_back, why=OTHER, reason="没人"), NeedState.ACCEPTED),
        (partial(mark_done, helped=1, outcome="药已送到"), NeedState.SERVING),
    ],
    ids=["schedule", "hand back", "report"],
)
@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_acts_for_the_team_that_has_it_but_its_leaders(act, state, who):
    need = a_need(state=state, team=a_team())

    assert obstacle_of(lambda: act(need, by=STRANGERS[who](), at=NOW)) == AccessObstacle.NOT_YOURS
    assert Need.objects.get().state == state
    assert Transition.objects.count() == 0


@pytest.mark.parametrize("answer", ANSWERS, ids=["accept", "decline"])
@pytest.mark.parametrize("state", [state for state in Order.State if state != Order.State.OPEN])
def test_what_was_answered_or_is_over_is_not_answered_again(answer, state):
    team = a_team()
    order = an_order(a_need(state=NeedState.VERIFIED), team, state=state)

    assert obstacle_of(lambda: answer(order, by=a_leader(team), at=NOW)) == OrderObstacle.ANSWERED


@pytest.mark.parametrize("who", [a_deputy, a_leader])
def test_leader_and_deputy_answer(who):
    team = a_team()

    accept_order(sent_to(team), by=who(team), at=NOW)

    assert Need.objects.get().state == NeedState.ACCEPTED


def test_a_leader_of_the_team_above_answers_too():
    branch = a_team(name="屯字镇支队", area_code="621027103000")
    team = a_team(parent=branch)

    accept_order(sent_to(team), by=a_leader(branch), at=NOW)

    assert Need.objects.get().state == NeedState.ACCEPTED


def test_the_clock_of_a_date_runs_from_the_end_of_the_visit():
    team = a_team()
    need = a_need(state=NeedState.ACCEPTED, team=team)

    mark_scheduled(need, until=TOMORROW + timedelta(hours=2), by=a_leader(team), at=NOW)

    need.refresh_from_db()
    assert (need.state, need.due_at) == (NeedState.SCHEDULED, TOMORROW + timedelta(days=1, hours=2))


def test_scheduled_serving_done():
    team = a_team()
    need, leader = a_need(state=NeedState.ACCEPTED, team=team), a_leader(team)

    mark_scheduled(need, until=TOMORROW, by=leader, at=NOW)
    mark_serving(need, by=a_volunteer().person, at=NOW)
    mark_done(need, helped=2, outcome="药已送到", left_over="下周再量一次血压", by=leader, at=NOW)

    assert need.number in Message.objects.get().text
    need.refresh_from_db()
    record = TeamRecord.objects.get(team=team)
    assert (need.state, need.helped, need.outcome) == (NeedState.DONE, 2, "药已送到")
    assert (need.left_over, need.done_at) == ("下周再量一次血压", NOW)
    assert (record.open_orders, record.done) == (0, 1)
    assert Order.objects.get().state == Order.State.DONE


def test_what_was_planned_can_be_done_without_a_check_in():
    team = a_team()
    need = a_need(state=NeedState.SCHEDULED, team=team)

    mark_done(need, helped=1, outcome="药已送到", by=a_leader(team), at=NOW)

    assert Need.objects.get().state == NeedState.DONE


def test_nothing_is_done_without_a_report():
    team = a_team()
    need, leader = a_need(state=NeedState.SERVING, team=team), a_leader(team)

    assert obstacle_of(lambda: mark_done(need, helped=1, outcome=" ", by=leader, at=NOW)) == OrderObstacle.NO_REPORT
    assert Need.objects.get().state == NeedState.SERVING


@pytest.mark.parametrize("state", [NeedState.SUBMITTED, NeedState.VERIFIED, NeedState.OFFERED])
def test_at_no_team_there_is_nothing_to_hand_back_or_report(state):
    need, leader = a_need(state=state), a_leader(a_team())

    for act in (
        lambda: hand_back(need, OTHER, "没人", by=leader, at=NOW),
        lambda: mark_scheduled(need, until=TOMORROW, by=leader, at=NOW),
        lambda: mark_done(need, helped=1, outcome="好", by=leader, at=NOW),
    ):
        assert obstacle_of(act) == AccessObstacle.NOT_YOURS


@pytest.mark.parametrize("state", [NeedState.ACCEPTED, NeedState.SERVING, NeedState.DONE])
def test_only_what_has_a_date_is_begun(state):
    need = a_need(state=state, team=a_team())

    assert obstacle_of(lambda: mark_serving(need, by=a_person(), at=NOW)) == MovingObstacle.NOT_FROM_HERE
