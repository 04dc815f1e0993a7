"""Coming and going: by the code or the roll, within the times, mended when it was forgotten."""

from datetime import timedelta

import pytest

from tests.build import (
    MENGBA_VILLAGE,
    NOW,
    TOMORROW,
    a_deputy,
    a_leader,
    a_need,
    a_signup,
    a_team,
    a_volunteer,
    an_activity,
)
from zhiyuan.domain.activities.attendance import (
    CODE_SECONDS,
    AttendanceObstacle,
    call_roll,
    check_in_by_code,
    check_out,
    check_out_by_code,
    check_out_everybody,
    code_changes_at,
    correct_check_out,
    counted_stretch,
    shift_code,
)
from zhiyuan.domain.activities.models import Shift, SignUp
from zhiyuan.domain.activities.planning import finish_activity
from zhiyuan.domain.activities.queries import house_open_to, signups_to_correct
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.needs.models import Look, Need, NeedState
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db
State, Problem = SignUp.State, AttendanceObstacle
START, END = TOMORROW, TOMORROW + timedelta(hours=2)


def expected(**activity):
    """A team's leader and a volunteer with a place in tomorrow's shift."""
    team = a_team()
    shift = an_activity(team, **activity).shifts.get()
    return a_leader(team), a_signup(shift, a_volunteer())


