from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.build import (
    BAOCHENG,
    MABAO,
    MENGBA,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_person,
    a_team,
    a_volunteer,
    an_office,
    area,
)
from zhiyuan.domain.areas.changing import end_area
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.verbs import SYSTEM
from zhiyuan.domain.organisations.models import TeamKind
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.guardians import Guardian
from zhiyuan.domain.people.login import person_with_phone
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.paper import Paper, PaperObstacle
from zhiyuan.domain.people.phones import PhoneObstacle
from zhiyuan.domain.people.registering import Helping, RegistrationObstacle
from zhiyuan.domain.volunteers.joining import (
    JoiningObstacle,
    become_volunteer,
    join_team,
    leave_team,
    obstacle_to_join,
    register_volunteer,
)
from zhiyuan.domain.volunteers.models import Membership, TeamStrength, Volunteer
from zhiyuan.domain.volunteers.queries import found_by, helper_of, members_of, memberships_of, registration_of

pytestmark = pytest.mark.django_db
FACTS = {"name": "李知行", "phone": "10000000017", "born_on": date(1990, 5, 1), "consents": True, "guardian": None}


def register(*, by=None, code=MABAO, **changes):
    return register_volunteer(**{**FACTS, **changes}, area=area(code), by=by, at=NOW)


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


# Registering ----------------------------------------------------------------------------------------------------------


def test_whoever_registers_gets_a_file_and_a_number_that_gives_nothing_away():
    volunteer = register()

    assert volunteer.number.startswith("ZY")
    assert len(volunteer.number) == 10
    assert "1990" not in volunteer.number
    assert (volunteer.area_id, volunteer.joined_at) == (MABAO, NOW)
    assert list(found_by(Volunteer.objects.all(), "知行")) == [volunteer]


SHEET = Paper("2026-118", TODAY, "屯字镇站 2026 年卷")


def test_a_clerk_registers_face_to_face_in_their_own_area_alone():
    clerk = a_clerk(TUNZI)

    register(by=clerk, paper=SHEET)

    assert JournalEntry.objects.get(action="volunteer.registered").actor == clerk.public_id
    assert refusal_of(register, by=a_clerk(MENGBA), phone="10000000018", paper=SHEET) == AccessObstacle.NOT_YOURS
    assert Volunteer.objects.count() == 1


def test_the_record_shows_who_entered_it_and_on_which_sheet():
    clerk = a_clerk(TUNZI)

    volunteer = register(by=clerk, paper=SHEET)

    paper = registration_of(volunteer).paper
    assert (paper.number, paper.signed_on, paper.kept_at) == ("2026-118", TODAY, "屯字镇站 2026 年卷")
    assert (paper.taken_by, paper.taken_at) == (clerk, NOW)
    assert registration_of(register(phone="10000000018")).paper is None


@pytest.mark.parametrize(
    ("paper", "obstacle"),
    [
        (None, PaperObstacle.MISSING),
        (Paper(" ", TODAY, "柜"), PaperObstacle.MISSING),
        (Paper("1", TODAY, " "), PaperObstacle.MISSING),
        (Paper("1", TODAY + timedelta(days=1), "柜"), PaperObstacle.LATER),
    ],
)
def test_face_to_face_nobody_is_registered_without_a_signed_sheet(paper, obstacle):
    assert refusal_of(register, by=a_clerk(TUNZI), paper=paper) == obstacle
    assert not Volunteer.objects.exists()


def test_whoever_has_no_telephone_is_registered_by_a_clerk_and_may_name_who_takes_the_calls():
    clerk = a_clerk(TUNZI)
    daughter = Helping("李小云", "100 0000 0031", "女儿", agrees=True)

    first = register(by=clerk, phone="", paper=SHEET, helper=daughter)
    second = register(by=clerk, phone="", paper=SHEET)

    assert (first.person.phone, first.person.phone_key, second.person.phone_key) == ("", None, None)
    assert (helper_of(first).phone, helper_of(second)) == ("10000000031", None)
    assert person_with_phone("10000000031") is None  # the daughter's telephone logs nobody in


def test_a_helper_was_asked_first_and_nobody_registers_themselves_without_a_telephone():
    unasked = Helping("李小云", "10000000031", "女儿", agrees=False)

    assert refusal_of(register, by=a_clerk(TUNZI), phone="", paper=SHEET, helper=unasked) == (
        RegistrationObstacle.HELPER_UNASKED
    )
    assert refusal_of(register, phone="") == PhoneObstacle.NOT_A_PHONE
    assert not Volunteer.objects.exists()


