"""Who is told what a desk must know."""

from datetime import timedelta

import pytest

from tests.build import COUNTY, MABAO, TODAY, TUNZI, a_clerk, a_dispatcher, a_grant, a_person, an_office
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import desk_people

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def test_a_desks_people_hold_the_permission_for_exactly_this_area():
    clerk, dispatcher = a_clerk(TUNZI), a_dispatcher(TUNZI)
    others = [a_clerk(MABAO), a_dispatcher(COUNTY), an_office(TUNZI)]

    assert desk_people(TUNZI, Permission.VERIFY_NEED, on=TODAY) == [clerk, dispatcher]
    assert desk_people(TUNZI, Permission.DISPATCH_NEED, on=TODAY) == [dispatcher]
    assert not {clerk, dispatcher} & set(others)


def test_somebody_with_two_roles_at_a_desk_is_one_of_its_people_once():
    clerk = a_clerk(TUNZI)
    a_grant(clerk, Role.DISPATCHER, area_code=TUNZI)

    assert desk_people(TUNZI, Permission.VERIFY_NEED, on=TODAY) == [clerk]


def test_ended_coming_and_closed_holders_are_not_told():
    a_grant(a_person(), Role.CLERK, area_code=TUNZI, since=TOMORROW)
    a_grant(a_person(), Role.CLERK, area_code=TUNZI, until=TODAY - timedelta(days=1))
    a_grant(a_person(is_active=False), Role.CLERK, area_code=TUNZI)

    assert desk_people(TUNZI, Permission.VERIFY_NEED, on=TODAY) == []


def test_while_the_holder_is_away_the_substitute_is_told_instead():
    clerk, substitute = a_clerk(TUNZI), a_person()
    role = clerk.role_grants.get()
    a_grant(substitute, Role.CLERK, area_code=TUNZI, until=TODAY, substitutes=role, holder_away=True)

    assert desk_people(TUNZI, Permission.VERIFY_NEED, on=TODAY) == [substitute]
    assert desk_people(TUNZI, Permission.VERIFY_NEED, on=TOMORROW) == [clerk]


def test_a_substitute_who_helps_a_holder_that_is_there_is_told_too():
    clerk, substitute = a_clerk(TUNZI), a_person()
    a_grant(substitute, Role.CLERK, area_code=TUNZI, substitutes=clerk.role_grants.get())

    assert desk_people(TUNZI, Permission.VERIFY_NEED, on=TODAY) == [clerk, substitute]


def test_an_absent_holder_without_a_living_substitute_is_told_after_all():
    clerk = a_clerk(TUNZI)
    role = clerk.role_grants.get()
    a_grant(a_person(is_active=False), Role.CLERK, area_code=TUNZI, substitutes=role, holder_away=True)

    assert desk_people(TUNZI, Permission.VERIFY_NEED, on=TODAY) == [clerk]
