"""Duplicates at the door: found, compared, merged and undone by the office alone."""

import pytest

from tests.build import MENGBA, NOW, TUNZI, a_clerk, a_team, a_volunteer, an_office
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.journeys.merging import merge
from zhiyuan.domain.volunteers.models import Merge, Volunteer

pytestmark = pytest.mark.django_db
LIST = "/volunteers/duplicates/"


@pytest.fixture
def office(client):
    office = an_office(TUNZI)
    log_in(client, office)
    return office


@pytest.fixture
def two():
    return [a_volunteer(name="郭晓禾", teams=(a_team(),)) for _ in range(2)]


def test_a_pair_is_compared_merged_and_parted_again(client, office, two):
    kept, away = two
    address = f"/volunteers/{kept.public_id}/merge/{away.public_id}/"
    assert address in client.get(LIST).content.decode()
    page = client.get(address).content.decode()
    assert kept.number in page
    assert away.number in page
    assert client.post(address, {"once": "k"}).status_code == 422

    client.post(address, {"keep": kept.public_id, "why": "本人到场", "once": "l"})
    assert Volunteer.objects.get(pk=away.pk).merged_into == kept
    client.post(f"/volunteers/merges/{Merge.objects.get().public_id}/undo/", {"once": "m"})

    assert Volunteer.objects.get(pk=away.pk).merged_into is None
    assert client.get(f"/volunteers/{away.public_id}/").status_code == 200


def test_two_files_are_compared_by_their_numbers(client, office, two):
    found = client.get(LIST, {"first": two[0].number, "second": two[1].number})
    assert found.url == f"/volunteers/{two[0].public_id}/merge/{two[1].public_id}/"

    elsewhere = a_volunteer(area_code=MENGBA)
    answer = client.get(LIST, {"first": two[0].number, "second": elsewhere.number})

    assert "不在您的辖区" in answer.content.decode()


def test_it_is_the_office_s_and_of_its_branch(client, office, two):
    pages = [LIST, f"/volunteers/{two[0].public_id}/merge/{two[1].public_id}/"]
    assert [client.get(page).status_code for page in pages] == [200, 200]

    for person in (a_clerk(TUNZI), two[0].person):
        log_in(client, person)
        assert [client.get(page).status_code for page in pages] == [404, 404]
    log_in(client, an_office(MENGBA))
    assert client.get(pages[1]).status_code == 404
    assert "郭晓禾" not in client.get(LIST).content.decode()


def test_the_list_costs_the_same_for_one_pair_and_for_many(client, office, two):
    one = queries_of(client, LIST)

    for number in range(3):
        for _ in range(2):
            a_volunteer(name=f"何安{number}")
    merge(two[0], two[1], "同一人", by=office, at=NOW)

    assert queries_of(client, LIST) == one <= 8
