"""Rounds, surveys and wishes in a real browser, on a phone and at a desk."""

import pytest
from playwright.sync_api import expect

from tests.build import (
    BAOCHENG,
    MABAO,
    TUNZI,
    a_category,
    a_clerk,
    a_menu_item,
    a_need,
    a_person,
    a_round,
    a_survey,
    a_team,
    a_wish,
    an_answer,
)
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.domain.collecting.models import Visit, WishState

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(live_server):
    items = (a_menu_item(), a_menu_item("coal", name_zh="搬煤入户"), a_menu_item("pipe", name_zh="解冻水管"))
    clerk = a_clerk(TUNZI)
    a_team(phone="10000000044").categories.add(a_category("medicine"))
    survey = a_survey(items=items, made_by=clerk, intro="村里想知道您家过冬缺什么。")
    an_answer(survey)
    an_answer(survey, area_code=BAOCHENG, phone="10000000018", name="李长河")
    claimed = a_wish(state=WishState.CLAIMED, claimed_by=clerk, words="想要一台收音机")
    a_wish()
    a_wish(state=WishState.FULFILLED, thanks="谢谢叔叔阿姨")
    return {
        "clerk": clerk,
        "round": a_round(clerk, needs=(a_need(), a_need())).public_id,
        "survey": survey.public_id,
        "form": survey.form_id,
        "open": a_wish(words="想学会用手机视频").public_id,
        "claimed": claimed.public_id,
        "proposed": a_wish(state=WishState.PROPOSED, words="想去看看新县城").public_id,
    }


PAGES = {
    "": ["/s/{form}/", "/s/{form}/?done=1", "/wishes/", "/wishes/new/", "/wishes/{open}/"],
    "clerk": [
        "/rounds/", "/rounds/new/", "/rounds/{round}/", "/surveys/", "/surveys/new/", "/surveys/{survey}/",
        "/surveys/{survey}/?item=medicine_fetch", "/surveys/{survey}/paper/", "/wishes/", "/wishes/approve/",
        "/wishes/{open}/", "/wishes/{claimed}/", "/wishes/{claimed}/house/", "/wishes/{proposed}/",
    ],
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


def test_a_round_is_written_down_on_a_phone_with_more_rows_and_a_slip(county, phone, live_server):
    log_in_browser(phone, live_server.url, county["clerk"])
    phone.goto(f"/rounds/new/?area={MABAO}")
    phone.get_by_label("姓名").first.fill("王奶奶")
    phone.get_by_role("button", name="加几行").click()
    expect(phone.get_by_role("group", name="第 6 户")).to_be_visible()
    expect(phone.get_by_label("姓名").first).to_have_value("王奶奶")
    phone.get_by_label("电话").first.fill("12")
    phone.get_by_label("需要什么").first.select_option(label="代取药品")
    phone.get_by_label("这户没有需要").nth(5).check()
    phone.get_by_role("button", name="保存走访").click()
    expect(phone.get_by_text("登记了 1 户")).to_be_visible()

    phone.get_by_label("电话").first.fill("10000000017")
    phone.get_by_role("button", name="保存走访").click()

    expect(phone.get_by_role("heading", name="屯字镇 马堡村")).to_be_visible()
    assert Visit.objects.exclude(round__key="page").count() == 2


def test_a_wish_is_claimed_and_fulfilled_on_a_phone(county, phone, live_server):
    log_in_browser(phone, live_server.url, a_person(name="杨柳青"))
    phone.goto("/wishes/")
    phone.get_by_role("link", name="想学会用手机视频").click()
    phone.get_by_role("button", name="认领这个心愿").click()
    phone.get_by_role("link", name="姓名、电话、住址").click()
    expect(phone.get_by_role("heading", name="王小明")).to_be_visible()
    phone.go_back()
    phone.get_by_label("做了什么").fill("教会了")
    phone.get_by_role("button", name="登记已实现").click()

    expect(phone.get_by_text("教会了")).to_be_visible()