def refusal(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.obstacle


def test_the_code_on_the_leaders_screen_lets_in_and_out():
    _leader, signup = expected()
    code = shift_code(signup.shift, START)

    check_in_by_code(signup.volunteer, f"{code[:3]} {code[3:]}", at=START)
    out = check_out_by_code(signup.volunteer, shift_code(signup.shift, END), at=END)

    assert (out.state, out.checked_in_method, out.checked_out_method) == (State.CHECKED_OUT, "code", "code")


def test_a_code_lives_five_minutes_and_a_neighbouring_one_still_counts():
    _leader, signup = expected()
    code = shift_code(signup.shift, START)

    assert len(code) == 6
    assert code_changes_at(START) - START <= timedelta(seconds=CODE_SECONDS)
    assert (
        refusal(lambda: check_in_by_code(signup.volunteer, code, at=START + timedelta(minutes=11)))
        == Problem.WRONG_CODE
    )
    assert check_in_by_code(signup.volunteer, code, at=START + timedelta(minutes=5)).state == State.CHECKED_IN


def test_another_shifts_code_lets_nobody_in():
    _leader, signup = expected()
    other = an_activity(a_team(), starts_at=START).shifts.get()

    assert refusal(lambda: check_in_by_code(signup.volunteer, shift_code(other, START), at=START)) == Problem.WRONG_CODE


def test_guessing_ends_after_ten_tries():
    _leader, signup = expected()
    for _ in range(10):
        refusal(lambda: check_in_by_code(signup.volunteer, "000000", at=START))

    right = shift_code(signup.shift, START)
    assert refusal(lambda: check_in_by_code(signup.volunteer, right, at=START)) == Problem.TOO_MANY_TRIES


def test_who_has_no_shift_now_checks_in_to_nothing():
    assert refusal(lambda: check_in_by_code(a_volunteer(), "000000", at=START)) == Problem.NOTHING_NOW
    assert refusal(lambda: check_out_by_code(a_volunteer(), "000000", at=START)) == Problem.NOT_INSIDE


@pytest.mark.parametrize(
    ("at", "obstacle"),
    [
        (START - timedelta(minutes=61), Problem.TOO_EARLY),
        (START - timedelta(minutes=60), None),
        (END - timedelta(minutes=1), None),
        (END, Problem.TOO_LATE),
    ],
)
def test_the_roll_is_called_from_an_hour_before_to_the_end(at, obstacle):
    leader, signup = expected()

    def call():
        return call_roll(signup, by=leader, at=at, present=True)

    if obstacle:
        assert refusal(call) == obstacle
    else:
        assert call().state == State.CHECKED_IN


def test_absent_is_said_after_the_start_and_mended_by_calling_again():
    leader, signup = expected()

    assert refusal(lambda: call_roll(signup, by=leader, at=START - timedelta(minutes=1), present=False)) == (
        Problem.NOT_YET_ABSENT
    )
    call_roll(signup, by=leader, at=START, present=False)
    assert Shift.objects.get().taken == 0
    back = call_roll(signup, by=leader, at=START + timedelta(minutes=5), present=True)

    assert back.state == State.CHECKED_IN
    assert Shift.objects.get().taken == 1


def test_a_place_given_on_after_an_absence_is_gone():
    leader, signup = expected(places=1)
    call_roll(signup, by=leader, at=START, present=False)
    elsewhere = an_activity(a_team(name="别队"), starts_at=START).shifts.get()
    a_signup(elsewhere, signup.volunteer)

    def call():
        return call_roll(signup, by=leader, at=START + timedelta(minutes=5), present=True)

    assert refusal(call) == Problem.PLACE_GONE


@pytest.mark.parametrize("who", ["another leader", "the volunteer"])
def test_only_the_teams_leaders_call_its_roll(who):
    _leader, signup = expected()
    by = a_leader(a_team(area_code=MENGBA_VILLAGE)) if who == "another leader" else signup.volunteer.person

    assert refusal(lambda: call_roll(signup, by=by, at=START, present=True)) == AccessObstacle.NOT_YOURS
    assert refusal(lambda: check_out(signup, by=by, at=END)) == AccessObstacle.NOT_YOURS


def test_everybody_leaves_at_once():
    leader, signup = expected()
    call_roll(signup, by=leader, at=START, present=True)

    assert check_out_everybody(signup.shift, by=leader, at=END) == 1
    assert check_out_everybody(signup.shift, by=leader, at=END) == 0


def test_the_first_who_comes_starts_the_service():
    team = a_team()
    need = a_need(state=NeedState.SCHEDULED, team=team)
    signup = a_signup(an_activity(team, need=need).shifts.get(), a_volunteer())

    call_roll(signup, by=a_leader(team), at=START, present=True)

    assert Need.objects.get().state == NeedState.SERVING


def test_only_time_within_the_shift_counts():
    _leader, signup = expected()
    signup.checked_in_at, signup.checked_out_at = START - timedelta(minutes=30), END + timedelta(minutes=30)

    stretch = counted_stretch(signup)

    assert (stretch.starts_at, stretch.ends_at, stretch.minutes) == (START, END, 120)


# A forgotten check-out ----------------------------------------------------------------------------------------------


def forgotten():
    leader, signup = expected()
    call_roll(signup, by=leader, at=START, present=True)
    finish_activity(signup.shift.activity, helped=0, outcome="", by=leader, at=END)
    return leader, SignUp.objects.get()


def test_a_forgotten_check_out_is_listed_and_gives_minutes_once_it_is_told():
    leader, signup = forgotten()
    later = END + timedelta(hours=1)

    assert (
        list(signups_to_correct(leader, later)) == list(signups_to_correct(signup.volunteer.person, later)) == [signup]
    )
    correct_check_out(signup, START + timedelta(minutes=90), by=signup.volunteer.person, at=later)

    entry = ServiceRecord.objects.get()
    assert (entry.minutes, entry.method) == (90, "correction")
    assert list(signups_to_correct(leader, later)) == []


@pytest.mark.parametrize("minutes", [-10, 0, 121])
def test_who_left_did_so_within_the_shift(minutes):
    leader, signup = forgotten()

    def correct():
        return correct_check_out(signup, START + timedelta(minutes=minutes), by=leader, at=END + timedelta(hours=1))

    assert refusal(correct) == Problem.OUTSIDE_SHIFT


def test_strangers_correct_nothing_and_what_is_complete_stays():
    leader, signup = forgotten()
    left = START + timedelta(minutes=30)

    def correct(by):
        return correct_check_out(signup, left, by=by, at=END + timedelta(hours=1))

    assert refusal(lambda: correct(a_volunteer().person)) == AccessObstacle.NOT_YOURS
    correct(leader)
    assert refusal(lambda: correct(leader)) == Problem.NOT_MISSING


def test_a_check_out_long_after_the_end_is_told_instead():
    leader, signup = expected()
    call_roll(signup, by=leader, at=START, present=True)

    assert refusal(lambda: check_out(signup, by=leader, at=END + timedelta(minutes=121))) == Problem.LONG_OVER


# Where the resident lives -------------------------------------------------------------------------------------------


def test_the_house_is_shown_to_who_comes_and_who_leads_until_some_days_after_it_is_done():
    team = a_team()
    need = a_need(state=NeedState.SCHEDULED, team=team)
    activity = an_activity(team, need=need)
    helper = a_signup(activity.shifts.get(), a_volunteer()).volunteer.person
    gone = a_signup(activity.shifts.get(), a_volunteer(), state=State.CANCELLED).volunteer.person
    leader, deputy, stranger = a_leader(team), a_deputy(team), a_volunteer().person

    def seen(at):
        activity.need.refresh_from_db()
        return [house_open_to(activity, person, at=at) for person in (helper, leader, deputy, gone, stranger, None)]

    open_to_them = [Look.Capacity.HELPER, Look.Capacity.LEADER, Look.Capacity.LEADER, None, None, None]
    assert seen(NOW) == open_to_them
    Need.objects.update(state=NeedState.DONE, done_at=NOW)
    assert seen(NOW + timedelta(days=6, hours=23)) == open_to_them
    assert seen(NOW + timedelta(days=7)) == [None] * 6


def test_a_team_that_gave_the_request_back_no_longer_sees_the_house():
    team = a_team()
    leader, need = a_leader(team), a_need(state=NeedState.SCHEDULED, team=team)
    activity = an_activity(team, need=need)
    assert house_open_to(activity, leader, at=NOW) == Look.Capacity.LEADER

    Need.objects.update(state=NeedState.ACCEPTED, team=a_team(name="别队"))
    activity.need.refresh_from_db()

    assert house_open_to(activity, leader, at=NOW) is None
