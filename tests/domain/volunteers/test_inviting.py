"""Invitations: known and unknown numbers look alike, and a person may always say no."""

from datetime import timedelta

import pytest

from tests.build import MENGBA, NOW, TODAY, a_deputy, a_leader, a_person, a_team, a_volunteer
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.models import TeamKind
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.inviting import (
    INVITATIONS_A_DAY,
    InvitingObstacle,
    answer_invitation,
    choose_contact,
    expire_invitations,
    invitations_of,
    invitations_waiting_for,
    invite,
    withdraw_invitation,
)
from zhiyuan.domain.volunteers.joining import JoiningObstacle
from zhiyuan.domain.volunteers.models import Invitation, InvitedHow, Membership, PhoneShown, Volunteer
from zhiyuan.domain.volunteers.pausing import pause
from zhiyuan.domain.volunteers.queries import memberships_of, phone_is_open, sharing_members

pytestmark = pytest.mark.django_db
State = Invitation.State
UNKNOWN = "10099999999"


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def leader(team):
    return a_leader(team)


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


def choosing(how, phone=PhoneShown.LEADERS, **facts):
    volunteer = a_volunteer(**facts)
    choose_contact(volunteer, invited_how=how, phone_shown=phone, by=volunteer.person, at=NOW)
    return volunteer


def test_whoever_is_asked_says_yes_and_belongs_to_the_team(team, leader):
    volunteer = a_volunteer()

    invitation = invite(team, volunteer.number.lower(), by=leader, at=NOW)
    assert list(invitations_waiting_for(volunteer, TODAY)) == [invitation]
    assert not memberships_of(volunteer).exists()
    answer_invitation(invitation, True, by=volunteer.person, at=NOW)

    assert [one.team for one in memberships_of(volunteer)] == [team]
    assert invitations_of(team, NOW).get().state == State.ACCEPTED
    assert "邀请您加入" in Message.objects.get().text


def test_whoever_is_asked_may_say_no(team, leader):
    volunteer = a_volunteer()
    invitation = invite(team, volunteer.person.phone, by=leader, at=NOW)

    answer_invitation(invitation, False, by=volunteer.person, at=NOW)

    assert not Membership.objects.exists()
    assert invitations_of(team, NOW).get().state == State.DECLINED
    assert refusal_of(answer_invitation, invitation, True, by=volunteer.person, at=NOW) == (
        InvitingObstacle.INVITATION_OVER
    )


def test_whoever_wants_to_be_taken_in_at_once_is_and_is_told(team, leader):
    volunteer = choosing(InvitedHow.ACCEPT)

    invitation = invite(team, volunteer.number, by=leader, at=NOW)

    assert invitation.state == State.ACCEPTED
    assert [one.team for one in memberships_of(volunteer)] == [team]
    assert "直接加入" in Message.objects.get().text


def _resting():
    volunteer = a_volunteer()
    pause(volunteer, None, by=volunteer.person, at=NOW)
    return volunteer


def _closed():
    volunteer = a_volunteer()
    Person.objects.filter(pk=volunteer.person_id).update(is_active=False)
    return volunteer


UNREACHED = {
    "nobody has the number": lambda _team: None,
    "refuses": lambda _team: choosing(InvitedHow.REFUSE),
    "pauses": lambda _team: _resting(),
    "account closed": lambda _team: _closed(),
    "member already": lambda team: a_volunteer(teams=(team,)),
}


@pytest.mark.parametrize("who", UNREACHED)
def test_whom_an_invitation_does_not_reach_looks_like_somebody_who_does_not_answer(team, leader, who):
    volunteer = UNREACHED[who](team)
    reached = invite(team, a_volunteer().person.phone, by=leader, at=NOW)
    told = Message.objects.count()

    invitation = invite(team, volunteer.person.phone if volunteer else UNKNOWN, by=leader, at=NOW)

    assert Message.objects.count() == told
    seen = {"state", "expires_on", "invited_at", "invited_by_id", "answered_at"}
    assert {name: getattr(invitation, name) for name in seen} == {name: getattr(reached, name) for name in seen}
    assert invitation.volunteer is None
    again = refusal_of(invite, team, invitation.typed, by=leader, at=NOW)
    assert again == refusal_of(invite, team, reached.typed, by=leader, at=NOW) == InvitingObstacle.ALREADY_INVITED
    for one in (invitation, reached):
        assert withdraw_invitation(one, by=leader, at=NOW).state == State.WITHDRAWN


