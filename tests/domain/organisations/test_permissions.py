from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import (
    BAOCHENG,
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_county,
    a_dispatcher,
    a_grant,
    a_leader,
    a_person,
    a_team,
    an_auditor,
    an_office,
)
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.models import Role, RoleGrant, Team
from zhiyuan.domain.organisations.permissions import (
    AccessObstacle,
    Permission,
    forget_grants,
    grants_of,
    is_staff,
    may,
    require,
    scope_of,
)
from zhiyuan.domain.organisations.queries import own_teams, roles_visible_to, teams_of_permission

pytestmark = pytest.mark.django_db
TEAM_ROLES = (Role.LEADER, Role.DEPUTY)


def test_a_role_for_a_township_holds_for_its_villages_and_nowhere_else():
    clerk = a_clerk(TUNZI)
    places = (COUNTY, TUNZI, MABAO, BAOCHENG, MENGBA, MENGBA_VILLAGE)

    reach = {code for code in places if may(clerk, Permission.ENTER_NEED, area=code)}

    assert reach == {TUNZI, MABAO, BAOCHENG}


def test_a_role_for_an_area_holds_for_the_teams_that_lie_there():
    office = an_office(TUNZI)

    assert may(office, Permission.MANAGE_TEAMS, team=a_team(area_code=MABAO))
    assert not may(office, Permission.MANAGE_TEAMS, team=a_team(area_code=MENGBA_VILLAGE))


def test_a_role_for_a_team_holds_for_the_teams_below_it_and_not_beside_or_above():
    above = a_team(area_code=TUNZI)
    team, beside = a_team(parent=above), a_team(parent=above)
    below = a_team(parent=team)
    leader = a_leader(team)

    reach = [t for t in (above, team, beside, below) if may(leader, Permission.ANSWER_ORDER, team=t)]

    assert reach == [team, below]


def test_a_role_gives_only_its_own_permissions():
    clerk = a_clerk()

    assert may(clerk, Permission.VERIFY_NEED, area=TUNZI)
    assert not may(clerk, Permission.DISPATCH_NEED, area=TUNZI)


@pytest.mark.parametrize(
    ("since", "until", "holds"), [(0, 0, True), (-9, 0, True), (0, 9, True), (1, 9, False), (-9, -1, False)]
)
def test_a_role_holds_from_its_first_to_its_last_day(since, until, holds):
    person = a_person()
    days = {"since": TODAY + timedelta(days=since), "until": TODAY + timedelta(days=until)}
    a_grant(person, Role.CLERK, area_code=TUNZI, **days)

    assert may(person, Permission.SEE_NEEDS, area=TUNZI) is holds


def test_a_role_for_a_team_that_ended_holds_no_longer():
    team = a_team()
    leader = a_leader(team)
    Team.objects.filter(pk=team.pk).update(until=TODAY)

    assert grants_of(leader) == ()


def test_whoever_is_closed_or_not_signed_in_may_nothing():
    closed = a_clerk()
    closed.is_active = False

    assert not may(closed, Permission.SEE_NEEDS)
    assert not may(None, Permission.SEE_NEEDS)
    assert not scope_of(None, Permission.SEE_NEEDS)


def test_roles_are_read_once_for_a_person_until_they_are_forgotten(django_assert_num_queries):
    person = a_clerk()

    with django_assert_num_queries(1):
        assert may(person, Permission.SEE_NEEDS, area=TUNZI)
        assert may(person, Permission.SEE_NEEDS, area=MABAO)
    forget_grants(person)
    with django_assert_num_queries(1):
        may(person, Permission.SEE_NEEDS)


def test_to_require_what_one_may_not_is_refused_alike_for_foreign_and_for_role():
    for area in (MENGBA, TUNZI):
        with pytest.raises(Refused) as refusal:
            require(a_clerk(TUNZI), Permission.MANAGE_SITES, area=area)
        assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_only_roles_beyond_ones_own_team_ask_for_a_second_factor():
    assert is_staff(a_dispatcher())
    assert not is_staff(a_leader(a_team()))
    assert not is_staff(a_person())


def test_an_empty_scope_reaches_no_row():
    a_county()

    assert Area.objects.filter(scope_of(a_person(), Permission.SEE_NEEDS).rows(area="code")).count() == 0
    assert Area.objects.exists()


def test_teams_of_a_permission_are_the_living_ones_that_it_reaches():
    inside, ended = a_team(), a_team(until=TODAY)
    a_team(area_code=MENGBA_VILLAGE)

    found = teams_of_permission(an_office(TUNZI), Permission.MANAGE_TEAMS)

    assert list(found) == [inside]
    assert ended.area_id == inside.area_id


def test_ones_own_teams_are_those_one_leads_and_not_those_below():
    team = a_team()
    a_team(parent=team)

    assert list(own_teams(a_leader(team))) == [team]


def test_standing_roles_are_seen_in_ones_branch_and_by_whoever_audits_it():
    team, foreign = a_team(), a_team(area_code=MENGBA_VILLAGE)
    office, auditor = an_office(TUNZI), an_auditor()
    leader, other = a_leader(team), a_leader(foreign)
    ended = a_grant(a_person(), Role.CLERK, area_code=MABAO, ended_at=NOW)

    def seen_by(person):
        return {grant.person for grant in roles_visible_to(person, TODAY)}

    assert seen_by(office) == {office, leader}
    assert seen_by(leader) == {leader}
    assert seen_by(auditor) == {office, auditor, leader, other}
    assert seen_by(a_clerk()) == set()
    assert ended.person not in seen_by(auditor)


def test_a_scope_reaches_exactly_the_rows_for_which_one_may():
    """However roles are spread, the filter and the question row by row agree, for areas and for teams."""
    a_county()
    corps = a_team(area_code=COUNTY)
    branches = [a_team(area_code=code, parent=corps) for code in (TUNZI, MENGBA)]
    teams = [corps, *branches, *(a_team(area_code=code, parent=branches[0]) for code in (MABAO, BAOCHENG))]
    teams += [a_team(area_code=MENGBA_VILLAGE, parent=branches[1]), a_team(area_code=COUNTY)]
    codes = [place.code for place in Area.objects.all()]
    for_area = st.tuples(st.sampled_from([r for r in Role if r not in TEAM_ROLES]), st.sampled_from(codes), st.none())
    for_team = st.tuples(st.sampled_from(TEAM_ROLES), st.none(), st.sampled_from(teams))

    @given(st.lists(for_area | for_team, max_size=3), st.sampled_from(Permission))
    @settings(max_examples=80)
    def agree(roles, permission):
        person = a_person()
        for role, code, team in roles:
            a_grant(person, role, area_code=code, team=team)
        scope = scope_of(person, permission)

        areas = set(Area.objects.filter(scope.rows(area="code")).values_list("code", flat=True))
        reached = set(Team.objects.filter(scope.rows(area="area_id", team="path")).values_list("pk", flat=True))

        assert areas == {code for code in codes if may(person, permission, area=code)}
        assert reached == {team.pk for team in teams if may(person, permission, team=team)}

    agree()
    assert RoleGrant.objects.exists()
