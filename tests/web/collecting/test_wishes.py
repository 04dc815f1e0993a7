"""Small wishes on pages: public words, private houses."""

import pytest

from tests.build import MABAO, MENGBA, TODAY, a_category, a_clerk, a_person, a_wish, area
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.collecting.models import Wish, WishState

pytestmark = pytest.mark.django_db
S = WishState


def told(**changes):
    area(MABAO)
    a_category("medicine")
    said = {"words": "想要棉鞋", "for_whom": "小明", "name": "王小明", "phone": "10000000017", "village": MABAO}
    return {**said, "category": "medicine", **changes}


def test_a_wish_is_told_without_login_and_waits_for_the_desk(client):
    answer = client.post("/wishes/new/", told(address="二组"))

    wish = Wish.objects.get()
    assert answer.url == "/wishes/"
    assert "想要棉鞋" not in client.get("/wishes/").content.decode()
    assert client.get(f"/wishes/{wish.public_id}/").status_code == 404
    log_in(client, a_clerk())
    assert "想要棉鞋" in client.get("/wishes/approve/").content.decode()
    client.post(f"/wishes/{wish.public_id}/approve/")
    assert "想要棉鞋" in client.get("/wishes/").content.decode()


def test_a_slip_stays_on_the_page(client):
    assert client.post("/wishes/new/", told(phone="12")).status_code == 422
    assert client.post("/wishes/new/", told(for_whom="")).status_code == 422
    assert Wish.objects.count() == 0


def test_the_public_reads_no_name_telephone_or_house_and_that_money_is_never_taken(client):
    for state in (S.OPEN, S.CLAIMED, S.FULFILLED):
        wish = a_wish(state=state)
        for address in ("/wishes/", f"/wishes/{wish.public_id}/"):
            page = client.get(address).content.decode()
            assert not [secret for secret in ("王小明", "10000000017", "100 0000 0017", "二组") if secret in page]
    assert "不收钱" in client.get("/wishes/").content.decode()


def test_whoever_is_signed_in_claims_it_sees_the_house_and_notes_that_it_is_done(client):
    wish, person = a_wish(), a_person()
    address = f"/wishes/{wish.public_id}/"
    assert client.post(f"{address}claim/").url.startswith("/login/")
    log_in(client, person)
    assert client.get(f"{address}house/").status_code == 404

    client.post(f"{address}claim/", {"claimed_for": "阳光队"})

    assert "王小明" in client.get(f"{address}house/").content.decode()
    client.post(f"{address}fulfil/", {"day": TODAY.isoformat(), "note": "送到了", "thanks": "谢谢"})
    assert "送到了" in client.get("/wishes/").content.decode()
    assert client.get(f"{address}house/").status_code == 404


def test_what_was_claimed_is_given_back(client):
    person = a_person()
    wish = a_wish(state=S.CLAIMED, claimed_by=person)
    log_in(client, person)

    client.post(f"/wishes/{wish.public_id}/back/")

    assert Wish.objects.get().state == S.OPEN


def test_a_slip_in_the_note_or_the_reason_stays_on_the_page(client):
    wish = a_wish(state=S.CLAIMED)
    log_in(client, a_clerk())

    assert client.post(f"/wishes/{wish.public_id}/fulfil/", {"day": TODAY.isoformat()}).status_code == 422
    assert client.post(f"/wishes/{wish.public_id}/end/", {"reason": ""}).status_code == 422
    assert client.post(f"/wishes/{wish.public_id}/end/", {"reason": "已经有了"}).status_code == 302


def test_another_desk_neither_reads_nor_approves_what_waits(client):
    wish = a_wish(state=S.PROPOSED)
    log_in(client, a_clerk(MENGBA))

    assert "棉鞋" not in client.get("/wishes/approve/").content.decode()
    assert client.post(f"/wishes/{wish.public_id}/approve/").status_code == 404
    assert Wish.objects.get().state == S.PROPOSED


def test_the_list_is_narrowed_to_a_township(client):
    a_wish()

    assert "棉鞋" in client.get("/wishes/?township=621027103000").content.decode()
    assert "棉鞋" not in client.get("/wishes/?township=621027102000").content.decode()


def test_lists_ask_as_often_for_many_as_for_one(client):
    clerk = a_clerk()
    log_in(client, clerk)
    pages = ("/wishes/", "/wishes/approve/")

    def make():
        for state in WishState:
            a_wish(state=state, claimed_by=clerk)

    make()
    one = [queries_of(client, page) for page in pages]
    make()

    assert [queries_of(client, page) for page in pages] == one
    assert max(one) <= 8
