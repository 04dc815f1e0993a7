"""Residents as staff see them."""

import pytest

from tests.build import (
    BAOCHENG,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_grant,
    a_household,
    a_leader,
    a_merge,
    a_need,
    a_person,
    a_resident,
    a_team,
    an_auditor,
    an_office,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.needs.models import NeedState, Rating
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.residents.models import Resident

pytestmark = pytest.mark.django_db
FACTS = {"name": "王桂兰", "phone": "100 0000 0018", "village": MABAO, "speech": "dialect", "wishes": ["hears_badly"]}


def _worker():
    person = a_person(name="贺巡")
    a_grant(person, Role.GRID_WORKER, area_code=TUNZI)
    return person


def _page(client, person, address):
    log_in(client, person)
    return client.get(address)


# The list -------------------------------------------------------------------------------------------------------------


def test_the_list_shows_ones_branch_with_masked_telephones_and_nothing_of_anybodys_health(client):
    a_resident(phone="10000000044", wishes="hears_badly")
    a_resident(name="孟外人", area_code=MENGBA_VILLAGE)

    page = _page(client, a_clerk(TUNZI), "/residents/").content.decode()

    assert "王桂兰" in page
    assert "100****0044" in page
    assert "10000000044" not in page
    assert "听力不好" not in page
    assert "孟外人" not in page


def test_the_list_finds_by_whole_telephone_full_name_and_place(client):
    a_resident(phone="10000000044")
    a_resident(name="李秀英", area_code=MENGBA_VILLAGE)
    log_in(client, an_auditor())

    def found(query):
        return [row.name for row in client.get(f"/residents/?{query}").context["page"]]

    for query in ("q=王桂兰", "q=100 0000 0044", f"place={MABAO}", f"place={TUNZI}"):
        assert found(query) == ["王桂兰"]
    for query in ("q=桂兰", "q=1000000004", f"place={BAOCHENG}", f"q=王桂兰&place={MENGBA}"):
        assert found(query) == []
    assert len(found("place=x&page=w")) == 2


def test_townships_are_offered_with_the_villages_of_the_one_that_is_looked_at(client):
    def places(person, query=""):
        return [area.code for area in _page(client, person, f"/residents/{query}").context["places"]]

    assert places(a_clerk(TUNZI)) == [TUNZI, MABAO, BAOCHENG]
    assert places(an_office()) == [MENGBA, TUNZI]
    assert places(an_office(), f"?place={MABAO}") == [MENGBA, TUNZI, MABAO, BAOCHENG]
    assert places(_worker()) == [TUNZI, MABAO, BAOCHENG]


def test_the_list_asks_as_often_for_three_residents_as_for_one_and_eight_times_at_the_most(client):
    log_in(client, a_clerk(TUNZI))
    a_resident()
    one = queries_of(client, "/residents/")
    a_household(a_resident(), a_resident())

    assert queries_of(client, "/residents/") == one <= 8
    assert queries_of(client, f"/residents/?q=王桂兰&place={MABAO}") <= 8


def test_a_grid_worker_finds_only_whom_they_entered(client):
    worker = _worker()
    a_resident(name="李秀英")
    own = a_resident(created_by=worker)

    assert list(_page(client, worker, "/residents/").context["page"]) == [own]


def test_whoever_works_with_no_needs_has_no_list(client):
    for person in (a_person(), a_leader(a_team())):
        assert _page(client, person, "/residents/").status_code == 404


# One page -------------------------------------------------------------------------------------------------------------


def test_a_page_shows_what_a_visit_needs_and_what_was_asked_before_and_the_look_is_noted(client):
    resident = a_resident(
        phone="10000000044",
        speech="dialect",
        wishes="hears_badly",
        helper_name="李芳",
        helper_relation="女儿",
        helper_phone="10000000045",
    )
    a_household(resident, a_resident(name="李守信"), way="过桥左手")
    need = a_need(resident=resident, state=NeedState.RATED, team=a_team())
    Rating.objects.create(need=need, stars=4, at=need.created_at)
    clerk = a_clerk(TUNZI)

    page = _page(client, clerk, f"/residents/{resident.public_id}/").content.decode()

    told = ("王桂兰", "100 0000 0044", "只说本地话，听力不好", "李芳，女儿", "100 0000 0045", "村委会东边第三家")
    for words in (*told, "过桥左手", "李守信", need.number, f"/desk/{need.public_id}/", "已评价"):
        assert words in page
    assert JournalEntry.objects.get(action="resident.viewed").actor == clerk.public_id


def test_a_page_is_not_there_for_strangers_and_no_look_is_noted(client):
    resident = a_resident()

    for person in (a_clerk(MENGBA), _worker(), a_leader(a_team()), a_person()):
        answer = _page(client, person, f"/residents/{resident.public_id}/")
        assert answer.status_code == 404
        assert "王桂兰" not in answer.content.decode()
    assert not JournalEntry.objects.filter(action="resident.viewed").exists()


def test_a_grid_worker_reads_the_page_of_whom_they_entered_and_their_own_needs_alone(client):
    worker = _worker()
    resident = a_resident(created_by=worker)
    brought, other = a_need(resident=resident, entered_by=worker), a_need(resident=resident)

    page = _page(client, worker, f"/residents/{resident.public_id}/").content.decode()

    assert brought.number in page
    assert other.number not in page
    assert f"/desk/{brought.public_id}/" not in page
    assert f"/residents/{resident.public_id}/change/" in page


def test_who_only_reads_is_offered_nothing_to_change(client):
    resident = a_resident()
    twin = a_resident()

    for person in (an_office(), an_auditor()):
        page = _page(client, person, f"/residents/{resident.public_id}/").content.decode()
        for address in ("change/", "household/", f"compare/{twin.public_id}/"):
            assert f"/residents/{resident.public_id}/{address}" not in page
            assert _page(client, person, f"/residents/{resident.public_id}/{address}").status_code == 404


def test_a_merged_entry_leads_to_the_one_that_stands(client):
    kept, merged = a_resident(), a_resident(name="王奶奶", phone="10000000046", wishes="sees_badly")
    a_merge(kept, merged)
    need = a_need(resident=merged)

    assert _page(client, a_clerk(TUNZI), f"/residents/{merged.public_id}/").url == f"/residents/{kept.public_id}/"
    page = client.get(f"/residents/{kept.public_id}/").content.decode()
    for words in ("王奶奶", "100 0000 0046", "看不清", need.number):
        assert words in page


# Kept right -----------------------------------------------------------------------------------------------------------


def test_a_clerk_corrects_and_adds(client):
    resident = a_resident(name="王奶奶", helper_name="李芳", speech="other", speech_words="藏语")
    address = f"/residents/{resident.public_id}/change/"

    page = _page(client, a_clerk(TUNZI), address).content.decode()
    assert 'value="李芳"' in page
    assert 'value="藏语"' in page
    answer = client.post(address, {**FACTS, "once": "k"})

    resident.refresh_from_db()
    assert answer.url == f"/residents/{resident.public_id}/"
    assert (resident.name, resident.phone, resident.speech, resident.wishes) == (
        "王桂兰",
        "10000000018",
        "dialect",
        "hears_badly",
    )
    assert resident.helper_name == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"phone": ""},
        {"phone": "123"},
        {"village": ""},
        {"village": MENGBA_VILLAGE},
        {"speech": "other"},
        {"wishes": ["flies"]},
        {"helper_phone": "10000000019"},
        {"helper_phone": "123", "helper_name": "李芳"},
    ],
)
def test_wrong_input_says_so_at_its_field_and_changes_nothing(client, wrong):
    resident = a_resident(name="王奶奶")
    log_in(client, a_clerk(TUNZI))

    answer = client.post(f"/residents/{resident.public_id}/change/", {**FACTS, **wrong})

    assert answer.status_code == 422
    assert "zy-err" in answer.content.decode()
    assert Resident.objects.get().name == "王奶奶"


