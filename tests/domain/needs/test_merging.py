"""Requests that are really one: dealt with as one work, each household told and asked for itself, none forgotten."""

from datetime import timedelta
from functools import partial

import pytest

from tests.build import (
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TOMORROW,
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
from zhiyuan.domain.needs.dispatching import dispatch_need
from zhiyuan.domain.needs.filing import withdraw_need
from zhiyuan.domain.needs.merging import MergingObstacle, alike, households_of, merge_needs, take_apart
from zhiyuan.domain.needs.models import Need, NeedState, Transition
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.queries import merged_with, needs_visible_to
from zhiyuan.domain.needs.rating import rate_need
from zhiyuan.domain.needs.serving import accept_order, mark_done, mark_scheduled
from zhiyuan.domain.needs.verifying import reject_need
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle, forget_grants

pytestmark = pytest.mark.django_db
S = NeedState
NEIGHBOUR = "10000990018"


def obstacle_of(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.obstacle


def merged(into, *needs):
    return merge_needs(into, needs, "同一件事", by=a_clerk(), at=NOW)


def neighbours(state=S.SUBMITTED, **facts):
    """A request and the neighbour's, taken together."""
    into, other = a_need(state=state, **facts), a_need(phone=NEIGHBOUR)
    merged(into, other)
    other.refresh_from_db()
    return into, other


def told_neighbour():
    return sum(message.phone == NEIGHBOUR for message in Message.objects.all())


def test_several_become_one_work_and_each_household_is_told():
    into, others = a_need(), [a_need(phone=NEIGHBOUR), a_need(state=S.VERIFIED)]

    merged(into, *others)

    found = Need.objects.filter(merged_into=into)
    assert set(found) == set(others) == set(merged_with(into, a_dispatcher()))
    assert {(need.state, need.alarm_at) for need in found} == {(S.MERGED, None)}
    assert list(Transition.objects.values_list("reason", flat=True)) == ["同一件事"] * 2
    assert (Message.objects.count(), told_neighbour(), len(households_of(into))) == (2, 1, 2)


@pytest.mark.parametrize("who", [lambda: a_clerk(MENGBA), an_auditor, lambda: a_leader(a_team()), a_person])
def test_only_who_works_for_both_places_takes_them_together_or_apart(who):
    into, other = a_need(), a_need()
    _kept, apart = neighbours()
    by = who()

    assert obstacle_of(lambda: merge_needs(into, [other], "一样", by=by, at=NOW)) == AccessObstacle.NOT_YOURS
    assert obstacle_of(lambda: take_apart(apart, "不一样", by=by, at=NOW)) == AccessObstacle.NOT_YOURS
    assert Need.objects.get(pk=other.pk).state == S.SUBMITTED


def test_a_request_of_another_township_is_not_drawn_in():
    into, far = a_need(), a_need(area_code=MENGBA_VILLAGE)

    assert obstacle_of(lambda: merged(into, far)) == AccessObstacle.NOT_YOURS
    assert Transition.objects.count() == 0


def test_what_cannot_be_taken_together():
    into, by = a_need(), a_clerk()
    holds, _other = neighbours()
    team = a_team()

    def obstacle(one, into=into):
        return obstacle_of(lambda: merge_needs(into, [one], "一样", by=by, at=NOW))

    assert obstacle(into) == MergingObstacle.ITSELF
    assert obstacle(holds) == MergingObstacle.HOLDS_OTHERS
    for state in (S.DISPATCHED, S.ACCEPTED, S.DONE, S.WAITING):
        assert obstacle(a_need(state=state, team=team)) == MergingObstacle.NOT_MERGEABLE
    for state in (S.DONE, S.CLOSED, S.WITHDRAWN, S.REFERRED):
        assert obstacle(a_need(), into=a_need(state=state, team=team)) == MergingObstacle.ENDED
    assert obstacle_of(lambda: merge_needs(into, [a_need()], " ", by=by, at=NOW)) == MovingObstacle.SILENT


def test_one_that_cannot_keeps_the_others_apart_too():
    into, fits, late = a_need(), a_need(), a_need(state=S.DONE, team=a_team())

    assert obstacle_of(lambda: merged(into, fits, late)) == MergingObstacle.NOT_MERGEABLE
    assert Need.objects.filter(state=S.MERGED).count() == 0


def test_taken_apart_it_is_made_sure_of_in_full_time():
    _into, other = neighbours()

    take_apart(other, "是两件事", by=a_clerk(), at=NOW + timedelta(hours=1))

    other.refresh_from_db()
    assert (other.state, other.merged_into) == (S.SUBMITTED, None)
    assert other.due_at == NOW + timedelta(days=1, hours=1)


def test_what_stands_by_itself_or_was_rated_is_not_taken_apart():
    into, other = neighbours()
    clerk = a_clerk()
    Need.objects.filter(pk=into.pk).update(state=S.DONE, turn=2, team=a_team(), done_at=NOW)
    rate_need(other, 5, "", by=None, at=NOW)

    assert obstacle_of(lambda: take_apart(into, "两件事", by=clerk, at=NOW)) == MergingObstacle.NOT_MERGED
    assert obstacle_of(lambda: take_apart(other, "两件事", by=clerk, at=NOW)) == MergingObstacle.RATED
    assert Need.objects.get(pk=other.pk).state == S.MERGED


@pytest.mark.parametrize("ending", [withdraw_need, reject_need])
def test_a_household_does_not_vanish_with_the_neighbours_request(ending):
    into, other = neighbours()
    clerk = a_clerk()

    ending(into, "孩子买了", by=clerk, at=NOW + timedelta(hours=1))

    other.refresh_from_db()
    step = Transition.objects.filter(need=other).latest("pk")
    assert (other.state, other.merged_into, other.alarm_at is None) == (S.SUBMITTED, None, False)
    assert step.reason == ""  # why the neighbour's ended is the neighbour's word
    assert other in needs_visible_to(clerk)


def test_every_household_hears_who_comes_and_that_it_is_done_once():
    team = a_team()
    leader = a_leader(team)
    into, _other = neighbours(state=S.VERIFIED)
    before = told_neighbour()

    dispatch_need(into, team, by=a_dispatcher(), at=NOW)
    accept_order(order_of(into), by=leader, at=NOW)
    assert told_neighbour() == before + 1
    assert team.name in [message.text for message in Message.objects.all() if message.phone == NEIGHBOUR][-1]
    mark_scheduled(into, until=TOMORROW, by=leader, at=NOW)
    mark_done(into, helped=2, outcome="都送到了", by=leader, at=NOW)
    assert told_neighbour() == before + 2


def test_alike_is_what_was_asked_of_late_in_the_village_for_the_same():
    need, dispatcher = a_need(), a_dispatcher()
    twin = a_need(phone=NEIGHBOUR, created_at=NOW - timedelta(days=13))
    a_need(created_at=NOW - timedelta(days=15))
    a_need(category="repair")
    a_need(area_code="621027103201")
    a_need(state=S.CLOSED)
    a_need(state=S.DONE, team=a_team())

    assert list(alike(need, needs_visible_to(dispatcher), at=NOW)) == [twin]
    assert list(alike(need, needs_visible_to(a_dispatcher(MENGBA)), at=NOW)) == []


@pytest.mark.django_db(transaction=True)
def test_two_desks_that_take_each_into_the_other_at_once_do_not_wait_in_a_circle():
    first, second, clerk = a_need(), a_need(), a_clerk()
    forget_grants(clerk)

    answers = race(
        [
            partial(merge_needs, first, [second], "一样", by=clerk, at=NOW),
            partial(merge_needs, second, [first], "一样", by=clerk, at=NOW),
        ]
    )

    lost = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(lost) == 1
    assert sorted(Need.objects.values_list("state", flat=True)) == [S.MERGED, S.SUBMITTED]
