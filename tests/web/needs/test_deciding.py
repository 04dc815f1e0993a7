"""Every step at the desk by its form: done and said, the form again, once, by the right people, too late."""

import pytest

from tests.build import (
    COUNTY,
    MENGBA,
    NOW,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_team,
    a_volunteer,
    an_auditor,
    order_of,
)
from tests.web.doors import log_in
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.dispatching import DispatchObstacle
from zhiyuan.domain.needs.merging import MergingObstacle, merge_needs
from zhiyuan.domain.needs.models import (
    Body,
    FollowUp,
    KeptApart,
    Need,
    NeedState,
    Order,
    Rating,
    Referral,
    Transition,
    Verification,
)
from zhiyuan.domain.needs.rating import rate_need
from zhiyuan.domain.needs.referring import ReferralObstacle, refer_need
from zhiyuan.domain.needs.verifying import reject_need

pytestmark = pytest.mark.django_db
S = NeedState


def as_is(state):
    served = state in (S.ACCEPTED, S.SCHEDULED, S.DONE, S.CONFIRMED, S.RATED)
    return a_need(state=state, team=a_team() if served or state == S.DISPATCHED else None)


def referred():
    need = a_need(state=S.VERIFIED)
    return refer_need(need, Body.HOTLINE, "12345 已受理", by=a_clerk(), at=NOW)


def rejected():
    return reject_need(a_need(), "请打 12345", by=a_clerk(), at=NOW)


def joined():
    into, need = a_need(phone="10000000018"), a_need()
    merge_needs(into, [need], "同一件事", by=a_clerk(), at=NOW)
    return need


def rated_low():
    need = as_is(S.DONE)
    rate_need(need, 1, "没人来", by=None, at=NOW)
    return need


def with_volunteer():
    a_volunteer(phone="10000000099")
    return a_need()


def offered():
    return a_need(state=S.OFFERED)


# step: how the need is made, what is sent, which of it is words, where the need is then
WORDS = {"words": "电话里这样说的"}
STEPS = {
    "verify": (lambda: as_is(S.SUBMITTED), {"method": "phone", "result": "本人来电，属实"}, "result", S.VERIFIED),
    "ask": (lambda: as_is(S.SUBMITTED), WORDS, "words", S.WAITING),
    "answer": (lambda: as_is(S.WAITING), WORDS, "words", S.SUBMITTED),
    "reject": (lambda: as_is(S.VERIFIED), WORDS, "words", S.REJECTED),
    "appeal": (rejected, WORDS, "words", S.SUBMITTED),
    "withdraw": (lambda: as_is(S.DISPATCHED), WORDS, "words", S.WITHDRAWN),
    "recall": (lambda: as_is(S.DISPATCHED), WORDS, "words", S.VERIFIED),
    "refer": (lambda: as_is(S.VERIFIED), {"body": "12345", "note": "12345 已受理"}, "note", S.REFERRED),
    "referral": (referred, {**WORDS, "theirs": "1"}, "words", S.CLOSED),
    "part": (joined, WORDS, "words", S.SUBMITTED),
    "apart": (with_volunteer, {"number": "10000000099", "side": "household"}, "number", S.SUBMITTED),
    "rate": (lambda: as_is(S.DONE), {"stars": "4", "words": "来得快"}, "stars", S.RATED),
    "deny": (lambda: as_is(S.DONE), WORDS, "words", S.VERIFIED),
    "follow-up": (rated_low, WORDS, "words", S.CLOSED),
    "confirm": (lambda: as_is(S.DONE), {}, "", S.CONFIRMED),
    "close": (lambda: as_is(S.CONFIRMED), {}, "", S.CLOSED),
    "offer": (lambda: as_is(S.VERIFIED), {"reach": "township"}, "", S.OFFERED),
}
WITH_WORDS = [step for step, (_make, _sent, words, _after) in STEPS.items() if words]


def sent(client, need, step, /, once="a", **facts):
    return client.post(f"/desk/{need.public_id}/{step}/", {**facts, "once": once})


def as_kept(need):
    need.refresh_from_db()
    return need.state, need.team, need.transitions.count(), need.orders.count()


@pytest.fixture
def dispatcher(client):
    person = a_dispatcher()
    log_in(client, person)
    return person


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_done_once_and_said(client, dispatcher, step):
    make, facts, _words, after = STEPS[step]
    need = make()

    first = sent(client, need, step, **facts)
    done = as_kept(need)
    again = sent(client, need, step, **facts)

    assert (first.status_code, again.status_code, again["Location"]) == (302, 302, first["Location"])
    assert as_kept(need) == done
    assert need.state == after
    assert 'class="zy-say' in client.get(first["Location"]).content.decode()


