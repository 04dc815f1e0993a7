"""Who can see a file, and who really looked."""

from datetime import timedelta

import pytest

from tests.build import (
    BAOCHENG,
    COUNTY,
    MABAO,
    MENGBA,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_deputy,
    a_grant,
    a_leader,
    a_person,
    a_team,
    a_volunteer,
    an_auditor,
    an_office,
)
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.organisations.seeing import looks_at, who_may_see, who_reaches
from zhiyuan.domain.volunteers.queries import open_file, open_roster

pytestmark = pytest.mark.django_db


def test_those_may_see_whose_role_reaches_the_place_the_widest_first():
    an_office(COUNTY)
    a_clerk(TUNZI)
    a_clerk(MENGBA)
    a_grant(a_person(name="郭晓禾"), Role.GRID_WORKER, area_code=MABAO)
    a_grant(a_person(name="何安"), Role.CLERK, area_code=MABAO, until=TODAY - timedelta(days=1))

    seers = who_may_see(MABAO, Permission.SEE_VOLUNTEERS, on=TODAY)

    assert [(seer.name, seer.place) for seer in seers] == [("罗山", "镇原县"), ("周禾", "屯字镇")]
    assert [seer.covers(BAOCHENG) for seer in seers] == [True, True]


def test_the_list_says_the_same_as_the_permission_itself():
    people = [an_office(COUNTY), an_office(MENGBA), a_clerk(TUNZI), a_clerk(BAOCHENG), an_auditor()]
    allowed = [person.name for person in people if may(person, Permission.SEE_NEEDS, area=MABAO)]

    assert sorted(seer.name for seer in who_may_see(MABAO, Permission.SEE_NEEDS, on=TODAY)) == sorted(allowed)
    assert len(allowed) == 3


def test_a_substitute_is_shown_as_one():
    clerk = a_clerk(TUNZI)
    a_grant(a_person(name="郭晓禾"), Role.CLERK, area_code=TUNZI, substitutes=clerk.role_grants.get())

    seers = who_may_see(TUNZI, Permission.SEE_NEEDS, on=TODAY)

    assert [(seer.name, seer.substitute) for seer in seers] == [("周禾", False), ("郭晓禾", True)]


def test_leaders_of_a_team_and_of_the_teams_above_lead_it():
    above = a_team(name="支队")
    team = a_team(name="分队", parent=above)
    a_leader(above)
    a_leader(team)
    a_deputy(team)
    a_leader(a_team(name="别队"))

    seers = who_reaches([], [team], on=TODAY)

    assert [(seer.place, seer.role) for seer in seers] == [
        ("支队", Role.LEADER), ("分队", Role.LEADER), ("分队", Role.DEPUTY),
    ]  # fmt: skip


def test_looks_are_told_newest_first_with_who_looked_by_which_role():
    clerk, volunteer = a_clerk(TUNZI), a_volunteer()
    open_file(volunteer, by=clerk, at=NOW)
    open_file(volunteer, by=volunteer.person, at=NOW)
    open_file(a_volunteer(), by=clerk, at=NOW)
    open_file(volunteer, by=a_person(name="何安"), at=NOW + timedelta(hours=1))

    looks = looks_at([f"volunteer:{volunteer.public_id}"], but_by=volunteer.person)

    assert [(look.name, look.place) for look in looks] == [("何安", ""), ("周禾", "屯字镇")]
    assert looks[1].at == NOW


def test_a_roster_counts_from_the_day_of_joining():
    clerk, team = a_clerk(TUNZI), a_team()
    open_roster(team, by=clerk, at=NOW - timedelta(days=1))
    open_roster(team, by=clerk, at=NOW)

    looks = looks_at([], since={f"team:{team.public_id}": TODAY})

    assert [look.at for look in looks] == [NOW]


def test_a_look_tells_the_role_of_its_day_and_costs_one_query(django_assert_num_queries):
    clerk, volunteer = a_clerk(TUNZI), a_volunteer()
    clerk.role_grants.update(until=TODAY, ended_at=NOW + timedelta(hours=1))
    open_file(volunteer, by=clerk, at=NOW)
    open_file(volunteer, by=clerk, at=NOW + timedelta(hours=2))
    open_file(volunteer, by=clerk, at=NOW + timedelta(days=1))

    with django_assert_num_queries(1):
        looks = looks_at([f"volunteer:{volunteer.public_id}"])

    assert [look.place for look in looks] == ["", "", "屯字镇"]
    assert [look.seq for look in looks_at([f"volunteer:{volunteer.public_id}"], before=looks[0].seq, most=1)] == [2]
