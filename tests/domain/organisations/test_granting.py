from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_deputy,
    a_dispatcher,
    a_grant,
    a_leader,
    a_person,
    a_team,
    an_auditor,
    an_office,
    area,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.verbs import SYSTEM
from zhiyuan.domain.organisations.granting import GrantObstacle, appoint, end_role, grant_role
from zhiyuan.domain.organisations.models import Role, RoleGrant
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may
from zhiyuan.domain.people.models import Person

pytestmark = pytest.mark.django_db
IN_A_YEAR = TODAY + timedelta(days=365)


def give(by, role, *, to=None, code=None, team=None, until=IN_A_YEAR):
    person = to or a_person()
    return grant_role(person, role, area=area(code) if code else None, team=team, until=until, by=by, at=NOW)


def refused(*args, **facts):
    with pytest.raises(Refused) as refusal:
        give(*args, **facts)
    return refusal.value.obstacle


def test_the_county_office_grants_a_role_for_a_township_from_today_to_a_last_day():
    office, person = an_office(COUNTY), a_person()

    grant = give(office, Role.CLERK, to=person, code=TUNZI)

    assert (grant.since, grant.until, grant.granted_by) == (TODAY, IN_A_YEAR, office)
    assert may(person, Permission.ENTER_NEED, area=MABAO)


def test_a_granted_role_signs_the_person_out_and_is_noted_with_ids_alone():
    person = a_person()

    give(an_office(COUNTY), Role.CLERK, to=person, code=TUNZI)

    assert Person.objects.get(pk=person.pk).auth_epoch == person.auth_epoch + 1
    entry = JournalEntry.objects.get()
    assert (entry.action, entry.object) == ("role.granted", f"person:{person.public_id}")
    assert entry.facts == {"role": "clerk", "branch": f"area:{TUNZI}", "until": IN_A_YEAR.isoformat()}


def test_a_township_office_grants_below_itself_and_not_its_own_rank():
    office = an_office(TUNZI)

    assert give(office, Role.DISPATCHER, code=TUNZI)
    assert give(office, Role.OFFICE, code=MABAO)
    assert refused(office, Role.OFFICE, code=TUNZI) == GrantObstacle.NOT_DOWNWARD


@pytest.mark.parametrize("code", [COUNTY, MENGBA])
def test_nobody_grants_above_or_beside_their_branch(code):
    assert refused(an_office(TUNZI), Role.CLERK, code=code) == AccessObstacle.NOT_YOURS


def test_a_leader_names_a_deputy_and_the_leaders_below_but_no_second_leader():
    team = a_team()
    below, leader = a_team(parent=team), a_leader(team)

    assert give(leader, Role.DEPUTY, team=team)
    assert give(leader, Role.LEADER, team=below)
    assert refused(leader, Role.LEADER, team=team) == GrantObstacle.NOT_DOWNWARD


def test_a_deputy_a_clerk_and_a_dispatcher_grant_nothing():
    team = a_team()

    assert refused(a_deputy(team), Role.DEPUTY, team=team) == GrantObstacle.NOT_DOWNWARD
    assert refused(a_clerk(TUNZI), Role.CLERK, code=MABAO) == GrantObstacle.NOT_DOWNWARD
    assert refused(a_dispatcher(TUNZI), Role.CLERK, code=MABAO) == GrantObstacle.NOT_DOWNWARD


def test_auditors_are_never_granted_by_those_they_audit():
    assert refused(an_office(COUNTY), Role.AUDITOR, code=TUNZI) == GrantObstacle.NOT_DOWNWARD
    assert refused(an_auditor(COUNTY), Role.AUDITOR, code=TUNZI) == GrantObstacle.NOT_DOWNWARD


@pytest.mark.parametrize(
    ("role", "with_area", "with_team"),
    [
        (Role.LEADER, True, False),
        (Role.CLERK, False, True),
        (Role.CLERK, True, True),
        (Role.CLERK, False, False),
        (Role.LEADER, False, False),
    ],
)
def test_a_role_holds_for_the_branch_that_fits_it(role, with_area, with_team):
    code, team = TUNZI if with_area else None, a_team() if with_team else None

    assert refused(an_office(COUNTY), role, code=code, team=team) == GrantObstacle.WRONG_BRANCH


def test_nobody_grants_a_role_to_themselves():
    office = an_office(COUNTY)

    assert refused(office, Role.CLERK, to=office, code=TUNZI) == GrantObstacle.OWN_ROLE


def test_a_role_lasts_a_year_at_the_most_and_never_ends_before_today():
    office = an_office(COUNTY)

    assert refused(office, Role.CLERK, code=TUNZI, until=TODAY + timedelta(days=367)) == GrantObstacle.TOO_LONG
    assert refused(office, Role.CLERK, code=TUNZI, until=TODAY - timedelta(days=1)) == GrantObstacle.PAST
    assert RoleGrant.objects.count() == 1  # the office's own


def test_the_top_is_appointed_at_the_machine_alone():
    person = a_person()

    appoint(person, Role.AUDITOR, area=area(COUNTY), until=IN_A_YEAR, by=SYSTEM, at=NOW)

    assert may(person, Permission.READ_JOURNAL, area=COUNTY)
    with pytest.raises(Refused) as refusal:
        appoint(person, Role.LEADER, area=area(COUNTY), until=IN_A_YEAR, by=SYSTEM, at=NOW)
    assert refusal.value.obstacle == GrantObstacle.WRONG_BRANCH


def test_an_ended_role_gives_nothing_more_and_signs_out():
    clerk = a_clerk(TUNZI)
    assert may(clerk, Permission.SEE_NEEDS, area=TUNZI)

    end_role(clerk.role_grants.get(), by=an_office(COUNTY), at=NOW)

    fresh = Person.objects.get(pk=clerk.pk)
    assert not may(fresh, Permission.SEE_NEEDS, area=TUNZI)
    assert fresh.auth_epoch == clerk.auth_epoch + 1
    assert clerk.role_grants.get().ended_at == NOW


def test_a_role_is_ended_by_those_who_could_have_granted_it():
    grant = a_grant(a_person(), Role.DISPATCHER, area_code=TUNZI)

    for person in (a_clerk(TUNZI), an_office(MENGBA), a_dispatcher(COUNTY), an_auditor()):
        with pytest.raises(Refused) as refusal:
            end_role(grant, by=person, at=NOW)
        assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    end_role(grant, by=an_office(TUNZI), at=NOW)


def test_an_office_does_not_end_its_equal_and_nobody_their_own_role():
    office, equal = an_office(TUNZI), an_office(TUNZI)

    for grant, obstacle in (
        (equal.role_grants.get(), GrantObstacle.NOT_DOWNWARD),
        (office.role_grants.get(), GrantObstacle.OWN_ROLE),
    ):
        with pytest.raises(Refused) as refusal:
            end_role(grant, by=office, at=NOW)
        assert refusal.value.obstacle == obstacle


def test_a_role_ends_only_once():
    grant = a_grant(a_person(), Role.CLERK, area_code=TUNZI)
    end_role(grant, by=an_office(COUNTY), at=NOW)

    with pytest.raises(Refused) as refusal:
        end_role(grant, by=an_office(COUNTY), at=NOW)

    assert refusal.value.obstacle == GrantObstacle.ROLE_ENDED
