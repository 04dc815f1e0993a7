"""The public home and the figures behind it."""

import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.build import (
    BAOCHENG,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    TODAY,
    TOMORROW,
    TUNZI,
    YESTERDAY,
    a_county,
    a_dispatcher,
    a_leader,
    a_need,
    a_service_record,
    a_team,
    a_volunteer,
    an_activity,
    an_auditor,
    an_office,
    area,
)
from tests.web.doors import log_in
from zhiyuan.domain.bulletin.figures import FIGURES, ON_HOME
from zhiyuan.domain.needs.models import NeedState
from zhiyuan.domain.organisations.models import OpeningHours, Site, SiteLevel
from zhiyuan.domain.people.phones import spaced_phone

pytestmark = pytest.mark.django_db


def shown(client, path="/"):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def values(page):
    """The home page's figures as numbers."""
    return {key: int(n) for key, n in re.findall(r'id="figure-(\w+)".*?data-value="(\d+)"', page, re.DOTALL)}


def queries(client, path):
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def a_site(name="屯字镇志愿服务站", area_code=TUNZI):
    return Site.objects.create(name=name, level=SiteLevel.STATION, area=area(area_code), address="街道")


def test_the_home_page_of_a_new_county_says_what_to_do(client):
    a_county()

    page = shown(client)

    assert 'href="/ask/"' in page
    assert 'href="/join/"' in page
    assert "眼下没有招人的活动" in page
    assert values(page) == dict.fromkeys(ON_HOME, 0)


def test_it_answers_even_before_areas_are_loaded(client):
    assert shown(client)


def test_what_is_on_stands_soonest_first(client):
    team = a_team()
    an_activity(team, title="扫雪", starts_at=TOMORROW + timedelta(days=1))
    an_activity(team, title="义诊", starts_at=TOMORROW)
    an_activity(team, title="昨天的", starts_at=YESTERDAY)

    assert re.findall(r"<h3>(.*?)</h3>", shown(client)) == ["义诊", "扫雪"]


def test_a_volunteer_sees_what_is_near_first(client):
    an_activity(a_team(area_code=MENGBA_VILLAGE), title="远", starts_at=TOMORROW)
    an_activity(a_team(area_code=BAOCHENG), title="同镇", starts_at=TOMORROW + timedelta(hours=1))
    an_activity(a_team(area_code=MABAO), title="同村", starts_at=TOMORROW + timedelta(hours=2))
    log_in(client, a_volunteer(area_code=MABAO).person)

    assert re.findall(r"<h3>(.*?)</h3>", shown(client)) == ["同村", "同镇", "远"]


def test_others_choose_a_township(client):
    an_activity(a_team(area_code=MABAO), title="屯字的", starts_at=TOMORROW)
    an_activity(a_team(area_code=MENGBA_VILLAGE), title="孟坝的", starts_at=TOMORROW + timedelta(hours=1))

    assert re.findall(r"<h3>(.*?)</h3>", shown(client, f"/?township={MENGBA}")) == ["孟坝的", "屯字的"]


@pytest.mark.parametrize("township", ["nonsense", "", "0", "'", "6" * 500])
def test_a_township_that_is_none_is_passed_over(client, township):
    a_county()

    assert shown(client, f"/?township={township}")


def test_sites_open_today_are_named_with_their_hours(client):
    open_today, closed_today = a_site(), a_site("孟坝镇志愿服务站", MENGBA)
    OpeningHours.objects.create(site=open_today, weekday=TODAY.weekday(), opens=time(8, 30), closes=time(17, 30))
    OpeningHours.objects.create(site=closed_today, weekday=5, opens=time(8, 30), closes=time(17, 30))

    page = shown(client)

    assert "屯字镇志愿服务站" in page
    assert "08:30–17:30" in page
    assert "孟坝镇志愿服务站" not in page


def test_figures_change_by_exactly_what_happened(client):
    team, volunteer = a_team(), a_volunteer()
    before = values(shown(client))

    record = a_service_record(volunteer, team, minutes=95, confirmed_by=a_leader(team))
    a_need(state=NeedState.DONE, team=team)
    an_activity(team, starts_at=YESTERDAY)

    after = values(shown(client))
    changes = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert changes == {"active": 1, "hours": record.minutes, "needs_done": 1, "activities": 1}


def test_hours_are_shown_with_two_decimals_and_never_rounded_up(client):
    team = a_team()
    a_service_record(a_volunteer(), team, minutes=59, confirmed_by=a_leader(team))

    assert ">0.98</span>" in shown(client)


