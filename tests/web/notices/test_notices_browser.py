"""The pages of messages, calls and the outbox: axe finds nothing serious, nothing is wider than the screen."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.build import MABAO, TUNZI, a_clerk, a_county, a_volunteer, an_office
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.notices.breaking import note_failure
from zhiyuan.domain.notices.models import Attempt, CallEntry, Message, Notice, Outcome
from zhiyuan.domain.notices.telling import Template, tell

pytestmark = pytest.mark.django_db(transaction=True)
PLAIN = Template("test.browser", "%(site)s：%(what)s")
SAID = (
    "您的求助 261124-0012 已由马堡村分队接单，队里电话 100 0000 0044。",
    "11 月 28 日 09:30 清扫门前积雪，请提前十分钟到党群服务中心门口集合。",
    "您的急救员证已核验通过。",
)


@pytest.fixture
def county(live_server):
    a_county()
    volunteer, clerk, at = a_volunteer(name="郭晓禾").person, a_clerk(TUNZI), now()
    for number, words in enumerate(SAID):
        tell(volunteer, PLAIN, {"what": words}, key=str(number), at=at - timedelta(hours=number), href="/me/")
    Notice.objects.filter(key="2").update(read_at=at)
    for number, name in enumerate(("王奶奶", "", "李德厚")):
        CallEntry.objects.create(
            key=str(number), area=MABAO, name=name, phone="09341234567" if number else "", urgent=number == 2,
            words=SAID[number], at=at - timedelta(days=1), tries=number, called_by=clerk if number else None,
            called_at=at if number else None,
        )  # fmt: skip
        message = Message.objects.create(
            key=str(number), phone="10000000017", text="一", due_at=at, state=Message.State.PARKED,
            template="login.code", area=MABAO,
        )  # fmt: skip
        Attempt.objects.create(message=message, gateway="first", outcome=Outcome.UNKNOWN, fault="no answer", at=at)
    for _time in range(2):
        note_failure("sink", "no answer", at=at)
    return {"volunteer": volunteer, "clerk": clerk, "office": an_office()}


PAGES = {
    "volunteer": ["/messages/", "/messages/settings/", "/more/"],
    "clerk": ["/calls/", "/calls/?done=1", "/messages/"],
    "office": ["/outbox/", "/outbox/templates/", "/more/"],
}


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_screen(
    county, open_page, axe, live_server, screen, who
):
    page = open_page(**screen)
    log_in_browser(page, live_server.url, county[who])
    faults = []
    for address in PAGES[who]:
        answer = page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        faults += [(address, answer.status)] if answer.status != 200 else []
        faults += [(address, f"{wider} px too wide")] if wider > 0 else []
        faults += [(address, fault) for fault in axe(page)]

    assert faults == []


def test_a_message_is_read_on_a_phone_and_leads_on(county, phone, live_server):
    log_in_browser(phone, live_server.url, county["volunteer"])
    phone.goto("/me/")
    phone.get_by_role("navigation", name="底部菜单").get_by_role("link", name="消息").click()
    expect(phone.get_by_text("未读", exact=True)).to_have_count(2)

    phone.get_by_role("button", name="去看看").first.click()
    expect(phone).to_have_url(f"{live_server.url}/me/")

    phone.goto("/messages/")
    expect(phone.get_by_text("未读", exact=True)).to_have_count(1)


def test_the_call_list_on_paper_has_boxes_to_tick_and_no_buttons(county, desktop, live_server):
    log_in_browser(desktop, live_server.url, county["clerk"])
    desktop.goto("/calls/")

    desktop.emulate_media(media="print")

    expect(desktop.locator(".nt-boxes").first).to_be_visible()
    expect(desktop.get_by_text("截至")).to_be_visible()
    expect(desktop.locator("button:visible")).to_have_count(0)