def test_a_minor_is_not_reached_by_a_rescue_team():
    team = a_team(kind=TeamKind.RESCUE)
    child = a_volunteer(born_on=TODAY.replace(year=TODAY.year - 15))

    assert invite(team, child.number, by=a_leader(team), at=NOW).volunteer is None


def test_the_same_person_by_number_and_by_telephone_is_asked_once(team, leader):
    volunteer = a_volunteer()

    invite(team, volunteer.number, by=leader, at=NOW)
    invite(team, volunteer.person.phone, by=leader, at=NOW)

    assert invitations_waiting_for(volunteer, TODAY).count() == 1
    assert Message.objects.count() == 1
    assert invitations_of(team, NOW).count() == 2


def test_only_the_team_s_leaders_invite_and_only_the_invited_answers(team, leader):
    volunteer = a_volunteer()
    invitation = invite(team, volunteer.number, by=a_deputy(team), at=NOW)

    stranger = a_leader(a_team(area_code=MENGBA))
    assert refusal_of(invite, team, UNKNOWN, by=stranger, at=NOW) == AccessObstacle.NOT_YOURS
    assert refusal_of(withdraw_invitation, invitation, by=stranger, at=NOW) == AccessObstacle.NOT_YOURS
    for other in (leader, a_person()):
        assert refusal_of(answer_invitation, invitation, True, by=other, at=NOW) == AccessObstacle.NOT_YOURS


@pytest.mark.parametrize("typed", ["", "ZY12", "王小明", "12345"])
def test_what_is_neither_a_number_nor_a_telephone_is_refused(team, leader, typed):
    assert refusal_of(invite, team, typed, by=leader, at=NOW) == InvitingObstacle.NOT_A_HANDLE


def test_an_ended_team_invites_nobody(team, leader):
    ended = a_team(parent=team, until=TODAY)

    assert refusal_of(invite, ended, UNKNOWN, by=leader, at=NOW) == JoiningObstacle.TEAM_IS_OVER


def test_numbers_cannot_be_tried_by_the_hundred(team, leader):
    for number in range(INVITATIONS_A_DAY.times):
        invite(team, f"1005{number:07d}", by=leader, at=NOW)

    assert refusal_of(invite, team, UNKNOWN, by=leader, at=NOW) == InvitingObstacle.TOO_MANY_INVITATIONS


def test_an_invitation_runs_out_and_the_number_can_be_invited_again(team, leader):
    volunteer = a_volunteer()
    invitation = invite(team, volunteer.number, by=leader, at=NOW)
    later = NOW + timedelta(days=15)

    assert invitation.state_on(TODAY + timedelta(days=14)) == State.OPEN
    assert invitation.state_on(TODAY + timedelta(days=15)) == State.EXPIRED
    assert not invitations_waiting_for(volunteer, TODAY + timedelta(days=15)).exists()
    assert refusal_of(answer_invitation, invitation, True, by=volunteer.person, at=later) == (
        InvitingObstacle.INVITATION_OVER
    )
    assert expire_invitations(later) == 1
    assert expire_invitations(later) == 0
    assert invite(team, volunteer.number, by=leader, at=later).volunteer == volunteer


def test_the_journal_does_not_say_whether_anybody_has_the_number(team, leader):
    for who in (a_volunteer().person.phone, UNKNOWN):
        invite(team, who, by=leader, at=NOW)

    facts = [entry.facts for entry in JournalEntry.objects.filter(action="invitation.sent")]
    assert facts == [{"team": team.public_id}] * 2


# The telephone --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "to_leader", "to_members"),
    [(None, True, False), ("in_charge", False, False), ("leaders", True, False), ("members", True, True)],
)
def test_the_telephone_is_shown_as_its_owner_wants(team, leader, shown, to_leader, to_members):
    volunteer = a_volunteer(teams=(team,))
    Volunteer.objects.filter(pk=volunteer.pk).update(phone_shown=shown)
    volunteer.refresh_from_db()

    assert phone_is_open(volunteer, volunteer.person)
    assert phone_is_open(volunteer, leader) == to_leader
    assert sharing_members(team).exists() == to_members
