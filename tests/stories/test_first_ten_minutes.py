"""A new clerk's first ten minutes (R207): by the help texts alone a telephone request is entered, verified, sent and
its sheet printed; and the entering itself, by the keyboard alone, takes seconds.
"""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.build import MABAO, TUNZI, a_category, a_clerk, a_grant, a_team, a_volunteer, order_of
from tests.web.doors import log_in_browser
from zhiyuan.domain.needs.models import Need, NeedState
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db(transaction=True)
TEN_MINUTES, FIVE_SECONDS = 600, 5


@pytest.fixture
def station(open_page: Callable[..., Page], live_server) -> Page:
    """The browser of somebody who sits at a township's desk for the first time; a team stands ready."""
    newcomer = a_clerk(TUNZI)
    a_grant(newcomer, Role.DISPATCHER, area_code=TUNZI)
    team = a_team()
    a_volunteer(teams=(team,))
    recount(team)
    a_category("medicine")
    page = open_page()
    log_in_browser(page, live_server.url, newcomer)
    return page


def follow(page: Page, topic: str, link: str) -> None:
    """Go where the help text of a topic points."""
    page.get_by_role("link", name="帮助").first.click()
    page.get_by_role("link", name=topic).first.click()
    page.locator("main").get_by_role("link", name=link).first.click()


def test_a_newcomer_enters_verifies_sends_and_prints_by_the_help_texts_alone(station: Page):
    begun = time.monotonic()
    station.goto("/desk/")

    follow(station, "给办事员", "新登记")
    station.get_by_text("买药送药", exact=True).first.click()
    station.locator("[name=words]").fill("降压药快吃完了，腿疼走不到镇上。")
    station.locator("[name=village]").select_option(MABAO)
    station.locator("[name=name]").fill("王奶奶")
    station.locator("[name=phone]").fill("100 0000 9017")
    station.locator("main form button.btn-primary").click()
    need = Need.objects.get()
    expect(station.locator(".zy-say.success")).to_contain_text(need.number)

    follow(station, "给办事员", "求助台")
    station.locator("[data-row]").first.click()
    station.locator("[name=result]").fill("本人接的电话，属实")
    station.locator("main form[action*='/verify/'] button").click()
    expect(station.locator(".zy-say.success")).to_be_visible()

    follow(station, "给派单员", "求助台")
    station.locator("[data-row]").first.click()
    station.locator("button[form=dispatch]").click()
    expect(station.locator(".zy-say.success")).to_contain_text(order_of(need).team.name)

    station.goto(f"/desk/{need.public_id}/")
    station.get_by_role("link", name="打开、打印").click()
    station.emulate_media(media="print")
    expect(station.locator("main")).to_contain_text(need.number, use_inner_text=True)
    assert station.pdf(format="A4").startswith(b"%PDF")
    need.refresh_from_db()
    assert need.state == NeedState.DISPATCHED
    assert time.monotonic() - begun < TEN_MINUTES


def test_a_telephone_request_is_entered_by_the_keyboard_within_seconds(station: Page):
    station.goto("/desk/")
    begun = time.monotonic()

    station.keyboard.press("n")
    station.wait_for_url("**/desk/new/**")
    station.locator("[name=category]").first.focus()
    station.keyboard.press("Space")
    for name, typed in (("words", "降压药快吃完了。"), ("name", "王奶奶"), ("phone", "10000009017")):
        station.locator(f"[name={name}]").focus()
        station.keyboard.insert_text(typed)
    station.locator("[name=village]").focus()
    station.keyboard.press("ArrowDown")  # the first of the villages that this desk works for
    station.locator("[name=verified]").focus()
    station.keyboard.insert_text("电话里问清了")
    station.keyboard.press("Enter")
    expect(station.locator(".zy-say.success")).to_be_visible()

    assert time.monotonic() - begun < FIVE_SECONDS
    need = Need.objects.get()
    assert (need.state, need.area_id) == (NeedState.VERIFIED, MABAO)
