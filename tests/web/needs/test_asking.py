"""Asking for help without an account, following it by the receipt."""

from datetime import timedelta
from typing import Any

import pytest

from tests.build import MABAO, NOW, a_category, a_dispatcher, a_need, a_person, a_team, area
from tests.web.doors import log_in
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.models import Need, NeedState
from zhiyuan.domain.needs.verifying import ask_requester

pytestmark = pytest.mark.django_db


def said(**changes: str) -> dict[str, str]:
    a_category("medicine")
    area(MABAO)
    facts = {
        "category": "medicine",
        "words": "降压药快吃完了，腿疼走不到镇上。",
        "village": MABAO,
        "address": "村委会东边第三家",
        "urgency": "normal",
        "name": "王奶奶",
        "phone": "100 0000 0017",
        "once": "k1",
    }
    return {**facts, **changes}


def test_whoever_asks_gets_a_number_at_once(client):
    answer = client.post("/ask/", said())

    need = Need.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/r/{need.receipt_id}/"
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert need.number in page.content.decode()
    assert "noindex" in page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]


def test_a_form_sent_twice_is_one_request(client):
    first = client.post("/ask/", said())
    second = client.post("/ask/", said())

    assert first["Location"] == second["Location"]
    assert Need.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("words", ""), ("name", ""), ("phone", "12"), ("village", "621027000000"), ("category", "nonsense")],
)
def test_a_slip_is_named_and_what_was_typed_stays(client, field, value):
    answer = client.post("/ask/", said(**{field: value}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "zy-err" in page or "zy-say error" in page
    assert "村委会东边第三家" in page
    assert Need.objects.count() == 0


def test_a_day_that_has_passed_is_refused_at_the_form(client):
    yesterday = (now() - timedelta(days=1)).date().isoformat()

    answer = client.post("/ask/", said(wanted_by=yesterday))

    assert answer.status_code == 422
    assert Need.objects.count() == 0


def test_somebody_signed_in_need_not_type_who_they_are(client):
    person = a_person(name="李知行", phone="10000000033")
    log_in(client, person)
    said()

    page = client.get("/ask/").content.decode()

    assert 'value="李知行"' in page
    assert 'value="100 0000 0033"' in page


def test_number_and_telephone_together_lead_to_the_receipt(client):
    need = a_need(phone="10000000017")

    found = client.post("/follow/", {"number": need.number, "phone": "100 0000 0017"})
    wrong_phone = client.post("/follow/", {"number": need.number, "phone": "10000000018"})
    wrong_number = client.post("/follow/", {"number": "990101-0001", "phone": "10000000017"})

    assert found["Location"] == f"/r/{need.receipt_id}/"
    assert wrong_phone.status_code == wrong_number.status_code == 422
    assert errors_of(wrong_phone) == errors_of(wrong_number)


def errors_of(answer: Any) -> Any:
    return answer.context["form"].non_field_errors()


def test_a_receipt_shows_no_house_and_no_whole_name(client):
    need = a_need(address="二组第三家", name="王秀兰", phone="10000000017")

    page = client.get(f"/r/{need.receipt_id}/").content.decode()

    assert need.words in page
    assert "王**" in page
    assert "王秀兰" not in page
    assert "二组第三家" not in page
    assert "10000000017" not in page


def test_an_unknown_receipt_is_not_there(client):
    assert client.get("/r/0123456789abcdefghjkmnpqrs/").status_code == 404


def test_a_question_is_answered_on_the_receipt(client):
    need = a_need()
    ask_requester(need, "药名是什么？", by=a_dispatcher(), at=NOW)

    page = client.get(f"/r/{need.receipt_id}/").content.decode()
    empty = client.post(f"/r/{need.receipt_id}/answer/", {"words": "", "once": "a"})
    answer = client.post(f"/r/{need.receipt_id}/answer/", {"words": "硝苯地平", "once": "b"})

    assert "药名是什么？" in page
    assert empty.status_code == 422
    assert answer.status_code == 302
    assert Need.objects.get().state == NeedState.SUBMITTED


def test_a_request_is_withdrawn_with_a_word(client):
    need = a_need()

    client.post(f"/r/{need.receipt_id}/withdraw/", {"words": "孩子买了", "once": "a"})

    assert Need.objects.get().state == NeedState.WITHDRAWN


def test_what_is_done_is_rated_once(client):
    need = a_need(state=NeedState.DONE, team=a_team())

    nothing = client.post(f"/r/{need.receipt_id}/rate/", {"once": "a"})
    rated = client.post(f"/r/{need.receipt_id}/rate/", {"stars": "5", "words": "来得快", "once": "b"})
    again = client.post(f"/r/{need.receipt_id}/rate/", {"stars": "1", "once": "c"})

    assert nothing.status_code == 422
    assert rated.status_code == 302
    assert again.status_code == 422
    assert Need.objects.get().rating.stars == 5
    assert "来得快" in client.get(f"/r/{need.receipt_id}/").content.decode()


def test_nothing_can_be_rated_before_it_is_done(client):
    need = a_need()

    answer = client.post(f"/r/{need.receipt_id}/rate/", {"stars": "5", "once": "a"})

    assert answer.status_code == 422
    assert Need.objects.get().state == NeedState.SUBMITTED


def test_what_is_done_can_be_confirmed_without_a_rating_and_rated_later(client):
    need = a_need(state=NeedState.DONE, team=a_team())

    client.post(f"/r/{need.receipt_id}/confirm/", {"once": "a"})
    assert Need.objects.get().state == NeedState.CONFIRMED
    client.post(f"/r/{need.receipt_id}/rate/", {"stars": "4", "once": "b"})

    assert Need.objects.get().rating.stars == 4
