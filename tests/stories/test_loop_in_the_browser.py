"""The loop as six people live it, each with their own browser, from the daughter's ask to the figures it changed."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.build import (
    MABAO,
    a_category,
    a_clerk,
    a_deputy,
    a_dispatcher,
    a_leader,
    a_team,
    a_volunteer,
    order_of,
)
from tests.web.doors import log_in_browser
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db(transaction=True)

FIGURES = ("volunteers", "active", "activities", "hours", "needs_done", "needs_rated")


def figures(page: Page) -> dict[str, int]:
    page.goto("/")
    return {
        key: int(page.locator(f"div:has(> dt > #figure-{key}) [data-value]").get_attribute("data-value") or 0)
        for key in FIGURES
    }


def test_a_mothers_medicine_from_the_ask_to_the_figures(
    open_phone: Callable[[], Page], desktop: Page, open_page: Callable[..., Page], live_server, settings
):
    team = a_team()
    people: dict[str, Person] = {
        "clerk": a_clerk(MABAO),
        "dispatcher": a_dispatcher(),
        "leader": a_leader(team),
        "deputy": a_deputy(team),
    }
    first, second = a_volunteer(name="李知行", teams=(team,)), a_volunteer(name="郭晓禾", teams=(team,))
    recount(team)
    a_category("medicine")

    def as_(who: Person, page: Page) -> Page:
        log_in_browser(page, live_server.url, who)
        return page

    visitor = open_page()
    before = figures(visitor)

    # 1. The daughter asks on her phone, without an account.
    daughter = open_phone()
    daughter.goto("/ask/")
    daughter.get_by_text("买药送药", exact=True).click()
    daughter.locator("[name=words]").fill("降压药快吃完了，腿疼走不到镇上。")
    daughter.locator("[name=village]").select_option(MABAO)
    daughter.locator("[name=address]").fill("村委会东边第三家")
    daughter.locator("[name=name]").fill("王奶奶")
    daughter.locator("[name=phone]").fill("100 0000 0017")
    daughter.locator("details.proxy summary").click()
    daughter.locator("[name=proxy_name]").fill("王小梅")
    daughter.locator("[name=proxy_relation]").fill("女儿")
    daughter.locator("[name=mandate]").select_option("family")
    daughter.locator("main form button.btn-primary").click()
    need = Need.objects.get()
    expect(daughter.locator(".no")).to_contain_text(need.number)
    receipt = daughter.url

    # 2. The clerk verifies it by telephone.
    clerk = as_(people["clerk"], desktop)
    clerk.goto(f"/desk/{need.public_id}/")
    clerk.locator("[name=result]").fill("本人接的电话，属实")
    clerk.locator("main button.btn-primary").click()
    expect(clerk.locator(".zy-say.success")).to_be_visible()

    # 3. The township's dispatcher sends it by one key.
    dispatcher = as_(people["dispatcher"], open_page())
    dispatcher.goto(f"/desk/{need.public_id}/")
    expect(dispatcher.locator(".props li").first).to_contain_text(team.name)
    dispatcher.keyboard.press("1")
    dispatcher.keyboard.press("Enter")
    expect(dispatcher.locator(".zy-say.success")).to_contain_text(team.name)

    # 4. The leader accepts and gives it a time with one place.
    leader = as_(people["leader"], open_page())
    leader.goto("/my-teams/")
    leader.locator(f"form[action='/my-teams/orders/{order_of(need).public_id}/accept/'] button").click()
    starts_at = timezone.localtime(now() + timedelta(hours=2)).replace(second=0, microsecond=0)
    fill_shift(leader, starts_at, starts_at + timedelta(hours=2), places=1)
    leader.locator("main form button.btn-primary").click()
    expect(leader.locator(".zy-say.success")).to_be_visible()
    activity = leader.url

    # 5. One volunteer takes the only place in two taps; the other is told that it is full.
    helper, late = as_(first.person, open_phone()), as_(second.person, open_phone())
    sign_up(helper, activity)
    expect(helper.locator(".zy-say.success")).to_be_visible()
    late.goto(activity)
    expect(late.locator(".zy-gap.full").first).to_be_visible()
    daughter.goto(receipt)
    expect(daughter.locator(".facts")).to_contain_text(team.name)

    # 6. There, by the code on the leader's screen, and back.
    settings.CLOCK_SHIFT_SECONDS += 2 * 3600 + 60
    leader.goto(f"{activity.split('?')[0]}roll-call/")
    code = leader.locator("[data-code]").get_attribute("data-code")
    helper.goto("/check-in/")
    helper.locator("[name=code]").fill(code or "")
    helper.locator("button[name=what][value=in]").click()
    expect(helper.locator(".zy-say.success")).to_be_visible()
    settings.CLOCK_SHIFT_SECONDS += 75 * 60 + 20
    leader.reload()
    helper.goto("/check-in/")
    helper.locator("[name=code]").fill(leader.locator("[data-code]").get_attribute("data-code") or "")
    helper.locator("button[name=what][value=out]").click()
    expect(helper.locator(".zy-say.success")).to_be_visible()
    leader.goto(f"{activity.split('?')[0]}finish/")
    leader.locator("[name=helped]").fill("1")
    leader.locator("[name=outcome]").fill("药已送到，血压正常。")
    leader.locator("main form button.btn-primary").click()
    expect(leader.locator(".zy-say.success")).to_be_visible()

    # 7. Another person confirms the minutes; the volunteer sees them.
    deputy = as_(people["deputy"], open_page())
    deputy.goto("/hours/")
    deputy.locator("main form button.btn-primary").first.click()
    expect(deputy.locator(".zy-say.success")).to_be_visible()
    helper.goto("/me/")
    expect(helper.locator("main")).to_contain_text("1.25")

    # 8. The daughter rates.
    daughter.goto(receipt)
    daughter.locator(".stars label").first.click()
    daughter.locator("[name=words]").first.fill("来得快，谢谢。")
    daughter.locator("#rate button.btn-primary").click()
    expect(daughter.locator(".facts")).to_contain_text("来得快")

    assert figures(visitor) == {
        **before,
        "active": before["active"] + 1,
        "activities": before["activities"] + 1,
        "hours": before["hours"] + 75,
        "needs_done": before["needs_done"] + 1,
        "needs_rated": before["needs_rated"] + 1,
    }


def fill_shift(page: Page, starts_at: datetime, ends_at: datetime, *, places: int) -> None:
    page.locator("[name=shift1-day]").fill(f"{starts_at:%Y-%m-%d}")
    page.locator("[name=shift1-starts]").fill(f"{starts_at:%H:%M}")
    page.locator("[name=shift1-ends]").fill(f"{ends_at:%H:%M}")
    page.locator("[name=shift1-places]").fill(str(places))


def sign_up(page: Page, activity: str) -> None:
    page.goto(activity)
    tick = page.locator("input[name=risk_seen]:visible").first
    tick.check()
    page.locator("button[form=signup]:visible").first.click()
