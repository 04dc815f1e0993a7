"""The desk, the receipts, the house and supervision with everything on them: for everybody, at both widths."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.build import (
    COUNTY,
    NOW,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_need,
    a_team,
    a_volunteer,
    an_activity,
    an_order,
)
from tests.conftest import DESKTOP, PHONE
from tests.web.doors import log_in_browser
from zhiyuan.domain.needs.keeping_apart import keep_apart
from zhiyuan.domain.needs.looking import note_look
from zhiyuan.domain.needs.merging import merge_needs
from zhiyuan.domain.needs.models import Alarm, Body, DeclineReason, Look, Need, NeedState, Order, Turn, VerifyMethod
from zhiyuan.domain.needs.rating import rate_need
from zhiyuan.domain.needs.referring import refer_need
from zhiyuan.domain.needs.verifying import reject_need, verify_need
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db(transaction=True)
S, Said = NeedState, Order.State


class Scene:
    """One county's worth of requests, in each state with all its sections filled."""

    def __init__(self) -> None:
        self.clerk = a_clerk()
        self.team = a_team(name="马堡村分队", phone="10000000061")
        self.second = a_team(name="屯字镇机关志愿服务突击队")
        volunteer = a_volunteer(name="陈青原", teams=(self.team, self.second), phone="10000000062")
        recount(self.team)
        self.needs = {
            "submitted": self.need(risk="院里有狗，台阶结冰", proxy_name="王小明", proxy_relation="孙子"),
            "dispatched": self.dispatched(),
            "offered": self.need(state=S.OFFERED, offered_in_id="621027103000", times_sent=2),
            "referred": self.referred(),
            "done": self.served(S.DONE),
            "rated low": self.rated_low(),
            "rejected": reject_need(self.need(), "这件事不归志愿服务，请打 12345 反映。", by=self.clerk, at=NOW),
        }
        self.work, self.needs["merged"] = self.merged()
        keep_apart(self.needs["submitted"], volunteer, "上次吵过架", by_household=True, by=self.clerk, at=NOW)
        for need in self.needs.values():
            note_look(need, Look.Capacity.DESK, by=self.clerk, at=NOW)
            Alarm.objects.create(need=need, kind=Alarm.Kind.ESCALATED, state=need.state, desk_id=COUNTY, at=NOW)

    def need(self, **facts: Any) -> Need:
        return a_need(**{"escalations": 1, "desk_id": COUNTY, **facts})

    def dispatched(self) -> Need:
        need = self.need(state=S.DISPATCHED, team=self.second, times_sent=3)
        an_order(need, self.team, state=Said.DECLINED, why=DeclineReason.OTHER, reason="这周都在防火值班，抽不出人")
        an_order(need, a_team(name="三队"), state=Said.PASSED_OVER, answered_at=NOW)
        return need

    def served(self, state: NeedState) -> Need:
        facts = {
            "outcome": "药送到了，还帮着量了血压。",
            "left_over": "灶房灯泡坏了，要换。",
            "helped": 2,
            "done_at": NOW,
        }
        return self.need(state=state, team=self.team, times_sent=1, **facts)

    def referred(self) -> Need:
        need = verify_need(self.need(), VerifyMethod.PHONE, "本人来电，属实", by=self.clerk, at=NOW)
        said = "老李接的，说两天内上门看。"
        return refer_need(need, Body.DEPARTMENT, said, department="屯字镇民政办", by=self.clerk, at=NOW)

    def rated_low(self) -> Need:
        need = self.served(S.DONE)
        rate_need(need, 1, "只来了一个人，煤没有搬完就走了", by=None, at=NOW)
        return need

    def merged(self) -> tuple[Need, Need]:
        work, other = self.need(phone="10000000018", name="张大爷"), self.need(phone="10000000019", risk="有狗")
        merge_needs(work, [other], "同一口井坏了，一次去修", by=self.clerk, at=NOW)
        an_order(work, self.team, state=Said.ACCEPTED)
        soon = {"due_at": NOW + timedelta(days=1), "alarm_at": NOW + timedelta(days=1)}
        Need.objects.filter(pk=work.pk).update(state=S.SCHEDULED, team=self.team, turn=Turn.OURS, **soon)
        return Need.objects.get(pk=work.pk), Need.objects.get(pk=other.pk)


def look_at(page: Page, axe: Callable[[Page], list[str]], addresses: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with each page, everything on it unfolded."""
    wrong = {}
    for name, address in addresses.items():
        page.goto(address)
        assert page.locator("h1").is_visible(), address
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        faults = axe(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append("scrolls sideways")
        if faults:
            wrong[name] = faults
    return wrong


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_state_of_a_request_can_be_read_by_everybody_at_the_desk(
    open_page: Callable[..., Page], live_server, axe: Callable[[Page], list[str]], screen: dict[str, Any]
):
    scene = Scene()
    page = open_page(**screen)
    log_in_browser(page, live_server.url, a_dispatcher(COUNTY))
    addresses = {f"desk {name}": f"/desk/{need.public_id}/" for name, need in scene.needs.items()}

    found = look_at(page, axe, {**addresses, "work": f"/desk/{scene.work.public_id}/", "supervision": "/supervision/"})

    assert found == {}


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_every_state_of_a_receipt_and_the_house_can_be_read_by_everybody(
    open_page: Callable[..., Page], live_server, axe: Callable[[Page], list[str]], screen: dict[str, Any]
):
    scene = Scene()
    visit = an_activity(scene.team, need=scene.work)
    page = open_page(**screen)
    log_in_browser(page, live_server.url, a_leader(scene.team))
    receipts = {f"receipt {name}": f"/r/{need.receipt_id}/" for name, need in scene.needs.items()}

    found = look_at(page, axe, {**receipts, "house": f"/activities/{visit.public_id}/house/"})

    assert found == {}
