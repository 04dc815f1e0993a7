"""The county's settings and special days, on their pages."""

from datetime import timedelta

import pytest

from tests.build import COUNTY, NOW, TODAY, TUNZI, a_clerk, an_auditor, an_office
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.foundation.calendar import CLOSES
from zhiyuan.domain.foundation.models import ParameterValue, SpecialDay
from zhiyuan.domain.foundation.parameters import Parameter, Unit, parameters
from zhiyuan.domain.organisations.setting import set_parameter, setting_on
from zhiyuan.web.organisations.setting_forms import SettingForm
from zhiyuan.web.organisations.setting_words import in_words

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=7)
ONE = "/settings/value/work.closes/"
PAGES = ("/settings/", ONE, "/settings/days/")


def say(by, value, *, since=TODAY):
    set_parameter(CLOSES, value, since=since, reason="冬季作息", by=by, at=NOW)


def test_only_who_sets_for_the_whole_county_finds_the_pages(client):
    for person in (a_clerk(COUNTY), an_office(TUNZI), an_auditor()):
        log_in(client, person)
        assert [client.get(page).status_code for page in PAGES] == [404, 404, 404]
        assert client.post(ONE, {"value": "17:30", "since": TODAY, "reason": "冬"}).status_code == 404
    log_in(client, an_office())
    assert [client.get(page).status_code for page in PAGES] == [200, 200, 200]
    assert ParameterValue.objects.count() == 0


def test_every_parameter_stands_on_the_page_with_its_value_in_words(client):
    log_in(client, an_office())

    page = client.get("/settings/").content.decode()

    assert [one.name for one in parameters() if f"/settings/value/{one.name}/" not in page] == []
    assert "08:30" in page
    assert "60 天" in page


def test_a_coming_value_is_shown_as_coming_with_who_and_why_in_its_history(client):
    office = an_office()
    say(office, 17 * 60 + 30, since=LATER)
    log_in(client, office)

    assert f"{LATER.isoformat()} 起：17:30" in client.get("/settings/").content.decode()
    page = client.get(ONE).content.decode()
    assert "冬季作息" in page
    assert office.name in page


def test_a_clock_is_typed_as_a_clock_and_holds_from_its_day(client):
    log_in(client, an_office())

    answer = client.post(ONE, {"value": "17:30", "since": LATER.isoformat(), "reason": "冬季作息"})

    assert answer.status_code == 302
    assert ParameterValue.objects.values_list("name", "value", "since").get() == ("work.closes", 17 * 60 + 30, LATER)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value": "18:00"}, "那天本来就是这个数"),
        ({"value": "13:00"}, "上下班时间就颠倒"),
        ({"since": "2026-11-23"}, "新数从今天或以后某天起用"),
        ({"reason": ""}, "请写明理由"),
        ({"value": ""}, "请填一个数"),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(client, typed, words):
    log_in(client, an_office())

    answer = client.post(ONE, {"value": "17:30", "since": TODAY.isoformat(), "reason": "冬季作息", **typed})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert ParameterValue.objects.count() == 0


def test_a_number_out_of_range_is_told_its_limits():
    days = Parameter("test.days", "Test", "Days", Unit.DAYS, 5, 1, 10)
    form = SettingForm({"value": "11", "since": TODAY, "reason": "试"}, setting=setting_on(days, TODAY))

    assert form.errors["value"] == ["请填 1 天到 10 天之间的数。"]


def test_a_parameter_that_nobody_declared_is_not_there(client):
    log_in(client, an_office())

    assert client.get("/settings/value/no.such/").status_code == 404


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (510, Unit.CLOCK, "08:30"),
        (480, Unit.MINUTES, "8 小时"),
        (90, Unit.MINUTES, "1 小时 30 分"),
        (2880, Unit.MINUTES, "48 小时"),
        (45, Unit.MINUTES, "45 分"),
        (3, Unit.DAYS, "3 天"),
        (3, Unit.WORKDAYS, "3 个工作日"),
        (14, Unit.YEARS, "14 周岁"),
        (2, Unit.TIMES, "2 次"),
        (80, Unit.PERCENT, "80%"),
        (1, Unit.SWITCH, "是"),
        (0, Unit.SWITCH, "否"),
    ],
)
def test_numbers_are_said_as_people_say_them(value, unit, words):
    assert in_words(value, unit) == words


def test_the_pages_ask_as_often_for_three_changes_as_for_one(client):
    office = an_office()
    log_in(client, office)
    say(office, 17 * 60)
    one = [queries_of(client, page) for page in PAGES]
    say(office, 17 * 60 + 10)
    say(an_office(), 17 * 60 + 20)

    assert [queries_of(client, page) for page in PAGES] == one
    assert max(one) <= 8


def test_days_are_shown_year_by_year_with_their_source(client):
    log_in(client, an_office())

    page = client.get("/settings/days/?year=2026").content.decode()

    assert "国庆节" in page
    assert "国办发明电〔2025〕7号" in page
    assert "还没有 2027 年的放假安排" in page


def test_days_are_added_and_taken_back(client):
    log_in(client, an_office())
    stretch = {"first": "2027-01-01", "last": "2027-01-03"}

    added = client.post(
        "/settings/days/", {**stretch, "worked": "0", "name_zh": "元旦", "source": "国办发明电〔2026〕9号"}
    )

    assert added["Location"] == "/settings/days/?year=2027"
    assert SpecialDay.objects.filter(worked=False, name_zh="元旦").count() == 3
    page = client.get("/settings/days/?year=2027").content.decode()
    assert "元旦" in page
    assert "还没有 2027 年的放假安排" not in page
    assert client.post("/settings/days/forget/", stretch).status_code == 302
    assert SpecialDay.objects.count() == 0


def test_a_day_that_is_over_is_refused_at_its_field(client):
    log_in(client, an_office())

    answer = client.post(
        "/settings/days/", {"first": "2026-11-20", "worked": "0", "name_zh": "停工", "source": "县政府通知"}
    )

    assert answer.status_code == 422
    assert "过去的日子不再改" in answer.content.decode()


def test_what_is_no_day_cannot_be_taken_back(client):
    log_in(client, an_office())

    for junk in ("", "2027-02-31", "x"):
        assert client.post("/settings/days/forget/", {"first": junk, "last": "2027-01-01"}).status_code == 404
