"""From a daughter's ask to confirmed hours, through the domain alone; the browser tells the same story next door."""

from datetime import timedelta

import pytest

from tests.build import (
    MABAO,
    NOW,
    a_category,
    a_clerk,
    a_deputy,
    a_dispatcher,
    a_grant,
    a_leader,
    a_team,
    a_volunteer,
    area,
    order_of,
)
from zhiyuan.domain.activities.attendance import call_roll, check_in_by_code, check_out, check_out_by_code, shift_code
from zhiyuan.domain.activities.models import Form, SignUp
from zhiyuan.domain.activities.planning import Plan, PlannedShift, finish_activity, publish_activity
from zhiyuan.domain.activities.signup import SignupObstacle, sign_up
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.confirming import ConfirmObstacle, confirm
from zhiyuan.domain.hours.queries import minutes_of, records_of
from zhiyuan.domain.journal.reading import journal_break
from zhiyuan.domain.needs.dispatching import dispatch_need
from zhiyuan.domain.needs.filing import NeedFacts, file_need
from zhiyuan.domain.needs.models import Door, Mandate, Need, NeedState, VerifyMethod
from zhiyuan.domain.needs.queries import need_by_receipt, steps_of
from zhiyuan.domain.needs.rating import rate_need
from zhiyuan.domain.needs.serving import accept_order
from zhiyuan.domain.needs.verifying import verify_need
from zhiyuan.domain.organisations.models import Role

pytestmark = pytest.mark.django_db


def test_a_need_becomes_hours_that_another_person_confirmed():
    team = a_team()
    clerk, dispatcher, leader, deputy = a_clerk(MABAO), a_dispatcher(), a_leader(team), a_deputy(team)
    first, second = a_volunteer(teams=(team,)), a_volunteer(name="郭晓禾", teams=(team,))

    # a daughter asks for her mother, without an account
    facts = NeedFacts(
        name="王奶奶",
        phone="100 0000 0017",
        area=area(MABAO),
        words="降压药快吃完了，腿疼走不到镇上。",
        category=a_category("medicine"),
        address="村委会东边第三家",
        proxy_name="王小梅",
        proxy_relation="女儿",
        mandate=Mandate.SPOKEN,
    )
    need = file_need(facts, door=Door.WEB, by=None, at=NOW)

    # the clerk, the dispatcher, the leader
    verify_need(need, VerifyMethod.PHONE, "本人接的电话，情况属实", by=clerk, at=NOW + timedelta(minutes=20))
    dispatch_need(need, team, by=dispatcher, at=NOW + timedelta(minutes=30))
    accept_order(order_of(need), by=leader, at=NOW + timedelta(minutes=40))
    start = NOW + timedelta(days=1)
    plan = Plan(
        title="给马堡村老人送药",
        content="到镇卫生院取药，送到家里，量一次血压。",
        place="马堡村党群服务中心",
        area=area(MABAO),
        category=need.category,
        shifts=(PlannedShift(start, start + timedelta(hours=2), places=1),),
        risk="路滑，请穿防滑鞋。",
        form=Form.MENU,
        in_charge=leader,
        need=Need.objects.get(pk=need.pk),
    )
    activity = publish_activity(team, plan, by=leader, at=NOW + timedelta(minutes=50))
    shift = activity.shifts.get()

    # one place, two volunteers
    signup = sign_up(shift, first, by=first.person, at=NOW + timedelta(hours=1), risk_version=1)
    with pytest.raises(Refused) as refusal:
        sign_up(shift, second, by=second.person, at=NOW + timedelta(hours=1), risk_version=1)
    assert refusal.value.obstacle == SignupObstacle.FULL

    # there and back
    check_in_by_code(first, shift_code(shift, start), at=start)
    assert Need.objects.get(pk=need.pk).state == NeedState.SERVING
    left = start + timedelta(minutes=75, seconds=50)
    check_out_by_code(first, shift_code(shift, left), at=left)
    done = start + timedelta(hours=2)
    finish_activity(activity, helped=1, outcome="药已送到，血压正常。", by=leader, at=done)

    # the minutes: entered by the volunteer's own check-in, so anybody who may confirm but the volunteer
    entry = records_of(first).get()
    assert entry.minutes == 75
    assert minutes_of(first).provisional == 75
    with pytest.raises(Refused) as refusal:
        confirm(entry, by=as_deputy(first, team), at=done)
    assert refusal.value.obstacle == ConfirmObstacle.OWN_HOURS
    confirm(entry, by=deputy, at=done + timedelta(minutes=5))
    assert minutes_of(first).confirmed == 75
    assert minutes_of(second) == type(minutes_of(second))(0, 0)

    # the resident's word, by the receipt
    receipt = need_by_receipt(need.receipt_id)
    assert receipt is not None
    rate_need(receipt, 5, "来得快，谢谢孩子们。", by=None, at=done + timedelta(hours=1))
    assert [step.to_state for step in steps_of(need)] == [
        "submitted",
        "verified",
        "dispatched",
        "accepted",
        "scheduled",
        "serving",
        "done",
        "confirmed",
        "rated",
    ]
    assert SignUp.objects.get(pk=signup.pk).state == SignUp.State.CHECKED_OUT
    assert journal_break() is None


def as_deputy(volunteer, team):
    """The volunteer, even as a leader of the team."""
    a_grant(volunteer.person, Role.DEPUTY, team=team)
    return volunteer.person


def test_a_leader_who_called_the_roll_does_not_confirm_it():
    team = a_team()
    leader, deputy = a_leader(team), a_deputy(team)
    volunteer = a_volunteer(teams=(team,))
    plan = Plan(
        title="清扫门前积雪",
        content="扫雪、清灶。",
        place="马堡村党群服务中心",
        area=area(MABAO),
        category=a_category("snow"),
        shifts=(PlannedShift(NOW + timedelta(hours=2), NOW + timedelta(hours=4), places=5),),
        risk="路滑，请穿防滑鞋。",
        form=Form.DAILY,
        in_charge=leader,
    )
    activity = publish_activity(team, plan, by=leader, at=NOW)
    signup = sign_up(activity.shifts.get(), volunteer, by=volunteer.person, at=NOW, risk_version=1)
    call_roll(signup, by=leader, at=NOW + timedelta(hours=2), present=True)
    check_out(SignUp.objects.get(pk=signup.pk), by=leader, at=NOW + timedelta(hours=4))
    finish_activity(activity, helped=4, outcome="", by=leader, at=NOW + timedelta(hours=4))
    entry = records_of(volunteer).get()

    with pytest.raises(Refused) as refusal:
        confirm(entry, by=leader, at=NOW + timedelta(hours=5))
    confirm(entry, by=deputy, at=NOW + timedelta(hours=5))

    assert refusal.value.obstacle == ConfirmObstacle.OWN_ENTRY
    assert minutes_of(volunteer).confirmed == 120
