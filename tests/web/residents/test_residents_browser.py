"""The pages of residents: axe finds nothing serious, nothing is wider than the screen, keys alone merge a pair."""

import pytest
from playwright.sync_api import expect

from tests.build import TUNZI, a_clerk, a_household, a_merge, a_need, a_resident, a_team
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.domain.needs.models import NeedState, Rating
from zhiyuan.domain.residents.models import Resident

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(live_server):
    clerk = a_clerk(TUNZI)
    resident = a_resident(
        name="王桂兰", phone="10000000017", speech="dialect", wishes="hears_badly walks_badly",
        helper_name="李芳", helper_relation="女儿", helper_phone="10000000018", created_by=clerk,
    )  # fmt: skip
    twin = a_resident(name="王奶奶", phone="10000000017")
    a_household(resident, a_resident(name="李守信"), way="过桥左手第二家，铁大门", note="老两口，儿子在外打工。")
    a_merge(resident, a_resident(name="王桂兰奶奶", phone="10000000046", wishes="sees_badly"), by=clerk)
    need = a_need(resident=resident, state=NeedState.RATED, team=a_team())
    Rating.objects.create(need=need, stars=5, at=need.created_at)
    a_need(resident=resident)
    return {"clerk": clerk, "one": resident.public_id, "twin": twin.public_id}


PAGES = (
    "/residents/",
    "/residents/?q=没有这个人",
    "/residents/{one}/",
    "/residents/{twin}/",
    "/residents/{one}/change/",
    "/residents/{one}/household/?q=李守信",
    "/residents/duplicates/",
    "/residents/{one}/compare/{twin}/",
)


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(county, open_page, axe, live_server, screen):
    page = open_page(**screen)
    log_in_browser(page, live_server.url, county["clerk"])
    faults = []
    for address in PAGES:
        answer = page.goto(address.format(**county))
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults += [(address, answer.status)] if answer.status != 200 else []
        faults += [(address, f"{wider} px too wide")] if wider > 0 else []
        faults += [(address, fault) for fault in axe(page)]

    assert faults == []


def test_a_pair_is_merged_and_parted_again_with_plain_forms(county, open_page, live_server):
    page = open_page(**DESKTOP)
    log_in_browser(page, live_server.url, county["clerk"])

    page.goto("/residents/duplicates/")
    page.get_by_role("link", name="对比").first.click()
    page.locator("label", has_text="王桂兰").click()
    page.get_by_label("怎么知道是同一个人").fill("电话问过，两个名字都是她")
    page.get_by_role("button", name="合并").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("王桂兰")
    merged = page.locator("dl", has_text="两个名字都是她")
    expect(merged).to_contain_text("王奶奶")
    details = page.locator("details", has=page.locator(f"form[action^='/residents/{county['one']}/merges/']")).first
    details.locator("summary").click()
    details.get_by_label("为什么是两个人").fill("是婆媳")
    details.get_by_role("button", name="撤销合并").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("王奶奶")

    assert Resident.objects.get(public_id=county["twin"]).merged_into is None