def test_to_open_the_form_is_a_look_too(client):
    resident = a_resident()

    for what in ("change", "household"):
        _page(client, a_clerk(TUNZI), f"/residents/{resident.public_id}/{what}/")

    assert JournalEntry.objects.filter(action="resident.viewed").count() == 2


# Households -----------------------------------------------------------------------------------------------------------


def test_house_and_housemate_are_written_down_and_taken_back(client):
    resident, other = a_resident(), a_resident(name="李守信", phone="10000000046")
    address = f"/residents/{resident.public_id}/household/"
    log_in(client, a_dispatcher(TUNZI))

    assert client.post(address, {"address": "二组第三家", "once": "a"}).url == f"/residents/{resident.public_id}/"
    page = client.get(f"{address}?q=10000000046").content.decode()
    assert f"{address}with/{other.public_id}/" in page
    assert "100****0046" in page
    client.post(f"{address}with/{other.public_id}/", {"once": "b"})
    assert not Resident.objects.filter(household=None).exists()
    client.post(f"/residents/{other.public_id}/household/leave/", {"once": "c"})

    assert [one.household is None for one in Resident.objects.order_by("pk")] == [False, True]


def test_an_empty_house_is_refused_at_the_form(client):
    resident = a_resident()
    log_in(client, a_clerk(TUNZI))

    answer = client.post(f"/residents/{resident.public_id}/household/", {"note": "老两口"})

    assert answer.status_code == 422
    assert "老两口" in answer.content.decode()


def test_nobody_moves_in_with_somebody_they_may_not_see(client):
    resident, foreign = a_resident(), a_resident(area_code=MENGBA_VILLAGE)
    log_in(client, a_clerk(TUNZI))

    address = f"/residents/{resident.public_id}/household/with/{foreign.public_id}/"
    assert client.post(address, {"once": "k"}).status_code == 404
