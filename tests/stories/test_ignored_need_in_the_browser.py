"""A village's need is ignored, and nobody's hand is needed for it not to vanish: warned, overdue, taken up to the
township, sent to two teams, declined by one, met with silence by the other, claimed by a third, served, rated 2,
followed up, closed. At each step the resident's page says so, on paper too.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.build import MABAO, TUNZI, a_category, a_clerk, a_dispatcher, a_leader, a_team, a_volunteer, order_of
from tests.web.doors import log_in_browser
from zhiyuan.domain.activities.attendance import call_roll, check_out
from zhiyuan.domain.activities.models import Activity, SignUp
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.checking import need_checks
from zhiyuan.domain.needs.models import Alarm, Need, NeedState, Order
from zhiyuan.domain.needs.ticking import tick
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.volunteers.models import Volunteer
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    """Moves the program's clock to a time of a day and lets the clocks tick."""

    def __init__(self, settings) -> None:
        self._settings = settings

    def to(self, moment: str) -> None:
        wanted = timezone.make_aware(datetime.fromisoformat(moment))
        self._settings.CLOCK_SHIFT_SECONDS += (wanted - now()).total_seconds()
        tick(now())


class Receipt:
    """The resident's page, read as they would and as it prints."""

    def __init__(self, page: Page, address: str) -> None:
        self._page, self._address = page, address

    def says(self, *sentences: str) -> Page:
        self._page.goto(self._address)
        for media in ("screen", "print"):
            self._page.emulate_media(media=media)
            for sentence in sentences:
                expect(self._page.locator("main")).to_contain_text(sentence, use_inner_text=True)
        self._page.emulate_media(media="screen")
        return self._page


def a_team_of(name: str) -> tuple[Team, Volunteer]:
    team = a_team(name=name)
    team.categories.add(a_category("medicine"))
    helper = a_volunteer(name=f"{name[:2]}生", teams=(team,))
    recount(team)
    return team, helper


