"""A pause: not proposed, not invited, not called, and nobody asks why."""

from datetime import timedelta

import pytest

from tests.build import MENGBA, NOW, TODAY, TOMORROW, TUNZI, a_clerk, a_team, a_volunteer, an_activity
from zhiyuan.domain.activities.queries import fitting_shifts, next_signups
from zhiyuan.domain.activities.signup import sign_up
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.volunteers.checking import strengths_are_counted
from zhiyuan.domain.volunteers.models import Pause, TeamStrength, Volunteer
from zhiyuan.domain.volunteers.pausing import (
    PauseObstacle,
    end_pauses,
    not_pausing,
    pause,
    resume,
    standing_pause,
)
from zhiyuan.domain.volunteers.queries import members_of
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def volunteer(team):
    made = a_volunteer(teams=(team,), skills=("driving",))
    recount(team)
    return made


def test_whoever_pauses_stays_a_member_and_is_not_counted_as_free(team, volunteer):
    assert TeamStrength.objects.get(team=team).free == [1] * 24

    pause(volunteer, None, by=volunteer.person, at=NOW)

    strength = TeamStrength.objects.get(team=team)
    assert (strength.members, strength.free, strength.skills) == (1, [0] * 24, {})
    assert strengths_are_counted().holds
    assert [one.resting for one in members_of(team, TODAY)] == [True]
    assert list(not_pausing(Volunteer.objects.all(), TODAY)) == []


def test_nothing_is_proposed_meanwhile_and_what_was_signed_up_for_stays(team, volunteer):
    taken, offered = an_activity(team), an_activity(team, starts_at=TOMORROW + timedelta(days=1))
    shift = taken.shifts.get()
    signup = sign_up(shift, volunteer, by=volunteer.person, at=NOW, risk_version=1)
    assert [one.activity for one in fitting_shifts(volunteer, NOW, 9)] == [offered]

    pause(volunteer, None, by=volunteer.person, at=NOW)

    assert fitting_shifts(volunteer, NOW, 9) == []
    assert next_signups(volunteer, NOW) == [signup]


def test_a_pause_until_a_day_is_over_on_the_next_one(team, volunteer):
    pause(volunteer, TODAY + timedelta(days=2), by=volunteer.person, at=NOW)

    assert standing_pause(volunteer, TODAY + timedelta(days=2)) is not None
    assert standing_pause(volunteer, TODAY + timedelta(days=3)) is None
    assert end_pauses(NOW + timedelta(days=2)) == 0
    assert end_pauses(NOW + timedelta(days=3)) == 1
    assert TeamStrength.objects.get(team=team).free == [1] * 24


def test_whoever_is_back_is_counted_again_and_may_pause_again(team, volunteer):
    pause(volunteer, None, by=volunteer.person, at=NOW)

    resume(volunteer, by=volunteer.person, at=NOW)

    assert TeamStrength.objects.get(team=team).free == [1] * 24
    assert refusal_of(resume, volunteer, by=volunteer.person, at=NOW) == PauseObstacle.NOT_PAUSED
    pause(volunteer, TODAY, by=volunteer.person, at=NOW)
    later = NOW + timedelta(days=9)
    pause(volunteer, None, by=volunteer.person, at=later)  # the earlier one is over though nobody ended it
    assert Pause.objects.filter(ended_on=None).count() == 1


def test_a_pause_is_one_s_own_and_one_at_a_time(volunteer):
    at = {"at": NOW}

    assert refusal_of(pause, volunteer, TODAY - timedelta(days=1), by=volunteer.person, **at) == (
        PauseObstacle.PAUSE_IN_PAST
    )
    assert refusal_of(pause, volunteer, None, by=a_clerk(MENGBA), **at) == AccessObstacle.NOT_YOURS
    pause(volunteer, None, by=a_clerk(TUNZI), **at)
    assert refusal_of(pause, volunteer, None, by=volunteer.person, **at) == PauseObstacle.PAUSED_ALREADY
