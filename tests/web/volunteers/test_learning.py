"""Trainings, other platforms' numbers and their lists at the door."""

import pytest

from tests.build import MENGBA, NOW, TODAY, TUNZI, a_clerk, a_leader, a_person, a_team, a_volunteer, an_office
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.volunteers.models import ExternalNumber, Platform, TrainingKind, TrainingRecord
from zhiyuan.domain.volunteers.training import Training, enter_training

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def volunteer(team):
    Platform.objects.create(code="national", name_zh="全国系统", name_en="National system")
    TrainingKind.objects.create(code="aid", name_zh="急救培训", name_en="First aid", months=12)
    return a_volunteer(name="郭晓禾", teams=(team,))


FACTS = {
    "kind": "aid", "name": "心肺复苏", "content": "按压", "minutes": "90", "organiser": "县医院",
    "held_on": TODAY.isoformat(), "passed": "on",
}  # fmt: skip


def test_a_leader_enters_a_training_and_takes_it_back(client, team, volunteer):
    log_in(client, a_leader(team))
    address = f"/volunteers/{volunteer.public_id}/trainings/"
    assert client.post(address, {**FACTS, "minutes": "", "once": "k"}).status_code == 422

    client.post(address, {**FACTS, "once": "l"})
    entry = TrainingRecord.objects.get()
    assert "心肺复苏" in client.get(address).content.decode()
    client.post(f"{address}{entry.public_id}/take-back/", {"why": "人记错了", "once": "m"})

    assert TrainingRecord.objects.filter(reverses=entry).exists()
    assert "人记错了" in client.get(address).content.decode()


def test_a_volunteer_reads_their_trainings_and_notes_their_numbers(client, volunteer):
    log_in(client, volunteer.person)
    number = {"platform": "national", "number": "6210 0001", "since": "", "source": "证书"}

    assert client.post("/me/trainings/", {**number, "once": "k"}).url == "/me/trainings/"
    assert "6210 0001" in client.get("/me/trainings/").content.decode()
    assert client.post("/me/trainings/", {**number, "once": "l"}).status_code == 422
    client.post(f"/me/numbers/{ExternalNumber.objects.get().public_id}/remove/", {"once": "m"})

    assert not ExternalNumber.objects.exists()


def test_a_clerk_notes_a_number_on_the_file(client, volunteer):
    log_in(client, a_clerk(TUNZI))

    client.post(f"/volunteers/{volunteer.public_id}/numbers/", {"platform": "national", "number": "7", "once": "k"})

    assert ExternalNumber.objects.get().volunteer == volunteer
    log_in(client, a_clerk(MENGBA))
    assert client.get(f"/volunteers/{volunteer.public_id}/trainings/").status_code == 404


def test_the_lists_are_the_county_office_s(client, volunteer):
    log_in(client, an_office())
    facts = {"which": "training", "code": "fire", "name_zh": "消防", "name_en": "Fire", "months": "6"}

    client.post("/volunteers/lists/", {**facts, "once": "k"})

    assert "消防" in client.get("/volunteers/lists/").content.decode()
    assert client.post("/volunteers/lists/", {**facts, "code": "Fire!", "once": "l"}).status_code == 422
    for person in (a_clerk(), a_person()):
        log_in(client, person)
        assert client.get("/volunteers/lists/").status_code == 404


def test_a_file_costs_the_same_for_one_training_and_for_many(client, volunteer):
    office = an_office()
    facts = {"name": "急救", "content": "包扎", "minutes": 60, "organiser": "医院", "held_on": TODAY, "passed": True}
    training = Training(kind=TrainingKind.objects.get(), **facts)
    log_in(client, volunteer.person)
    enter_training(volunteer, training, by=office, at=NOW)
    one = queries_of(client, "/me/trainings/")

    for _ in range(3):
        enter_training(volunteer, training, by=office, at=NOW)

    assert queries_of(client, "/me/trainings/") == one
