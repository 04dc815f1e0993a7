"""The receipt: what the resident may still do, what they read of others' hands, and nothing that is not theirs."""

from datetime import timedelta

import pytest

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
)
from tests.web.doors import log_in
from zhiyuan.domain.needs.filing import answer_question
from zhiyuan.domain.needs.keeping_apart import keep_apart
from zhiyuan.domain.needs.looking import note_look
from zhiyuan.domain.needs.merging import merge_needs
from zhiyuan.domain.needs.models import Alarm, Body, Look, Need, NeedState
from zhiyuan.domain.needs.rating import finish_follow_up, rate_need
from zhiyuan.domain.needs.referring import note_referral_answer, refer_need
from zhiyuan.domain.needs.verifying import ask_requester, reject_need

pytestmark = pytest.mark.django_db
S = NeedState
WHY = "两家要的是同一件事"


def page_of(client, need):
    answer = client.get(f"/r/{need.receipt_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def sent(client, need, what, words, once="a"):
    return client.post(f"/r/{need.receipt_id}/{what}/", {"words": words, "once": once})


def served():
    return a_need(state=S.DONE, team=a_team(), outcome="药送到了。")


def two_as_one(state=S.SUBMITTED, team=None):
    """The work of one household, and the request of another that was taken together with it."""
    work = a_need(name="张家大叔", phone="10000000018", address="二组最后一家", words="我家也要药。")
    other = a_need()
    merge_needs(work, [other], WHY, by=a_clerk(), at=NOW)
    if state != S.SUBMITTED:
        Need.objects.filter(pk=work.pk).update(state=state, team=team)
    return Need.objects.get(pk=work.pk), Need.objects.get(pk=other.pk)


# Objecting ----------------------------------------------------------------------------------------------------------


def test_a_refusal_is_objected_to_once(client):
    need = reject_need(a_need(), "请打 12345", by=a_clerk(), at=NOW)
    assert "请打 12345" in page_of(client, need)

    silent = sent(client, need, "appeal", "")
    done = sent(client, need, "appeal", "我打过了", once="b")
    twice = sent(client, need, "appeal", "我打过了", once="b")

    need.refresh_from_db()
    assert (silent.status_code, done.status_code, twice.status_code) == (422, 302, 302)
    assert (need.state, need.desk_id) == (S.SUBMITTED, COUNTY)
    reject_need(need, "县里也办不了", by=a_dispatcher(COUNTY), at=NOW)
    assert not client.get(f"/r/{need.receipt_id}/").context["can_appeal"]
    late = sent(client, need, "appeal", "再说一次", once="c")
    assert (late.status_code, "再说一次" in late.content.decode()) == (422, True)


def test_what_was_not_done_is_opened_again_one_desk_higher(client):
    need = served()

    silent = sent(client, need, "deny", "")
    sent(client, need, "deny", "没有人来过", once="b")

    need.refresh_from_db()
    assert silent.status_code == 422
    assert '<details class="quit no-print" open>' in silent.content.decode()
    assert (need.state, need.desk_id, need.escalations) == (S.VERIFIED, COUNTY, 1)


def test_words_stand_only_in_the_form_that_was_sent(client):
    need = ask_requester(a_need(), "药名是什么？", by=a_dispatcher(), at=NOW)

    page = sent(client, need, "withdraw", "").content.decode()

    assert page.count("zy-err") == 1
    assert page.index("zy-err") > page.index('id="words-answer"')


@pytest.mark.parametrize("what", ["answer", "appeal", "deny", "withdraw"])
def test_what_came_too_late_is_said_and_what_was_typed_is_not_lost(client, what):
    need = a_need(state=S.WITHDRAWN)

    answer = sent(client, need, what, "我要说的话")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "zy-say error" in page
    assert "我要说的话" in page


# Together with others -----------------------------------------------------------------------------------------------


def test_who_was_taken_together_with_others_sees_the_work_go_on(client):
    team = a_team(name="马堡村分队")
    work, other = two_as_one(S.SCHEDULED, team)
    an_activity(team, need=work)

    context = client.get(f"/r/{other.receipt_id}/").context
    page = page_of(client, other)

    assert [step.state for step in context["line"]].count("done") == 4
    assert (context["activity"].need, context["work"]) == (work, work)
    assert team.name in page
    assert WHY in page


def test_who_was_taken_together_with_others_rates_for_themselves(client):
    work, other = two_as_one(S.DONE, a_team())
    assert client.get(f"/r/{other.receipt_id}/").context["can_rate"]

    client.post(f"/r/{other.receipt_id}/rate/", {"stars": "4", "words": "来得快", "once": "a"})

    context = client.get(f"/r/{other.receipt_id}/").context
    assert (context["rating"].stars, context["can_rate"]) == (4, False)
    assert "谢谢" in context["turn"]
    work.refresh_from_db()
    assert (work.state, hasattr(work, "rating")) == (S.DONE, False)


def test_no_household_reads_what_another_said(client):
    work, other = two_as_one()
    ask_requester(work, "您家老人多大年纪？", by=a_dispatcher(), at=NOW)
    waiting = client.get(f"/r/{other.receipt_id}/").context
    answer_question(Need.objects.get(pk=work.pk), "我妈八十一，瘫在床上", by=None, at=NOW)
    refer_need(Need.objects.get(pk=work.pk), Body.HOTLINE, "张家老人卧床，请派人", by=a_clerk(), at=NOW)

    page = page_of(client, other)

    assert waiting["question"] == ""
    assert "您" not in waiting["turn"]
    for private in (work.words, work.number, "八十一", "多大年纪", "张家", "二组最后一家", "10000000018"):
        assert private not in page
    assert "八十一" in page_of(client, work)


# Passed on, and asked after -----------------------------------------------------------------------------------------


def test_where_it_was_passed_to_and_what_they_answered(client):
    need = a_need()
    refer_need(need, Body.DEPARTMENT, "民政已收", department="民政办", by=a_clerk(), at=NOW)
    before = page_of(client, need)
    note_referral_answer(need, "已上门办理", theirs=True, by=a_clerk(), at=NOW)
    after = page_of(client, need)

    assert "民政办" in before
    assert "已上门办理" not in before
    assert "已上门办理" in after


def test_a_low_rating_is_answered_on_the_receipt(client):
    need = served()
    rate_need(need, 1, "漏了我家", by=None, at=NOW)
    opened = client.get(f"/r/{need.receipt_id}/").context["follow_up"]
    finish_follow_up(need, "第二天补送了", by=a_clerk(), at=NOW)

    assert opened.done_at is None
    assert "第二天补送了" in page_of(client, need)


# Whose hands --------------------------------------------------------------------------------------------------------


def test_the_story_tells_offices_and_the_clock_and_no_names_of_staff(client):
    clerk = a_clerk()
    need = ask_requester(a_need(), "药名是什么？", by=clerk, at=NOW)
    for number, kind in enumerate(Alarm.Kind):
        at = NOW + timedelta(minutes=number)
        Alarm.objects.create(need=need, kind=kind, state=need.state, desk_id=COUNTY, at=at)

    page = page_of(client, need)

    for kind in Alarm.Kind:
        assert str(kind.label) in page
    assert "镇原县" in page
    assert clerk.name not in page


def test_the_resident_sees_who_looked_and_not_whom_the_desk_keeps_away(client):
    need, leader = a_need(), a_leader(a_team())
    volunteer = a_volunteer(name="陈青原")
    keep_apart(need, volunteer, "吵过架", by_household=True, by=a_clerk(), at=NOW)
    for _ in range(2):
        note_look(need, Look.Capacity.LEADER, by=leader, at=NOW)
    log_in(client, clerk := a_clerk())
    client.get(f"/desk/{need.public_id}/")

    context = client.get(f"/r/{need.receipt_id}/").context
    page = page_of(client, need)

    seen = {(one.name, one.capacity, one.times) for one in context["looks"]}
    assert seen == {(leader.name, Look.Capacity.LEADER, 2), (clerk.name, Look.Capacity.DESK, 1)}
    assert "陈青原" not in page
    assert "吵过架" not in page


@pytest.mark.parametrize("state", [S.SUBMITTED, S.VERIFIED, S.DONE, S.WITHDRAWN])
def test_no_state_shows_the_house_the_telephone_or_the_whole_name(client, state):
    team = a_team() if state == S.DONE else None
    need = a_need(state=state, team=team, name="王秀兰", proxy_name="王小明", proxy_phone="10000000077", risk="有狗")

    page = page_of(client, need)

    for private in ("王秀兰", "村委会东边第三家", "10000000017", "100 0000 0017", "王小明", "10000000077", "有狗"):
        assert private not in page


def test_a_receipt_is_read_aloud_sign_by_sign_without_names(client):
    need = a_need(number="261124-0047", name="王秀兰")

    spoken = client.get(f"/r/{need.receipt_id}/").context["spoken"]

    assert "2 6 1 1 2 4 0 0 4 7" in spoken
    assert "王秀兰" not in spoken
    assert f'data-say="{spoken}"' in page_of(client, need)