@pytest.mark.parametrize("step", WITH_WORDS)
def test_without_words_the_form_comes_again_with_what_was_typed(client, dispatcher, step):
    make, facts, words, _after = STEPS[step]
    need = make()
    before = as_kept(need)

    answer = sent(client, need, step, **{**facts, words: ""})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "zy-err" in page or "zy-say error" in page
    for name, typed in facts.items():
        assert name in (words, "theirs") or typed in page
    assert as_kept(need) == before


@pytest.mark.parametrize("who", ["sibling", "auditor", "leader", "account"])
@pytest.mark.parametrize("step", [*STEPS, "dispatch", "merge"])
def test_others_find_no_such_step(client, step, who):
    make, facts, _words, _after = STEPS.get(step, (lambda: as_is(S.VERIFIED), WORDS, "", S.VERIFIED))
    need = make()
    before = as_kept(need)
    people = {
        "sibling": lambda: a_dispatcher(MENGBA),
        "auditor": an_auditor,
        "leader": lambda: a_leader(a_team(name="别的队")),
        "account": a_person,
    }
    log_in(client, people[who]())

    assert sent(client, need, step, **facts, team=a_team().public_id).status_code == 404
    assert as_kept(need) == before


@pytest.mark.parametrize("step", WITH_WORDS)
def test_what_came_too_late_is_said_and_what_was_typed_is_not_lost(client, dispatcher, step):
    _make, facts, _words, _after = STEPS[step]
    need = a_need(state=S.WITHDRAWN)
    a_volunteer(phone="10000000099")
    before = as_kept(need)
    if step == "apart":  # what two people want of each other outlives the request
        assert sent(client, need, step, **facts).status_code == 302
        return

    answer = sent(client, need, step, **facts)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="zy-say error"' in page
    typed = facts.get("words") or facts.get("result") or facts.get("note", "")
    assert typed in page
    assert as_kept(need) == before


@pytest.mark.parametrize("step", ["confirm", "close", "offer"])
def test_a_button_that_came_too_late_says_so_where_one_was(client, dispatcher, step):
    need = a_need(state=S.WITHDRAWN)
    address = f"/desk/{need.public_id}/"
    before = as_kept(need)

    answer = client.post(f"{address}{step}/", {"once": "a"}, headers={"referer": f"http://testserver{address}"})

    assert answer["Location"].endswith(address)
    assert "已撤回" in (page := client.get(address).content.decode())
    assert 'class="zy-say error"' in page
    assert as_kept(need) == before


def test_an_auditor_is_offered_no_step(client):
    log_in(client, an_auditor())

    for need in (as_is(S.SUBMITTED), as_is(S.WAITING), as_is(S.VERIFIED), as_is(S.DONE), joined(), rated_low()):
        context = client.get(f"/desk/{need.public_id}/").context
        offered = {name for name in context.keys() if name.startswith("can_") and context[name]}  # noqa: SIM118
        assert offered == set()


# Sending ------------------------------------------------------------------------------------------------------------


def test_several_teams_are_asked_in_one_send_and_one_more_while_they_wait(client, dispatcher):
    need = as_is(S.VERIFIED)
    first, second, third = (a_team(name=name) for name in ("一队", "二队", "三队"))

    answer = sent(client, need, "dispatch", team=[first.public_id, second.public_id])
    [said] = [str(message) for message in client.get(answer["Location"]).context["messages"]]
    assert f"{first.name}、{second.name}" in said
    sent(client, need, "dispatch", once="b", team=[third.public_id])
    twice = sent(client, need, "dispatch", once="c", team=[third.public_id])

    need.refresh_from_db()
    assert (need.state, need.times_sent) == (S.DISPATCHED, 2)
    assert [order.team for order in need.orders.order_by("pk")] == [first, second, third]
    assert "zy-say error" in client.get(twice["Location"]).content.decode()


def test_no_team_and_an_ended_team_are_asked_of_nobody(client, dispatcher):
    need = as_is(S.VERIFIED)
    over = a_team(until=NOW.date())

    silent = sent(client, need, "dispatch", team=[])
    ended = sent(client, need, "dispatch", once="b", team=[over.public_id])
    assert str(DispatchObstacle.TEAM_OVER.label) in client.get(ended["Location"]).content.decode()
    unknown = sent(client, need, "dispatch", once="c", team=["nonsense"])

    assert [answer.status_code for answer in (silent, ended, unknown)] == [409, 302, 404]
    assert as_kept(need)[::3] == (S.VERIFIED, 0)


