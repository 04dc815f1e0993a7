"""Taking a place: each obstacle by its name, the last place once, no two at the same time."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.build import (
    NOW,
    TODAY,
    TOMORROW,
    YESTERDAY,
    a_leader,
    a_shift,
    a_skill,
    a_team,
    a_volunteer,
    an_activity,
)
from zhiyuan.domain.activities.models import ActivityState, Shift, SignUp
from zhiyuan.domain.activities.signup import (
    LeavingObstacle,
    SignupObstacle,
    cancel_signup,
    obstacle_to_sign_up,
    obstacles_to_sign_up,
    sign_up,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.models import GuardianConsent
from zhiyuan.domain.volunteers.models import Credential, CredentialKind

State = SignUp.State


def taken_by(shift, volunteer, *, risk_version=1, at=YESTERDAY):
    return sign_up(shift, volunteer, by=volunteer.person, at=at, risk_version=risk_version)


def refusal(shift, volunteer, **how):
    before = SignUp.objects.count()
    with pytest.raises(Refused) as refused:
        taken_by(shift, volunteer, **how)
    assert SignUp.objects.count() == before
    return refused.value.obstacle


@pytest.mark.django_db
class TestTakingAPlace:
    def test_a_place_is_taken_and_the_risk_that_was_read_is_kept(self):
        shift, volunteer = an_activity(a_team()).shifts.get(), a_volunteer()

        signup = taken_by(shift, volunteer)

        assert (signup.state, signup.risk_version) == (State.ADMITTED, 1)
        assert Shift.objects.get().taken == 1

    def test_the_last_place_goes_to_the_first_who_asks(self):
        shift = an_activity(a_team(), places=1).shifts.get()
        first, second = a_volunteer(), a_volunteer()

        taken_by(shift, first)

        assert refusal(shift, second) == SignupObstacle.FULL
        assert [signup.volunteer for signup in shift.signups.all()] == [first]

    def test_nobody_takes_two_places_in_a_shift(self):
        shift, volunteer = an_activity(a_team()).shifts.get(), a_volunteer()
        taken_by(shift, volunteer)

        assert refusal(shift, volunteer) == SignupObstacle.SIGNED_UP

    def test_nobody_is_in_two_places_at_once(self):
        team, volunteer = a_team(), a_volunteer()
        taken_by(an_activity(team).shifts.get(), volunteer)
        overlapping = an_activity(team, starts_at=TOMORROW + timedelta(minutes=119)).shifts.get()
        touching = an_activity(team, starts_at=TOMORROW + timedelta(hours=2)).shifts.get()

        assert refusal(overlapping, volunteer) == SignupObstacle.CLASH
        assert taken_by(touching, volunteer).state == State.ADMITTED

    def test_what_has_begun_or_was_cancelled_is_not_taken(self):
        team, volunteer = a_team(), a_volunteer()
        begun = an_activity(team, starts_at=NOW).shifts.get()
        cancelled = an_activity(team, state=ActivityState.CANCELLED).shifts.get()

        assert refusal(begun, volunteer, at=NOW) == SignupObstacle.STARTED
        assert refusal(cancelled, volunteer) == SignupObstacle.CANCELLED

    def test_a_risk_statement_that_was_not_read_or_has_changed_is_refused_and_the_place_stays_free(self):
        shift = an_activity(a_team(), risk_version=2).shifts.get()

        assert refusal(shift, a_volunteer(), risk_version=0) == SignupObstacle.RISK_NOT_SEEN
        assert refusal(shift, a_volunteer(), risk_version=1) == SignupObstacle.RISK_NOT_SEEN
        assert Shift.objects.get().taken == 0

    def test_nobody_signs_another_up(self):
        shift, volunteer = an_activity(team := a_team()).shifts.get(), a_volunteer()

        with pytest.raises(Refused) as refused:
            sign_up(shift, volunteer, by=a_leader(team), at=YESTERDAY, risk_version=1)

        assert refused.value.obstacle == AccessObstacle.NOT_YOURS

    def test_without_consent_nobody_serves(self):
        volunteer = a_volunteer()
        volunteer.person.consents.update(withdrawn_at=YESTERDAY)

        assert refusal(an_activity(a_team()).shifts.get(), volunteer) == SignupObstacle.NOT_CONSENTED

    @pytest.mark.parametrize(
        ("born_on", "facts", "obstacle"),
        [
            (date(2012, 11, 26), {}, SignupObstacle.TOO_YOUNG),
            (date(2012, 11, 25), {}, SignupObstacle.MINOR_NEEDS_CONSENT),
            (date(2008, 11, 26), {}, SignupObstacle.MINOR_NEEDS_CONSENT),
            (date(2008, 11, 26), {"dangerous": True}, SignupObstacle.MINOR_DANGER),
            (date(2008, 11, 25), {"dangerous": True, "needed_from": 18}, None),
            (None, {"dangerous": True}, SignupObstacle.MINOR_DANGER),
        ],
    )
    def test_age_counts_on_the_day_of_the_shift(self, born_on, facts, obstacle):
        shift, volunteer = an_activity(a_team(), **facts).shifts.get(), a_volunteer(born_on=born_on)

        assert obstacle_to_sign_up(shift, volunteer, at=YESTERDAY) == obstacle

    def test_a_guardians_consent_must_cover_the_day(self):
        shift, volunteer = an_activity(a_team()).shifts.get(), a_volunteer(born_on=date(2010, 1, 1))
        consent = GuardianConsent.objects.create(
            person=volunteer.person,
            guardian_name="李父",
            guardian_phone="10000000991",
            relation="父亲",
            since=TODAY,
            until=TODAY,
            given_at=YESTERDAY,
        )

        assert refusal(shift, volunteer) == SignupObstacle.MINOR_NEEDS_CONSENT
        consent.until = TODAY + timedelta(days=1)
        consent.save()
        assert taken_by(shift, volunteer).state == State.ADMITTED

    def test_a_needed_skill_is_ones_own_word_until_a_certificate_says_otherwise(self):
        activity = an_activity(a_team())
        activity.needed_skills.add(a_skill("nursing"))
        shift, able, unable = activity.shifts.get(), a_volunteer(skills=("nursing",)), a_volunteer()
        kind = CredentialKind.objects.create(code="nurse", name_zh="护士证", name_en="Nurse", skill=a_skill("nursing"))

        assert refusal(shift, unable) == SignupObstacle.MISSING_SKILL
        assert obstacle_to_sign_up(shift, able, at=YESTERDAY) is None
        Credential.objects.create(
            volunteer=able,
            kind=kind,
            issuer="卫健局",
            number="1",
            expires_on=TODAY + timedelta(days=1),
            state=Credential.State.VERIFIED,
            verified_by=a_volunteer().person,
            created_at=NOW,
        )
        assert refusal(shift, able) == SignupObstacle.MISSING_SKILL  # it expires on the very day

    def test_many_shifts_are_judged_in_one_query(self, django_assert_num_queries):
        volunteer, activity = a_volunteer(), an_activity(a_team())
        shifts = [activity.shifts.get()]
        shifts += [a_shift(activity, starts_at=s.ends_at, ends_at=s.ends_at + timedelta(hours=1)) for s in shifts * 3]

        with django_assert_num_queries(1):
            found = obstacles_to_sign_up(shifts, volunteer, at=YESTERDAY)

        assert set(found.values()) == {None}


@pytest.mark.django_db
class TestGivingBack:
    def test_a_place_given_back_in_time_is_free_again_and_no_absence(self):
        shift, volunteer = an_activity(a_team(), places=1).shifts.get(), a_volunteer()
        signup = taken_by(shift, volunteer)

        cancel_signup(signup, "生病", by=volunteer.person, at=NOW)

        assert SignUp.objects.get().state == State.CANCELLED
        assert Shift.objects.get().taken == 0
        assert taken_by(shift, volunteer).state == State.ADMITTED

    @pytest.mark.parametrize(
        ("reason", "at", "obstacle"),
        [(" ", NOW, LeavingObstacle.NO_REASON), ("生病", TOMORROW, LeavingObstacle.BEGUN)],
    )
    def test_a_reason_in_time(self, reason, at, obstacle):
        volunteer = a_volunteer()
        signup = taken_by(an_activity(a_team()).shifts.get(), volunteer)

        with pytest.raises(Refused) as refused:
            cancel_signup(signup, reason, by=volunteer.person, at=at)

        assert refused.value.obstacle == obstacle
        assert SignUp.objects.get().state == State.ADMITTED

    def test_not_twice_and_not_for_others(self):
        volunteer = a_volunteer()
        signup = taken_by(an_activity(team := a_team()).shifts.get(), volunteer)

        with pytest.raises(Refused) as foreign:
            cancel_signup(signup, "生病", by=a_leader(team), at=NOW)
        cancel_signup(signup, "生病", by=volunteer.person, at=NOW)
        with pytest.raises(Refused) as twice:
            cancel_signup(signup, "生病", by=volunteer.person, at=NOW)

        assert foreign.value.obstacle == AccessObstacle.NOT_YOURS
        assert twice.value.obstacle == LeavingObstacle.NOT_HELD


# Races --------------------------------------------------------------------------------------------------------------


def at_once(*acts):
    """All acts begin together, each on a connection of its own; returns the refusals by their codes."""
    start, found = Barrier(len(acts)), []

    def run(act):
        try:
            start.wait()
            act()
            found.append("done")
        except Refused as refused:
            found.append(refused.obstacle.value)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


@pytest.mark.django_db(transaction=True)
def test_ten_people_race_for_three_places():
    shift = an_activity(a_team(), places=3).shifts.get()
    people = [a_volunteer() for _ in range(10)]

    found = at_once(*[lambda volunteer=volunteer: taken_by(shift, volunteer) for volunteer in people])

    assert found == ["done"] * 3 + ["full"] * 7
    assert (Shift.objects.get().taken, SignUp.objects.count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_one_persons_two_hands_take_one_of_two_overlapping_shifts():
    volunteer, team = a_volunteer(), a_team()
    shifts = [an_activity(team, title=title).shifts.get() for title in ("一", "二")]

    found = at_once(*[lambda shift=shift: taken_by(shift, volunteer) for shift in shifts])

    assert found == ["clash", "done"]
    assert SignUp.objects.count() == 1
