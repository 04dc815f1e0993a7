"""A household and a volunteer who do not want each other: kept apart, and neither is told the other's word."""

import pytest
from django.db import connection

from tests.build import MENGBA, NOW, a_clerk, a_leader, a_need, a_person, a_team, a_volunteer, an_activity, an_auditor
from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.activities.queries import fitting_shifts
from zhiyuan.domain.activities.signup import SignupObstacle, obstacle_to_sign_up, sign_up
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.needs.keeping_apart import (
    ApartObstacle,
    households_apart,
    is_kept_apart,
    keep_apart,
    kept_apart_from,
    let_together,
    volunteer_named,
)
from zhiyuan.domain.needs.models import KeptApart, NeedState
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db


def obstacle_of(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.obstacle


def kept(need, volunteer):
    return keep_apart(need, volunteer, "上次吵过架", by_household=True, by=a_clerk(), at=NOW)


def a_visit(**facts):
    """A team's visit to a household, open for sign-up."""
    team = a_team()
    need = a_need(state=NeedState.SCHEDULED, team=team, **facts)
    return need, an_activity(team, need=need).shifts.get()


def test_a_volunteer_who_is_not_wanted_finds_it_full_and_is_told_nothing():
    (need, shift), volunteer, other = a_visit(), a_volunteer(), a_volunteer(name="郭晓禾")
    kept(need, volunteer)

    assert obstacle_to_sign_up(shift, volunteer, at=NOW) == SignupObstacle.FULL
    assert obstacle_of(lambda: sign_up(shift, volunteer, by=volunteer.person, at=NOW, risk_version=1)) == (
        SignupObstacle.FULL
    )
    assert obstacle_to_sign_up(shift, other, at=NOW) is None
    assert (SignUp.objects.count(), Message.objects.count()) == (0, 0)


def test_lists_of_what_one_can_do_leave_it_out():
    (need, shift), volunteer, other = a_visit(), a_volunteer(), a_volunteer(name="郭晓禾")
    assert fitting_shifts(volunteer, NOW, 5) == [shift]

    kept(need, volunteer)

    assert (fitting_shifts(volunteer, NOW, 5), fitting_shifts(other, NOW, 5)) == ([], [shift])


def test_it_holds_for_every_request_of_the_household_and_for_what_is_taken_together_with_one():
    need, volunteer = a_need(phone="10000990017"), a_volunteer()
    kept(need, volunteer)
    again, shift = a_visit(phone="10000990017")
    neighbours, shared = a_visit(phone="10000990018")
    a_need(phone="10000990017", state=NeedState.MERGED, merged_into=neighbours)

    assert (is_kept_apart(again, volunteer), is_kept_apart(neighbours, volunteer)) == (True, False)
    assert [obstacle_to_sign_up(one, volunteer, at=NOW) for one in (shift, shared)] == [SignupObstacle.FULL] * 2


def test_the_desk_and_the_volunteer_say_so_and_nobody_else():
    need, volunteer = a_need(), a_volunteer()

    def said(by, *, by_household):
        return keep_apart(need, volunteer, "不合", by_household=by_household, by=by, at=NOW)

    for by in (a_clerk(MENGBA), an_auditor(), a_leader(a_team()), a_person(), a_volunteer(name="别人").person):
        assert obstacle_of(lambda one=by: said(one, by_household=True)) == AccessObstacle.NOT_YOURS
    # a volunteer speaks for themselves, never for the household
    assert obstacle_of(lambda: said(volunteer.person, by_household=True)) == AccessObstacle.NOT_YOURS
    assert said(volunteer.person, by_household=False).by_household is False


def test_once_is_enough_until_it_is_good_again():
    need, volunteer, clerk = a_need(), a_volunteer(), a_clerk()
    kept(need, volunteer)

    assert obstacle_of(lambda: kept(need, volunteer)) == ApartObstacle.APART
    assert [one.volunteer for one in kept_apart_from(need)] == [volunteer]
    assert list(households_apart(volunteer)) == [need.phone_key]
    let_together(need, volunteer, by=clerk, at=NOW)
    assert obstacle_of(lambda: let_together(need, volunteer, by=clerk, at=NOW)) == ApartObstacle.NOT_APART
    kept(need, volunteer)
    assert list(KeptApart.objects.order_by("pk").values_list("ended_at", flat=True)) == [NOW, None]


def test_only_the_desk_lets_them_together_again():
    need, volunteer = a_need(), a_volunteer()
    kept(need, volunteer)

    for by in (volunteer.person, a_clerk(MENGBA), a_leader(a_team())):
        assert obstacle_of(lambda one=by: let_together(need, volunteer, by=one, at=NOW)) == AccessObstacle.NOT_YOURS
    assert is_kept_apart(need, volunteer)


def test_why_rests_sealed_and_the_journal_names_nobody():
    need, volunteer = a_need(), a_volunteer()
    kept(need, volunteer)

    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM needs_keptapart")
        assert "吵" not in cursor.fetchone()[0]
    entry = JournalEntry.objects.get()
    assert (entry.action, entry.facts) == ("need.kept_apart", {"volunteer": volunteer.public_id})


def test_a_volunteer_is_named_by_number_or_telephone():
    volunteer, clerk, stranger = a_volunteer(), a_clerk(), a_person()

    assert volunteer_named(volunteer.person.phone, by=clerk, at=NOW) == volunteer
    for words in (stranger.phone, "10000999999", "nobody"):
        assert obstacle_of(lambda said=words: volunteer_named(said, by=clerk, at=NOW)) == ApartObstacle.UNKNOWN
