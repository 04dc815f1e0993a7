"""What is not for volunteers is passed on, named, and stays ours until there is an answer."""

import pytest

from tests.build import MENGBA, NOW, a_clerk, a_leader, a_need, a_person, a_team, an_auditor
from tests.domain.needs.told import told
from zhiyuan.domain.bulletin.figures import readings
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.models import Body, Need, NeedState, Referral, Transition, VerifyMethod
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.queries import last_referral
from zhiyuan.domain.needs.referring import ReferralObstacle, body_name, note_referral_answer, refer_need
from zhiyuan.domain.needs.verifying import verify_need
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db
S = NeedState
HOME, NEIGHBOUR = "10000990017", "10000990018"


def obstacle_of(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.obstacle


def referred(**facts):
    return refer_need(a_need(phone=HOME, **facts), Body.HOTLINE, "水管爆了", by=a_clerk(), at=NOW)


@pytest.mark.parametrize("state", [S.SUBMITTED, S.VERIFIED])
@pytest.mark.parametrize("body", Body)
def test_a_need_is_passed_on_and_the_resident_told_to_whom(state, body):
    clerk, need = a_clerk(), a_need(phone=HOME, state=state)

    refer_need(need, body, "水管爆了", department="住建局" if body == Body.DEPARTMENT else "", by=clerk, at=NOW)

    need.refresh_from_db()
    referral = last_referral(need)
    assert (need.state, need.due_at is None, need.turn) == (S.REFERRED, False, 0)
    assert (referral.body, referral.note, referral.by, referral.answered_at) == (body, "水管爆了", clerk, None)
    assert (told(HOME), body_name(referral) in Message.objects.get().text) == (1, True)


@pytest.mark.parametrize(("theirs", "state"), [(True, S.CLOSED), (False, S.SUBMITTED)])
def test_the_answer_closes_it_or_brings_it_back(theirs, state):
    clerk, need = a_clerk(), referred()

    note_referral_answer(need, "已经派人", theirs=theirs, by=clerk, at=NOW)

    need.refresh_from_db()
    referral = Referral.objects.get()
    assert (need.state, need.alarm_at is None) == (state, theirs)
    assert (referral.answer, referral.answered_by, referral.answered_at) == ("已经派人", clerk, NOW)
    assert (told(HOME), Transition.objects.latest("pk").reason) == (2, "已经派人")


def test_it_can_be_passed_on_again_and_each_time_is_kept():
    clerk, need = a_clerk(), referred()
    note_referral_answer(need, "不归我们管", theirs=False, by=clerk, at=NOW)

    refer_need(need, Body.DEPARTMENT, "请看看", department="水务局", by=clerk, at=NOW)

    assert list(Referral.objects.order_by("pk").values_list("body", "department")) == [
        (Body.HOTLINE, ""),
        (Body.DEPARTMENT, "水务局"),
    ]


def test_a_department_is_named_and_a_reason_given():
    need, clerk = a_need(), a_clerk()

    def refuse(body, note):
        return obstacle_of(lambda: refer_need(need, body, note, department=" ", by=clerk, at=NOW))

    assert refuse(Body.DEPARTMENT, "请看看") == ReferralObstacle.NO_DEPARTMENT
    assert refuse(Body.POLICE, " ") == MovingObstacle.SILENT
    assert obstacle_of(lambda: note_referral_answer(referred(), " ", theirs=True, by=clerk, at=NOW)) == (
        MovingObstacle.SILENT
    )


@pytest.mark.parametrize("state", [S.WAITING, S.DISPATCHED, S.ACCEPTED, S.DONE, S.CLOSED])
def test_what_is_under_way_or_over_is_not_passed_on(state):
    need, clerk = a_need(state=state, team=a_team()), a_clerk()

    assert obstacle_of(lambda: refer_need(need, Body.HOTLINE, "漏水", by=clerk, at=NOW)) == MovingObstacle.NOT_FROM_HERE
    assert Referral.objects.count() == 0


def test_without_a_referral_there_is_no_answer():
    clerk = a_clerk()

    assert obstacle_of(lambda: note_referral_answer(a_need(), "好", theirs=True, by=clerk, at=NOW)) == (
        ReferralObstacle.NOT_REFERRED
    )


@pytest.mark.parametrize("who", [lambda: a_clerk(MENGBA), an_auditor, lambda: a_leader(a_team()), a_person])
def test_nobody_passes_it_on_or_notes_an_answer_but_who_works_for_the_place(who):
    need, passed_on, by = a_need(), referred(), who()

    assert obstacle_of(lambda: refer_need(need, Body.POLICE, "漏水", by=by, at=NOW)) == AccessObstacle.NOT_YOURS
    assert obstacle_of(lambda: note_referral_answer(passed_on, "好", theirs=True, by=by, at=NOW)) == (
        AccessObstacle.NOT_YOURS
    )
    assert Need.objects.get(pk=passed_on.pk).state == S.REFERRED


def test_whoever_brought_it_and_households_taken_together_with_it_hear_the_answer():
    worker = a_person()
    need = a_need(phone=HOME, entered_by=worker)
    a_need(state=S.MERGED, merged_into=need, phone=NEIGHBOUR)

    refer_need(need, Body.HOTLINE, "水管爆了", by=a_clerk(), at=NOW)
    note_referral_answer(need, "修好了", theirs=True, by=a_clerk(), at=NOW)

    assert [told(phone) for phone in (HOME, NEIGHBOUR, worker.phone)] == [2, 2, 1]


def test_what_another_body_did_is_no_work_of_ours():
    note_referral_answer(referred(), "修好了", theirs=True, by=a_clerk(), at=NOW)

    assert [one.value for one in readings(("needs_done", "needs_rated", "needs_unrated"), NOW)] == [0, 0, 0]


@pytest.mark.parametrize(("verified", "state"), [(True, S.VERIFIED), (False, S.SUBMITTED)])
def test_what_is_not_theirs_comes_back_as_it_went(verified, state):
    clerk, need = a_clerk(), a_need()
    if verified:
        verify_need(need, VerifyMethod.PHONE, "属实", by=clerk, at=NOW)
    refer_need(need, Body.HOTLINE, "水管爆了", by=clerk, at=NOW)

    note_referral_answer(need, "不归我们管", theirs=False, by=clerk, at=NOW)

    assert Need.objects.get().state == state
