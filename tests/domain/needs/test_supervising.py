"""What the level above sees: figures counted by hand, of one's own places alone."""

from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_need,
    a_person,
    a_team,
    an_office,
    an_order,
    area,
)
from zhiyuan.domain.needs.models import DeclineReason, Need, NeedState, Order, Rating, Transition, VerifyMethod
from zhiyuan.domain.needs.supervising import Supervision, supervision
from zhiyuan.domain.needs.verifying import verify_need

pytestmark = pytest.mark.django_db
S, Said = NeedState, Order.State
SINCE = TODAY - timedelta(days=30)
LONG_AGO = NOW - timedelta(days=60)


def seen(person=None, place=COUNTY) -> Supervision:
    return supervision(person or an_office(), area(place), since=SINCE, at=NOW)


def a_step(need, state, to, *, minutes, late=False, at=NOW):
    return Transition.objects.create(need=need, from_state=state, to_state=to, at=at, minutes=minutes, late=late)


def test_stages_are_counted_with_those_on_time_the_average_and_the_longest():
    need = a_need()
    for minutes, late in ((10, False), (20, False), (90, True)):
        a_step(need, S.SUBMITTED, S.VERIFIED, minutes=minutes, late=late)
    a_step(need, S.VERIFIED, S.DISPATCHED, minutes=5)
    a_step(need, S.WAITING, S.SUBMITTED, minutes=9000, late=True)  # the resident is never late
    a_step(need, S.DONE, S.CONFIRMED, minutes=9000, late=True)
    a_step(need, S.SUBMITTED, S.VERIFIED, minutes=7, at=LONG_AGO)

    received, verified = seen().stages

    assert (received.state, received.ended, received.on_time, received.percent) == (S.SUBMITTED, 3, 2, 66)
    assert (received.average_minutes, received.longest_minutes) == (40, 90)
    assert (verified.state, verified.ended, verified.percent) == (S.VERIFIED, 1, 100)


def test_a_step_that_is_taken_counts_as_it_was_kept():
    need = a_need(state_since=NOW - timedelta(minutes=40), due_at=NOW - timedelta(minutes=5))

    verify_need(need, VerifyMethod.PHONE, "属实", by=a_clerk(), at=NOW)

    [stage] = seen().stages
    assert (stage.ended, stage.on_time, stage.longest_minutes) == (1, 0, Transition.objects.get().minutes)


def test_answers_reasons_and_silence_of_teams():
    need, quick, slow = a_need(state=S.VERIFIED), a_team(name="快队"), a_team(name="慢队")
    for state in (Said.DONE, Said.RECALLED, Said.PASSED_OVER):
        an_order(need, quick, state=state)
    for _ in range(2):
        an_order(need, slow, state=Said.PASSED_OVER)
        an_order(need, slow, state=Said.DECLINED, why=DeclineReason.TOO_FAR)
    an_order(need, quick, state=Said.HANDED_BACK, why=DeclineReason.NOBODY_FREE)
    an_order(need, slow, state=Said.PASSED_OVER, sent_at=LONG_AGO)

    found = seen()

    counts = {Said.DONE: 1, Said.RECALLED: 1, Said.PASSED_OVER: 3, Said.DECLINED: 2, Said.HANDED_BACK: 1}
    assert dict(found.answers.by_state) == counts
    assert dict(found.answers.by_reason) == {DeclineReason.TOO_FAR: 2, DeclineReason.NOBODY_FREE: 1}
    assert (found.answers.asked, found.answers.silent) == (8, 3)
    assert found.silent_teams == (("慢队", 2), ("快队", 1))


def test_what_became_of_them_how_often_sent_and_how_rated():
    team = a_team()
    a_need()
    a_need(state=S.DISPATCHED, team=team, times_sent=1)
    a_need(state=S.ACCEPTED, team=team, times_sent=3)
    for stars, state in ((5, S.RATED), (5, S.CLOSED), (2, S.RATED)):
        need = a_need(state=state, team=team, times_sent=1)
        Rating.objects.create(need=need, stars=stars, at=NOW)
    for state in (S.DONE, S.CONFIRMED, S.CLOSED):
        a_need(state=state, team=team, times_sent=1)
    a_need(state=S.WITHDRAWN)  # nobody came: there is nothing to rate
    a_need(state=S.CLOSED)
    a_need(created_at=LONG_AGO)

    found = seen()

    assert found.asked == 11
    assert dict(found.by_state) == {
        S.SUBMITTED: 1,
        S.DISPATCHED: 1,
        S.ACCEPTED: 1,
        S.RATED: 2,
        S.CLOSED: 3,
        S.DONE: 1,
        S.CONFIRMED: 1,
        S.WITHDRAWN: 1,
    }
    assert dict(found.sent_again) == {1: 7, 3: 1}
    assert dict(found.stars) == {5: 2, 2: 1}
    assert found.unrated == 3


def test_places_below_are_counted_the_latest_first():
    a_need(due_at=NOW + timedelta(hours=1))
    a_need(due_at=NOW - timedelta(hours=1), escalations=1)
    a_need(state=S.WAITING, due_at=NOW - timedelta(hours=1))  # the clock stands
    a_need(area_code=MENGBA_VILLAGE, due_at=NOW - timedelta(hours=1))
    a_need(area_code=MENGBA_VILLAGE, due_at=NOW, created_at=LONG_AGO)  # what is open is of now
    a_need(state=S.CLOSED)

    by_township = [(one.area.code, one.open, one.late, one.came_up) for one in seen().places]
    by_village = [(one.area.code, one.open, one.late, one.came_up) for one in seen(place=TUNZI).places]
    [village] = seen(place=MABAO).places

    assert by_township == [(MENGBA, 2, 2, 0), (TUNZI, 3, 1, 1)]
    assert by_village == [(MABAO, 3, 1, 1)]
    assert (village.area.code, village.open) == (MABAO, 3)


def test_a_sibling_township_and_who_holds_no_role_count_nothing():
    team = a_team()
    need = a_need(state=S.RATED, team=team, times_sent=1)
    Rating.objects.create(need=need, stars=5, at=NOW)
    a_step(need, S.SUBMITTED, S.VERIFIED, minutes=10)
    an_order(need, team, state=Said.PASSED_OVER)
    assert seen(a_dispatcher()).asked == 1

    for person in (a_dispatcher(MENGBA), a_person(), None):
        found = supervision(person, area(COUNTY), since=SINCE, at=NOW)
        assert (found.asked, found.unrated, found.stages, found.places) == (0, 0, (), ())
        assert (found.answers.asked, dict(found.stars), dict(found.sent_again)) == (0, {}, {})
        assert found.silent_teams == ()


def test_nothing_is_counted_of_an_area_but_what_lies_in_it():
    a_need()
    a_need(area_code=MENGBA_VILLAGE)

    assert [seen(place=place).asked for place in (COUNTY, TUNZI, MENGBA, MABAO)] == [2, 1, 1, 1]
    assert Need.objects.count() == 2
