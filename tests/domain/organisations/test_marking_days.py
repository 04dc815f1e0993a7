"""Holidays and make-up days that the county adds, changes or takes back."""

from datetime import date, timedelta

import pytest

from tests.build import NOW, TODAY, TUNZI, an_auditor, an_office
from zhiyuan.domain.foundation.calendar import special_days, work_calendar
from zhiyuan.domain.foundation.models import SpecialDay
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.marking_days import (
    DayObstacle,
    days_of_year,
    forget_special_days,
    missing_year,
    obstacle_to_special_days,
    set_special_days,
    years_of_days,
)
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db
NEW_YEAR, SATURDAY = date(2027, 1, 1), date(2027, 1, 9)
SAID = {"name_zh": "元旦", "source": "国办发明电〔2026〕9号"}


def mark(by, first=NEW_YEAR, last=None, *, worked=False, **facts):
    set_special_days(first, last or first, worked=worked, **{**SAID, **facts}, by=by, at=NOW)


def refused(by, *args, **facts):
    with pytest.raises(Refused) as refusal:
        mark(by, *args, **facts)
    return refusal.value.obstacle


def test_a_holiday_of_several_days_is_free_and_a_make_up_saturday_is_worked():
    office = an_office()

    mark(office, NEW_YEAR, date(2027, 1, 3))
    mark(office, SATURDAY, worked=True, name_zh="元旦调休上班")

    calendar = work_calendar(on=TODAY)
    assert [calendar.is_workday(NEW_YEAR), calendar.is_workday(SATURDAY)] == [False, True]
    stretches = [(one.first, one.last, one.day.name_zh, one.own) for one in days_of_year(2027)]
    assert stretches == [(NEW_YEAR, date(2027, 1, 3), "元旦", True), (SATURDAY, SATURDAY, "元旦调休上班", True)]
    assert special_days()[NEW_YEAR].name_en == "元旦"


def test_each_day_is_noted_with_its_date():
    mark(an_office(), NEW_YEAR, date(2027, 1, 2))

    noted = JournalEntry.objects.order_by("seq").values_list("action", "object", "facts")
    assert list(noted) == [
        ("special_day.set", "day:2027-01-01", {"worked": False}),
        ("special_day.set", "day:2027-01-02", {"worked": False}),
    ]


def test_what_stands_in_the_way_of_a_day():
    office, yesterday = an_office(), TODAY - timedelta(days=1)

    assert refused(office, SATURDAY, NEW_YEAR) == DayObstacle.BACKWARDS
    assert refused(office, NEW_YEAR, date(2027, 1, 17)) == DayObstacle.TOO_MANY
    assert refused(office, yesterday) == DayObstacle.PAST
    assert refused(office, date(2029, 1, 1)) == DayObstacle.TOO_FAR
    assert refused(office, TODAY, worked=True) == DayObstacle.UNCHANGED
    assert obstacle_to_special_days(SATURDAY, SATURDAY, worked=False, at=NOW) is None  # a holiday on a weekend


def test_only_the_county_sets_and_takes_back_days():
    mark(an_office())

    for person in (an_office(TUNZI), an_auditor()):
        assert refused(person, SATURDAY, worked=True) == AccessObstacle.NOT_YOURS
        with pytest.raises(Refused) as refusal:
            forget_special_days(NEW_YEAR, NEW_YEAR, by=person, at=NOW)
        assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_a_day_that_is_taken_back_is_again_as_it_shipped():
    office = an_office()
    mark(office, NEW_YEAR, date(2027, 1, 3))

    forget_special_days(date(2027, 1, 2), date(2027, 1, 3), by=office, at=NOW)

    assert list(SpecialDay.objects.values_list("day", flat=True)) == [NEW_YEAR]
    assert work_calendar(on=TODAY).is_workday(NEW_YEAR) is False
    with pytest.raises(Refused) as refusal:
        forget_special_days(SATURDAY, SATURDAY, by=office, at=NOW)
    assert refusal.value.obstacle == DayObstacle.NOT_OURS


def test_shipped_days_stand_year_by_year_in_stretches():
    national = next(one for one in days_of_year(2024) if one.day.name_zh == "国庆节")

    assert (national.first, national.last, national.count) == (date(2024, 10, 1), date(2024, 10, 7), 7)
    assert national.day.source == "国办发明电〔2023〕7号"
    assert years_of_days(TODAY) == [2027, 2026, 2025, 2024]


def test_from_november_on_the_next_year_is_missed_until_one_of_its_days_is_known():
    assert missing_year(date(2026, 10, 31)) is None
    assert missing_year(date(2026, 11, 1)) == 2027

    mark(an_office())

    assert missing_year(TODAY) is None