def test_what_another_dispatcher_sent_meanwhile_is_not_sent_twice(client, dispatcher):
    team = a_team()
    need = a_need(state=S.ACCEPTED, team=team)

    answer = sent(client, need, "dispatch", team=[a_team(name="二队").public_id])

    assert "zy-say error" in client.get(answer["Location"]).content.decode()
    assert [order.team for order in need.orders.all()] == [team]


@pytest.mark.parametrize(("reach", "code"), [("township", TUNZI), ("county", COUNTY)])
def test_a_request_is_opened_to_the_teams_of_the_township_or_the_county(client, dispatcher, reach, code):
    need = as_is(S.VERIFIED)

    answer = sent(client, need, "offer", reach=reach)

    need.refresh_from_db()
    assert (need.state, need.offered_in_id) == (S.OFFERED, code)
    assert need.offered_in.name in client.get(answer["Location"]).content.decode()


def test_an_offer_that_nobody_claimed_is_taken_back(client, dispatcher):
    need = offered()

    sent(client, need, "recall", **WORDS)

    need.refresh_from_db()
    assert need.state == S.VERIFIED


def test_a_team_that_has_not_answered_has_no_time_of_an_answer(client, dispatcher):
    need = as_is(S.DISPATCHED)

    page = client.get(f"/desk/{need.public_id}/").content.decode()

    asked = page[page.index("还没答复") :]
    assert "月" not in asked[: asked.index("</tr>")]


@pytest.mark.parametrize("state", [S.REJECTED, S.WITHDRAWN])
def test_what_ended_unserved_is_not_called_served(client, dispatcher, state):
    need = a_need(state=state)

    page = client.get(f"/desk/{need.public_id}/")

    assert page.context["clock"].kind == "over"
    assert "已办完" not in page.content.decode()[page.content.decode().index('id="need"') :].split("</header>")[0]


# Other ways ---------------------------------------------------------------------------------------------------------


def test_the_chosen_ones_are_taken_together_and_the_others_stay(client, dispatcher):
    into, same, neighbour, other = (a_need(phone=f"1000000002{n}") for n in range(4))
    page = client.get(f"/desk/{into.public_id}/")
    assert set(page.context["alike"]) == {(same, True), (neighbour, True), (other, True)}

    answer = sent(client, into, "merge", need=[same.public_id, neighbour.public_id], **WORDS)

    assert answer["Location"] == f"/desk/{into.public_id}/"
    assert set(Need.objects.filter(merged_into=into)) == {same, neighbour}
    other.refresh_from_db()
    assert other.state == S.SUBMITTED


def test_what_a_team_has_takes_in_more_and_what_is_new_is_led_to_it(client, dispatcher):
    taken, new = as_is(S.ACCEPTED), a_need(phone="10000000018")

    beside_new = client.get(f"/desk/{new.public_id}/")
    beside_taken = client.get(f"/desk/{taken.public_id}/")

    assert beside_new.context["alike"] == [(taken, False)]
    assert "打开其中一件，可以把本件并进去一起办" in beside_new.content.decode()
    assert f'value="{taken.public_id}"' not in beside_new.content.decode()
    assert beside_taken.context["alike"] == [(new, True)]
    sent(client, taken, "merge", need=[new.public_id], **WORDS)
    new.refresh_from_db()
    assert new.merged_into == taken


def test_nothing_chosen_is_said_and_ticks_outlive_a_missing_reason(client, dispatcher):
    into, same = a_need(), a_need(phone="10000000018")

    nothing = sent(client, into, "merge", **WORDS)
    silent = sent(client, into, "merge", once="b", need=[same.public_id], words="")

    assert nothing.status_code == silent.status_code == 422
    assert str(MergingObstacle.NOTHING_CHOSEN.label) in nothing.content.decode()
    assert WORDS["words"] in nothing.content.decode()
    assert f'value="{same.public_id}" checked' in silent.content.decode()
    assert not Need.objects.filter(state=S.MERGED).exists()


def test_a_request_of_another_township_cannot_be_chosen(client, dispatcher):
    into, far = a_need(), a_need(area_code="621027102200")

    answer = sent(client, into, "merge", need=[far.public_id], **WORDS)

    far.refresh_from_db()
    assert (answer.status_code, far.state) == (422, S.SUBMITTED)


def test_a_department_is_named_and_its_answer_may_send_it_back(client, dispatcher):
    need = a_need(state=S.VERIFIED)

    nameless = sent(client, need, "refer", body="department", department=" ", note="民政已收")
    assert (nameless.status_code, list(nameless.context["refer_form"].errors)) == (422, ["department"])
    assert str(ReferralObstacle.NO_DEPARTMENT.label) in nameless.content.decode()
    assert "民政已收" in nameless.content.decode()
    sent(client, need, "refer", once="b", body="department", department="民政办", note="民政已收")
    assert "民政办" in client.get(f"/desk/{need.public_id}/").content.decode()
    sent(client, need, "referral", once="c", words="不归我们管", theirs="0")

    need.refresh_from_db()
    assert need.state == S.SUBMITTED  # nobody had made sure of it
    assert Referral.objects.get().answer == "不归我们管"


