"""A volunteer's own page, their hours, and checking in by the typed code."""

from datetime import timedelta

import pytest

from tests.build import (
    NOW,
    TOMORROW,
    YESTERDAY,
    a_leader,
    a_person,
    a_service_record,
    a_signup,
    a_team,
    a_volunteer,
    an_activity,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.activities.attendance import AttendanceObstacle, shift_code
from zhiyuan.domain.activities.models import SignUp

pytestmark = pytest.mark.django_db
State = SignUp.State


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def volunteer(team):
    return a_volunteer(teams=(team,), skills=("driving",))


@pytest.fixture
def own(client, volunteer):
    """The volunteer's browser."""
    log_in(client, volunteer.person)
    return client


# My page --------------------------------------------------------------------------------------------------------------


def test_one_view_tells_what_is_next_how_many_hours_and_what_waits(own, team, volunteer):
    soon = a_signup(an_activity(team).shifts.get(), volunteer)
    later = a_signup(an_activity(team, starts_at=TOMORROW + timedelta(days=3)).shifts.get(), volunteer)
    free = an_activity(team, starts_at=TOMORROW + timedelta(days=5))
    forgotten = a_signup(
        an_activity(team, starts_at=YESTERDAY).shifts.get(), volunteer, state=State.CHECKED_IN, checked_in_at=YESTERDAY
    )
    a_service_record(volunteer, team, minutes=90, starts_at=NOW - timedelta(days=9), confirmed_by=a_person())
    a_service_record(volunteer, team, minutes=75, starts_at=NOW - timedelta(days=8))

    page = own.get("/me/")

    assert (page.context["next"], page.context["later"]) == (soon, [later])
    assert [signup for signup, _form in page.context["missing"]] == [forgotten]
    assert [row.shift.activity for row in page.context["fitting"]] == [free]
    assert "1.50" in page.content.decode()
    assert "1.25" in page.content.decode()


def test_nothing_yet_is_said_with_what_to_do(client):
    log_in(client, a_volunteer(availability=0).person)

    page = client.get("/me/").content.decode()

    for way_on in ("/activities/", "/me/skills/", "/me/times/"):
        assert way_on in page


def test_my_page_asks_as_often_for_three_of_everything_as_for_one(own, team, volunteer):
    def one_more(number):
        days = timedelta(days=number)
        a_signup(an_activity(team, starts_at=TOMORROW + days).shifts.get(), volunteer)
        a_signup(
            an_activity(team, starts_at=YESTERDAY - days).shifts.get(),
            volunteer,
            state=State.CHECKED_IN,
            checked_in_at=YESTERDAY - days,
        )
        an_activity(team, starts_at=TOMORROW + timedelta(days=20) + days)
        a_service_record(volunteer, team, starts_at=YESTERDAY - timedelta(days=20) - days)

    one_more(0)
    asked = queries_of(own, "/me/")
    one_more(1)
    one_more(2)

    assert queries_of(own, "/me/") == asked


def test_my_hours_hold_every_line_of_mine_and_nobody_elses(own, team, volunteer):
    mine = a_service_record(volunteer, team)
    a_service_record(a_volunteer(), team)

    page = own.get("/me/hours/").context["page"]

    assert list(page) == [mine]


def test_my_hours_ask_as_often_for_three_lines_as_for_one(own, team, volunteer):
    a_service_record(volunteer, team, confirmed_by=a_person())
    one = queries_of(own, "/me/hours/")
    for days in (3, 4):
        a_service_record(volunteer, team, starts_at=YESTERDAY - timedelta(days=days), confirmed_by=a_person())

    assert queries_of(own, "/me/hours/") == one <= 8


@pytest.mark.parametrize("address", ["/me/", "/me/hours/", "/check-in/"])
def test_who_is_no_volunteer_is_sent_on(client, address):
    assert client.get(address).url.startswith("/login/?next=")
    log_in(client, a_person())
    assert client.get(address).url == "/join/"


# Checking in and out --------------------------------------------------------------------------------------------------


def sent(client, code, what="in", once="a"):
    return client.post("/check-in/", {"code": code, "what": what, "once": once})


@pytest.fixture
def here(team, volunteer):
    shift = an_activity(team, starts_at=NOW - timedelta(minutes=10)).shifts.get()
    return a_signup(shift, volunteer)


def test_the_leaders_code_lets_in_and_out(own, here):
    code = shift_code(here.shift, NOW)

    assert sent(own, f"{code[:3]} {code[3:]}").url == "/check-in/"
    here.refresh_from_db()
    assert here.state == State.CHECKED_IN
    assert own.get("/check-in/").context["inside"]
    assert sent(own, code, "out", once="b").url == "/check-in/"

    here.refresh_from_db()
    assert (here.state, here.checked_out_method) == (State.CHECKED_OUT, "code")


def test_a_scanned_address_fills_the_code_in(own, here):
    assert 'value="123456"' in own.get("/check-in/?code=123456").content.decode()
    assert own.get("/check-in/?code=%00%27" + "9" * 500).status_code == 200


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "000000 1", "一二三四五六", "9" * 13])
def test_a_wrong_code_is_said_at_the_field_and_stays_there(own, here, code):
    answer = sent(own, code)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    assert f'value="{code}"' in answer.content.decode() or not code
    here.refresh_from_db()
    assert here.state == State.ADMITTED


def test_tries_are_counted_though_each_was_refused(own, here):
    wrong = "000000" if shift_code(here.shift, NOW) != "000000" else "000001"
    for number in range(10):
        sent(own, wrong, once=f"w{number}")

    answer = sent(own, shift_code(here.shift, NOW), once="right")

    assert answer.context["form"].errors["code"] == [AttendanceObstacle.TOO_MANY_TRIES.label]
    here.refresh_from_db()
    assert here.state == State.ADMITTED


def test_without_a_shift_now_the_page_says_which_is_next(own, team, volunteer):
    ahead = a_signup(an_activity(team).shifts.get(), volunteer)

    page = own.get("/check-in/")

    assert (page.context["here"], page.context["next"]) == ([], ahead)
    assert 'name="code"' not in page.content.decode()
    assert sent(own, "123456").status_code == 422


def test_a_leader_who_is_no_volunteer_is_asked_to_become_one_first(client, team):
    log_in(client, a_leader(team))

    assert client.get("/me/").url == "/join/"
    assert client.get("/my-teams/").status_code == 200
