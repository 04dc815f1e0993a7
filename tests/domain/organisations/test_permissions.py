from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.build import (
    BAOCHENG,
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    TODAY,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_grant,
    a_leader,
    a_person,
    a_team,
    an_auditor,
    an_office,
    area,
)
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.models import Role, Team
from zhiyuan.domain.organisations.permissions import (
    GRANTS,
    AccessObstacle,
    Permission,
    forget_grants,
    grants_of,
    is_staff,
    may,
    require,
    scope_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(settings):
    settings.CLOCK_SHIFT_SECONDS = 0


def test_a_role_for_a_township_holds_for_its_villages_and_nowhere_else():
    clerk = a_clerk(TUNZI)

    reach = {code for code in (COUNTY, TUNZI, MABAO, BAOCHENG, MENGBA, MENGBA_VILLAGE)
             if may(clerk, Permission.ENTER_NEED, area=code)}  # fmt: skip

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
    ("since", "until", "holds"),
    [(0, 0, True), (-9, 0, True), (0, 9, True), (1, 9, False), (-9, -1, False)],
)
def test_a_role_holds_from_its_first_to_its_last_day(since, until, holds):
    person = a_person()
    a_grant(person, Role.CLERK, area_code=TUNZI, since=_day(since), until=_day(until))

    assert may(person, Permission.SEE_NEEDS, area=TUNZI) is holds


def _day(offset):
    from_today = timedelta(days=offset)
    return TODAY + from_today if REAL_TODAY is None else REAL_TODAY + from_today


REAL_TODAY = None
