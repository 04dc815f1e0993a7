"""A leader's page: orders answered, activities planned and called off; what is wrong is said, what was typed stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.build import (
    MABAO,
    MENGBA_VILLAGE,
    NOW,
    TOMORROW,
    YESTERDAY,
    a_category,
    a_clerk,
    a_deputy,
    a_dispatcher,
    a_leader,
    a_need,
    a_service_record,
    a_shift,
    a_signup,
    a_skill,
    a_team,
    a_volunteer,
    an_activity,
    order_of,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.activities.models import Activity, ActivityState, SignUp
from zhiyuan.domain.needs.models import NeedState

pytestmark = pytest.mark.django_db
State = SignUp.State


def facts(leader, **changes):
    return {
        "title": "清扫门前积雪",
        "place": "马堡村党群服务中心",
        "content": "扫雪、清灶。",
        "risk": "路滑，请穿防滑鞋。",
        "category": a_category("snow").pk,
        "area": MABAO,
        "in_charge": leader.public_id,
        "form": "daily",
        "needed_from": "14",
        "shift1-day": f"{TOMORROW:%Y-%m-%d}",
        "shift1-starts": "08:30",
        "shift1-ends": "11:30",
        "shift1-places": "5",
        "once": "a",
        **changes,
    }


def running_and_forgotten(team):
    """An activity of yesterday from which somebody was never checked out."""
    activity = an_activity(team, starts_at=YESTERDAY)
    shift = activity.shifts.get()
    return a_signup(shift, a_volunteer(), state=State.CHECKED_IN, checked_in_at=YESTERDAY)


# My teams -------------------------------------------------------------------------------------------------------------


def test_a_leader_sees_what_waits_for_their_teams_and_nothing_of_others(client):
    team, other = a_team(), a_team(name="别的队", area_code=MENGBA_VILLAGE)
    leader = a_leader(team)
    mine, theirs = {}, {}
    for where, found in ((team, mine), (other, theirs)):
        found["orders"] = order_of(a_need(state=NeedState.DISPATCHED, team=where))
        found["to_plan"] = a_need(state=NeedState.ACCEPTED, team=where)
        found["missing"] = running_and_forgotten(where)
        found["over"] = found["missing"].shift.activity
        found["running"] = an_activity(where, starts_at=NOW - timedelta(minutes=10))
        found["coming"] = an_activity(where)
        a_service_record(a_volunteer(), where)
    log_in(client, leader)

    page = client.get("/my-teams/").context

    for name in ("orders", "to_plan", "over", "running", "coming"):
        assert list(page[name]) == [mine[name]], name
    assert [signup for signup, _form in page["missing"]] == [mine["missing"]]
    assert page["hours_waiting"] == 1
    assert list(page["teams"]) == [team]


def test_the_time_of_leaving_begins_with_the_shifts_end_by_the_countys_clock(client):
    team = a_team()
    signup = running_and_forgotten(team)
    log_in(client, a_leader(team))

    [(_signup, form)] = client.get("/my-teams/").context["missing"]

    assert f"{form.initial['left']:%H:%M}" == f"{timezone.localtime(signup.ends_at):%H:%M}" == "11:00"


def test_the_page_asks_as_often_for_three_of_everything_as_for_one(client):
    team = a_team()
    leader = a_leader(team)

    def one_more(number):
        a_need(state=NeedState.DISPATCHED, team=team)
        a_need(state=NeedState.ACCEPTED, team=team)
        running_and_forgotten(team)
        an_activity(team, starts_at=TOMORROW + timedelta(days=number))
        a_service_record(a_volunteer(), team)

    one_more(0)
    log_in(client, leader)
    asked = queries_of(client, "/my-teams/")
    one_more(1)
    one_more(2)

    assert queries_of(client, "/my-teams/") == asked


@pytest.mark.parametrize("who", ["volunteer", "clerk", "dispatcher"])
def test_who_leads_no_team_has_no_such_page(client, who):
    people = {"volunteer": a_volunteer().person, "clerk": a_clerk(), "dispatcher": a_dispatcher()}
    team = a_team()
    log_in(client, people[who])

    assert client.get("/my-teams/").status_code == 404
    assert client.get(f"/my-teams/{team.public_id}/plan/").status_code == 404


# Orders ---------------------------------------------------------------------------------------------------------------


def test_an_accepted_order_goes_on_to_its_time(client):
    team = a_team()
    need = a_need(state=NeedState.DISPATCHED, team=team)
    log_in(client, a_leader(team))

    answer = client.post(f"/my-teams/orders/{order_of(need).public_id}/accept/", {"once": "a"})

    assert answer.url == f"/my-teams/{team.public_id}/plan/?order={need.public_id}"
    need.refresh_from_db()
    assert need.state == NeedState.ACCEPTED
    assert client.get(answer.url).context["need"] == need


def test_a_plan_made_from_an_order_tells_nobody_where_the_resident_lives(client):
    team = a_team()
    need = a_need(state=NeedState.ACCEPTED, team=team, name="王奶奶", address="村委会东边第三家", phone="10000000017")
    log_in(client, a_leader(team))

    form = client.get(f"/my-teams/{team.public_id}/plan/?order={need.public_id}").context["form"]

    written = " ".join(str(value) for value in form.initial.values())
    for secret in ("王奶奶", "东边第三家", "10000000017", need.words):
        assert secret not in written


def test_an_order_is_declined_with_a_reason(client):
    team = a_team()
    need = a_need(state=NeedState.DISPATCHED, team=team)
    log_in(client, a_leader(team))
    address = f"/my-teams/orders/{order_of(need).public_id}/decline/"

    silent = client.post(address, {"kind": "other", "reason": "  ", "once": "a"})
    long = client.post(address, {"kind": "too_far", "reason": "长" * 201, "once": "b"})
    answer = client.post(address, {"kind": "nobody_free", "reason": "人手不够", "once": "c"})

    assert (silent.status_code, list(silent.context["form"].errors)) == (422, ["__all__"])
    assert (long.status_code, "长" * 201 in long.content.decode()) == (422, True)
    assert answer.url == "/my-teams/"
    need.refresh_from_db()
    assert (need.state, need.team) == (NeedState.VERIFIED, None)


def test_a_reason_stays_when_the_order_cannot_be_declined_any_more(client):
    team = a_team()
    need = a_need(state=NeedState.DONE, team=team)
    log_in(client, a_leader(team))

    address = f"/my-teams/orders/{order_of(need).public_id}/decline/"
    answer = client.post(address, {"kind": "too_far", "reason": "人手不够", "once": "a"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["__all__"]
    assert "人手不够" in answer.content.decode()


def test_nobody_answers_another_teams_order(client):
    need = a_need(state=NeedState.DISPATCHED, team=a_team())

    for person in (a_leader(a_team()), a_volunteer().person, a_dispatcher()):
        log_in(client, person)
        for what in ("accept", "decline"):
            answer = client.post(f"/my-teams/orders/{order_of(need).public_id}/{what}/", {"reason": "不行"})
            assert answer.status_code == 404
    need.refresh_from_db()
    assert need.state == NeedState.DISPATCHED


# Planning -------------------------------------------------------------------------------------------------------------


def test_a_plan_with_three_shifts_one_of_them_at_night_is_published(client):
    team = a_team()
    leader = a_leader(team)
    log_in(client, leader)
    night = {"shift2-day": f"{TOMORROW:%Y-%m-%d}", "shift2-starts": "22:00", "shift2-ends": "01:00"}
    third = {"shift3-day": "2026-11-30", "shift3-starts": "09:00", "shift3-ends": "10:00", "shift3-places": "2"}
    sent = facts(leader, **night, **third, **{"shift2-places": "3", "needed_skills": [a_skill().pk]})

    answer = client.post(f"/my-teams/{team.public_id}/plan/", sent)

    activity = Activity.objects.get()
    assert answer.url == f"/activities/{activity.public_id}/"
    stretches = [
        (f"{timezone.localtime(shift.starts_at):%d %H:%M}", f"{timezone.localtime(shift.ends_at):%d %H:%M}")
        for shift in activity.shifts.order_by("starts_at")
    ]
    assert stretches == [("25 08:30", "25 11:30"), ("25 22:00", "26 01:00"), ("30 09:00", "30 10:00")]
    assert (activity.in_charge, list(activity.needed_skills.all())) == (leader, [a_skill()])


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"title": " "}, ["title"]),
        ({"title": "长" * 61}, ["title"]),
        ({"risk": ""}, ["risk"]),
        ({"content": "长" * 1001}, ["content"]),
        ({"needed_from": "5"}, ["needed_from"]),
        ({"area": "nowhere", "category": "nothing"}, ["area", "category"]),
        ({"in_charge": "somebody"}, ["in_charge"]),
        ({"needed_skills": ["nothing"]}, ["needed_skills"]),
        ({"shift1-day": ""}, ["day"]),
        ({"shift1-day": "2026-13-40"}, ["day"]),
        ({"shift1-day": "2026-11-23"}, ["day"]),
        ({"shift1-day": "0001-01-01"}, ["day"]),
        ({"shift1-day": "9999-12-31", "shift1-starts": "23:00", "shift1-ends": "01:00"}, ["day"]),
        ({"shift1-starts": "25:00"}, ["starts"]),
        ({"shift1-ends": "21:00"}, ["ends"]),
        ({"shift1-ends": "08:30"}, ["ends"]),
        ({"shift1-places": "0"}, ["places"]),
        ({"shift1-places": "5001"}, ["places"]),
        ({"shift2-day": "2026-11-30"}, ["starts", "ends", "places"]),
        ({"title": "", "shift1-day": "2026-11-23"}, ["title", "day"]),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_at_its_field_and_the_rest_stays(client, wrong, fields):
    team = a_team()
    leader = a_leader(team)
    log_in(client, leader)

    answer = client.post(f"/my-teams/{team.public_id}/plan/", facts(leader, place="村口的大槐树下", **wrong))

    assert answer.status_code == 422
    forms = [answer.context["form"], *answer.context["shifts"]]
    assert sorted(field for form in forms for field in form.errors) == sorted(fields)
    assert "村口的大槐树下" in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_copy_of_last_months_leaves_only_the_day_to_change(client):
    team = a_team()
    leader = a_leader(team)
    earlier = an_activity(team, title="义诊", starts_at=NOW - timedelta(days=28), in_charge=leader, state="finished")
    earlier.needed_skills.set([a_skill("first_aid")])
    starts_at = NOW - timedelta(days=28) + timedelta(hours=4)
    a_shift(earlier, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), places=7)
    log_in(client, leader)

    page = client.get(f"/my-teams/{team.public_id}/plan/?copy={earlier.public_id}").context

    first, second = page["shifts"][0].initial, page["shifts"][1].initial
    assert (page["form"].initial["title"], page["form"].initial["needed_skills"]) == ("义诊", ["first_aid"])
    assert (f"{first['day']:%m-%d}", f"{first['starts']:%H:%M}", first["places"]) == ("12-01", "09:00", 5)
    assert (f"{second['starts']:%H:%M}", second["places"]) == ("13:00", 7)


def test_another_teams_activity_or_order_is_not_copied(client):
    team, other = a_team(), a_team()
    foreign, order = an_activity(other), a_need(state=NeedState.ACCEPTED, team=other)
    own = a_need(state=NeedState.SCHEDULED, team=team)
    leader = a_leader(team)
    log_in(client, leader)
    address = f"/my-teams/{team.public_id}/plan/"

    assert client.get(f"{address}?copy={foreign.public_id}").status_code == 404
    for need in (order, own):
        assert client.get(f"{address}?order={need.public_id}").status_code == 404
        assert client.post(address, facts(leader, order=need.public_id)).status_code == 404
    assert client.get(f"/my-teams/{other.public_id}/plan/").status_code == 404
    assert client.post(f"/my-teams/{other.public_id}/plan/", facts(leader)).status_code == 404
    assert list(Activity.objects.all()) == [foreign]


def test_an_order_published_twice_is_one_activity(client):
    team = a_team()
    leader = a_leader(team)
    need = a_need(state=NeedState.ACCEPTED, team=team)
    log_in(client, leader)
    address, sent = f"/my-teams/{team.public_id}/plan/", facts(leader, order=need.public_id)

    first, again = client.post(address, sent), client.post(address, sent)

    assert first.url == again.url
    assert Activity.objects.get().need == need


# Calling off ----------------------------------------------------------------------------------------------------------


def test_an_activity_is_called_off_with_a_reason(client):
    team = a_team()
    activity = an_activity(team)
    signup = a_signup(activity.shifts.get(), a_volunteer())
    log_in(client, a_deputy(team))
    address = f"/activities/{activity.public_id}/cancel/"

    silent = client.post(address, {"reason": "", "once": "a"})
    long = client.post(address, {"reason": "雪" * 121, "once": "b"})
    assert [answer.status_code for answer in (silent, long)] == [422, 422]
    assert list(silent.context["cancelling"].errors) == ["reason"]
    assert "雪" * 121 in long.content.decode()
    assert client.post(address, {"reason": "雪太大", "once": "c"}).url == f"/activities/{activity.public_id}/"

    activity.refresh_from_db()
    signup.refresh_from_db()
    assert (activity.state, activity.cancel_reason, signup.state) == (
        ActivityState.CANCELLED,
        "雪太大",
        State.CANCELLED,
    )
    assert "雪太大" in client.get(f"/activities/{activity.public_id}/").content.decode()


@pytest.mark.parametrize("who", ["another leader", "volunteer", "dispatcher"])
def test_strangers_call_nothing_off(client, who):
    activity = an_activity(a_team())
    volunteer = a_volunteer()
    a_signup(activity.shifts.get(), volunteer)
    people = {"another leader": a_leader(a_team()), "volunteer": volunteer.person, "dispatcher": a_dispatcher()}
    log_in(client, people[who])

    assert client.post(f"/activities/{activity.public_id}/cancel/", {"reason": "雪太大"}).status_code == 404
    activity.refresh_from_db()
    assert activity.state == ActivityState.PUBLISHED


# Claiming and handing back ------------------------------------------------------------------------------------------


def offered(area_code=MABAO, **facts):
    return a_need(state=NeedState.OFFERED, offered_in_id=area_code[:9] + "000", area_code=area_code, **facts)


def test_what_is_open_to_be_claimed_is_offered_and_the_first_has_it(client):
    team = a_team()
    team.categories.add(a_category())
    need = offered()
    log_in(client, a_leader(team))
    assert list(client.get("/my-teams/").context["to_claim"]) == [(need, team)]
    address, sent = f"/my-teams/{team.public_id}/claim/", {"need": need.public_id, "once": "a"}

    answer = client.post(address, sent)
    again = client.post(address, sent)

    need.refresh_from_db()
    assert answer.url == again.url == f"/my-teams/{team.public_id}/plan/?order={need.public_id}"
    assert (need.state, need.team, order_of(need).claimed) == (NeedState.ACCEPTED, team, True)
    assert need.orders.count() == 1


def test_who_comes_second_is_told_that_another_team_has_it(client):
    need = a_need(state=NeedState.ACCEPTED, team=a_team(name="快队"))
    team = a_team()
    log_in(client, a_leader(team))

    answer = client.post(f"/my-teams/{team.public_id}/claim/", {"need": need.public_id, "once": "a"})

    assert answer.url == "/my-teams/"
    assert 'class="zy-say error"' in client.get("/my-teams/").content.decode()
    assert need.orders.filter(team=team).count() == 0


def test_nobody_claims_for_another_team_or_what_is_offered_elsewhere(client):
    team = a_team()
    far = offered(MENGBA_VILLAGE)
    near = offered()

    for person in (a_leader(a_team(name="别的队")), a_volunteer().person, a_dispatcher()):
        log_in(client, person)
        answer = client.post(f"/my-teams/{team.public_id}/claim/", {"need": near.public_id, "once": "a"})
        assert answer.status_code == 404
    log_in(client, a_leader(team))
    client.post(f"/my-teams/{team.public_id}/claim/", {"need": far.public_id, "once": "a"})

    for need in (far, near):
        need.refresh_from_db()
        assert (need.state, need.team) == (NeedState.OFFERED, None)


def test_what_was_taken_is_handed_back_with_a_reason(client):
    team = a_team()
    need = a_need(state=NeedState.ACCEPTED, team=team)
    log_in(client, a_leader(team))
    address = f"/my-teams/needs/{need.public_id}/hand-back/"
    assert client.get(address).status_code == 200

    silent = client.post(address, {"kind": "nobody_free", "reason": "", "once": "a"})
    unsaid = client.post(address, {"reason": "车坏了", "once": "b"})
    answer = client.post(address, {"kind": "nobody_free", "reason": "车坏了", "once": "c"})

    assert (silent.status_code, list(silent.context["form"].errors)) == (422, ["reason"])
    assert (unsaid.status_code, list(unsaid.context["form"].errors)) == (422, ["kind"])
    assert "车坏了" in unsaid.content.decode()
    need.refresh_from_db()
    assert (answer.url, need.state, need.team) == ("/my-teams/", NeedState.VERIFIED, None)
    assert order_of(need).reason == "车坏了"


@pytest.mark.parametrize("state", [NeedState.SERVING, NeedState.DONE])
def test_what_is_being_served_is_not_handed_back(client, state):
    team = a_team()
    need = a_need(state=state, team=team)
    log_in(client, a_leader(team))

    answer = client.post(
        f"/my-teams/needs/{need.public_id}/hand-back/", {"kind": "too_far", "reason": "车坏了", "once": "a"}
    )

    need.refresh_from_db()
    assert (answer.status_code, need.state, need.team) == (422, state, team)


def test_nobody_hands_back_what_another_team_took(client):
    need = a_need(state=NeedState.ACCEPTED, team=a_team())

    for person in (a_leader(a_team()), a_volunteer().person, a_dispatcher()):
        log_in(client, person)
        answer = client.post(f"/my-teams/needs/{need.public_id}/hand-back/", {"kind": "too_far", "reason": "远"})
        assert answer.status_code == 404
    need.refresh_from_db()
    assert need.state == NeedState.ACCEPTED
