"""Activities in a browser: the keyboard alone signs up, the code works without scripts, nothing keeps anybody out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.build import (
    NOW,
    TOMORROW,
    YESTERDAY,
    a_leader,
    a_need,
    a_person,
    a_service_record,
    a_shift,
    a_signup,
    a_skill,
    a_team,
    a_volunteer,
    an_activity,
    order_of,
)
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.domain.activities.attendance import shift_code
from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.needs.models import NeedState

pytestmark = pytest.mark.django_db(transaction=True)
State = SignUp.State
LONG = "帮办医保缴费和高龄补贴，教老人用手机挂号缴费，顺路看望独居老人并清扫门前积雪和排水沟"


def focused_on(page: Page, selector: str) -> bool:
    return bool(page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector))


def tab_to(page: Page, selector: str) -> None:
    """Tab on until the focus is there; as a person would, and no further than they would bear."""
    for _each in range(60):
        if focused_on(page, selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_the_keyboard_alone_finds_a_shift_and_signs_up(desktop: Page, live_server):
    volunteer = a_volunteer()
    activity = an_activity(a_team())
    log_in_browser(desktop, live_server.url, volunteer.person)

    desktop.goto("/activities/")
    tab_to(desktop, ".zy-act")
    desktop.keyboard.press("Enter")
    desktop.wait_for_url(f"**/activities/{activity.public_id}/**")
    tab_to(desktop, "[name=risk_seen]")
    desktop.keyboard.press("Space")
    tab_to(desktop, "button[form=signup]")
    desktop.keyboard.press("Enter")
    expect(desktop.locator(".zy-say.success")).to_be_visible()

    assert [signup.volunteer for signup in SignUp.objects.all()] == [volunteer]


def test_without_the_tick_the_browser_asks_for_it_and_nothing_is_sent(phone: Page, live_server):
    activity = an_activity(a_team())
    log_in_browser(phone, live_server.url, a_volunteer().person)

    phone.goto(f"/activities/{activity.public_id}/")
    phone.locator(".zy-act-bar button[form=signup]").click()

    assert focused_on(phone, "[name=risk_seen]")
    assert not SignUp.objects.exists()


def test_a_plan_that_was_refused_keeps_the_words_and_the_shifts(desktop: Page, live_server):
    team = a_team()
    an_activity(team, category="snow")
    log_in_browser(desktop, live_server.url, a_leader(team))

    desktop.goto(f"/my-teams/{team.public_id}/plan/")
    desktop.locator("[name=title]").fill("给老人理发")
    desktop.locator("[name=content]").fill("在党群服务中心理发。")
    desktop.locator("[name=shift1-day]").fill("2026-11-20")
    desktop.locator("details summary").first.click()
    desktop.locator("[name=shift2-day]").fill("2026-11-30")
    desktop.locator("main form button.btn-primary").click()

    expect(desktop.locator(".zy-err:visible")).to_have_count(4)  # a day that has passed, and what the second lacks
    expect(desktop.locator("[name=title]")).to_have_value("给老人理发")
    expect(desktop.locator("[name=shift2-day]")).to_have_value("2026-11-30")


def test_a_volunteer_checks_in_without_scripts(open_page: Callable[..., Page], live_server):
    volunteer = a_volunteer()
    shift = an_activity(a_team(), starts_at=NOW - timedelta(minutes=5)).shifts.get()
    a_signup(shift, volunteer)
    page = open_page(java_script_enabled=False, **PHONE)
    log_in_browser(page, live_server.url, volunteer.person)

    page.goto("/check-in/")
    page.locator("[name=code]").fill(shift_code(shift, NOW))
    page.locator("main form button.btn-primary").click()

    expect(page.locator(".zy-say.success")).to_be_visible()
    assert SignUp.objects.get().state == State.CHECKED_IN


def a_busy_team():
    """A team with something in every part of its leader's page, and a volunteer with something in every part of
    theirs; returns them and the addresses to look at."""
    team = a_team(name="屯字镇马堡村新时代文明实践志愿服务分队")
    leader, volunteer = a_leader(team), a_volunteer(name="阿卜杜拉艾合买提", teams=(team,), skills=())
    coming = an_activity(team, title=LONG, in_charge=leader)
    coming.needed_skills.set([a_skill()])
    a_shift(coming, starts_at=TOMORROW + timedelta(hours=6), ends_at=TOMORROW + timedelta(hours=7))
    open_one = an_activity(team, starts_at=TOMORROW + timedelta(days=2))
    full = an_activity(team, places=1, starts_at=TOMORROW + timedelta(days=3))
    a_signup(full.shifts.get(), a_volunteer())
    need = a_need(state=NeedState.SCHEDULED, team=team)
    visit = an_activity(team, need=need, starts_at=TOMORROW + timedelta(days=1))
    a_signup(visit.shifts.get(), volunteer)
    running = an_activity(team, title=LONG, starts_at=NOW - timedelta(minutes=10))
    shift = running.shifts.get()
    a_signup(shift, volunteer)
    for state in (State.CHECKED_IN, State.CHECKED_OUT, State.NO_SHOW):
        came = {} if state == State.NO_SHOW else {"checked_in_at": NOW - timedelta(minutes=5)}
        gone = {"checked_out_at": NOW} if state == State.CHECKED_OUT else {}
        a_signup(shift, a_volunteer(), state=state, **came, **gone)
    past = an_activity(team, starts_at=YESTERDAY)
    a_signup(past.shifts.get(), volunteer, state=State.CHECKED_IN, checked_in_at=YESTERDAY)
    order = a_need(state=NeedState.DISPATCHED, team=team, due_at=NOW - timedelta(hours=1))
    accepted = a_need(state=NeedState.ACCEPTED, team=team)
    record = a_service_record(volunteer, team, starts_at=NOW - timedelta(days=9))
    a_service_record(a_volunteer(), team, entered_by=leader)
    a_service_record(volunteer, team, starts_at=NOW - timedelta(days=8), confirmed_by=a_person())
    public = ["/activities/", "/activities/?q=没有的事", *(f"/activities/{one.public_id}/" for one in (coming, full))]
    own = ["/activities/", f"/activities/{visit.public_id}/", f"/activities/{open_one.public_id}/"]
    own += ["/me/", "/me/hours/", f"/hours/{record.public_id}/", "/check-in/"]
    leading = ["/my-teams/", f"/my-teams/{team.public_id}/plan/"]
    leading += [f"/my-teams/{team.public_id}/plan/?order={accepted.public_id}"]
    leading += [f"/my-teams/orders/{order_of(order).public_id}/decline/", f"/activities/{coming.public_id}/"]
    leading += [f"/activities/{running.public_id}/{part}/" for part in ("roll-call", "finish")]
    leading += ["/hours/", f"/hours/{record.public_id}/"]
    return {None: public, volunteer.person: own, leader: leading}


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_from_the_list_to_the_confirmed_hours(
    open_page: Callable[..., Page], live_server, axe: Callable[[Page], list[str]], screen: dict[str, Any]
):
    found = {}
    for person, addresses in a_busy_team().items():
        page = open_page(**screen)
        if person:
            log_in_browser(page, live_server.url, person)
        for address in addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            found[address] = axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

    assert {address: faults for address, faults in found.items() if faults} == {}


@pytest.mark.parametrize("size", ["20", "30"])
def test_large_text_keeps_every_page_within_a_phones_width(open_page: Callable[..., Page], live_server, size: str):
    wide = []
    for person, addresses in a_busy_team().items():
        page = open_page(**PHONE)
        page.context.add_cookies([{"name": "elder", "value": size, "url": live_server.url}])
        if person:
            log_in_browser(page, live_server.url, person)
        for address in addresses:
            page.goto(address)
            assert page.locator("html").get_attribute("data-elder") == size
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(address)

    assert wide == []