def test_what_a_body_answered_stays_to_be_read_at_the_desk(client, dispatcher):
    need = referred()
    sent(client, need, "referral", words="已派人处理", theirs="1")

    context = client.get(f"/desk/{need.public_id}/").context

    assert (context["referral"].answer, context["can_note_referral"]) == ("已派人处理", False)
    assert "12345 已受理" in client.get(f"/desk/{need.public_id}/").content.decode()


def test_household_and_volunteer_are_kept_apart_and_brought_together_again(client, dispatcher):
    volunteer = a_volunteer(phone="10000000099", name="陈青原")
    need = a_need()
    facts = {"number": "100 0000 0099", "side": "household", "reason": "吵过架"}

    unknown = sent(client, need, "apart", **{**facts, "number": "10000000098"})
    assert (unknown.status_code, list(unknown.context["apart_form"].errors)) == (422, ["number"])
    assert "吵过架" in unknown.content.decode()
    sent(client, need, "apart", once="b", **facts)
    kept = KeptApart.objects.get()
    assert (kept.volunteer, kept.by_household, kept.reason) == (volunteer, True, "吵过架")
    assert "陈青原" in client.get(f"/desk/{need.public_id}/").content.decode()
    assert sent(client, need, "apart", once="c", **facts).status_code == 422
    sent(client, need, "apart", once="d", **facts, together="on")

    kept.refresh_from_db()
    assert kept.ended_at is not None
    assert "吵过架" not in client.get(f"/r/{need.receipt_id}/").content.decode()


# The resident's word by telephone -----------------------------------------------------------------------------------


def test_an_objection_is_noted_once_and_goes_to_the_desk_above(client, dispatcher):
    need = rejected()

    sent(client, need, "appeal", **WORDS)

    need.refresh_from_db()
    assert (need.state, need.desk_id) == (S.SUBMITTED, COUNTY)
    reject_need(need, "还是不行", by=a_dispatcher(COUNTY), at=now())
    again = sent(client, need, "appeal", once="b", **WORDS)
    assert again.status_code == 422
    assert WORDS["words"] in again.content.decode()


def test_a_withdrawal_by_telephone_frees_the_teams_that_were_asked(client, dispatcher):
    need = as_is(S.DISPATCHED)

    sent(client, need, "withdraw", **WORDS)

    assert order_of(need).state == Order.State.WITHDRAWN
    assert Transition.objects.get(need=need, to_state=S.WITHDRAWN).by == dispatcher


def test_a_low_rating_by_telephone_is_followed_up_before_it_is_put_away(client, dispatcher):
    need = as_is(S.DONE)
    sent(client, need, "rate", stars="1", words="没人来")
    assert Rating.objects.get().by == dispatcher

    too_early = sent(client, need, "close", once="b")
    need.refresh_from_db()
    assert (too_early.status_code, need.state) == (409, S.RATED)
    sent(client, need, "follow-up", once="c", words="上门道歉，重新送了药")

    need.refresh_from_db()
    assert (need.state, FollowUp.objects.get().result) == (S.CLOSED, "上门道歉，重新送了药")
    assert "上门道歉" in client.get(f"/desk/{need.public_id}/").content.decode()


def test_a_household_that_was_taken_together_with_others_is_followed_up_too(client, dispatcher):
    into, need = as_is(S.ACCEPTED), a_need(phone="10000000018")
    merge_needs(into, [need], "同一件事", by=dispatcher, at=NOW)
    Need.objects.filter(pk=into.pk).update(state=S.DONE, turn=2, done_at=NOW)
    need = Need.objects.get(pk=need.pk)
    rate_need(need, 1, "漏了我家", by=None, at=NOW)

    assert client.get(f"/desk/{need.public_id}/").context["can_follow_up"]
    sent(client, need, "follow-up", words="第二天补上了")

    need.refresh_from_db()
    assert (need.state, FollowUp.objects.get().done_by) == (S.MERGED, dispatcher)


def test_what_was_verified_is_kept_with_who_and_how(client, dispatcher):
    need = a_need()

    sent(client, need, "verify", method="visit", result="上门看过")

    found = Verification.objects.get()
    assert (found.method, found.result, found.by) == ("visit", "上门看过", dispatcher)
