"""The desk: what is late first, one request open, every step by a form of its own."""

from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    a_category,
    a_clerk,
    a_dispatcher,
    a_need,
    a_person,
    a_team,
    a_volunteer,
    an_auditor,
    area,
    order_of,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.needs.models import Need, NeedState
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispatcher(client):
    person = a_dispatcher()
    log_in(client, person)
    return person


def test_what_is_late_stands_first(client, dispatcher):
    fine = a_need(due_at=now() + timedelta(hours=5), words="不急的事情")
    late = a_need(due_at=now() - timedelta(hours=1), words="已经晚了的事")

    page = client.get("/desk/").content.decode()

    assert page.index(late.words) < page.index(fine.words)


def test_a_desk_shows_its_own_townships_and_no_others(client, dispatcher):
    own = a_need(words="本镇的求助内容")
    other = a_need(area_code=MENGBA_VILLAGE, words="别镇的求助内容")

    page = client.get("/desk/").content.decode()

    assert own.words in page
    assert other.words not in page
    assert client.get(f"/desk/{other.public_id}/").status_code == 404
    log_in(client, a_dispatcher(MENGBA))
    assert client.get(f"/desk/{other.public_id}/").status_code == 200


def test_two_characters_find_a_request(client, dispatcher):
    wanted = a_need(words="煤在院子里搬不动")
    a_need(words="手机不会用")

    found = client.get("/desk/", {"q": "院子"}).context["page"].object_list
    by_number = client.get("/desk/", {"q": wanted.number}).context["page"].object_list

    assert list(found) == [wanted]
    assert list(by_number) == [wanted]


@pytest.mark.parametrize(
    ("filters", "count"),
    [({}, 3), ({"state": "verified"}, 1), ({"overdue": "1"}, 1), ({"urgency": "urgent"}, 1), ({"state": "x"}, 3)],
)
def test_filters_stand_in_the_address(client, dispatcher, filters, count):
    a_need(due_at=now() - timedelta(hours=1))
    a_need(state=NeedState.VERIFIED, due_at=now() + timedelta(hours=9))
    a_need(urgency="urgent", due_at=now() + timedelta(hours=9))

    page = client.get("/desk/", filters).context["page"]

    assert len(page.object_list) == count


def test_opening_a_request_is_noted(client, dispatcher):
    need = a_need()

    client.get(f"/desk/{need.public_id}/")

    assert JournalEntry.objects.filter(action="need.viewed", actor=dispatcher.public_id).count() == 1


def test_a_request_is_verified_then_sent_with_one_key_and_the_next_opens(client, dispatcher):
    first, second = a_need(), a_need(state=NeedState.VERIFIED)
    team = a_team()
    a_volunteer(teams=(team,))
    recount(team)

    client.post(f"/desk/{first.public_id}/verify/", {"method": "phone", "result": "属实", "once": "a"})
    page = client.get(f"/desk/{first.public_id}/")
    answer = client.post(f"/desk/{first.public_id}/dispatch/", {"team": team.public_id, "once": "b"})

    assert [proposal.team for proposal in page.context["proposals"]] == [team]
    assert answer["Location"] == f"/desk/{second.public_id}/"
    first.refresh_from_db()
    assert (first.state, order_of(first).team) == (NeedState.DISPATCHED, team)


def test_after_a_search_the_next_request_is_the_desks_own(client, dispatcher):
    found, waiting = a_need(state=NeedState.VERIFIED), a_need(state=NeedState.VERIFIED)

    answer = client.post(
        f"/desk/{found.public_id}/dispatch/?q={found.number}&urgency=normal", {"team": a_team().public_id, "once": "a"}
    )

    assert answer["Location"] == f"/desk/{waiting.public_id}/?urgency=normal"


def test_an_order_is_taken_back_with_a_reason(client, dispatcher):
    need = a_need(state=NeedState.DISPATCHED, team=a_team())

    silent = client.post(f"/desk/{need.public_id}/recall/", {"words": "", "once": "a"})
    client.post(f"/desk/{need.public_id}/recall/", {"words": "发错了", "once": "b"})

    need.refresh_from_db()
    assert silent.status_code == 422
    assert (need.state, need.team) == (NeedState.VERIFIED, None)


@pytest.mark.parametrize(
    ("address", "before", "after", "body"),
    [
        ("ask", NeedState.SUBMITTED, NeedState.WAITING, {"words": "几点在家？"}),
        ("answer", NeedState.WAITING, NeedState.SUBMITTED, {"words": "下午"}),
        ("reject", NeedState.SUBMITTED, NeedState.REJECTED, {"words": "请打 12345"}),
        ("rate", NeedState.DONE, NeedState.RATED, {"stars": "4", "words": "电话里说好"}),
        ("confirm", NeedState.DONE, NeedState.CONFIRMED, {}),
        ("close", NeedState.CONFIRMED, NeedState.CLOSED, {}),
        ("close", NeedState.RATED, NeedState.CLOSED, {}),
    ],
)
def test_every_step_has_a_form(client, dispatcher, address, before, after, body):
    team = a_team() if before in (NeedState.DONE, NeedState.CONFIRMED, NeedState.RATED) else None
    need = a_need(state=before, team=team)

    answer = client.post(f"/desk/{need.public_id}/{address}/", {**body, "once": "a"})

    need.refresh_from_db()
    assert answer.status_code == 302
    assert need.state == after


