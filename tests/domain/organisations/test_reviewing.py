"""Roles are looked at once a year."""

from datetime import timedelta

import pytest

from tests.build import COUNTY, NOW, TODAY, TUNZI, a_clerk, a_grant, a_leader, a_person, a_team, an_auditor, an_office
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.notices.models import Notice
from zhiyuan.domain.organisations.granting import GrantObstacle
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.organisations.reviewing import keep_role, remind_of_reviews, roles_to_review

pytestmark = pytest.mark.django_db
A_YEAR = timedelta(days=365)
SOON, LATER = TODAY + timedelta(days=30), TODAY + timedelta(days=31)


def a_role(role=Role.CLERK, *, since=TODAY - timedelta(days=30), until=LATER, area_code=TUNZI, person=None, **facts):
    return a_grant(person or a_person(), role, area_code=area_code, since=since, until=until, **facts)


def test_due_is_what_ends_within_thirty_days_and_what_nobody_looked_at_for_a_year():
    ends_soon = a_role(until=SOON)
    long_ago = a_role(since=TODAY - A_YEAR)
    a_role(since=TODAY - A_YEAR, reviewed_on=TODAY - timedelta(days=9))
    a_role()

    assert list(roles_to_review(an_office(COUNTY), TODAY)) == [ends_soon, long_ago]


def test_ones_own_roles_auditors_substitutes_and_other_branches_are_not_listed():
    office = an_office(TUNZI)
    due = a_role(until=SOON, person=a_person())
    a_role(until=SOON, person=office)
    a_role(Role.AUDITOR, until=SOON)
    a_role(until=SOON, substitutes=due)
    a_role(until=SOON, area_code="621027102000")
    a_role(since=TODAY - A_YEAR, until=TODAY - timedelta(days=1))

    assert list(roles_to_review(office, TODAY)) == [due]


def test_a_role_that_is_still_needed_holds_for_another_year_and_is_noted():
    office, role = an_office(TUNZI), a_role(until=SOON)

    keep_role(role, by=office, at=NOW)

    role.refresh_from_db()
    assert (role.reviewed_on, role.until) == (TODAY, TODAY + A_YEAR)
    assert list(roles_to_review(office, TODAY)) == []
    entry = JournalEntry.objects.get()
    assert (entry.action, entry.object) == ("role.kept", f"person:{role.person.public_id}")
    assert entry.facts == {"role": "clerk", "until": (TODAY + A_YEAR).isoformat()}


def test_those_keep_a_role_who_could_have_granted_it():
    role = a_role(until=SOON)

    for person in (a_clerk(TUNZI), an_office("621027102000"), an_auditor()):
        with pytest.raises(Refused) as refusal:
            keep_role(role, by=person, at=NOW)
        assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    for holder, obstacle in (
        (an_office(TUNZI), GrantObstacle.OWN_ROLE),
        (None, GrantObstacle.NOT_DOWNWARD),
    ):
        equal = a_role(Role.OFFICE, until=SOON, person=holder)
        with pytest.raises(Refused) as refusal:
            keep_role(equal, by=holder or an_office(TUNZI), at=NOW)
        assert refusal.value.obstacle == obstacle


def test_a_role_that_is_over_and_a_substitutes_role_are_not_prolonged():
    office, role = an_office(COUNTY), a_role()
    over = a_role(since=TODAY - A_YEAR, until=TODAY - timedelta(days=1))
    substitute = a_role(substitutes=role)

    for one, obstacle in ((over, GrantObstacle.ROLE_ENDED), (substitute, GrantObstacle.SUBSTITUTE)):
        with pytest.raises(Refused) as refusal:
            keep_role(one, by=office, at=NOW)
        assert refusal.value.obstacle == obstacle


def test_the_nearest_who_grant_are_reminded_once_a_month():
    an_office(COUNTY)
    township, team = an_office(TUNZI), a_team()
    leader = a_leader(team)
    a_role(until=SOON)
    a_role(until=SOON)
    a_grant(a_person(), Role.DEPUTY, team=team, until=SOON)

    assert remind_of_reviews(NOW) == 2
    assert remind_of_reviews(NOW + timedelta(days=1)) == 2

    keys = set(Notice.objects.values_list("key", flat=True))
    assert keys == {f"roles-to-review:2026-11:{person.public_id}" for person in (township, leader)}
    remind_of_reviews(NOW + timedelta(days=10))
    assert Notice.objects.count() == 4


def test_nobody_is_reminded_of_nothing():
    an_office(COUNTY)

    assert remind_of_reviews(NOW) == 0
