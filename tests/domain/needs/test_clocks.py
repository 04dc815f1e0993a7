"""How long a stage may last, by urgency, over nights, weekends, holidays and made-up Sundays; and who may change it."""

from datetime import date, datetime, timedelta

import pytest

from tests.build import NOW, TODAY, a_need, a_team
from tests.clock import SHANGHAI
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.models import ParameterValue, SpecialDay
from zhiyuan.domain.needs.clocks import LIMITS, WORKING, Clocks, Times, is_at_risk, is_overdue
from zhiyuan.domain.needs.models import ENDED, OPEN, NeedState, Urgency

S = NeedState
URGENT, NORMAL, PLANNED = Urgency.URGENT, Urgency.NORMAL, Urgency.PLANNED


def clock(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("urgency", "state", "start", "warned", "due"),
    [
        # a working day is seven hours: 8:30 to 12:00 and 14:30 to 18:00
        (NORMAL, S.SUBMITTED, "2026-11-24T09:00", "2026-11-24T17:06", "2026-11-25T09:00"),
        (NORMAL, S.SUBMITTED, "2026-11-24T03:00", "2026-11-24T16:36", "2026-11-24T18:00"),
        (NORMAL, S.SUBMITTED, "2026-11-24T12:30", "2026-11-25T10:36", "2026-11-25T12:00"),
        # over a weekend
        (NORMAL, S.SUBMITTED, "2026-11-27T16:00", "2026-11-30T14:36", "2026-11-30T16:00"),
        (NORMAL, S.SUBMITTED, "2026-11-28T10:00", "2026-11-30T16:36", "2026-11-30T18:00"),
        (PLANNED, S.SUBMITTED, "2026-11-27T09:00", "2026-11-30T15:42", "2026-12-01T09:00"),
        # a Sunday that is worked before Mid-Autumn, and a Saturday before Spring Festival
        (NORMAL, S.VERIFIED, "2026-09-19T20:00", "2026-09-20T16:36", "2026-09-20T18:00"),
        (NORMAL, S.VERIFIED, "2026-02-14T17:00", "2026-02-24T15:36", "2026-02-24T17:00"),
        (NORMAL, S.DISPATCHED, "2026-02-16T09:00", "2026-02-24T16:36", "2026-02-24T18:00"),
        # the year's end: New Year is free to Saturday, Sunday the 4th is worked
        (NORMAL, S.VERIFIED, "2025-12-31T17:00", "2026-01-04T15:36", "2026-01-04T17:00"),
        (PLANNED, S.ACCEPTED, "2025-12-29T08:30", "2026-01-04T18:00", "2026-01-05T18:00"),
        # what is wanted today is wanted on a Saturday night and at New Year too
        (URGENT, S.SUBMITTED, "2026-11-28T23:30", "2026-11-29T00:18", "2026-11-29T00:30"),
        (URGENT, S.DISPATCHED, "2026-02-17T10:00", "2026-02-17T10:48", "2026-02-17T11:00"),
        (URGENT, S.OFFERED, "2025-12-31T23:00", "2026-01-01T00:36", "2026-01-01T01:00"),
        # visits and thanks go by the calendar
        (NORMAL, S.SCHEDULED, "2026-11-28T10:00", "2026-11-29T05:12", "2026-11-29T10:00"),
        (PLANNED, S.DONE, "2026-02-13T12:00", "2026-02-19T02:24", "2026-02-20T12:00"),
    ],
)
def test_when_a_stage_is_at_risk_and_when_it_is_late(urgency, state, start, warned, due):
    times = Clocks.usual().times(urgency, state, start=clock(start))

    assert times == Times(clock(warned), clock(due))


def test_every_open_state_has_a_limit_for_every_urgency_and_no_ended_one_has():
    limited = {(urgency, state) for urgency in Urgency for state in OPEN}

    assert set(LIMITS) == set(WORKING) == limited
    assert [Clocks.usual().times(NORMAL, state, start=NOW) for state in ENDED] == [None] * len(ENDED)


