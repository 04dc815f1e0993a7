"""The roll, the code on the leader's screen, and the end of an activity."""

from datetime import timedelta

import pytest

from tests.build import (
    NOW,
    YESTERDAY,
    a_deputy,
    a_dispatcher,
    a_leader,
    a_need,
    a_shift,
    a_signup,
    a_team,
    a_volunteer,
    an_activity,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.activities.attendance import AttendanceObstacle, shift_code
from zhiyuan.domain.activities.models import ActivityState, SignUp
from zhiyuan.domain.activities.planning import ActivityObstacle
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.needs.models import NeedState

pytestmark = pytest.mark.django_db
State = SignUp.State


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def activity(team):
    """It began ten minutes ago."""
    return an_activity(team, starts_at=NOW - timedelta(minutes=10))


@pytest.fixture
def signup(activity):
    return a_signup(activity.shifts.get(), a_volunteer())


def called(client, signup, what, once="a"):
    return client.post(f"/sign-ups/{signup.public_id}/attendance/", {"what": what, "once": once})


def state_of(signup):
    return SignUp.objects.get(pk=signup.pk).state


# The roll -------------------------------------------------------------------------------------------------------------


def test_the_roll_shows_who_is_expected_who_came_and_the_code_with_its_picture(client, team, activity, signup):
    came = a_signup(activity.shifts.get(), a_volunteer(), state=State.CHECKED_IN, checked_in_at=NOW)
    log_in(client, a_leader(team))

    page = client.get(f"/activities/{activity.public_id}/roll-call/")

    assert (page.context["expected"], page.context["called"]) == ([signup], [came])
    code = shift_code(activity.shifts.get(), NOW)
    assert f'data-code="{code}"' in page.content.decode()
    assert "<svg" in page.content.decode().partition("data-code")[0].rpartition('class="qc"')[2]


def test_present_gone_absent_and_back_are_one_tap_each(client, team, signup):
    log_in(client, a_leader(team))
    seen = []
    for number, what in enumerate(("present", "absent", "present", "out")):
        answer = called(client, signup, what, once=str(number))
        assert answer.url.startswith(f"/activities/{signup.shift.activity.public_id}/roll-call/")
        seen.append(state_of(signup))

    assert seen == [State.CHECKED_IN, State.NO_SHOW, State.CHECKED_IN, State.CHECKED_OUT]


def test_a_nervous_finger_calls_somebody_once_and_is_not_scolded(client, team, signup):
    log_in(client, a_leader(team))

    first, second = called(client, signup, "present"), called(client, signup, "present")

    assert first.url == second.url
    assert "messages" not in client.session
    assert state_of(signup) == State.CHECKED_IN


def test_a_tap_that_comes_too_late_says_so_on_the_roll(client, team, signup):
    log_in(client, a_leader(team))
    where = f"http://testserver/activities/{signup.shift.activity.public_id}/roll-call/"

    answer = client.post(
        f"/sign-ups/{signup.public_id}/attendance/", {"what": "out", "once": "a"}, headers={"referer": where}
    )

    assert answer.url == where
    told = list(client.get(where).context["messages"])
    assert [message.extra_tags for message in told] == [AttendanceObstacle.NOT_EXPECTED.value]


def test_everybody_leaves_with_one_tap(client, team, activity):
    shift = activity.shifts.get()
    inside = [a_signup(shift, a_volunteer(), state=State.CHECKED_IN, checked_in_at=shift.starts_at) for _each in "123"]
    log_in(client, a_leader(team))

    client.post(f"/activities/{activity.public_id}/everybody-out/", {"shift": shift.public_id, "once": "a"})

    assert [state_of(signup) for signup in inside] == [State.CHECKED_OUT] * 3


def test_of_several_shifts_the_one_that_runs_is_shown(client, team, activity):
    later = a_shift(activity, starts_at=NOW + timedelta(hours=5), ends_at=NOW + timedelta(hours=6))
    log_in(client, a_leader(team))
    address = f"/activities/{activity.public_id}/roll-call/"

    assert client.get(address).context["shift"] != later
    assert client.get(f"{address}?shift={later.public_id}").context["shift"] == later
    assert client.get(f"{address}?shift=nonsense").context["shift"] != later


def test_the_roll_asks_as_often_for_three_people_as_for_one(client, team, activity, signup):
    log_in(client, a_leader(team))
    address = f"/activities/{activity.public_id}/roll-call/"
    one = queries_of(client, address)
    for _each in range(2):
        a_signup(signup.shift, a_volunteer())

    assert queries_of(client, address) == one <= 8


@pytest.mark.parametrize("who", ["another leader", "the volunteer", "dispatcher"])
def test_strangers_find_no_roll_and_take_no_attendance(client, activity, signup, who):
    people = {
        "another leader": a_leader(a_team()),
        "the volunteer": signup.volunteer.person,
        "dispatcher": a_dispatcher(),
    }
    log_in(client, people[who])
    address = f"/activities/{activity.public_id}"

    assert client.get(f"{address}/roll-call/").status_code == 404
    assert client.get(f"{address}/finish/").status_code == 404
    assert client.post(f"{address}/finish/", {"helped": "1"}).status_code == 404
    assert client.post(f"{address}/everybody-out/", {"shift": signup.shift.public_id}).status_code == 404
    assert called(client, signup, "present").status_code == 404
    assert state_of(signup) == State.ADMITTED


# A check-out that is missing -----------------------------------------------------------------------------------------


@pytest.fixture
def forgotten(team):
    shift = an_activity(team, starts_at=YESTERDAY).shifts.get()
    return a_signup(shift, a_volunteer(name="郭晓禾"), state=State.CHECKED_IN, checked_in_at=YESTERDAY)


def left(client, signup, when, once="a"):
    return client.post(f"/sign-ups/{signup.public_id}/left/", {"left": when, "once": once})


@pytest.mark.parametrize(("who", "back"), [("volunteer", "/me/"), ("leader", "/my-teams/")])
def test_the_time_of_leaving_is_told_by_the_volunteer_or_the_leader(client, team, forgotten, who, back):
    log_in(client, forgotten.volunteer.person if who == "volunteer" else a_leader(team))

    assert left(client, forgotten, "10:15").url == back

    forgotten.refresh_from_db()
    assert (forgotten.state, forgotten.checked_out_method) == (State.CHECKED_OUT, "correction")
    assert forgotten.checked_out_at == YESTERDAY + timedelta(minutes=75)


@pytest.mark.parametrize("when", ["", "25:00", "halb elf", "08:59", "11:01", "23:00"])
@pytest.mark.parametrize("who", ["volunteer", "leader"])
def test_a_time_that_cannot_be_is_said_at_the_field_and_stays_there(client, team, forgotten, who, when):
    log_in(client, forgotten.volunteer.person if who == "volunteer" else a_leader(team))

    answer = left(client, forgotten, when)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["left"]
    assert f'value="{when}"' in answer.content.decode() or not when
    assert state_of(forgotten) == State.CHECKED_IN


def test_strangers_tell_no_time_of_leaving(client, forgotten):
    for person in (a_volunteer().person, a_leader(a_team())):
        log_in(client, person)
        assert left(client, forgotten, "10:15").status_code == 404
    assert state_of(forgotten) == State.CHECKED_IN


# The end --------------------------------------------------------------------------------------------------------------


def test_finishing_shows_who_counts_and_gives_the_minutes_at_once(client, team, activity):
    shift = activity.shifts.get()
    gone = a_signup(
        shift,
        a_volunteer(),
        state=State.CHECKED_OUT,
        checked_in_at=shift.starts_at,
        checked_in_by=activity.in_charge,
        checked_in_method="roll_call",
        checked_out_at=NOW,
        checked_out_by=activity.in_charge,
        checked_out_method="roll_call",
    )
    inside = a_signup(shift, a_volunteer(), state=State.CHECKED_IN, checked_in_at=NOW)
    uncalled = a_signup(shift, a_volunteer())
    log_in(client, a_deputy(team))
    address = f"/activities/{activity.public_id}/finish/"

    page = client.get(address).context
    answer = client.post(address, {"helped": "3", "outcome": "都扫完了", "once": "a"})

    assert [page[name] for name in ("complete", "inside", "uncalled")] == [[gone], [inside], [uncalled]]
    assert answer.url == f"/activities/{activity.public_id}/"
    activity.refresh_from_db()
    assert (activity.state, activity.helped, activity.outcome) == (ActivityState.FINISHED, 3, "都扫完了")
    assert [record.minutes for record in ServiceRecord.objects.all()] == [10]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"helped": ""}, "helped"),
        ({"helped": "-1"}, "helped"),
        ({"helped": "30001"}, "helped"),
        ({"helped": "many"}, "helped"),
        ({"outcome": "长" * 501}, "outcome"),
    ],
)
def test_wrong_words_about_the_end_are_said_at_the_field_and_stay(client, team, activity, wrong, field):
    log_in(client, a_leader(team))

    answer = client.post(
        f"/activities/{activity.public_id}/finish/", {"helped": "3", "outcome": "都扫完了", "once": "a", **wrong}
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert wrong.get("outcome", "都扫完了") in answer.content.decode()
    activity.refresh_from_db()
    assert activity.state == ActivityState.PUBLISHED


def test_what_cannot_be_finished_yet_says_why_and_offers_no_form(client, team, activity):
    a_shift(activity, starts_at=NOW + timedelta(hours=5), ends_at=NOW + timedelta(hours=6))
    log_in(client, a_leader(team))
    address = f"/activities/{activity.public_id}/finish/"

    page = client.get(address)
    answer = client.post(address, {"helped": "3", "outcome": "都扫完了", "once": "a"})

    assert page.context["obstacle"] == ActivityObstacle.NOT_BEGUN
    assert 'name="helped"' not in page.content.decode()
    assert answer.status_code == 422


def test_finishing_the_visit_finishes_the_request(client, team):
    need = a_need(state=NeedState.SERVING, team=team)
    activity = an_activity(team, starts_at=NOW - timedelta(hours=1), need=need)
    log_in(client, a_leader(team))

    client.post(f"/activities/{activity.public_id}/finish/", {"helped": "1", "outcome": "药已送到", "once": "a"})

    need.refresh_from_db()
    assert need.state == NeedState.DONE


def test_the_report_of_a_request_says_what_was_done_and_what_is_left(client, team):
    need = a_need(state=NeedState.SERVING, team=team)
    activity = an_activity(team, starts_at=NOW - timedelta(hours=1), need=need)
    log_in(client, a_leader(team))
    address = f"/activities/{activity.public_id}/finish/"

    silent = client.post(address, {"helped": "1", "outcome": " ", "left_over": "灯泡要换", "once": "a"})
    client.post(address, {"helped": "1", "outcome": "药已送到", "left_over": "灯泡要换", "once": "b"})

    assert (silent.status_code, list(silent.context["form"].errors)) == (422, ["outcome"])
    assert "灯泡要换" in silent.content.decode()
    need.refresh_from_db()
    assert (need.state, need.outcome, need.left_over) == (NeedState.DONE, "药已送到", "灯泡要换")
    log_in(client, a_dispatcher())
    desk = client.get(f"/desk/{need.public_id}/").content.decode()
    assert "灯泡要换" in desk
    assert client.get(f"/desk/new/?from={need.public_id}").context["form"].initial["words"] == "灯泡要换"


def test_other_activities_leave_nothing_over_and_need_no_report(client, team, activity):
    log_in(client, a_leader(team))
    address = f"/activities/{activity.public_id}/finish/"

    assert "left_over" not in client.get(address).context["form"].fields
    client.post(address, {"helped": "0", "outcome": "", "once": "a"})

    activity.refresh_from_db()
    assert activity.state == ActivityState.FINISHED
