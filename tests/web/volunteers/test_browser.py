"""The pages of belonging in a real browser: axe finds nothing serious and nothing is wider than the screen."""

from datetime import timedelta

import pytest

from tests.build import TODAY, TUNZI, a_leader, a_team, a_volunteer, an_activity, an_office
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.domain.activities.signup import sign_up
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.journeys.merging import merge
from zhiyuan.domain.volunteers.inviting import invite
from zhiyuan.domain.volunteers.joining import take_out
from zhiyuan.domain.volunteers.models import TrainingKind, Volunteer
from zhiyuan.domain.volunteers.pausing import pause
from zhiyuan.domain.volunteers.training import Training, enter_training
from zhiyuan.domain.volunteers.transferring import ask_transfer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(live_server):
    at = now()
    branch = a_team(name="屯字镇新时代文明实践志愿服务支队", area_code=TUNZI)
    team, left = a_team(), a_team(name="屯字镇第二志愿服务小队")
    leader, volunteer = a_leader(team), a_volunteer(name="郭晓禾", teams=(team, left))
    resting = a_volunteer(name="何安", teams=(team,))
    Volunteer.objects.filter(pk=resting.pk).update(phone_shown="in_charge")
    invite(branch, volunteer.number, by=a_leader(branch), at=at)
    for who in (a_volunteer().number, "10098765432"):
        invite(team, who, by=leader, at=at)
    take_out(volunteer, left, "这学期排不开时间", by=a_leader(left), at=at)
    ask_transfer(volunteer, team, branch, "搬到镇上住了", by=volunteer.person, at=at)
    newcomer = a_volunteer(name="段小平", teams=(branch,))
    ask_transfer(newcomer, branch, team, "搬回村里，想就近参加", by=newcomer.person, at=at)
    course = TrainingKind.objects.create(code="aid", name_zh="急救培训", name_en="First aid", months=12)
    facts = {"content": "心肺复苏、包扎", "minutes": 120, "organiser": "县红十字会", "held_on": TODAY, "passed": True}
    office = an_office()
    enter_training(volunteer, Training(kind=course, name="红十字急救员培训", **facts), by=office, at=at)
    merge(a_volunteer(name="秦川"), a_volunteer(name="秦川"), "本人到场说明", by=office, at=at)
    activity = an_activity(team, starts_at=at + timedelta(days=2))
    sign_up(activity.shifts.get(), resting, by=resting.person, at=at, risk_version=1)
    pause(resting, TODAY + timedelta(days=40), by=resting.person, at=at)
    return {
        "team": team.public_id,
        "file": volunteer.public_id,
        "other": resting.public_id,
        "volunteer": volunteer.person,
        "resting": resting.person,
        "leader": leader,
        "office": office,
    }


PAGES = {
    "volunteer": [
        "/me/", "/me/teams/", "/me/teams/{team}/move/", "/teams/{team}/", "/teams/{team}/telephones/",
        "/me/trainings/", "/me/credentials/",
    ],
    "resting": ["/me/teams/"],
    "leader": [
        "/teams/{team}/members/", "/teams/{team}/invitations/", "/teams/{team}/members/{other}/take-out/",
        "/volunteers/{other}/", "/volunteers/{file}/trainings/",
    ],
    "office": [
        "/volunteers/{file}/teams/", "/volunteers/duplicates/", "/volunteers/{file}/merge/{other}/",
        "/volunteers/lists/",
    ],
}  # fmt: skip


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(
    county, open_page, axe, live_server, screen, who
):
    page = open_page(**screen)
    log_in_browser(page, live_server.url, county[who])
    for address in PAGES[who]:
        page.goto(address.format(**county))

        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
