"""Registering in a browser with the keyboard alone; pages that axe finds nothing in."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.build import MABAO, a_county, a_team, an_activity
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.volunteers.models import Volunteer

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "10000000123"


def go_to(page: Page, name: str) -> None:
    """Tab until the field or button of this name has the focus, as somebody without a mouse does."""
    wanted = page.get_by_label(name, exact=True).or_(page.get_by_role("button", name=name, exact=True)).first
    for _step in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{name} cannot be reached with the keyboard")


def code_sent() -> str:
    return str(re.findall(r"\d{6}", Message.objects.latest("pk").text)[0])


def test_the_keyboard_alone_registers(desktop: Page) -> None:
    a_county()
    desktop.goto("/join/")
    desktop.get_by_role("link", name="从手机号开始").focus()
    desktop.keyboard.press("Enter")

    go_to(desktop, "您的手机号")
    desktop.keyboard.type(PHONE)
    desktop.keyboard.press("Enter")
    go_to(desktop, "短信里的验证码")
    desktop.keyboard.type(code_sent())
    desktop.keyboard.press("Enter")
    go_to(desktop, "1. 您的姓名？")
    desktop.keyboard.type("祁小满")
    go_to(desktop, "2. 您的出生日期？")
    desktop.keyboard.type("19940302")
    village = desktop.get_by_label("3. 您住在哪里？")
    go_to(desktop, "3. 您住在哪里？")
    for _village in range(10):
        if village.input_value() == MABAO:
            break
        desktop.keyboard.press("ArrowDown")
    go_to(desktop, "我同意为志愿服务保存我的姓名、电话、所在村和服务记录。")
    desktop.keyboard.press("Space")
    go_to(desktop, "加入")
    desktop.keyboard.press("Enter")

    expect(desktop).to_have_url(re.compile("/me/$"))
    volunteer = Volunteer.objects.get()
    assert (volunteer.person.name, volunteer.person.phone, volunteer.area_id) == ("祁小满", PHONE, MABAO)


def test_the_skip_link_is_the_first_stop(desktop: Page) -> None:
    desktop.goto("/help/")

    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Enter")

    assert desktop.evaluate("document.activeElement.id") == "main"


PATHS = ["/", "/login/", "/join/", "/more/", "/help/", "/help/volunteer/", "/privacy/", "/figures/hours/", "/nowhere/"]


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(screen, request, axe) -> None:
    a_county()
    page: Page = request.getfixturevalue(screen)

    faults = {}
    for path in PATHS:
        page.goto(path)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults[path] = [*axe(page), *([f"{wider} px too wide"] if wider > 0 else [])]
    assert faults == {path: [] for path in PATHS}


def test_a_form_that_was_filled_in_wrongly_is_as_accessible(phone: Page, axe) -> None:
    a_county()
    phone.goto("/login/")
    phone.get_by_label("您的手机号").fill("12")
    phone.get_by_role("button", name="获取验证码").click()

    expect(phone.get_by_text("这不是电话号码")).to_be_visible()
    assert phone.get_by_label("您的手机号").get_attribute("aria-invalid") == "true"
    assert axe(phone) == []


@pytest.mark.parametrize("size", ["20", "30"])
def test_large_text_has_large_targets_and_does_not_scroll_sideways(phone: Page, axe, size) -> None:
    an_activity(a_team(), starts_at=now() + timedelta(days=1))
    phone.context.add_cookies([{"name": "elder", "value": size, "url": phone.context.request.get("/healthz").url}])

    for path in ("/", "/login/", "/join/", "/more/", "/help/volunteer/"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
        small = phone.eval_on_selector_all(
            "main .btn, main .form-control, main .form-select, main .zy-menu a, .zy-bar a, .zy-top .zy-tools a",
            "all => all.filter(one => one.offsetHeight && one.offsetHeight < 60).map(one => one.outerHTML)",
        )
        assert small == [], path
        assert axe(phone) == []
