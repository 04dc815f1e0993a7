"""A substitute when an office-holder is away."""

from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    NOW,
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
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.granting import GrantObstacle, end_role
from zhiyuan.domain.organisations.models import Role, RoleGrant
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, forget_grants, grants_of, may
from zhiyuan.domain.organisations.queries import desk_people
from zhiyuan.domain.organisations.substituting import (
    LONGEST_DAYS,
    SubstituteObstacle,
    name_substitute,
    own_roles,
    roles_to_substitute,
    substitutes_of,
)
from zhiyuan.domain.people.models import Person

pytestmark = pytest.mark.django_db
NEXT_WEEK = TODAY + timedelta(days=7)


def stand_in(role, person=None, *, by, since=TODAY, until=NEXT_WEEK, away=True):
    return name_substitute(role, person or a_person(), since=since, until=until, holder_away=away, by=by, at=NOW)


def refused(role, person=None, **facts):
    with pytest.raises(Refused) as refusal:
        stand_in(role, person, **facts)
    return refusal.value.obstacle


def test_a_substitute_holds_the_same_role_for_the_same_branch_and_for_those_days_alone():
    clerk, person = a_clerk(TUNZI), a_person()

    role = stand_in(clerk.role_grants.get(), person, by=clerk)

    assert (role.role, role.area_id, role.since, role.until) == ("clerk", TUNZI, TODAY, NEXT_WEEK)
    assert may(person, Permission.ENTER_NEED, area=MABAO)
    forget_grants(person)
    assert grants_of(person, on=NEXT_WEEK + timedelta(days=1)) == ()


def test_a_substitute_is_signed_out_once_and_noted_with_ids_alone():
    clerk, person = a_clerk(TUNZI), a_person()

    stand_in(clerk.role_grants.get(), person, by=clerk)

    assert Person.objects.get(pk=person.pk).auth_epoch == person.auth_epoch + 1
    entry = JournalEntry.objects.get()
    assert (entry.action, entry.object) == ("role.substituted", f"person:{person.public_id}")
    assert entry.facts == {
        "role": "clerk", "branch": f"area:{TUNZI}", "for": clerk.public_id,
        "since": TODAY.isoformat(), "until": NEXT_WEEK.isoformat(),
    }  # fmt: skip


def test_the_desks_notices_go_to_the_substitute_while_the_holder_is_away():
    clerk, person = a_clerk(TUNZI), a_person()

    stand_in(clerk.role_grants.get(), person, by=clerk)

    assert desk_people(TUNZI, Permission.VERIFY_NEED, on=TODAY) == [person]


def test_whoever_grants_the_role_names_substitutes_too_and_nobody_else_does():
    role = a_clerk(TUNZI).role_grants.get()

    for stranger in (a_dispatcher(TUNZI), a_clerk(TUNZI), an_auditor(), a_person()):
        assert refused(role, by=stranger) == AccessObstacle.NOT_YOURS
    assert stand_in(role, by=an_office(TUNZI))


def test_the_county_office_itself_and_a_team_leader_name_theirs():
    office, leader = an_office(COUNTY), a_leader(a_team())

    assert stand_in(office.role_grants.get(), by=office).area_id == COUNTY
    assert stand_in(leader.role_grants.get(), by=leader).team_id == leader.role_grants.get().team_id


def test_nobody_stands_in_for_themselves_or_takes_a_role_by_naming_themselves():
    clerk, office = a_clerk(TUNZI), an_office(COUNTY)
    role = clerk.role_grants.get()

    assert refused(role, clerk, by=clerk) == SubstituteObstacle.SELF
    assert refused(role, clerk, by=office) == SubstituteObstacle.SELF
    assert refused(role, office, by=office) == SubstituteObstacle.SELF


def test_auditors_and_substitutes_name_none():
    auditor, clerk, person = an_auditor(), a_clerk(TUNZI), a_person()
    role = stand_in(clerk.role_grants.get(), person, by=clerk)

    assert refused(auditor.role_grants.get(), by=auditor) == SubstituteObstacle.AUDITOR
    assert refused(role, by=person) == SubstituteObstacle.CHAIN