@pytest.mark.parametrize("state", OPEN)
def test_the_more_urgent_never_has_more_time(state):
    limits = [LIMITS[urgency, state].default for urgency in (URGENT, NORMAL, PLANNED)]
    dues = [Clocks.usual().times(urgency, state, start=NOW).due_at for urgency in (URGENT, NORMAL, PLANNED)]

    assert (limits, dues) == (sorted(limits), sorted(dues))


def test_a_pause_keeps_what_was_used():
    fresh, resumed = (Clocks.usual().times(NORMAL, S.SUBMITTED, start=NOW, used=used) for used in (0, 240))

    assert fresh.due_at == clock("2026-11-25T09:00")
    assert resumed == Times(clock("2026-11-24T11:24"), clock("2026-11-24T12:00"))


def test_what_had_no_time_left_before_a_pause_is_late_at_once():
    assert Clocks.usual().times(NORMAL, S.SUBMITTED, start=NOW, used=421) == Times(NOW, NOW)


def test_how_long_a_stage_ran_is_counted_in_its_own_time():
    clocks, monday = Clocks.usual(), clock("2026-11-30T09:00")
    friday = clock("2026-11-27T17:00")

    assert clocks.minutes_in(NORMAL, S.SUBMITTED, start=friday, end=monday) == 90
    assert clocks.minutes_in(URGENT, S.SUBMITTED, start=friday, end=monday) == 64 * 60
    assert clocks.minutes_in(NORMAL, S.DONE, start=friday, end=monday) == 64 * 60
    assert clocks.minutes_in(URGENT, S.SUBMITTED, start=monday, end=friday) == 0


# What a county sets -------------------------------------------------------------------------------------------------


def set_to(value, *, name, since=TODAY):
    ParameterValue.objects.create(name=name, value=value, since=since, reason="试", set_by="system", set_at=NOW)


@pytest.mark.django_db
def test_a_countys_own_value_holds_from_its_day():
    set_to(30, name="need.normal.submitted")
    set_to(60, name="need.normal.submitted", since=TODAY + timedelta(days=2))

    def minutes(day):
        return Clocks.on(day).limit(NORMAL, S.SUBMITTED)

    days = [TODAY + timedelta(days=n) for n in (-1, 0, 1, 2, 30)]
    assert [minutes(day) for day in days] == [420, 30, 30, 60, 60]
    assert Clocks.on(TODAY).limit(URGENT, S.SUBMITTED) == 60


@pytest.mark.django_db
def test_a_county_may_count_by_the_calendar_and_warn_earlier():
    set_to(0, name="need.normal.submitted.working")
    set_to(50, name="need.warn")
    friday = clock("2026-11-27T16:00")

    times = Clocks.on(local_day(friday)).times(NORMAL, S.SUBMITTED, start=friday)

    assert times == Times(friday + timedelta(minutes=210), friday + timedelta(hours=7))


@pytest.mark.django_db
def test_a_countys_own_free_day_and_hours_hold():
    SpecialDay.objects.create(
        day=date(2026, 11, 25), worked=False, name_zh="县庆", name_en="Fair", source="县政府", set_by="x", set_at=NOW
    )
    set_to(19 * 60, name="work.closes")

    times = Clocks.on(TODAY).times(NORMAL, S.SUBMITTED, start=clock("2026-11-24T16:00"))

    assert times.due_at == clock(
        "2026-11-26T15:00"
    )  # three hours today, then Thursday's 8:30 to 12:00 and half an hour


# A need's clock -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes_left", "risk", "late"),
    [(-1, False, True), (0, False, True), (1, True, False), (60, True, False), (61, False, False)],
)
def test_a_need_is_at_risk_in_the_last_part_of_its_time_and_late_from_its_minute_on(minutes_left, risk, late):
    due_at = NOW + timedelta(minutes=minutes_left)
    need = a_need(due_at=due_at, warn_at=due_at - timedelta(hours=1))

    assert (is_at_risk(need, NOW), is_overdue(need, NOW)) == (risk, late)


@pytest.mark.django_db
def test_nobody_is_late_with_thanks():
    need = a_need(state=S.DONE, team=a_team(), due_at=NOW - timedelta(days=1))

    assert not is_overdue(need, NOW)