def test_volunteers_live_in_a_village_of_the_county_that_still_stands():
    end_area(area(BAOCHENG), area(MABAO), by=SYSTEM, at=NOW, on=TODAY)

    for code in (TUNZI, BAOCHENG):
        assert refusal_of(register, code=code) == JoiningObstacle.NOT_A_VILLAGE
    assert not Person.objects.exists()


def test_whoever_is_under_14_registers_only_with_a_guardian():
    minor = {"born_on": date(2013, 5, 1)}

    assert refusal_of(register, **minor) == RegistrationObstacle.GUARDIAN_NEEDED
    assert not Volunteer.objects.exists()
    assert register(**minor, guardian=Guardian("王明", "10000000018", "父亲", TODAY + timedelta(days=365)))


def test_somebody_with_an_account_becomes_a_volunteer_too():
    clerk = a_clerk()

    volunteer = become_volunteer(clerk, area=area(MABAO), consents=True, at=NOW)

    assert volunteer.person == clerk
    assert refusal_of(become_volunteer, a_person(), area=area(TUNZI), consents=True, at=NOW) == (
        JoiningObstacle.NOT_A_VILLAGE
    )


# Teams ----------------------------------------------------------------------------------------------------------------


def test_a_volunteer_belongs_to_several_teams_and_each_counts_them():
    volunteer, teams = a_volunteer(), [a_team(), a_team(area_code=MENGBA)]

    for team in teams:
        join_team(volunteer, team, by=volunteer.person, at=NOW)

    assert [membership.team for membership in memberships_of(volunteer)] == teams
    assert [TeamStrength.objects.get(team=team).members for team in teams] == [1, 1]


def test_a_volunteer_leaves_a_team_and_what_was_stays_on_record():
    volunteer, team = a_volunteer(), a_team()
    join_team(volunteer, team, by=volunteer.person, at=NOW - timedelta(days=9))

    leave_team(volunteer, team, by=volunteer.person, at=NOW)

    membership = Membership.objects.get()
    assert (membership.since, membership.until) == (TODAY - timedelta(days=9), TODAY)
    assert TeamStrength.objects.get(team=team).members == 0
    assert list(members_of(team, TODAY)) == []


def test_whoever_left_can_come_back():
    volunteer, team = a_volunteer(), a_team()
    join_team(volunteer, team, by=volunteer.person, at=NOW)
    leave_team(volunteer, team, by=volunteer.person, at=NOW)

    join_team(volunteer, team, by=volunteer.person, at=NOW)

    assert list(members_of(team, TODAY)) == [volunteer]


def test_a_membership_stands_once():
    team = a_team()
    volunteer = a_volunteer(teams=(team,))

    assert refusal_of(join_team, volunteer, team, by=volunteer.person, at=NOW) == JoiningObstacle.ALREADY_MEMBER
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(volunteer=volunteer, team=team, since=TODAY)


def test_nobody_leaves_a_team_they_do_not_belong_to():
    volunteer = a_volunteer()

    assert refusal_of(leave_team, volunteer, a_team(), by=volunteer.person, at=NOW) == JoiningObstacle.NOT_A_MEMBER


def test_nobody_joins_a_team_that_has_ended():
    volunteer, ended = a_volunteer(), a_team(until=TODAY)

    assert refusal_of(join_team, volunteer, ended, by=volunteer.person, at=NOW) == JoiningObstacle.TEAM_IS_OVER


@pytest.mark.parametrize(
    ("born_on", "obstacle"),
    [
        (date(2008, 11, 24), None),
        (date(2008, 11, 25), JoiningObstacle.ADULTS_ONLY),
        (None, JoiningObstacle.ADULTS_ONLY),
    ],
)
def test_rescue_teams_take_people_from_their_eighteenth_birthday_on(born_on, obstacle):
    volunteer = a_volunteer(born_on=born_on)

    assert obstacle_to_join(volunteer, a_team(kind=TeamKind.RESCUE), at=NOW) == obstacle


def test_a_leader_takes_members_in_and_lets_them_go_but_only_of_their_team():
    volunteer, team = a_volunteer(), a_team()
    leader = a_leader(team)

    join_team(volunteer, team, by=leader, at=NOW)
    leave_team(volunteer, team, by=leader, at=NOW)

    for stranger in (a_leader(a_team()), a_clerk(), a_dispatcher(), an_office(), a_volunteer().person):
        for act in (join_team, leave_team):
            assert refusal_of(act, volunteer, team, by=stranger, at=NOW) == AccessObstacle.NOT_YOURS
    assert list(members_of(team, TODAY)) == []