def test_the_days_lie_ahead_in_order_within_the_role_and_are_not_too_many():
    clerk = a_clerk(TUNZI)
    role = clerk.role_grants.get()
    yesterday, longest = TODAY - timedelta(days=1), TODAY + timedelta(days=LONGEST_DAYS.default - 1)

    assert refused(role, by=clerk, since=yesterday) == SubstituteObstacle.PAST
    assert refused(role, by=clerk, until=yesterday) == SubstituteObstacle.BACKWARDS
    assert refused(role, by=clerk, until=role.until + timedelta(days=1)) == SubstituteObstacle.OUTLASTS
    assert refused(role, by=clerk, until=longest + timedelta(days=1)) == SubstituteObstacle.TOO_LONG
    assert stand_in(role, by=clerk, until=longest)


def test_one_substitute_at_a_time():
    clerk = a_clerk(TUNZI)
    role = clerk.role_grants.get()
    stand_in(role, by=clerk)

    assert refused(role, by=clerk, since=NEXT_WEEK, until=NEXT_WEEK) == SubstituteObstacle.TAKEN
    assert stand_in(role, by=clerk, since=NEXT_WEEK + timedelta(days=1), until=NEXT_WEEK + timedelta(days=2))


def test_a_role_that_has_ended_and_people_who_hold_it_or_left_have_no_substitute():
    clerk = a_clerk(TUNZI)
    role = clerk.role_grants.get()

    assert refused(role, a_clerk(TUNZI), by=clerk) == SubstituteObstacle.HOLDS
    assert refused(role, a_person(is_active=False), by=clerk) == SubstituteObstacle.LEFT
    end_role(role, by=an_office(COUNTY), at=NOW)
    assert refused(role, by=clerk) == SubstituteObstacle.ENDED


def test_a_substitute_loses_the_role_with_the_holder():
    clerk, person = a_clerk(TUNZI), a_person()
    role = clerk.role_grants.get()
    substitute = stand_in(role, person, by=clerk)

    end_role(role, by=an_office(COUNTY), at=NOW)

    substitute.refresh_from_db()
    assert substitute.ended_at == NOW
    assert not may(Person.objects.get(pk=person.pk), Permission.ENTER_NEED, area=TUNZI)


def test_a_substitute_of_somebody_whose_account_was_closed_holds_nothing():
    clerk, person = a_clerk(TUNZI), a_person()
    stand_in(clerk.role_grants.get(), person, by=clerk)

    Person.objects.filter(pk=clerk.pk).update(is_active=False)

    assert grants_of(Person.objects.get(pk=person.pk)) == ()


def test_the_holder_ends_the_substitute_and_the_substitute_cannot():
    clerk, person = a_clerk(TUNZI), a_person()
    substitute = stand_in(clerk.role_grants.get(), person, by=clerk)

    with pytest.raises(Refused) as refusal:
        end_role(substitute, by=person, at=NOW)
    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    end_role(substitute, by=clerk, at=NOW)

    assert list(substitutes_of(clerk, TODAY)) == []
    assert list(own_roles(clerk, TODAY)) == [clerk.role_grants.get()]
    with pytest.raises(Refused) as refusal:
        end_role(substitute, by=clerk, at=NOW)
    assert refusal.value.obstacle == GrantObstacle.ROLE_ENDED


def test_one_reaches_ones_own_roles_and_those_of_ones_branch():
    clerk, office, stranger = a_clerk(TUNZI), an_office(TUNZI), a_clerk(TUNZI)
    role = clerk.role_grants.get()
    foreign = a_grant(a_person(), Role.CLERK, area_code="621027102000")

    assert list(roles_to_substitute(clerk, TODAY)) == [role]
    assert set(roles_to_substitute(office, TODAY)) == {role, office.role_grants.get(), stranger.role_grants.get()}
    assert RoleGrant.objects.filter(pk=foreign.pk).exists()
