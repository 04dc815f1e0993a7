"""Granting and ending roles; reading the journal."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_grant,
    a_leader,
    a_person,
    a_team,
    a_volunteer,
    an_auditor,
    an_office,
    area,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.models import Role, RoleGrant
from zhiyuan.domain.volunteers.joining import join_team
from zhiyuan.web.organisations.journal_words import ACTIONS

pytestmark = pytest.mark.django_db
UNTIL = (TODAY + timedelta(days=100)).isoformat()


# Roles ----------------------------------------------------------------------------------------------------------------


def test_the_office_sees_the_standing_roles_of_its_branch_and_no_others(client):
    a_grant(a_person(name="郭晓禾"), Role.CLERK, area_code=MABAO)
    a_grant(a_person(name="何安"), Role.CLERK, area_code=MENGBA_VILLAGE)
    log_in(client, an_office(TUNZI))

    page = client.get("/roles/").content.decode()

    assert "郭晓禾" in page
    assert "何安" not in page
    assert "郭晓禾" not in client.get("/roles/?role=dispatcher").content.decode()


def test_an_auditor_reads_roles_and_can_end_or_grant_none(client):
    grant = a_grant(a_person(name="郭晓禾"), Role.CLERK, area_code=MABAO)
    log_in(client, an_auditor())

    page = client.get("/roles/").content.decode()

    assert "郭晓禾" in page
    assert "/end/" not in page
    assert "/roles/new/" not in page
    assert client.get("/roles/new/").status_code == 404
    assert client.post(f"/roles/{grant.public_id}/end/").status_code == 404


def test_the_list_of_roles_asks_as_often_for_three_as_for_one(client):
    log_in(client, an_office(TUNZI))
    a_grant(a_person(), Role.CLERK, area_code=MABAO, granted_by=a_person())
    one = queries_of(client, "/roles/")
    a_grant(a_person(), Role.LEADER, team=a_team(), granted_by=a_person())
    a_grant(a_person(), Role.CLERK, area_code=MABAO)

    assert queries_of(client, "/roles/") == one <= 8


def test_a_person_is_found_by_number_or_telephone_and_seen_before_anything_is_given(client):
    volunteer = a_volunteer(name="郭晓禾", phone="10000000044")
    log_in(client, an_office(TUNZI))

    for who in (volunteer.number, "100 0000 0044"):
        answer = client.post("/roles/new/", {"who": who})
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "郭**" in page  # enough for whoever knows the person, nothing for whoever tries numbers
        assert "屯字镇 马堡村" in page
        assert "郭晓禾" not in page
    assert RoleGrant.objects.count() == 1


def test_a_role_is_granted_for_a_place_of_ones_branch(client):
    volunteer, office = a_volunteer(), an_office(TUNZI)
    log_in(client, office)

    answer = client.post(
        "/roles/new/", {"who": volunteer.number, "role": "clerk", "area": MABAO, "team": "", "until": UNTIL}
    )

    assert answer.url == "/roles/"
    grant = RoleGrant.objects.get(person=volunteer.person)
    assert (grant.role, grant.area_id, grant.granted_by, grant.until.isoformat()) == ("clerk", MABAO, office, UNTIL)


def test_a_leader_names_a_deputy_from_the_same_page(client):
    volunteer, team = a_volunteer(), a_team()
    log_in(client, a_leader(team))

    client.post("/roles/new/", {"who": volunteer.number, "role": "deputy", "team": team.public_id, "until": UNTIL})

    assert RoleGrant.objects.get(person=volunteer.person).team == team


@pytest.mark.parametrize(
    "wrong",
    [
        {"who": ""},
        {"who": "ZY00000000"},
        {"who": "nobody"},
        {"role": "king"},
        {"role": "auditor"},
        {"area": ""},
        {"role": "leader"},
        {"role": "office", "area": TUNZI},
        {"area": MENGBA},
        {"until": ""},
        {"until": "2026-01-01"},
        {"until": "2030-01-01"},
    ],
)
def test_wrong_input_says_so_and_grants_nothing(client, wrong):
    area(MENGBA)
    volunteer = a_volunteer()
    log_in(client, an_office(TUNZI))
    given = {"who": volunteer.number, "role": "clerk", "area": TUNZI, "team": "", "until": UNTIL}

    answer = client.post("/roles/new/", {**given, **wrong})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "zy-err" in page or "zy-say error" in page
    assert RoleGrant.objects.count() == 1


def test_a_role_is_ended_by_its_branch_and_not_from_beside(client):
    grant = a_grant(a_person(), Role.CLERK, area_code=MABAO)

    for stranger in (an_office(MENGBA), a_clerk(TUNZI), a_leader(a_team())):
        log_in(client, stranger)
        assert client.post(f"/roles/{grant.public_id}/end/").status_code == 404
    assert RoleGrant.objects.get(pk=grant.pk).ended_at is None

    log_in(client, an_office(TUNZI))
    assert f"/roles/{grant.public_id}/end/" in client.get("/roles/").content.decode()
    client.post(f"/roles/{grant.public_id}/end/")
    assert RoleGrant.objects.get(pk=grant.pk).ended_at is not None


def test_whoever_lost_a_role_is_signed_out_at_the_next_request(client):
    clerk = a_clerk(MABAO)
    log_in(client, clerk)
    assert client.get("/volunteers/").status_code == 200
    office = an_office(COUNTY)
    other = type(client)()
    log_in(other, office)

    other.post(f"/roles/{clerk.role_grants.get().public_id}/end/")

    assert client.get("/volunteers/").url.startswith("/login/")


# Journal --------------------------------------------------------------------------------------------------------------


def _entries(count):
    team = a_team()
    for _each in range(count):
        volunteer = a_volunteer()
        join_team(volunteer, team, by=volunteer.person, at=NOW)
    return team


def test_the_countys_auditor_reads_the_journal_newest_first_with_ids_alone(client):
    team = _entries(2)
    log_in(client, an_auditor())

    page = client.get("/journal/").content.decode()

    assert f"team:{team.public_id}" in page
    assert "陈青原" not in page
    assert page.index('<td class="zy-n">2</td>') < page.index('<td class="zy-n">1</td>')


def test_every_action_that_is_recorded_has_a_word():
    files = Path(settings.ROOT, "zhiyuan").rglob("*.py")
    sources = "".join(path.read_text(encoding="utf-8") for path in files)
    recorded = set(re.findall(r'record\(\s*[^"()]*"([a-z]+\.[a-z_]+)"', sources))
    assert len(recorded) > 30
    assert recorded - set(ACTIONS) == set()


def test_the_journal_is_not_there_for_anybody_else(client):
    _entries(1)

    for person in (an_auditor(TUNZI), an_office(COUNTY), a_clerk(), a_volunteer().person):
        log_in(client, person)
        assert client.get("/journal/").status_code == 404
        assert client.post("/journal/prove/").status_code == 404
    assert not JournalEntry.objects.filter(action="journal.proved").exists()


def test_the_journal_is_found_by_object_action_and_actor(client):
    team = _entries(2)
    actor = JournalEntry.objects.order_by("seq")[0].actor
    log_in(client, an_auditor())

    def shown(query):
        return [line.entry.seq for line in client.get(f"/journal/?{query}").context["lines"]]

    assert shown(f"object=team:{team.public_id}") == [2, 1]
    assert shown("action=team.joined") == [2, 1]
    assert shown(f"actor={actor}") == [1]
    assert shown("action=nothing") == []


def test_the_journal_goes_on_to_older_entries_by_their_number(client):
    team = a_team()
    volunteer = a_volunteer()
    JournalEntry.objects.bulk_create(
        JournalEntry(seq=seq, at=NOW, actor=volunteer.person.public_id, action="x", object=f"team:{team.public_id}")
        for seq in range(1, 121)
    )
    log_in(client, an_auditor())

    first = client.get("/journal/")
    second = client.get(f"/journal/?before={first.context['older']}")
    last = client.get(f"/journal/?before={second.context['older']}")

    assert [line.entry.seq for line in first.context["lines"]] == list(range(120, 70, -1))
    assert [line.entry.seq for line in second.context["lines"]] == list(range(70, 20, -1))
    assert [line.entry.seq for line in last.context["lines"]] == list(range(20, 0, -1))
    assert last.context["older"] is None
    for nonsense in ("x", "-1", "9" * 30, "١"):
        assert client.get(f"/journal/?before={nonsense}").status_code == 200


def test_the_auditor_follows_the_chain_and_sees_when_it_was_whole(client):
    _entries(2)
    log_in(client, an_auditor())
    assert client.get("/journal/").context["proof"] is None

    client.post("/journal/prove/")

    assert client.get("/journal/").context["proof"].facts == {"entries": 2, "whole": True}


def test_the_journal_asks_as_often_for_three_entries_as_for_one(client):
    log_in(client, an_auditor())
    _entries(1)
    one = queries_of(client, "/journal/")
    _entries(2)

    assert queries_of(client, "/journal/") == one <= 8
