"""Teams: public pages, joining, and what staff of the branch do."""

from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    TODAY,
    TUNZI,
    a_category,
    a_clerk,
    a_leader,
    a_person,
    a_team,
    a_volunteer,
    an_activity,
    an_office,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.models import Team, TeamKind, Track
from zhiyuan.domain.volunteers.models import Membership

pytestmark = pytest.mark.django_db
FACTS = {
    "name": "包城村分队",
    "kind": "detachment",
    "area": MABAO,
    "supervising_body": "屯字镇人民政府",
    "credit_code": "",
    "track": "",
    "team_class": "",
    "phone": "",
    "guide": "",
}


# For everybody --------------------------------------------------------------------------------------------------------


def test_the_list_finds_teams_by_two_characters_and_narrows_by_pills(client):
    a_team(name="马堡村分队")
    a_team(name="蓝天救援队", kind=TeamKind.RESCUE, area_code=MENGBA, track=Track.EMERGENCY)

    def names_at(query):
        page = client.get(f"/teams/?{query}").content.decode()
        return [name for name in ("马堡村分队", "蓝天救援队") if name in page]

    assert names_at("") == ["马堡村分队", "蓝天救援队"]
    assert names_at("q=马堡") == ["马堡村分队"]
    assert names_at("kind=rescue") == ["蓝天救援队"]
    assert names_at(f"township={TUNZI}") == ["马堡村分队"]
    assert names_at("track=emergency") == ["蓝天救援队"]
    assert names_at("q=没有的队") == []


@pytest.mark.parametrize("query", [f"page={10**20}", "kind=nonsense&township=x&track=y", "page=x", "q=%00%27%25"])
def test_an_address_with_nonsense_still_answers(client, query):
    a_team()

    assert client.get(f"/teams/?{query}").status_code == 200


def test_the_list_asks_as_often_for_three_teams_as_for_one_and_eight_times_at_the_most(client):
    corps = a_team(area_code=COUNTY)
    a_team(parent=corps, guide=corps)
    one = queries_of(client, "/teams/")
    for _each in range(2):
        a_team(parent=corps, guide=corps)

    assert queries_of(client, "/teams/") == one <= 8
    log_in(client, a_leader(corps))
    assert queries_of(client, "/teams/") <= 8


def test_a_teams_page_says_what_it_is_and_what_comes_without_any_members_name(client):
    corps = a_team(area_code=COUNTY, name="县总队")
    team = a_team(parent=corps, guide=a_team(area_code=COUNTY, name="卫健局队"), team_class="健康守护")
    below = a_team(parent=team, name="马堡小队")
    an_activity(team, title="清扫积雪", starts_at=now() + timedelta(days=1))
    member = a_volunteer(name="郭晓禾", teams=(team,))

    page = client.get(f"/teams/{team.public_id}/").content.decode()

    for words in (team.name, "县总队", "卫健局队", "健康守护", team.supervising_body, below.name, "清扫积雪"):
        assert words in page
    assert member.person.name not in page


def test_a_teams_page_asks_as_often_for_three_below_as_for_one(client):
    team = a_team()
    a_team(parent=team)
    one = queries_of(client, f"/teams/{team.public_id}/")
    a_team(parent=team)
    a_team(guide=team)

    assert queries_of(client, f"/teams/{team.public_id}/") == one <= 8


def test_an_ended_team_says_so_and_offers_nothing(client):
    team = a_team(until=TODAY)
    log_in(client, an_office(TUNZI))

    page = client.get(f"/teams/{team.public_id}/").content.decode()

    assert TODAY.isoformat() in page
    assert "/change/" not in page
    assert client.get(f"/teams/{team.public_id}/change/").status_code == 404


def test_a_team_that_never_was_is_not_there(client):
    assert client.get("/teams/0000000000000000/").status_code == 404


# Joining and leaving --------------------------------------------------------------------------------------------------


def test_a_volunteer_joins_and_leaves_and_sees_which_of_both_is_next(client):
    volunteer, team = a_volunteer(), a_team()
    log_in(client, volunteer.person)
    address = f"/teams/{team.public_id}/"
    assert f"{address}join/" in client.get(address).content.decode()

    assert client.post(f"{address}join/").url == address
    assert Membership.objects.get().until is None
    page = client.get(address).content.decode()
    assert f"{address}leave/" in page
    assert f"{address}join/" not in page

    client.post(f"{address}leave/")
    assert Membership.objects.get().until is not None


def test_joining_twice_is_one_membership(client):
    volunteer, team = a_volunteer(), a_team()
    log_in(client, volunteer.person)

    for _each in range(2):
        client.post(f"/teams/{team.public_id}/join/", {"once": "k1"})
    client.post(f"/teams/{team.public_id}/join/", {"once": "k2"})

    assert Membership.objects.count() == 1


def test_the_page_says_why_somebody_cannot_join_instead_of_a_button(client, settings):
    settings.LANGUAGE_CODE = "en"
    volunteer, team = a_volunteer(born_on=now().date().replace(year=2012)), a_team(kind=TeamKind.RESCUE)
    log_in(client, volunteer.person)

    page = client.get(f"/teams/{team.public_id}/").content.decode()

    assert "18" in page
    assert '/join/"' not in page
    client.post(f"/teams/{team.public_id}/join/")
    assert not Membership.objects.exists()