def test_a_step_that_is_no_longer_possible_says_so_and_changes_nothing(client, dispatcher):
    need = a_need(state=NeedState.ACCEPTED, team=a_team())

    answer = client.post(f"/desk/{need.public_id}/verify/", {"method": "phone", "result": "属实", "once": "a"})

    need.refresh_from_db()
    assert answer.status_code == 422
    assert need.state == NeedState.ACCEPTED


@pytest.mark.parametrize(("door", "method"), [("phone", "phone"), ("visit", "visit"), ("paper", "visit")])
def test_a_request_is_entered_and_verified_in_one_go_by_every_door(client, door, method):
    clerk = a_clerk()
    log_in(client, clerk)
    a_category("medicine")
    area(MABAO)
    said = {
        "door": door,
        "category": "medicine",
        "words": "药吃完了",
        "village": MABAO,
        "urgency": "urgent",
        "name": "王奶奶",
        "phone": "10000000017",
        "verified": "本人来电，属实",
    }

    wrong = client.post("/desk/new/", {**said, "name": "", "once": "a"})
    answer = client.post("/desk/new/", {**said, "once": "b"})

    need = Need.objects.get()
    assert wrong.status_code == 422
    assert "药吃完了" in wrong.content.decode()
    assert answer["Location"] == f"/desk/{need.public_id}/"
    assert (need.state, need.entered_by, need.door) == (NeedState.VERIFIED, clerk, door)
    assert [kept.method for kept in need.verifications.all()] == [method]


def test_a_clerk_enters_nothing_for_another_township(client):
    log_in(client, a_clerk())
    a_category("medicine")
    area(MENGBA_VILLAGE)
    said = {"door": "phone", "category": "medicine", "words": "药", "village": MENGBA_VILLAGE, "urgency": "normal"}

    answer = client.post("/desk/new/", {**said, "name": "王", "phone": "10000000017", "once": "a"})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["village"])
    offered = [code for _town, listed in answer.context["form"].fields["village"].choices[1:] for code, _name in listed]
    assert MENGBA_VILLAGE not in offered
    assert Need.objects.count() == 0


def test_an_auditor_reads_and_cannot_act(client):
    need = a_need()
    log_in(client, an_auditor())

    page = client.get(f"/desk/{need.public_id}/")
    answer = client.post(f"/desk/{need.public_id}/verify/", {"method": "phone", "result": "x", "once": "a"})

    need.refresh_from_db()
    assert page.status_code == 200
    assert not page.context["can_verify"]
    assert answer.status_code == 404
    assert need.state == NeedState.SUBMITTED


def test_whoever_holds_no_role_finds_no_desk(client):
    log_in(client, a_person())

    assert client.get("/desk/").status_code == 404


def test_the_desk_costs_the_same_for_few_and_many(client):
    log_in(client, a_dispatcher(COUNTY))
    a_need()
    few = queries_of(client, "/desk/")
    for _ in range(3):
        a_need()

    assert queries_of(client, "/desk/") == few <= 8


def test_an_open_request_costs_the_same_for_few_and_many(client):
    log_in(client, a_dispatcher(COUNTY))
    need = a_need(state=NeedState.VERIFIED)
    team = a_team()
    queries_of(client, f"/desk/{need.public_id}/")  # the first look of the hour also opens its bucket
    few = queries_of(client, f"/desk/{need.public_id}/")
    for number in range(3):
        a_need(state=NeedState.VERIFIED)
        a_volunteer(teams=(a_team(name=f"第{number}分队", parent=team),), phone=f"1000000010{number}")

    assert queries_of(client, f"/desk/{need.public_id}/") == few <= 32  # noting who looked takes nine of them


@pytest.mark.parametrize(
    ("address", "state", "body"),
    [
        ("verify", NeedState.SUBMITTED, {"method": "phone", "result": "属实"}),
        ("ask", NeedState.SUBMITTED, {"words": "几点在家？"}),
        ("answer", NeedState.WAITING, {"words": "下午"}),
        ("reject", NeedState.SUBMITTED, {"words": "请打 12345"}),
        ("dispatch", NeedState.VERIFIED, {}),
        ("recall", NeedState.DISPATCHED, {"words": "发错了"}),
        ("rate", NeedState.DONE, {"stars": "4"}),
        ("close", NeedState.RATED, {}),
    ],
)
def test_nobody_acts_on_a_request_of_another_township(client, address, state, body):
    team = a_team()
    need = a_need(state=state, team=None if state in ("submitted", "waiting_for_requester", "verified") else team)
    log_in(client, a_dispatcher(MENGBA))
    assert client.get("/desk/").status_code == 200

    answer = client.post(f"/desk/{need.public_id}/{address}/", {"team": team.public_id, **body, "once": "a"})

    before = (need.state, need.team)
    need.refresh_from_db()
    assert answer.status_code == 404
    assert (need.state, need.team) == before
