"""Pages of activities and hours: who gets in, what a slip answers, what a page costs."""

from datetime import timedelta

import pytest

from tests.build import (
    MENGBA_VILLAGE,
    a_category,
    a_deputy,
    a_leader,
    a_need,
    a_person,
    a_service_record,
    a_signup,
    a_team,
    a_volunteer,
    an_activity,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.activities.attendance import shift_code
from zhiyuan.domain.activities.models import Activity, ActivityState, SignUp
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.hours.models import Confirmation, ServiceRecord
from zhiyuan.domain.needs.models import Need, NeedState

pytestmark = pytest.mark.django_db
State = SignUp.State


def soon(**offset):
    return (now() + timedelta(**offset)).replace(microsecond=0)


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def volunteer(client, team):
    volunteer = a_volunteer(teams=(team,))
    log_in(client, volunteer.person)
    return volunteer


@pytest.fixture
def leader(client, team):
    leader = a_leader(team)
    log_in(client, leader)
    return leader


# Everybody ----------------------------------------------------------------------------------------------------------


def test_anybody_reads_what_is_on_and_nobodys_telephone(client, team):
    activity = an_activity(team, starts_at=soon(days=1), in_charge=a_person(name="段平", phone="10000000555"))

    page = client.get(f"/activities/{activity.public_id}/").content.decode()

    assert activity.title in client.get("/activities/").content.decode()
    assert activity.risk in page
    assert "10000000555" not in page
    assert "555" not in page.replace("100000005", "")


def test_filters_stand_in_the_address_and_unknown_ones_count_for_nothing(client, team):
    an_activity(team, starts_at=soon(days=1), title="给老人理发", places=2)
    full = an_activity(team, starts_at=soon(days=2), title="扫雪", places=1)
    a_signup(full.shifts.get(), a_volunteer())

    def found(**filters):
        return [row.shift.activity.title for row in client.get("/activities/", filters).context["rows"]]

    assert found() == found(township="nonsense", category="x") == ["给老人理发", "扫雪"]
    assert found(places="1") == found(q="理发") == ["给老人理发"]
    assert found(township="621027102000") == []


def test_an_unknown_activity_is_not_there(client):
    assert client.get("/activities/0123456789abcdef/").status_code == 404


def test_the_list_costs_the_same_for_few_and_many(client, volunteer, team):
    an_activity(team, starts_at=soon(days=1))
    few = queries_of(client, "/activities/")
    for day in range(2, 5):
        an_activity(team, starts_at=soon(days=day))

    assert queries_of(client, "/activities/") == few <= 8


# Volunteers ---------------------------------------------------------------------------------------------------------


def test_signing_up_and_giving_back(client, volunteer, team):
    activity = an_activity(team, starts_at=soon(days=1))
    shift = activity.shifts.get()

    done = client.post(
        f"/activities/{activity.public_id}/sign-up/", {"shift": shift.public_id, "risk_seen": "1", "once": "a"}
    )
    assert SignUp.objects.get().state == State.ADMITTED
    client.post(
        f"/activities/{activity.public_id}/give-back/", {"shift": shift.public_id, "reason": "生病", "once": "b"}
    )

    assert done["Location"] == f"/activities/{activity.public_id}/?shift={shift.public_id}"
    assert SignUp.objects.get().state == State.CANCELLED


@pytest.mark.parametrize("seen", ["", "0", "nonsense", "99999999"])
def test_risks_that_were_not_ticked_take_no_place(client, volunteer, team, seen):
    activity = an_activity(team, starts_at=soon(days=1))
    shift = activity.shifts.get()

    client.post(
        f"/activities/{activity.public_id}/sign-up/", {"shift": shift.public_id, "risk_seen": seen, "once": "a"}
    )

    assert SignUp.objects.count() == 0


def test_a_full_shift_says_so_and_shows_what_can_be_taken(client, volunteer, team):
    full = an_activity(team, starts_at=soon(days=1), places=1)
    a_signup(full.shifts.get(), a_volunteer())
    other = an_activity(team, starts_at=soon(days=3), title="看望老人")

    page = client.get(f"/activities/{full.public_id}/")

    assert page.context["obstacle"].value == "full"
    assert other.title in page.content.decode()


def test_whoever_is_not_signed_in_is_asked_to_log_in_and_comes_back(client, team):
    activity = an_activity(team, starts_at=soon(days=1))

    answer = client.post(f"/activities/{activity.public_id}/sign-up/", {}, HTTP_REFERER="http://testserver/activities/")

    assert answer["Location"].startswith("/login/")


def test_checking_in_by_a_typed_code(client, volunteer, team):
    signup = a_signup(an_activity(team, starts_at=soon(minutes=10)).shifts.get(), volunteer)

    wrong = client.post("/check-in/", {"code": "12 34 56", "what": "in", "once": "a"})
    right = client.post("/check-in/", {"code": shift_code(signup.shift, now()), "what": "in", "once": "b"})

    assert wrong.status_code == 422
    assert "12 34 56" in wrong.content.decode()
    assert right.status_code == 302
    assert SignUp.objects.get().state == State.CHECKED_IN


def test_my_page_shows_what_is_next_and_what_waits(client, volunteer, team):
    coming = a_signup(an_activity(team, starts_at=soon(days=1), title="下一件活动").shifts.get(), volunteer)
    ended = an_activity(team, starts_at=soon(days=-1), title="忘了签退", state=ActivityState.FINISHED)
    a_signup(ended.shifts.get(), volunteer, state=State.CHECKED_IN, checked_in_at=ended.starts_at)
    a_service_record(volunteer, team, minutes=75)

    page = client.get("/me/").content.decode()

    assert coming.shift.activity.title in page
    assert "忘了签退" in page
    assert "1.25" in page


def test_my_page_costs_the_same_for_few_and_many(client, volunteer, team):
    def one_more(day):
        a_signup(an_activity(team, starts_at=soon(days=day)).shifts.get(), volunteer)
        a_service_record(volunteer, team, starts_at=soon(days=-day))

    one_more(1)
    few = queries_of(client, "/me/")
    for day in range(2, 5):
        one_more(day)

    assert queries_of(client, "/me/") == few


# Leaders ------------------------------------------------------------------------------------------------------------


def a_form(team, leader, **changes):
    a_category("snow")
    start = now() + timedelta(days=2)
    facts = {
        "title": "清扫门前积雪",
        "place": "马堡村党群服务中心",
        "content": "扫雪、清灶。",
        "risk": "路滑。",
        "category": "snow",
        "area": team.area_id,
        "in_charge": leader.public_id,
        "form": "daily",
        "needed_from": "14",
        "shift1-day": f"{start:%Y-%m-%d}",
        "shift1-starts": "09:00",
        "shift1-ends": "11:00",
        "shift1-places": "5",
        "once": "p",
    }
    return {**facts, **changes}


def test_an_order_is_accepted_planned_and_published(client, leader, team):
    need = a_need(state=NeedState.DISPATCHED, team=team)

    accepted = client.post(f"/my-teams/orders/{need.public_id}/accept/", {"once": "a"})
    form = client.get(accepted["Location"])
    published = client.post(f"/my-teams/{team.public_id}/plan/", a_form(team, leader, order=need.public_id))

    assert form.status_code == 200
    assert need.words in form.content.decode()
    assert published.status_code == 302
    assert (Activity.objects.get().need, Need.objects.get().state) == (need, NeedState.SCHEDULED)


@pytest.mark.parametrize(
    "change",
    [{"title": ""}, {"risk": ""}, {"shift1-day": "2020-01-01"}, {"shift1-places": "0"}, {"shift1-starts": "x"}],
)
def test_a_slip_in_the_plan_keeps_what_was_typed(client, leader, team, change):
    answer = client.post(f"/my-teams/{team.public_id}/plan/", a_form(team, leader, **change))

    assert answer.status_code == 422
    assert "马堡村党群服务中心" in answer.content.decode()
    assert Activity.objects.count() == 0


def test_an_earlier_activity_is_done_again_with_nothing_but_a_look(client, leader, team):
    earlier = an_activity(team, starts_at=soon(days=-30), in_charge=leader)

    page = client.get(f"/my-teams/{team.public_id}/plan/", {"copy": earlier.public_id})

    assert earlier.title in page.content.decode()
    assert page.context["shifts"][0].initial["places"] == 5


def test_an_order_is_declined_with_a_reason(client, leader, team):
    need = a_need(state=NeedState.DISPATCHED, team=team)

    silent = client.post(f"/my-teams/orders/{need.public_id}/decline/", {"reason": "", "once": "a"})
    client.post(f"/my-teams/orders/{need.public_id}/decline/", {"reason": "这周没人", "once": "b"})

    assert silent.status_code == 422
    assert Need.objects.get().state == NeedState.VERIFIED


def test_the_roll_is_called_finished_and_confirmed_by_another(client, leader, team):
    activity = an_activity(team, starts_at=soon(minutes=-90))
    signup = a_signup(activity.shifts.get(), a_volunteer(), state=State.ADMITTED)
    SignUp.objects.filter(pk=signup.pk).update(
        state=State.CHECKED_IN, checked_in_at=soon(minutes=-90), checked_in_by=leader
    )

    roll = client.get(f"/activities/{activity.public_id}/roll-call/")
    client.post(f"/sign-ups/{signup.public_id}/attendance/", {"what": "out"})
    wrong = client.post(f"/activities/{activity.public_id}/finish/", {"helped": "", "outcome": "清完", "once": "a"})
    client.post(f"/activities/{activity.public_id}/finish/", {"helped": "9", "outcome": "清完", "once": "b"})
    record = ServiceRecord.objects.get()
    log_in(client, a_deputy(team))
    client.post("/hours/confirm/", {"record": record.public_id, "once": "c"})

    assert roll.status_code == 200
    assert (wrong.status_code, "清完" in wrong.content.decode()) == (422, True)
    assert Confirmation.objects.get().record == record
    assert client.get(f"/hours/{record.public_id}/").status_code == 200


def test_another_teams_leader_finds_nothing_here_and_changes_nothing(client, team):
    activity = an_activity(team, starts_at=soon(minutes=-30))
    signup = a_signup(activity.shifts.get(), a_volunteer())
    need = a_need(state=NeedState.DISPATCHED, team=team)
    record = a_service_record(a_volunteer(), team)
    log_in(client, a_leader(a_team(name="别队", area_code=MENGBA_VILLAGE)))
    before = (Activity.objects.get().state, SignUp.objects.get().state, Need.objects.get().state)

    answers = [
        client.get(f"/activities/{activity.public_id}/roll-call/"),
        client.post(f"/sign-ups/{signup.public_id}/attendance/", {"what": "present"}),
        client.post(f"/activities/{activity.public_id}/finish/", {"helped": "1"}),
        client.post(f"/activities/{activity.public_id}/cancel/", {"reason": "雪"}),
        client.post(f"/my-teams/orders/{need.public_id}/accept/"),
        client.get(f"/my-teams/{team.public_id}/plan/"),
        client.get(f"/hours/{record.public_id}/"),
        client.post(f"/hours/{record.public_id}/reverse/", {"reason": "x"}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 8
    assert (Activity.objects.get().state, SignUp.objects.get().state, Need.objects.get().state) == before
    assert ServiceRecord.objects.count() == 1


@pytest.mark.parametrize("page", ["/my-teams/", "/hours/"])
def test_a_leaders_lists_cost_the_same_for_few_and_many(client, leader, team, page):
    def one_more(day):
        a_need(state=NeedState.DISPATCHED, team=team)
        an_activity(team, starts_at=soon(days=day))
        a_service_record(a_volunteer(), team, starts_at=soon(days=-day))

    one_more(1)
    few = queries_of(client, page)
    for day in range(2, 5):
        one_more(day)

    assert queries_of(client, page) == few
