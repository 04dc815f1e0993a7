"""The desk and the asking as a browser shows them: keys alone send a request, and nothing keeps anybody out."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.build import (
    COUNTY,
    MABAO,
    a_category,
    a_dispatcher,
    a_need,
    a_team,
    a_volunteer,
    an_activity,
    area,
    order_of,
)
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.models import NeedState
from zhiyuan.domain.needs.verifying import ask_requester
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db(transaction=True)


def a_ready_team(name: str = "马堡村分队"):
    team = a_team(name=name)
    a_volunteer(name="李知行", teams=(team,), phone=None)
    recount(team)
    return team


@pytest.fixture
def desk(desktop: Page, live_server) -> Page:
    log_in_browser(desktop, live_server.url, a_dispatcher(COUNTY))
    return desktop


def test_keys_alone_send_a_request_and_open_the_next(desk: Page):
    first, second = a_need(state=NeedState.VERIFIED), a_need(state=NeedState.VERIFIED, words="煤在院子里，我搬不动。")
    a_ready_team("马堡村分队")
    other = a_ready_team("马堡村巾帼队")

    desk.goto("/desk/")
    desk.keyboard.press("j")
    desk.wait_for_url(f"**/desk/{first.public_id}/")
    desk.keyboard.press("2")
    expect(desk.locator("[data-send]")).to_contain_text(other.name)
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/desk/{second.public_id}/")

    first.refresh_from_db()
    assert (first.state, order_of(first).team) == (NeedState.DISPATCHED, other)


def test_what_was_sent_by_mistake_is_taken_back_beside_the_message(desk: Page):
    need = a_need(state=NeedState.VERIFIED)
    a_ready_team()

    desk.goto(f"/desk/{need.public_id}/")
    desk.keyboard.press("Enter")
    desk.locator(".zy-say form button").click()
    desk.wait_for_url(f"**/desk/{need.public_id}/")

    need.refresh_from_db()
    assert (need.state, need.team) == (NeedState.VERIFIED, None)


def test_keys_ask_search_and_enter_without_the_mouse(desk: Page):
    need = a_need(state=NeedState.VERIFIED)

    desk.goto(f"/desk/{need.public_id}/")
    desk.keyboard.press("w")
    expect(desk.locator("#words-ask")).to_be_focused()
    desk.keyboard.type("jk?n")
    expect(desk.locator("#words-ask")).to_have_value("jk?n")
    desk.keyboard.press("Escape")
    desk.locator("h1").click()
    desk.keyboard.press("/")
    expect(desk.locator("[name=q]")).to_be_focused()
    desk.locator("h1").click()
    desk.keyboard.press("?")
    expect(desk.locator("#keys dl")).to_be_visible()
    desk.keyboard.press("n")
    desk.wait_for_url("**/desk/new/")


def test_a_request_is_asked_and_sent_without_scripts(open_page: Callable[..., Page], live_server):
    a_category("medicine")
    area(MABAO)
    page = open_page(java_script_enabled=False, **PHONE)

    page.goto("/ask/")
    page.locator("[name=category][value=medicine]").check(force=True)
    page.locator("[name=words]").fill("药快吃完了")
    page.locator("[name=village]").select_option(MABAO)
    page.locator("[name=name]").fill("王奶奶")
    page.locator("[name=phone]").fill("100 0000 0017")
    page.locator("main form button.btn-primary").click()

    page.wait_for_url("**/r/*/")
    expect(page.locator("h1")).to_contain_text("屯字镇")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_the_way_of_a_request(
    open_page: Callable[..., Page], live_server, axe: Callable[[Page], list[str]], screen: dict[str, Any]
):
    team = a_ready_team()
    asked, done = a_need(), a_need(state=NeedState.DONE, team=team, phone="10000000018")
    ask_requester(asked, "药名是什么？", by=a_dispatcher(), at=now())
    visit = a_need(state=NeedState.SCHEDULED, team=team, phone="10000000019")
    an_activity(team=team, need=visit)
    ready = a_need(state=NeedState.VERIFIED)
    late = a_need(due_at=now())
    page = open_page(**screen)

    found = {}
    for address in ("/ask/", "/follow/", *(f"/r/{need.receipt_id}/" for need in (asked, done, visit))):
        page.goto(address)
        found[address] = axe(page)
    log_in_browser(page, live_server.url, a_dispatcher(COUNTY))
    for address in ("/desk/", "/desk/new/", *(f"/desk/{need.public_id}/" for need in (ready, late, done))):
        page.goto(address)
        found[address] = axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address

    assert {address: faults for address, faults in found.items() if faults} == {}