def test_every_figure_of_the_home_page_can_be_opened(client):
    a_county()
    for key in ON_HOME:
        assert f'href="/figures/{key}/"' in shown(client)


def test_the_home_page_asks_few_queries_however_much_there_is(client):
    team = a_team()
    OpeningHours.objects.create(site=a_site(), weekday=TODAY.weekday(), opens=time(8, 30), closes=time(17, 30))
    an_activity(team)
    one = queries(client, "/")
    for n in range(3):
        an_activity(a_team(name=f"队{n}", area_code=BAOCHENG), starts_at=TOMORROW + timedelta(hours=n))
        a_volunteer()

    assert queries(client, "/") == one <= 8


def test_a_volunteers_home_page_asks_few_queries_too(client):
    log_in(client, a_volunteer().person)

    assert queries(client, "/") <= 9


def test_the_first_page_weighs_less_than_150_kb(client):
    team = a_team()
    for n in range(6):
        an_activity(team, starts_at=TOMORROW + timedelta(hours=n))
    page = shown(client)

    names = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page))
    weight = len(page.encode()) + sum(Path(str(finders.find(name))).stat().st_size for name in names)
    assert weight < 150_000


def test_the_home_page_asks_no_other_host_and_runs_no_inline_script(client):
    a_county()
    answer = client.get("/")
    page = answer.content.decode()

    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]*)"', page) == []
    assert re.findall(r"<script(?![^>]*src=)| on\w+=| style=", page) == []


# One figure ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [one.key for one in FIGURES])
def test_each_figure_opens_to_everybody_with_its_sentence(client, key):
    a_county()
    one = next(one for one in FIGURES if one.key == key)

    page = shown(client, f"/figures/{key}/")

    assert str(one.meaning) in page
    assert "截至" in page


def test_a_figure_that_is_none_is_not_there(client):
    assert client.get("/figures/nonsense/").status_code == 404


def test_a_visitor_sees_teams_but_no_volunteers(client):
    team, volunteer = a_team(), a_volunteer()

    assert f"/teams/{team.public_id}/" in shown(client, "/figures/teams/")
    page = shown(client, "/figures/volunteers/")
    assert volunteer.number not in page
    assert "负责当地的工作人员登录后可以打开明细" in page


def test_staff_open_the_rows_of_their_own_branch(client):
    near, far = a_volunteer(area_code=MABAO), a_volunteer(area_code=MENGBA_VILLAGE)
    log_in(client, a_dispatcher(TUNZI))

    page = shown(client, "/figures/volunteers/")

    assert near.number in page
    assert far.number not in page


@pytest.mark.parametrize("key", ["needs_done", "needs_rated", "needs_unrated", "hours", "active", "volunteers"])
def test_rows_tell_no_names_and_no_telephones(client, key):
    team = a_team()
    volunteer = a_volunteer(name="沈不语")
    a_service_record(volunteer, team, confirmed_by=a_leader(team))
    a_need(state=NeedState.DONE, team=team, name="王隐娘", phone="10000000888")
    log_in(client, an_office())

    page = shown(client, f"/figures/{key}/")

    for secret in ("沈不语", "王隐娘", volunteer.person.phone, spaced_phone("10000000888"), "10000000888"):
        assert secret not in page


@pytest.mark.parametrize("key", ["volunteers", "teams", "hours", "activities"])
def test_a_figures_page_asks_the_same_queries_for_one_row_and_for_three(client, key):
    office = an_office()
    log_in(client, office)
    team, leader = a_team(), a_leader(a_team(name="别的队"))

    def more():
        a_service_record(a_volunteer(), team, confirmed_by=leader)
        an_activity(a_team(name="新队"), starts_at=YESTERDAY)

    more()
    queries(client, f"/figures/{key}/")
    one = queries(client, f"/figures/{key}/")
    more()
    more()

    assert queries(client, f"/figures/{key}/") == one <= 12


def test_a_page_number_that_is_none_shows_the_nearest(client):
    a_team()
    for page in ("0", "-1", "999", "x"):
        assert shown(client, f"/figures/teams/?page={page}")


def test_an_auditor_opens_volunteers_and_needs(client):
    volunteer = a_volunteer()
    log_in(client, an_auditor())

    assert volunteer.number in shown(client, "/figures/volunteers/")
    assert project.SITE_NAME in shown(client, "/figures/needs_done/")
