"""Working days of 2024 to 2026 as announced, at the edges of days and years; minutes against a slow count."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyuan.domain.foundation.calendar import shipped_days
from zhiyuan.engines.workdays import NoWorkingTime, WorkCalendar

CHINA = WorkCalendar({day: special.worked for day, special in shipped_days().items()})
clock = datetime.fromisoformat
FREE = [
    *(date(2024, 1, 1) + timedelta(days=n) for n in range(1)),
    *(date(2024, 2, 10) + timedelta(days=n) for n in range(8)),
    *(date(2024, 4, 4) + timedelta(days=n) for n in range(3)),
    *(date(2024, 5, 1) + timedelta(days=n) for n in range(5)),
    date(2024, 6, 10),
    *(date(2024, 9, 15) + timedelta(days=n) for n in range(3)),
    *(date(2024, 10, 1) + timedelta(days=n) for n in range(7)),
    date(2025, 1, 1),
    *(date(2025, 1, 28) + timedelta(days=n) for n in range(8)),
    *(date(2025, 4, 4) + timedelta(days=n) for n in range(3)),
    *(date(2025, 5, 1) + timedelta(days=n) for n in range(5)),
    *(date(2025, 5, 31) + timedelta(days=n) for n in range(3)),
    *(date(2025, 10, 1) + timedelta(days=n) for n in range(8)),
    *(date(2026, 1, 1) + timedelta(days=n) for n in range(3)),
    *(date(2026, 2, 15) + timedelta(days=n) for n in range(9)),
    *(date(2026, 4, 4) + timedelta(days=n) for n in range(3)),
    *(date(2026, 5, 1) + timedelta(days=n) for n in range(5)),
    *(date(2026, 6, 19) + timedelta(days=n) for n in range(3)),
    *(date(2026, 9, 25) + timedelta(days=n) for n in range(3)),
    *(date(2026, 10, 1) + timedelta(days=n) for n in range(7)),
]
MADE_UP = [
    *(date(2024, *day) for day in ((2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12))),
    *(date(2025, *day) for day in ((1, 26), (2, 8), (4, 27), (9, 28), (10, 11))),
    *(date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))),
]


@pytest.mark.parametrize("day", FREE, ids=str)
def test_a_holiday_is_free(day):
    assert not CHINA.is_workday(day)


@pytest.mark.parametrize("day", MADE_UP, ids=str)
def test_a_saturday_or_sunday_that_makes_up_for_a_holiday_is_worked(day):
    assert (CHINA.is_workday(day), day.weekday() >= 5) == (True, True)


def test_no_other_day_of_the_three_years_differs_from_monday_to_friday():
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366 + 365 + 365)]

    differing = [day for day in days if CHINA.is_workday(day) != (day.weekday() < 5)]

    assert differing == sorted([day for day in FREE if day.weekday() < 5] + MADE_UP)


# working days a year = weekdays - holidays on weekdays + make-up days, counted by hand from the announcements
@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year, days):
    assert CHINA.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == days


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2024, 2, 9), 1, date(2024, 2, 18)),  # Friday before Spring Festival → the make-up Sunday after it
        (date(2024, 2, 2), 1, date(2024, 2, 4)),  # Friday → the make-up Sunday before it
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2024, 12, 31), 1, date(2025, 1, 2)),  # over New Year
        (date(2025, 1, 27), 1, date(2025, 2, 5)),
        (date(2025, 9, 30), 3, date(2025, 10, 11)),  # 9, 10, and the make-up Saturday
        (date(2025, 12, 31), 1, date(2026, 1, 4)),  # three free days, then a worked Sunday
        (date(2026, 2, 13), 2, date(2026, 2, 24)),  # the worked Saturday, then nine free days
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 11, 21), 0, date(2026, 11, 21)),  # none: a Saturday stays what it is
        (date(2026, 11, 20), 10, date(2026, 12, 4)),  # the law's ten for records
    ],
)
def test_the_nth_working_day_after_a_day(start, count, end):
    assert CHINA.add_workdays(start, count) == end


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-11-24 08:30", 210, "2026-11-24 12:00"),  # to the very end of the morning
        ("2026-11-24 08:30", 211, "2026-11-24 14:31"),  # one more falls into the afternoon
        ("2026-11-24 12:30", 60, "2026-11-24 15:30"),  # asked at noon
        ("2026-11-24 17:59", 2, "2026-11-25 08:31"),
        ("2026-11-24 23:59", 30, "2026-11-25 09:00"),
        ("2026-11-25 00:00", 30, "2026-11-25 09:00"),
        ("2026-11-27 17:00", 120, "2026-11-30 09:30"),  # Friday evening → Monday
        ("2026-12-31 17:00", 120, "2027-01-01 09:30"),  # 2027 is not announced yet: a Friday is a Friday
        ("2025-12-31 17:30", 60, "2026-01-04 09:00"),  # over the year's end into a worked Sunday
        ("2026-02-14 17:00", 480, "2026-02-24 18:00"),  # the worked Saturday, nine free days, a Tuesday
        ("2026-11-28 10:00", 0, "2026-11-30 08:30"),  # nothing to do on a Saturday: when work next begins
        ("2026-11-24 09:00", 0, "2026-11-24 09:00"),
    ],
)
def test_when_working_minutes_are_over(start, minutes, end):
    assert CHINA.add_minutes(clock(start), minutes) == clock(end)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2026-11-24 08:00", "2026-11-24 08:30", 0),
        ("2026-11-24 08:00", "2026-11-24 19:00", 420),
        ("2026-11-24 11:00", "2026-11-24 15:00", 90),
        ("2026-11-27 17:00", "2026-11-30 09:30", 120),
        ("2025-12-31 17:30", "2026-01-04 09:00", 60),
        ("2026-11-24 10:00", "2026-11-24 09:00", 0),
    ],
)
def test_working_minutes_between(start, end, minutes):
    assert CHINA.minutes_between(clock(start), clock(end)) == minutes


def _slowly(start: datetime, end: datetime) -> int:
    """Working minutes by looking at each minute."""
    count = int((end - start) / timedelta(minutes=1))
    moments = (start + timedelta(minutes=n) for n in range(count))
    return sum(
        CHINA.is_workday(one.date()) and any(a <= one.hour * 60 + one.minute < b for a, b in CHINA.stretches)
        for one in moments
    )


moments = st.datetimes(clock("2024-01-01 00:00"), clock("2026-12-20 00:00")).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@given(moments, st.integers(0, 9 * 24 * 60))
def test_minutes_between_are_those_that_one_counts(start, length):
    end = start + timedelta(minutes=length)

    assert CHINA.minutes_between(start, end) == _slowly(start, end)


@given(moments, st.integers(0, 5000))
def test_what_is_added_lies_between(start, minutes):
    assert CHINA.minutes_between(start, CHINA.add_minutes(start, minutes)) == minutes


def test_a_calendar_without_work_ends_the_search():
    never = WorkCalendar({}, stretches=())

    with pytest.raises(NoWorkingTime):
        never.add_minutes(clock("2026-11-24 00:00"), 1)
