"""The pages of teams, sites, people, roles and one's own file: axe finds nothing serious, nothing is wider than the
screen, and a grid can be ticked with keys alone."""

from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from tests.build import (
    MABAO,
    TODAY,
    TUNZI,
    a_category,
    a_dispatcher,
    a_grant,
    a_skill,
    a_team,
    a_volunteer,
    an_activity,
    an_auditor,
    an_office,
    area,
)
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.organisations.models import OpeningHours, Role, Site, SiteCheck, SiteLevel
from zhiyuan.domain.volunteers.models import Credential, CredentialKind, Volunteer
from zhiyuan.domain.volunteers.queries import open_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(live_server):
    corps = a_team(area_code="621027000000", name="镇原县志愿服务总队")
    team = a_team(area_code=TUNZI, name="屯字镇志愿服务支队", parent=corps, guide=corps, team_class="健康守护")
    a_category("medicine", skills=("driving",))
    volunteer = a_volunteer(name="郭晓禾", teams=(team,), skills=("driving",))
    kind = CredentialKind.objects.create(code="rescuer", name_zh="救护员证", name_en="First aid", skill=a_skill("aid"))
    Credential.objects.create(volunteer=volunteer, kind=kind, issuer="县红十字会", number="QY-1", created_at=now())
    name = "屯字镇马堡村新时代文明实践站"
    site = Site.objects.create(
        name=name, level=SiteLevel.STATION, area=area(MABAO), team=team, grams=grams(name), duty_person="王秀兰",
        phone="10000000044", address="马堡村党群服务中心院内",
    )  # fmt: skip
    for weekday in range(6):
        OpeningHours.objects.create(site=site, weekday=weekday, opens=time(8, 30), closes=time(12))
    SiteCheck.objects.create(site=site, item="have_place", met_on=TODAY)
    dispatcher = a_dispatcher(TUNZI)
    a_grant(a_volunteer().person, Role.CLERK, area_code=TUNZI, until=TODAY + timedelta(days=9))
    open_file(volunteer, by=dispatcher, at=now())
    an_activity(team, starts_at=now() + timedelta(days=1))
    return {
        "team": team.public_id,
        "site": site.public_id,
        "file": volunteer.public_id,
        "number": volunteer.number,
        "volunteer": volunteer.person,
        "dispatcher": dispatcher,
        "role": dispatcher.role_grants.get().public_id,
        "office": an_office(),
        "auditor": an_auditor(),
    }


PAGES = {
    "": ["/teams/", "/teams/?q=屯字&kind=detachment", "/teams/{team}/", "/sites/", "/sites/{site}/"],
    "volunteer": ["/teams/{team}/", "/me/skills/", "/me/times/", "/me/credentials/", "/me/details/", "/me/seen/"],
    "dispatcher": [
        "/volunteers/", "/volunteers/?q=没有这个人", "/volunteers/{file}/", "/volunteers/new/",
        "/me/roles/", "/roles/{role}/substitute/",
    ],
    "office": [
        "/teams/{team}/", "/teams/{team}/change/", "/teams/{team}/end/", "/teams/{team}/members/",
        "/sites/{site}/change/", "/sites/{site}/check/", "/roles/", "/roles/new/?who={number}",
        "/roles/due/", "/settings/", "/settings/value/work.closes/", "/settings/days/?year=2026",
    ],
    "auditor": ["/journal/", "/roles/"],
}  # fmt: skip


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(
    county, open_page, axe, live_server, screen, who
):
    page = open_page(**screen)
    if who:
        log_in_browser(page, live_server.url, county[who])
    faults = []
    for address in PAGES[who]:
        answer = page.goto(address.format(**county))
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults += [(address, answer.status)] if answer.status != 200 else []
        faults += [(address, f"{wider} px too wide")] if wider > 0 else []
        faults += [(address, fault) for fault in axe(page)]

    assert faults == []


def test_the_grid_is_ticked_with_keys_alone(county, phone, live_server):
    Volunteer.objects.update(availability=0)
    log_in_browser(phone, live_server.url, county["volunteer"])
    phone.goto("/me/times/")

    phone.get_by_role("checkbox").first.focus()
    phone.keyboard.press("Space")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    phone.get_by_role("button", name="保存").focus()
    phone.keyboard.press("Enter")

    expect(phone).to_have_url(f"{live_server.url}/me/")
    assert Volunteer.objects.get(public_id=county["file"]).availability == 0b101


def test_a_volunteer_joins_a_team_on_a_phone(county, phone, live_server):
    team = a_team(name="马堡村分队")
    log_in_browser(phone, live_server.url, county["volunteer"])
    phone.goto("/teams/")
    phone.get_by_role("searchbox").fill("马堡")
    phone.get_by_role("button", name="查找").click()
    phone.get_by_role("link", name="马堡村分队").click()
    phone.get_by_role("button", name="加入").click()

    expect(phone.get_by_text("您在这支队里")).to_be_visible()
    assert team.memberships.filter(until=None).count() == 1