def test_whoever_is_no_volunteer_is_sent_to_register_first(client):
    team = a_team()

    assert client.post(f"/teams/{team.public_id}/join/").url.startswith("/login/")
    log_in(client, a_person())
    assert client.post(f"/teams/{team.public_id}/join/").url == "/join/"


# Members --------------------------------------------------------------------------------------------------------------


def test_leaders_and_staff_of_the_branch_see_the_members_with_telephones_and_each_look_is_noted(client):
    team = a_team()
    member = a_volunteer(name="郭晓禾", phone="10000000044", teams=(team,))

    for person in (a_leader(team), a_clerk(TUNZI)):
        log_in(client, person)
        page = client.get(f"/teams/{team.public_id}/members/").content.decode()
        assert member.person.name in page
        assert "100 0000 0044" in page
        assert JournalEntry.objects.filter(action="team.roster_viewed", actor=person.public_id).count() == 1


def test_strangers_do_not_see_the_members_and_nothing_is_noted(client):
    team = a_team()
    a_volunteer(name="郭晓禾", teams=(team,))

    for person in (a_clerk(MENGBA), a_leader(a_team()), a_volunteer(teams=(team,)).person):
        log_in(client, person)
        answer = client.get(f"/teams/{team.public_id}/members/")
        assert answer.status_code == 404
        assert "郭晓禾" not in answer.content.decode()
    assert not JournalEntry.objects.filter(action="team.roster_viewed").exists()


def test_the_members_page_asks_as_often_for_three_as_for_one(client):
    team = a_team()
    log_in(client, a_leader(team))
    a_volunteer(teams=(team,), skills=("driving",))
    address = f"/teams/{team.public_id}/members/"
    client.get(address)  # the journal's first line makes its head
    one = queries_of(client, address)
    for _each in range(2):
        a_volunteer(teams=(team,), skills=("driving", "law"))

    assert queries_of(client, address) == one


# Staff ----------------------------------------------------------------------------------------------------------------


def test_the_office_founds_a_team_below_one_of_its_branch(client):
    parent = a_team(area_code=TUNZI)
    log_in(client, an_office(TUNZI))
    address = f"/teams/new/?parent={parent.public_id}"
    assert parent.name in client.get(address).content.decode()

    answer = client.post(address, {**FACTS, "categories": [a_category().pk], "phone": "0934-700 1234"})

    team = Team.objects.get(name="包城村分队")
    assert answer.url == f"/teams/{team.public_id}/"
    assert (team.parent, team.area_id, team.phone) == (parent, MABAO, "09347001234")
    assert list(team.categories.all()) == [a_category()]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"supervising_body": ""}, None),
        ({"credit_code": "53621027MJ99999990"}, None),
        ({"phone": "12"}, "phone"),
        ({"kind": "club"}, "kind"),
        ({"area": MENGBA_VILLAGE}, "area"),
        ({"guide": "nobody"}, "guide"),
        ({"categories": ["nothing"]}, "categories"),
    ],
)
def test_wrong_input_is_said_at_the_field_and_keeps_what_was_typed(client, wrong, field):
    parent = a_team(area_code=TUNZI)
    a_category()
    log_in(client, an_office(TUNZI))

    answer = client.post(f"/teams/new/?parent={parent.public_id}", {**FACTS, "team_class": "移风易俗", **wrong})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field or "__all__"]
    assert "移风易俗" in answer.content.decode()
    assert list(Team.objects.all()) == [parent]


def test_the_office_changes_a_team_and_its_form_begins_with_what_it_is(client):
    team = a_team(name="马堡村分队")
    log_in(client, an_office(TUNZI))
    assert "马堡村分队" in client.get(f"/teams/{team.public_id}/change/").content.decode()

    assert client.post(f"/teams/{team.public_id}/change/", FACTS).url == f"/teams/{team.public_id}/"

    assert Team.objects.get().name == "包城村分队"


def test_a_team_ends_on_a_page_of_its_own_that_says_what_stays(client):
    team = a_team(area_code=TUNZI)
    below = a_team(parent=team)
    log_in(client, an_office(TUNZI))
    assert '<button class="btn" type="submit">' not in _main(client.get(f"/teams/{team.public_id}/end/"))

    client.post(f"/teams/{below.public_id}/end/")
    client.post(f"/teams/{team.public_id}/end/")

    assert not Team.objects.filter(until=None).exists()


def _main(answer):
    return answer.content.decode().partition('<main id="main"')[2]


@pytest.mark.parametrize("what", ["change", "end"])
def test_strangers_to_the_branch_find_no_such_page_and_change_nothing(client, what):
    team = a_team()
    before = Team.objects.values().get()

    for person in (an_office(MENGBA), a_clerk(TUNZI), a_leader(team), a_volunteer().person):
        log_in(client, person)
        assert client.get(f"/teams/{team.public_id}/{what}/").status_code == 404
        assert client.post(f"/teams/{team.public_id}/{what}/", FACTS).status_code == 404
    assert Team.objects.values().get() == before


def test_nobody_founds_below_a_foreign_team_or_without_naming_one(client):
    foreign = a_team(area_code=MENGBA)
    log_in(client, an_office(TUNZI))

    for query in (f"?parent={foreign.public_id}", "", "?parent=x"):
        assert client.post(f"/teams/new/{query}", FACTS).status_code == 404
    assert list(Team.objects.all()) == [foreign]
