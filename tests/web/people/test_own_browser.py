"""One's own pages, and the counter's, in a browser: axe finds nothing serious, nothing is wider than the screen."""

from datetime import date, timedelta

import pytest

from tests.build import TUNZI, a_clerk, a_service_record, a_team, a_volunteer, an_activity
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.domain.activities.guarding import enter_guardian_consent
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.people.guardians import Guardian

pytestmark = pytest.mark.django_db(transaction=True)
OWN = ("/me/", "/me/details/", "/me/consents/", "/me/guardian/", "/me/data/", "/me/close/", "/teams/{team}/hours/")


@pytest.fixture
def people(live_server):
    team = a_team()
    an_activity(team, starts_at=now() + timedelta(days=2), title="给西坡独居老人送菜")
    grown = a_volunteer(name="郭晓禾", teams=(team,), phone="10000000778")
    a_service_record(grown, team, starts_at=now() - timedelta(days=2), confirmed_by=a_clerk(TUNZI))
    child = a_volunteer(name="祁小满", born_on=date(2014, 5, 1))
    said = Guardian("郭晓禾", "10000000778", "母亲", local_day(now()) + timedelta(days=90))
    enter_guardian_consent(child, said, by=child.person, at=now())
    file = f"/volunteers/{child.public_id}/"
    return {
        "grown": (grown.person, [address.format(team=team.public_id) for address in OWN]),
        "child": (child.person, ("/me/guardian/",)),
        "clerk": (a_clerk(TUNZI), (file, f"{file}guardians/", "/volunteers/new/")),
    }


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("who", ["grown", "child", "clerk"])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(
    people, open_page, axe, live_server, screen, who
):
    person, addresses = people[who]
    page = open_page(**screen)
    log_in_browser(page, live_server.url, person)
    faults = []
    for address in addresses:
        answer = page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults += [(address, answer.status)] if answer.status != 200 else []
        faults += [(address, f"{wider} px too wide")] if wider > 0 else []
        faults += [(address, fault) for fault in axe(page)]

    assert faults == []
