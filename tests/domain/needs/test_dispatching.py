"""Several teams asked at once, open to be claimed, taken back, coming back too often."""

from functools import partial

import pytest

from tests.build import (
    COUNTY,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_category,
    a_clerk,
    a_deputy,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_team,
    area,
    order_of,
)
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.dispatching import DispatchObstacle, dispatch_need, offer_need, recall_order, teams_offered
from zhiyuan.domain.needs.filing import withdraw_need
from zhiyuan.domain.needs.models import DeclineReason, Need, NeedState, Order, TeamRecord, Transition
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.serving import OrderObstacle, accept_order, claim_need, decline_order
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle, forget_grants

pytestmark = pytest.mark.django_db
S = NeedState


def obstacle_of(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.obstacle


def told(person):
    return sum(message.phone == person.phone for message in Message.objects.all())


def counters(team):
    return TeamRecord.objects.values_list("open_orders", "done", "declined", "silent").get(team=team)


def states_of(need):
    return list(need.orders.order_by("pk").values_list("state", flat=True))


def asked_two():
    """A need that was sent to two teams at once, and their leaders."""
    teams = [a_team(), a_team(name="包城村分队")]
    leaders = [a_leader(team) for team in teams]
    need = dispatch_need(a_need(state=S.VERIFIED), *teams, by=a_dispatcher(), at=NOW)
    return need, teams, leaders


def test_of_several_teams_the_first_yes_has_it_and_the_others_are_free_and_told():
    need, (first, second), (leader, other) = asked_two()
    assert (states_of(need), need.times_sent) == ([Order.State.OPEN] * 2, 1)

    accept_order(order_of(need, second), by=other, at=NOW)

    need.refresh_from_db()
    assert (need.state, need.team) == (S.ACCEPTED, second)
    assert states_of(need) == [Order.State.TAKEN_ELSEWHERE, Order.State.ACCEPTED]
    assert (counters(first), counters(second)) == ((0, 0, 0, 0), (1, 0, 0, 0))
    assert (told(leader), told(other)) == (2, 1)
    assert obstacle_of(lambda: accept_order(order_of(need, first), by=leader, at=NOW)) == OrderObstacle.ANSWERED


def test_it_comes_back_when_the_last_team_has_said_no():
    need, (first, second), (leader, other) = asked_two()

    decline_order(order_of(need, first), DeclineReason.TOO_FAR, "", by=leader, at=NOW)
    need.refresh_from_db()
    assert need.state == S.DISPATCHED
    decline_order(order_of(need, second), DeclineReason.NO_SKILL, "", by=other, at=NOW)

    need.refresh_from_db()
    assert (need.state, states_of(need)) == (S.VERIFIED, [Order.State.DECLINED] * 2)
    assert (counters(first), counters(second)) == ((0, 0, 1, 0), (0, 0, 1, 0))


def test_while_a_team_is_silent_one_more_can_be_asked():
    need, team, more, by = a_need(state=S.VERIFIED), a_team(), a_team(name="别队"), a_dispatcher()
    leader = a_leader(more)
    due_at = dispatch_need(need, team, by=by, at=NOW).due_at

    need = dispatch_need(need, more, by=by, at=NOW)

    assert (need.state, need.times_sent, need.due_at) == (S.DISPATCHED, 2, due_at)
    assert (states_of(need), told(leader), Transition.objects.count()) == ([Order.State.OPEN] * 2, 1, 1)
    assert obstacle_of(lambda: dispatch_need(need, more, by=by, at=NOW)) == DispatchObstacle.ASKED


def test_at_least_one_team_is_named_and_one_that_is_named_twice_is_asked_once():
    need, team, by = a_need(state=S.VERIFIED), a_team(), a_dispatcher()

    assert obstacle_of(lambda: dispatch_need(need, by=by, at=NOW)) == DispatchObstacle.NO_TEAM
    dispatch_need(need, team, team, by=by, at=NOW)

    assert states_of(need) == [Order.State.OPEN]


def test_none_is_asked_when_one_of_them_has_ended():
    need, by = a_need(state=S.VERIFIED), a_dispatcher()
    teams = [a_team(), a_team(name="旧队", until=TODAY)]

    assert obstacle_of(lambda: dispatch_need(need, *teams, by=by, at=NOW)) == DispatchObstacle.TEAM_OVER
    assert (Order.objects.count(), Need.objects.get().state) == (0, S.VERIFIED)


def test_taking_it_back_frees_every_team_and_counts_against_none():
    need, teams, leaders = asked_two()

    recall_order(need, "发错了", by=a_dispatcher(), at=NOW)

    need.refresh_from_db()
    assert (need.state, states_of(need)) == (S.VERIFIED, [Order.State.RECALLED] * 2)
    assert [counters(team) for team in teams] == [(0, 0, 0, 0)] * 2
    assert [told(leader) for leader in leaders] == [2, 2]


def test_a_team_can_be_asked_again_after_it_was_taken_back():
    need, team, by = a_need(state=S.VERIFIED), a_team(), a_dispatcher()
    for _ in range(2):
        dispatch_need(need, team, by=by, at=NOW)
        recall_order(need, "再想想", by=by, at=NOW)

    dispatch_need(need, team, by=by, at=NOW)

    assert states_of(need) == [Order.State.RECALLED, Order.State.RECALLED, Order.State.OPEN]


def test_all_teams_hear_that_the_resident_no_longer_needs_it():
    need, _teams, leaders = asked_two()

    withdraw_need(need, "孩子买了", by=None, at=NOW)

    assert (states_of(need), [told(leader) for leader in leaders]) == ([Order.State.WITHDRAWN] * 2, [2, 2])


def test_every_third_time_that_it_comes_back_the_desk_above_is_asked():
    need, by, desks = a_need(state=S.VERIFIED, desk=a_need().area), a_dispatcher(), []

    for number in range(7):
        team = a_team(name=f"第{number}分队")
        dispatch_need(need, team, by=by, at=NOW)
        decline_order(order_of(need), DeclineReason.NOBODY_FREE, "", by=a_leader(team), at=NOW)
        need.refresh_from_db()
        desks.append(need.desk_id)

    assert desks == ["621027103200"] * 2 + [TUNZI] * 3 + [COUNTY] * 2
    assert (need.escalations, need.times_sent) == (2, 7)


@pytest.mark.django_db(transaction=True)
def test_of_two_teams_that_say_yes_at_once_one_has_it():
    need, teams, leaders = asked_two()
    for leader in leaders:
        forget_grants(leader)
    answers = race(
        [
            partial(accept_order, order_of(need, team), by=leader, at=NOW)
            for team, leader in zip(teams, leaders, strict=True)
        ]
    )

    lost = [answer for answer in answers if isinstance(answer, Refused)]
    assert [refusal.obstacle for refusal in lost] == [OrderObstacle.ANSWERED]
    assert sorted(states_of(need)) == [Order.State.ACCEPTED, Order.State.TAKEN_ELSEWHERE]
    assert sum(counters(team)[0] for team in teams) == 1


# Open to be claimed -------------------------------------------------------------------------------------------------


def offered(*, wide=False):
    return offer_need(a_need(state=S.VERIFIED), wide=wide, by=a_dispatcher(), at=NOW)


def test_a_township_offers_to_its_teams_and_the_county_to_all():
    here, there = a_team(area_code=TUNZI), a_team(name="孟坝队", area_code=MENGBA_VILLAGE)
    a_team(name="旧队", until=TODAY)
    near, far = offered(), offered(wide=True)

    assert (near.state, near.offered_in, near.times_sent) == (S.OFFERED, area(TUNZI), 1)
    assert (set(teams_offered(near)), set(teams_offered(far))) == ({here}, {here, there})
    assert list(teams_offered(a_need(state=S.VERIFIED))) == []


def test_teams_that_do_this_are_told_of_an_offer():
    able, other, far = a_team(), a_team(name="别队"), a_team(name="孟坝队", area_code=MENGBA_VILLAGE)
    for team in (able, far):
        team.categories.add(a_category("medicine"))
    leaders = [a_leader(team) for team in (able, other, far)]

    offered()

    assert [told(leader) for leader in leaders] == [1, 0, 0]


@pytest.mark.parametrize("who", [a_leader, a_deputy])
def test_whoever_leads_a_team_claims_what_is_offered_to_it(who):
    need, team = offered(), a_team()

    claim_need(need, team, by=who(team), at=NOW)

    need.refresh_from_db()
    order = order_of(need)
    assert (need.state, need.team, need.offered_in) == (S.ACCEPTED, team, None)
    assert (order.state, order.claimed, order.sent_by, counters(team)) == (
        Order.State.ACCEPTED,
        True,
        None,
        (1, 0, 0, 0),
    )
    assert sum(message.phone == need.phone for message in Message.objects.all()) == 1


def test_what_is_offered_elsewhere_taken_or_not_offered_is_not_claimed():
    near, far_team = offered(), a_team(name="孟坝队", area_code=MENGBA_VILLAGE)
    leader = a_leader(far_team)

    assert obstacle_of(lambda: claim_need(near, far_team, by=leader, at=NOW)) == OrderObstacle.NOT_OFFERED
    for state in (S.SUBMITTED, S.VERIFIED, S.DISPATCHED, S.ACCEPTED, S.DONE, S.CLOSED):
        need = a_need(state=state, team=a_team(), area_code=MENGBA_VILLAGE)
        assert obstacle_of(lambda one=need: claim_need(one, far_team, by=leader, at=NOW)) == OrderObstacle.NOT_OFFERED


@pytest.mark.parametrize("who", ["another leader", "dispatcher", "nobody"])
def test_nobody_claims_for_a_team_but_its_leaders(who):
    need, team = offered(), a_team()
    by = {"another leader": lambda: a_leader(a_team(name="别队")), "dispatcher": a_dispatcher, "nobody": a_person}[
        who
    ]()

    assert obstacle_of(lambda: claim_need(need, team, by=by, at=NOW)) == AccessObstacle.NOT_YOURS
    assert Need.objects.get().state == S.OFFERED


@pytest.mark.parametrize("who", [a_clerk, lambda: a_dispatcher(MENGBA), lambda: a_leader(a_team()), a_person])
def test_nobody_offers_a_need_but_the_dispatchers_of_the_place(who):
    need = a_need(state=S.VERIFIED)

    assert obstacle_of(lambda: offer_need(need, wide=True, by=who(), at=NOW)) == AccessObstacle.NOT_YOURS
    assert Need.objects.get().state == S.VERIFIED


@pytest.mark.parametrize("state", [S.SUBMITTED, S.DISPATCHED, S.OFFERED, S.ACCEPTED, S.CLOSED])
def test_only_what_waits_verified_is_offered(state):
    need, by = a_need(state=state, team=a_team()), a_dispatcher()

    assert obstacle_of(lambda: offer_need(need, wide=False, by=by, at=NOW)) == MovingObstacle.NOT_FROM_HERE


def test_an_offer_is_taken_back():
    need = offered()

    recall_order(need, "改派", by=a_dispatcher(), at=NOW)

    need.refresh_from_db()
    assert (need.state, need.offered_in, Order.objects.count()) == (S.VERIFIED, None, 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_teams_that_claim_it_at_once_exactly_one_has_it():
    need, teams = offered(wide=True), [a_team(), a_team(name="孟坝队", area_code=MENGBA_VILLAGE)]
    leaders = [a_leader(team) for team in teams]
    for leader in leaders:
        forget_grants(leader)

    answers = race(
        [partial(claim_need, need, team, by=leader, at=NOW) for team, leader in zip(teams, leaders, strict=True)]
    )

    lost = [answer for answer in answers if isinstance(answer, Refused)]
    assert [refusal.obstacle for refusal in lost] == [OrderObstacle.NOT_OFFERED]
    assert states_of(need) == [Order.State.ACCEPTED]
    assert list(TeamRecord.objects.values_list("team", "open_orders")) == [(Need.objects.get().team_id, 1)]
