"""By keyboard alone onto a shift; nothing serious for axe on any of these pages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.build import a_deputy, a_leader, a_need, a_service_record, a_signup, a_team, a_volunteer, an_activity
from tests.web.doors import log_in_browser
from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.models import NeedState

pytestmark = pytest.mark.django_db(transaction=True)


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Press the tabulator until the element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by keyboard")


def test_the_keyboard_alone_signs_up(desktop: Page, live_server):
    volunteer = a_volunteer()
    activity = an_activity(a_team(), starts_at=now() + timedelta(days=1))
    log_in_browser(desktop, live_server.url, volunteer.person)
    desktop.goto("/activities/")

    tab_to(desktop, "a.zy-act")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url(f"**/activities/{activity.public_id}/**")
    tab_to(desktop, "input[name=risk_seen]")
    desktop.keyboard.press("Space")
    tab_to(desktop, "button[form=signup]")
    desktop.keyboard.press("Enter")

    expect(desktop.locator(".zy-say.success")).to_be_visible()
    assert SignUp.objects.get().volunteer == volunteer


@pytest.fixture
def pages():
    """A leader with everything to do, and a volunteer in the middle of it: person and address of each page."""
    team = a_team()
    leader, deputy, volunteer = a_leader(team), a_deputy(team), a_volunteer(teams=(team,), skills=("driving",))
    running = an_activity(team, starts_at=now() - timedelta(minutes=30), title="正在进行")
    a_signup(running.shifts.get(), volunteer, state=SignUp.State.CHECKED_IN, checked_in_at=running.starts_at)
    a_signup(running.shifts.get(), a_volunteer())
    coming = an_activity(team, starts_at=now() + timedelta(days=2), places=2)
    full = an_activity(team, starts_at=now() + timedelta(days=3), places=1)
    a_signup(full.shifts.get(), a_volunteer())
    need = a_need(state=NeedState.DISPATCHED, team=team)
    record = a_service_record(volunteer, team, entered_by=leader)
    return [
        (None, "/activities/"),
        (None, f"/activities/{full.public_id}/"),
        (volunteer.person, f"/activities/{coming.public_id}/"),
        (volunteer.person, "/me/"),
        (volunteer.person, "/me/hours/"),
        (volunteer.person, "/check-in/"),
        (leader, "/my-teams/"),
        (leader, f"/my-teams/orders/{need.public_id}/decline/"),
        (leader, f"/my-teams/{team.public_id}/plan/"),
        (leader, f"/activities/{running.public_id}/roll-call/"),
        (leader, f"/activities/{running.public_id}/finish/"),
        (deputy, "/hours/"),
        (deputy, f"/hours/{record.public_id}/"),
    ]


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_serious_and_no_page_scrolls_sideways(
    open_page: Callable[..., Page], live_server, axe: Callable[[Page], list[str]], pages, width: int
):
    found = []
    page = open_page(viewport={"width": width, "height": 844})
    for person, address in pages:
        page.context.clear_cookies()
        if person:
            log_in_browser(page, live_server.url, person)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200
        found += [f"{address}: {fault}" for fault in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{address} scrolls sideways")

    assert found == []
