"""Sites: readable by everybody without login; kept by the branch."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.build import (
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_team,
    a_volunteer,
    an_activity,
    an_office,
    area,
)
from tests.web.doors import log_in
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.organisations.models import ChecklistItem, OpeningHours, Site, SiteCheck, SiteLevel

pytestmark = pytest.mark.django_db
FACTS = {
    "name": "马堡新站",
    "level": "station",
    "area": MABAO,
    "team": "",
    "address": "",
    "phone": "",
    "duty_person": "",
}


def a_site(*, name="马堡村实践站", code=MABAO, opens=time(8, 30), closes=time(12), **facts):
    site = Site.objects.create(name=name, level=SiteLevel.STATION, area=area(code), grams=grams(name), **facts)
    OpeningHours.objects.create(site=site, weekday=TODAY.weekday(), opens=opens, closes=closes)
    return site


def test_the_list_finds_sites_by_words_township_level_and_what_is_open_now(client):
    a_site()
    a_site(name="孟坝村实践站", code=MENGBA_VILLAGE, opens=time(14), closes=time(18))

    def names_at(query):
        page = client.get(f"/sites/?{query}").content.decode()
        return [name for name in ("马堡村实践站", "孟坝村实践站") if name in page]

    assert names_at("") == ["马堡村实践站", "孟坝村实践站"]
    assert names_at("q=马堡") == ["马堡村实践站"]
    assert names_at(f"township={MENGBA}") == ["孟坝村实践站"]
    assert names_at("open=1") == ["马堡村实践站"]
    assert names_at("level=mobile") == []
    assert len(names_at("level=x&township=y&page=z")) == 2


def test_a_sites_page_shows_hours_duty_person_todays_activities_and_its_request_button_without_login(client):
    site = a_site(duty_person="王秀兰", phone="10000000044", address="村委会院内")
    SiteCheck.objects.create(site=site, item=ChecklistItem.HAVE_PLACE, met_on=TODAY - timedelta(days=9))
    an_activity(a_team(), title="今天义诊", starts_at=NOW + timedelta(hours=1))
    an_activity(a_team(), title="明天扫雪", starts_at=NOW + timedelta(days=1))

    page = client.get(f"/sites/{site.public_id}/").content.decode()

    hours = ("08:30–12:00", "王秀兰", "100 0000 0044", "村委会院内")
    for words in (*hours, "今天义诊", "明天扫雪", f"/ask/?site={site.public_id}", "2026-11-15"):
        assert words in page
    assert "/change/" not in page


def test_lists_and_pages_ask_as_often_for_three_as_for_one(client):
    def queries(address):
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    site = a_site()
    one = queries("/sites/"), queries(f"/sites/{site.public_id}/")
    for _each in range(2):
        a_site()
        an_activity(a_team(), starts_at=NOW + timedelta(hours=1))
        OpeningHours.objects.create(site=site, weekday=1, opens=time(13), closes=time(14))

    assert (queries("/sites/"), queries(f"/sites/{site.public_id}/")) == one
    assert max(one) <= 8


def test_the_office_opens_a_site_with_its_week(client):
    team = a_team()
    log_in(client, an_office(TUNZI))
    week = {"day0-0-opens": "08:30", "day0-0-closes": "12:00", "day6-1-opens": "14:00", "day6-1-closes": "17:30"}

    answer = client.post("/sites/new/", {**FACTS, **week, "team": team.public_id})

    site = Site.objects.get()
    assert answer.url == f"/sites/{site.public_id}/"
    assert site.team == team
    stretches = site.opening_hours.order_by("weekday").values_list("weekday", "opens", "closes")
    assert list(stretches) == [(0, time(8, 30), time(12)), (6, time(14), time(17, 30))]


def test_changing_a_site_begins_with_its_week_and_replaces_it(client):
    site = a_site()
    log_in(client, an_office(TUNZI))
    assert 'value="08:30"' in client.get(f"/sites/{site.public_id}/change/").content.decode()

    client.post(f"/sites/{site.public_id}/change/", FACTS)

    assert Site.objects.get().name == "马堡新站"
    assert not OpeningHours.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"area": MENGBA_VILLAGE},
        {"level": "castle"},
        {"phone": "x"},
        {"day0-0-opens": "12:00", "day0-0-closes": "08:00"},
        {"day0-0-opens": "08:00"},
        {"day0-0-opens": "late", "day0-0-closes": "later"},
    ],
)
def test_wrong_input_says_so_keeps_what_was_typed_and_opens_nothing(client, wrong):
    area(MENGBA_VILLAGE)
    log_in(client, an_office(TUNZI))

    answer = client.post("/sites/new/", {**FACTS, "duty_person": "王秀兰", **wrong})

    assert answer.status_code == 422
    assert "zy-err" in answer.content.decode()
    assert "王秀兰" in answer.content.decode()
    assert not Site.objects.exists()


def test_the_checklist_is_kept_on_one_page_and_only_what_changed_is_written(client):
    site = a_site()
    SiteCheck.objects.create(site=site, item="have_place", met_on=TODAY)
    SiteCheck.objects.create(site=site, item="have_sign", met_on=TODAY)
    log_in(client, an_office(TUNZI))

    client.post(f"/sites/{site.public_id}/check/", {"have_place": TODAY.isoformat(), "do_needs": "2026-01-02"})

    kept = {check.item: check.met_on.isoformat() for check in site.checks.all()}
    assert kept == {"have_place": TODAY.isoformat(), "do_needs": "2026-01-02"}


@pytest.mark.parametrize("day", ["2026-13-01", "soon", "2099-01-01"])
def test_a_day_that_cannot_be_is_refused_at_its_item(client, day):
    site = a_site()
    log_in(client, an_office(TUNZI))

    answer = client.post(f"/sites/{site.public_id}/check/", {"have_place": day, "have_sign": TODAY.isoformat()})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["have_place"]
    assert not site.checks.exists()


@pytest.mark.parametrize("what", ["change", "check"])
def test_strangers_to_the_branch_find_no_such_page_and_change_nothing(client, what):
    site = a_site()

    for person in (an_office(MENGBA), a_clerk(TUNZI), a_volunteer().person):
        log_in(client, person)
        assert client.get(f"/sites/{site.public_id}/{what}/").status_code == 404
        assert client.post(f"/sites/{site.public_id}/{what}/", {**FACTS, "have_place": "2026-01-01"}).status_code == 404
    assert Site.objects.get().name == "马堡村实践站"
    assert not SiteCheck.objects.exists()


def test_a_closed_site_says_so(client):
    site = a_site(until=TODAY)

    page = client.get(f"/sites/{site.public_id}/").content.decode()

    assert TODAY.isoformat() in page
    assert f"/ask/?area={MABAO}" not in page
    assert site.name not in client.get("/sites/").content.decode()