def test_an_ignored_need_finds_its_way_up_and_to_its_end(
    open_phone: Callable[[], Page], open_page: Callable[..., Page], live_server, settings
):
    clock = Clock(settings)
    a_category("medicine")
    teams = [a_team_of(name) for name in ("马堡村分队", "包城村分队", "屯字镇巾帼队")]
    leaders = [a_leader(team) for team, _helper in teams]
    village, township = a_clerk(MABAO), a_dispatcher(TUNZI)

    def as_(who, page: Page) -> Page:
        log_in_browser(page, live_server.url, who)
        return page

    # Tuesday 09:00: asked online. The village's desk has a working day.
    resident = open_phone()
    resident.goto("/ask/")
    resident.get_by_text("买药送药", exact=True).first.click()
    resident.locator("[name=words]").fill("降压药快吃完了，腿疼走不到镇上。")
    resident.locator("[name=village]").select_option(MABAO)
    resident.locator("[name=name]").fill("王奶奶")
    resident.locator("[name=phone]").fill("100 0000 9017")
    resident.locator("main form button.btn-primary").click()
    need = Need.objects.get()
    expect(resident.locator(".no")).to_contain_text(need.number)
    receipt = Receipt(open_phone(), resident.url)
    receipt.says("马堡村求助台会给您打电话核实", "11 月 25 日 09:00")

    # In the afternoon its time runs out: the clerk is told, and does nothing.
    clock.to("2026-11-24 17:10")
    receipt.says("时限将到，已提醒经办人", "马堡村")
    clerk = as_(village, open_page())
    clerk.goto("/messages/")
    expect(clerk.locator("main")).to_contain_text("求助时限将到")

    # The next morning it is overdue and goes up, without anybody's hand; the resident is told.
    clock.to("2026-11-25 09:01")
    receipt.says("办晚了，已报上一级", "已超时，升到上一级", "屯字镇")
    assert [message.text for message in Message.objects.filter(phone__isnull=False) if "办晚了" in message.text]

    # The township sees it first, makes sure of it, and asks two teams at once by keyboard.
    desk = as_(township, open_page())
    desk.goto("/desk/?escalated=1")
    expect(desk.locator("#list")).to_contain_text("已升到屯字镇")
    desk.locator("[data-row]").first.click()
    desk.locator("[name=result]").fill("本人接的电话，属实")
    desk.locator("main form[action*='/verify/'] button").click()
    expect(desk.locator(".zy-say.success")).to_be_visible()
    receipt.says("屯字镇求助台正在找队伍")
    expect(desk.locator(".props li").nth(1)).to_be_visible()
    desk.keyboard.press("1")
    desk.keyboard.press("Shift+Digit2")
    desk.keyboard.press("Enter")
    expect(desk.locator(".zy-say.success")).to_contain_text("、")
    receipt.says("已问队伍，先答应的来")
    asked = [order.team_id for order in need.orders.order_by("pk")]
    declining, silent = (next(n for n, (team, _h) in enumerate(teams) if team.pk == key) for key in asked)
    claiming = ({0, 1, 2} - {declining, silent}).pop()

    # One declines with a reason; the other says nothing, is asked again, and passed over.
    leader = as_(leaders[declining], open_page())
    leader.goto(f"/my-teams/orders/{order_of(need, teams[declining][0]).public_id}/decline/")
    leader.get_by_text("届时没人有空").click()
    leader.locator("main form button.btn-primary").click()
    expect(leader.locator(".zy-say.success")).to_be_visible()
    receipt.says("已问队伍，先答应的来")
    clock.to("2026-11-25 17:30")
    receipt.says("已再次询问队伍")
    clock.to("2026-11-26 09:30")
    receipt.says("队伍没有答复，另找队伍", "镇原县求助台正在找队伍")
    assert order_of(need, teams[silent][0]).state == Order.State.PASSED_OVER

    # Open to be claimed: the third team is the first to take it.
    as_(township, desk).goto(f"/desk/{need.public_id}/")
    expect(desk.locator("main")).to_contain_text("没答复，已另派")
    desk.get_by_text("开放抢单").first.click()
    desk.get_by_role("button", name="向本乡镇队伍").click()
    expect(desk.locator(".zy-say.success")).to_be_visible()
    receipt.says("队伍可以抢单，先抢到的来")
    claimer = as_(leaders[claiming], open_page())
    claimer.goto("/my-teams/")
    claimer.get_by_role("button", name="抢单").click()
    starts_at = timezone.localtime(now() + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
    for name, value in (
        ("day", f"{starts_at:%Y-%m-%d}"),
        ("starts", f"{starts_at:%H:%M}"),
        ("ends", f"{starts_at + timedelta(hours=1):%H:%M}"),
        ("places", "1"),
    ):
        claimer.locator(f"[name=shift1-{name}]").fill(value)
    claimer.locator("main form button.btn-primary").click()
    expect(claimer.locator(".zy-say.success")).to_be_visible()
    team, helper = teams[claiming]
    receipt.says(team.name)

    # Served: the helper sees the house, and the resident sees that they looked.
    activity = Activity.objects.get()
    guest = as_(helper.person, open_phone())
    guest.goto(f"/activities/{activity.public_id}/")
    guest.locator("input[name=risk_seen]:visible").first.check()
    guest.locator("button[form=signup]:visible").first.click()
    guest.get_by_role("link", name="查看门牌和电话").click()
    expect(guest.locator("main")).to_contain_text("100 0000 9017")
    seen = receipt.says()
    seen.get_by_text("谁看过您的姓名和门牌").click()
    expect(seen.locator("main")).to_contain_text(helper.person.name)
    settings.CLOCK_SHIFT_SECONDS += (starts_at - timezone.localtime(now())).total_seconds() + 60
    signup = SignUp.objects.get()
    call_roll(signup, by=leaders[claiming], at=now(), present=True)
    receipt.says("正在服务", f"{team.name}正在办")
    settings.CLOCK_SHIFT_SECONDS += 40 * 60
    check_out(signup, by=leaders[claiming], at=now())
    claimer.goto(f"/activities/{activity.public_id}/finish/")
    claimer.locator("[name=helped]").fill("1")
    claimer.locator("[name=outcome]").fill("药已送到。")
    claimer.locator("[name=left_over]").fill("下个月还要再送一次。")
    claimer.locator("main form button.btn-primary").click()
    expect(claimer.locator(".zy-say.success")).to_be_visible()

    # Rated 2: somebody follows it up by a deadline, and only then it is closed.
    page = receipt.says("药已送到。")
    page.locator(".stars label").nth(3).click()
    page.locator("#rate [name=words]").first.fill("等了三天。")
    page.locator("#rate button.btn-primary").click()
    receipt.says("您不满意", "会有人了解情况", "2 分")
    desk.goto(f"/desk/{need.public_id}/")
    expect(desk.locator("main")).to_contain_text("下个月还要再送一次。")
    desk.locator("#words-follow-up").fill("向奶奶道了歉，以后由镇上直接派。")
    desk.get_by_role("button", name="回访完，办结").click()
    expect(desk.locator(".zy-say.success")).to_be_visible()
    receipt.says("向奶奶道了歉，以后由镇上直接派。", "药已送到。")

    need.refresh_from_db()
    assert need.state == NeedState.CLOSED
    assert [alarm.kind for alarm in Alarm.objects.order_by("at", "pk")] == [
        Alarm.Kind.WARNED,
        Alarm.Kind.ESCALATED,
        Alarm.Kind.ASKED_AGAIN,
        Alarm.Kind.PASSED_OVER,
    ]
    assert [check.name for check in need_checks() if not check.holds] == []
