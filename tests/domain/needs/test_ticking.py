"""What the clock does by itself: warns, asks again, passes over, carries up, tells again, puts away; each once."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    NOW,
    TUNZI,
    a_clerk,
    a_leader,
    a_need,
    a_person,
    a_team,
    area,
    order_of,
)
from tests.domain.foundation.race import race
from tests.domain.needs.told import told
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.needs import ticking
from zhiyuan.domain.needs.models import ENDED, Alarm, Need, NeedState, Order, Rating, TeamRecord, Transition, Urgency
from zhiyuan.domain.needs.rating import finish_follow_up, rate_need
from zhiyuan.domain.needs.ticking import tick
from zhiyuan.domain.notices.models import Message

pytestmark = pytest.mark.django_db
S, K = NeedState, Alarm.Kind
HOME = "10000990017"  # nobody else's telephone
A_MINUTE, A_DAY = timedelta(minutes=1), timedelta(days=1)


def running_out(**facts):
    """A need whose clock rings now, before it is late."""
    return a_need(**{"phone": HOME, "alarm_at": NOW, "warn_at": NOW, "due_at": NOW + timedelta(hours=1), **facts})


def overdue(**facts):
    return a_need(**{"phone": HOME, "alarm_at": NOW, "warn_at": NOW - timedelta(hours=1), "due_at": NOW, **facts})


def kinds(need):
    return list(Alarm.objects.filter(need=need).order_by("pk").values_list("kind", flat=True))


def everything():
    """All that a tick may write."""
    rows = [list(model.objects.order_by("pk").values()) for model in (Need, Order, Alarm, Transition, TeamRecord)]
    return rows, Message.objects.count(), JournalEntry.objects.count()


def test_before_it_is_late_whose_turn_it_is_is_told_once():
    clerk, above, need = a_clerk(TUNZI), a_clerk(COUNTY), running_out()

    assert (tick(NOW - A_MINUTE), tick(NOW), tick(NOW), tick(NOW + A_MINUTE)) == (0, 1, 0, 0)

    need.refresh_from_db()
    assert kinds(need) == [K.WARNED]
    assert (need.state, need.desk_id, need.alarm_at) == (S.SUBMITTED, TUNZI, need.due_at)
    assert [told(phone) for phone in (clerk.phone, above.phone, need.phone)] == [1, 0, 0]


@pytest.mark.parametrize("state", [S.ACCEPTED, S.SCHEDULED, S.SERVING])
def test_the_team_that_has_it_is_warned_too(state):
    team = a_team()
    leader, clerk, need = a_leader(team), a_clerk(TUNZI), running_out(state=state, team=team)

    tick(NOW)

    assert (kinds(need), told(leader.phone), told(clerk.phone)) == ([K.WARNED], 1, 1)


@pytest.mark.parametrize("state", [S.SUBMITTED, S.VERIFIED, S.ACCEPTED, S.SCHEDULED, S.SERVING, S.REFERRED])
@pytest.mark.parametrize("urgency", Urgency)
def test_what_is_overdue_goes_up_desk_by_desk_and_never_vanishes(state, urgency):
    team = a_team() if state in (S.ACCEPTED, S.SCHEDULED, S.SERVING) else None
    people = [a_clerk(code) for code in (MABAO, TUNZI, COUNTY)]
    sibling = a_clerk(MENGBA)
    need = overdue(state=state, team=team, desk=area(MABAO), urgency=urgency)

    desks, moments = [], []
    for _ in range(4):
        moments.append(need.alarm_at)
        assert tick(need.alarm_at) == 1
        need.refresh_from_db()
        desks.append(need.desk_id)

    assert desks == [TUNZI, COUNTY, COUNTY, COUNTY]
    assert kinds(need) == [K.ESCALATED, K.ESCALATED, K.OVERDUE, K.OVERDUE]
    assert (need.state, need.team, need.escalations, need.due_at) == (state, team, 2, NOW)
    assert [told(person.phone) for person in (*people, sibling)] == [0, 1, 3, 0]
    assert told(need.phone) == 2  # once for each desk that it went up to
    assert moments[3] - moments[2] >= A_DAY  # the county, above which there is none, once a day


def test_a_team_that_stays_silent_is_asked_again_then_passed_over():
    team = a_team()
    leader, clerk, above = a_leader(team), a_clerk(TUNZI), a_clerk(COUNTY)
    need = running_out(state=S.DISPATCHED, team=team)

    tick(NOW)
    need.refresh_from_db()
    order = order_of(need)
    assert (need.state, order.state, order.reminded_at) == (S.DISPATCHED, Order.State.OPEN, NOW)
    assert [told(phone) for phone in (leader.phone, clerk.phone, need.phone)] == [1, 0, 0]

    tick(need.due_at)
    late_at = need.due_at
    need.refresh_from_db()
    order.refresh_from_db()
    record, step = TeamRecord.objects.get(team=team), Transition.objects.get()
    assert kinds(need) == [K.ASKED_AGAIN, K.PASSED_OVER]
    assert (need.state, need.desk_id, need.escalations) == (S.VERIFIED, COUNTY, 1)
    assert (order.state, order.answered_by, order.answered_at) == (Order.State.PASSED_OVER, None, late_at)
    assert (record.open_orders, record.silent, record.declined) == (0, 1, 0)
    assert (step.by, step.by_clock, step.late) == (None, True, True)
    assert [told(phone) for phone in (leader.phone, clerk.phone, above.phone, need.phone)] == [2, 0, 1, 1]


def test_what_nobody_claimed_comes_back_one_desk_higher():
    above = a_clerk(COUNTY)
    need = overdue(state=S.OFFERED, offered_in=area(TUNZI))

    tick(NOW)

    need.refresh_from_db()
    assert (need.state, need.offered_in, need.desk_id, kinds(need)) == (S.VERIFIED, None, COUNTY, [K.PASSED_OVER])
    assert (told(above.phone), told(need.phone)) == (1, 1)


def test_whoever_does_not_answer_a_question_is_called_again_and_the_clock_stands():
    clerk = a_clerk(TUNZI)
    need = a_need(state=S.WAITING, alarm_at=NOW, phone=HOME)

    tick(NOW)
    need.refresh_from_db()
    rings_again = need.alarm_at
    tick(rings_again)

    need.refresh_from_db()
    assert (need.state, need.due_at, need.desk_id, need.escalations) == (S.WAITING, None, TUNZI, 0)
    assert kinds(need) == [K.CALL_AGAIN, K.CALL_AGAIN]
    assert NOW < rings_again < need.alarm_at
    assert (told(clerk.phone), told(need.phone)) == (2, 0)


# Thanks -------------------------------------------------------------------------------------------------------------


def test_whoever_says_nothing_is_asked_once_more_and_then_it_is_not_rated():
    grid_worker = a_person()
    need = running_out(state=S.DONE, team=a_team(), entered_by=grid_worker)

    tick(NOW)
    assert (kinds(need), told(need.phone)) == ([K.RATING_ASKED], 1)
    tick(need.due_at)

    need.refresh_from_db()
    step = Transition.objects.get()
    assert (need.state, need.alarm_at, step.by_clock) == (S.CLOSED, None, True)
    assert (Rating.objects.count(), told(need.phone), told(grid_worker.phone)) == (0, 1, 1)


@pytest.mark.parametrize("state", [S.CONFIRMED, S.RATED])
def test_what_is_good_is_put_away_in_silence(state):
    need = running_out(state=state, team=a_team())

    tick(NOW)
    tick(need.due_at)

    need.refresh_from_db()
    assert (need.state, kinds(need), Message.objects.count()) == (S.CLOSED, [], 0)


def test_a_low_rating_is_never_put_away_by_the_clock():
    people = [a_clerk(code) for code in (TUNZI, COUNTY)]
    need = a_need(state=S.DONE, team=a_team())
    rate_need(need, 1, "没修好", by=None, at=NOW)

    seen = []
    for _ in range(5):
        need.refresh_from_db()
        tick(need.alarm_at)
        need.refresh_from_db()
        seen.append((need.state, need.desk_id))

    assert seen == [(S.RATED, TUNZI), *[(S.RATED, COUNTY)] * 4]
    assert kinds(need) == [K.WARNED, K.ESCALATED, *[K.OVERDUE] * 3]
    assert [told(person.phone) for person in people] == [1, 4]
    finish_follow_up(need, "再去了一次", by=people[1], at=need.alarm_at)
    assert Need.objects.get().state == S.CLOSED


# Once and no more ---------------------------------------------------------------------------------------------------


def one_of_each():
    """A need for each thing that the clock does."""
    team = a_team()
    for state in (S.SUBMITTED, S.VERIFIED, S.REFERRED, S.DISPATCHED, S.ACCEPTED, S.DONE, S.CONFIRMED):
        for ring in (running_out, overdue):
            ring(state=state, team=team if state not in (S.SUBMITTED, S.VERIFIED, S.REFERRED) else None)
    overdue(state=S.OFFERED, offered_in=area(COUNTY))
    a_need(state=S.WAITING, alarm_at=NOW)


def test_run_twice_at_a_moment_it_changes_nothing():
    a_clerk(TUNZI)
    one_of_each()

    assert tick(NOW) == 16
    before = everything()
    assert tick(NOW) == 0
    assert everything() == before


def test_what_has_ended_or_has_time_is_left_alone():
    for state in ENDED:
        a_need(state=state, merged_into=a_need() if state == S.MERGED else None)
    before = everything()

    assert tick(NOW) == 0
    assert everything() == before


def test_killed_between_two_batches_it_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr(ticking, "A_BATCH", 3)
    one_of_each()

    assert ticking._tick_once(NOW) == 3  # then the program is killed
    assert Alarm.objects.count() <= 3
    assert tick(NOW) == 13

    rung = Alarm.objects.values_list("need", "kind")
    assert len(rung) == len(set(rung)) == 13  # all but those that are put away or go by in silence


def test_a_batch_that_fails_leaves_nothing_of_itself_behind(monkeypatch):
    one_of_each()
    before = everything()

    def power_cut(_self):
        raise OSError("no power")

    with monkeypatch.context() as broken:
        broken.setattr(ticking._Round, "finish", power_cut)
        with pytest.raises(OSError, match="no power"):
            tick(NOW)
    assert everything() == before
    assert tick(NOW) == 16


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_do_each_thing_once():
    a_clerk(TUNZI)
    one_of_each()

    dealt_with = race([partial(tick, NOW), partial(tick, NOW)])

    assert sum(dealt_with) == 16
    assert tick(NOW) == 0
    rung = Alarm.objects.values_list("need", "kind")
    assert len(rung) == len(set(rung)) == 13
    assert Transition.objects.filter(by_clock=True).count() == 4  # passed over twice, put away twice


def test_a_desk_with_many_is_told_once_an_hour():
    clerk = a_clerk(TUNZI)
    for minutes in (0, 0, 0, 10, 70):
        running_out(alarm_at=NOW + timedelta(minutes=minutes), due_at=NOW + A_DAY)

    for minutes in (0, 10, 70):
        tick(NOW + timedelta(minutes=minutes))

    assert (Alarm.objects.count(), told(clerk.phone)) == (5, 2)


def test_many_are_warned_with_as_many_queries_as_few():
    a_clerk(TUNZI)

    def queries(count):
        for _ in range(count):
            running_out()
        with CaptureQueriesContext(connection) as asked:
            assert tick(NOW) == count
        return len(asked)

    queries(1)  # the clerk is told, the journal has begun
    assert queries(12) == queries(2)
