"""Entries side by side: merged, told apart, put right again."""

import pytest

from tests.build import (
    MENGBA,
    MENGBA_VILLAGE,
    TUNZI,
    a_clerk,
    a_grant,
    a_merge,
    a_need,
    a_person,
    a_resident,
    an_auditor,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.residents.models import Merge, Resident

pytestmark = pytest.mark.django_db
LIST = "/residents/duplicates/"


def _twins():
    return a_resident(name="王奶奶", phone="10000000017"), a_resident(name="王桂兰", phone="10000000017")


def _address(one, other):
    return f"/residents/{one.public_id}/compare/{other.public_id}/"


def test_pairs_are_listed_with_what_is_alike_and_masked_telephones(client):
    one, other = _twins()
    a_resident(name="李秀英", phone="10000000017")
    log_in(client, a_clerk(TUNZI))

    page = client.get(LIST).content.decode()

    assert page.count("/compare/") == 1
    assert _address(one, other) in page
    assert "电话和姓都一样" in page
    assert "100****0017" in page
    assert "10000000017" not in page


def test_pairs_of_other_branches_are_not_listed_and_a_pair_is_seen_by_who_sees_both(client):
    one = a_resident(phone="10000000017")
    a_resident(phone="10000000017", area_code=MENGBA_VILLAGE)
    for clerk, pairs in ((a_clerk(TUNZI), 0), (a_clerk(MENGBA), 0), (a_clerk("621027000000"), 1)):
        log_in(client, clerk)
        assert client.get(LIST).content.decode().count("/compare/") == pairs
    assert one.merged_into is None


def test_the_list_asks_as_often_for_three_pairs_as_for_one_and_eight_times_at_the_most(client):
    log_in(client, a_clerk(TUNZI))
    _twins()
    one = queries_of(client, LIST)
    _twins()

    assert queries_of(client, LIST) == one <= 8


def test_only_who_verifies_needs_sees_pairs(client):
    worker = a_person()
    a_grant(worker, Role.GRID_WORKER, area_code=TUNZI)
    one, other = (a_resident(created_by=worker) for _each in range(2))

    for person in (worker, an_auditor(), a_person()):
        log_in(client, person)
        for address in (LIST, _address(one, other)):
            assert client.get(address).status_code == 404


def test_two_entries_are_compared_merged_and_undone(client):
    one, other = _twins()
    a_need(resident=one)
    clerk = a_clerk(TUNZI)
    log_in(client, clerk)

    page = client.get(_address(one, other)).content.decode()
    for words in ("王奶奶", "王桂兰", "100 0000 0017", "买药送药"):
        assert words in page
    assert JournalEntry.objects.filter(action="resident.viewed").count() == 2
    answer = client.post(_address(one, other), {"kept": other.public_id, "reason": "电话问过", "once": "a"})
    assert answer.url == f"/residents/{other.public_id}/"
    merge = Merge.objects.get()
    assert (merge.kept, merge.merged, merge.reason) == (other, one, "电话问过")
    page = client.get(answer.url).content.decode()
    undo = f"/residents/{other.public_id}/merges/{merge.public_id}/undo/"
    assert undo in page
    assert client.post(undo, {"reason": "", "once": "b"}).status_code == 422
    assert client.post(undo, {"reason": "是婆媳", "once": "c"}).url == f"/residents/{one.public_id}/"

    assert not Resident.objects.exclude(merged_into=None).exists()
    assert client.post(undo, {"reason": "再撤一次", "once": "d"}).status_code == 404


@pytest.mark.parametrize("wrong", [{"kept": ""}, {"kept": "x"}, {"reason": " "}])
def test_a_merge_without_choice_or_reason_keeps_what_was_typed(client, wrong):
    one, other = _twins()
    log_in(client, a_clerk(TUNZI))

    answer = client.post(_address(one, other), {"kept": one.public_id, "reason": "电话问过", **wrong})

    assert answer.status_code == 422
    assert "zy-err" in answer.content.decode()
    assert not Merge.objects.exists()


def test_two_people_are_told_apart(client):
    one, other = _twins()
    log_in(client, a_clerk(TUNZI))

    assert client.post(f"{_address(other, one)}apart/", {"once": "a"}).url == LIST

    assert client.get(LIST).content.decode().count("/compare/") == 0


def test_an_entry_is_not_compared_with_itself_with_a_merged_or_with_a_foreign_one(client):
    one, merged, foreign = a_resident(), a_resident(), a_resident(area_code=MENGBA_VILLAGE)
    a_merge(one, merged)
    log_in(client, a_clerk(TUNZI))

    for other in (one, merged, foreign):
        assert client.get(_address(one, other)).status_code == 404
        refused = client.post(f"{_address(one, other)}apart/", {"once": other.public_id}).status_code
        assert refused == (409 if other == one else 404)
    assert not JournalEntry.objects.filter(action="resident.told_apart").exists()


def test_a_page_proposes_its_twin_to_who_may_merge_them(client):
    one, other = _twins()
    log_in(client, a_clerk(TUNZI))

    for resident in (one, other):
        assert _address(one, other) in client.get(f"/residents/{resident.public_id}/").content.decode()
