"""Hours wait for another person's yes; one record shows all that the law wants of it."""

from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MENGBA,
    MENGBA_VILLAGE,
    TUNZI,
    YESTERDAY,
    a_clerk,
    a_deputy,
    a_leader,
    a_person,
    a_service_record,
    a_team,
    a_volunteer,
    an_auditor,
    an_office,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.hours.confirming import ConfirmObstacle
from zhiyuan.domain.hours.models import Confirmation, ServiceRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def record(team):
    return a_service_record(a_volunteer(name="郭晓禾"), team)


def confirmed(client, *records, once="a"):
    return client.post("/hours/confirm/", {"record": [record.public_id for record in records], "once": once})


def rows_of(client):
    return [(record, obstacle) for record, obstacle in client.get("/hours/").context["rows"]]


def test_each_row_can_be_ticked_or_names_what_stands_in_the_way(client, team):
    leader = a_leader(team)
    fine = a_service_record(a_volunteer(), team, starts_at=YESTERDAY - timedelta(days=3))
    entered = a_service_record(a_volunteer(), team, starts_at=YESTERDAY - timedelta(days=2), entered_by=leader)
    log_in(client, leader)

    assert rows_of(client) == [(fine, None), (entered, ConfirmObstacle.OWN_ENTRY)]
    page = client.get("/hours/").content.decode()
    assert f'name="record" value="{fine.public_id}"' in page
    assert f'name="record" value="{entered.public_id}"' not in page


def test_a_long_day_asks_for_somebody_higher_up(client):
    team = a_team(parent=a_team(area_code=TUNZI))
    long = a_service_record(a_volunteer(), team, minutes=500)
    log_in(client, a_leader(team))

    assert rows_of(client) == [(long, ConfirmObstacle.OVER_EIGHT_HOURS)]
    client.post("/hours/confirm/", {"record": long.public_id, "once": "a"})
    assert not Confirmation.objects.exists()
    log_in(client, an_office(COUNTY))
    assert rows_of(client) == [(long, None)]


def test_what_is_ticked_is_confirmed_and_leaves_the_list(client, team):
    first, second, third = (
        a_service_record(a_volunteer(), team, starts_at=YESTERDAY - timedelta(days=days)) for days in (3, 2, 1)
    )
    deputy = a_deputy(team)
    log_in(client, deputy)

    assert confirmed(client, first, second).url == "/hours/"

    assert {(yes.record, yes.confirmed_by) for yes in Confirmation.objects.all()} == {
        (first, deputy),
        (second, deputy),
    }
    assert rows_of(client) == [(third, None)]


def test_confirming_twice_or_nothing_changes_nothing(client, team, record):
    log_in(client, a_deputy(team))

    for once in ("a", "a", "b"):
        assert confirmed(client, record, once=once).url == "/hours/"
    assert confirmed(client, once="c").url == "/hours/"

    assert Confirmation.objects.count() == 1


@pytest.mark.parametrize("who", ["another leader", "another office", "volunteer", "auditor"])
def test_strangers_confirm_and_take_back_nothing(client, team, record, who):
    people = {
        "another leader": lambda: a_leader(a_team(area_code=MENGBA_VILLAGE)),
        "another office": lambda: an_office(MENGBA),
        "volunteer": lambda: record.volunteer.person,
        "auditor": an_auditor,
    }
    log_in(client, people[who]())

    confirmed(client, record)
    answer = client.post(f"/hours/{record.public_id}/reverse/", {"reason": "记错了", "once": "b"})

    assert answer.status_code == 404
    assert not Confirmation.objects.exists()
    assert list(ServiceRecord.objects.all()) == [record]


def test_the_list_asks_as_often_for_three_records_as_for_one_and_eight_times_at_the_most(client):
    team = a_team(parent=a_team(area_code=TUNZI))
    a_service_record(a_volunteer(), team, minutes=500)
    log_in(client, a_leader(team))
    one = queries_of(client, "/hours/")
    for days in (1, 2):
        a_service_record(a_volunteer(), team, starts_at=YESTERDAY - timedelta(days=days), minutes=500)

    assert queries_of(client, "/hours/") == one <= 8
    assert client.get("/hours/?page=99999999999999999999").status_code == 200


# One record -----------------------------------------------------------------------------------------------------------


def test_a_record_shows_what_the_law_asks_for(client, team):
    yes = a_person(name="祁宁")
    record = a_service_record(a_volunteer(name="郭晓禾"), team, entered_by=a_person(name="秦川"), confirmed_by=yes)
    log_in(client, record.person)

    page = client.get(f"/hours/{record.public_id}/").content.decode()

    stated = ("郭晓禾", record.volunteer.number, record.activity_name, record.content, record.place, team.name)
    for words in (*stated, record.person_in_charge, record.get_method_display(), "秦川", "祁宁", "1.50"):
        assert str(words) in page


def test_own_lines_the_branch_and_auditors_read_a_record_and_nobody_else(client, team, record):
    for reader in (record.person, a_leader(team), an_office(TUNZI), an_auditor(TUNZI)):
        log_in(client, reader)
        assert client.get(f"/hours/{record.public_id}/").status_code == 200
    for stranger in (a_volunteer().person, a_leader(a_team()), an_office(MENGBA), a_clerk(MENGBA)):
        log_in(client, stranger)
        assert client.get(f"/hours/{record.public_id}/").status_code == 404
    client.logout()
    assert client.get(f"/hours/{record.public_id}/").url.startswith("/login/")


def test_a_record_is_taken_back_by_a_line_that_answers_it(client, team, record):
    log_in(client, a_deputy(team))

    answer = client.post(f"/hours/{record.public_id}/reverse/", {"reason": "记错了", "once": "a"})

    line = ServiceRecord.objects.get(reverses=record)
    assert answer.url == f"/hours/{line.public_id}/"
    assert (line.content, line.minutes) == ("记错了", record.minutes)
    for one in (record, line):
        page = client.get(f"/hours/{one.public_id}/")
        assert page.context["reversing"] is None
        assert "记错了" in page.content.decode()
    assert rows_of(client) == []


@pytest.mark.parametrize("reason", ["", "  ", "长" * 121])
def test_without_a_good_reason_nothing_is_taken_back_and_the_words_stay(client, team, record, reason):
    log_in(client, a_deputy(team))

    answer = client.post(f"/hours/{record.public_id}/reverse/", {"reason": reason, "once": "a"})

    assert (answer.status_code, list(answer.context["reversing"].errors)) == (422, ["reason"])
    assert reason.strip() in answer.content.decode()
    assert list(ServiceRecord.objects.all()) == [record]
