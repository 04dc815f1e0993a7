"""What an activity must say, who publishes it, how it is called off and finished."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.build import (
    MABAO,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TOMORROW,
    a_category,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_signup,
    a_team,
    a_volunteer,
    an_activity,
    area,
)
from zhiyuan.domain.activities.models import Activity, ActivityState, Form, Shift, SignUp
from zhiyuan.domain.activities.planning import (
    ActivityObstacle,
    Plan,
    PlannedShift,
    PlanObstacle,
    cancel_activity,
    finish_activity,
    publish_activity,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.needs.models import Need, NeedState
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db
State = SignUp.State


def a_plan(leader, **changes):
    usual = Plan(
        title="清扫门前积雪",
        content="扫雪、清灶、查烟道。",
        place="马堡村党群服务中心",
        area=area(MABAO),
        category=a_category("snow"),
        shifts=(PlannedShift(TOMORROW, TOMORROW + timedelta(hours=2), 5),),
        risk="路滑，请穿防滑鞋。",
        form=Form.CONCENTRATED,
        in_charge=leader,
    )
    return replace(usual, **changes)


def shift(*, starts=TOMORROW, hours=2.0, places=5):
    return (PlannedShift(starts, starts + timedelta(hours=hours), places),)


def test_a_plan_becomes_an_activity_with_its_shifts():
    team = a_team()
    leader = a_leader(team)
    plan = a_plan(leader, shifts=shift() + shift(starts=TOMORROW + timedelta(hours=3), places=2))

    activity = publish_activity(team, plan, by=leader, at=NOW)

    assert [(one.starts_at, one.places, one.taken) for one in activity.shifts.order_by("starts_at")] == [
        (TOMORROW, 5, 0),
        (TOMORROW + timedelta(hours=3), 2, 0),
    ]
    assert (activity.starts_at, activity.ends_at) == (TOMORROW, TOMORROW + timedelta(hours=5))


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"title": " "}, PlanObstacle.NO_TITLE),
        ({"content": ""}, PlanObstacle.NO_CONTENT),
        ({"place": ""}, PlanObstacle.NO_PLACE),
        ({"risk": " "}, PlanObstacle.NO_RISK),
        ({"shifts": ()}, PlanObstacle.NO_SHIFT),
        ({"shifts": shift(hours=-1)}, PlanObstacle.BACKWARDS),
        ({"shifts": shift(hours=12.5)}, PlanObstacle.TOO_LONG),
        ({"shifts": shift(places=0)}, PlanObstacle.NO_PLACES),
        ({"shifts": shift(places=5001)}, PlanObstacle.NO_PLACES),
        ({"shifts": shift(starts=NOW)}, PlanObstacle.PAST),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_published(changes, obstacle):
    team = a_team()
    leader = a_leader(team)

    with pytest.raises(Refused) as refusal:
        publish_activity(team, a_plan(leader, **changes), by=leader, at=NOW)

    assert refusal.value.obstacle == obstacle
    assert Activity.objects.count() == 0


def test_a_team_that_has_ended_publishes_nothing():
    team = a_team(until=TODAY)
    above = a_dispatcher()  # reaches the team, though it plans nothing

    with pytest.raises(Refused) as refusal:
        publish_activity(team, a_plan(a_person()), by=above, at=NOW)

    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


@pytest.mark.parametrize("who", ["another leader", "dispatcher", "volunteer"])
def test_only_who_leads_the_team_plans_for_it(who):
    team = a_team()
    by = {
        "another leader": lambda: a_leader(a_team(name="别队", area_code=MENGBA_VILLAGE)),
        "dispatcher": a_dispatcher,
        "volunteer": lambda: a_volunteer(teams=(team,)).person,
    }[who]()

    with pytest.raises(Refused) as refusal:
        publish_activity(team, a_plan(by), by=by, at=NOW)

    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_danger_raises_the_age_to_eighteen():
    team = a_team()
    leader = a_leader(team)

    activity = publish_activity(team, a_plan(leader, dangerous=True, needed_from=14), by=leader, at=NOW)

    assert activity.needed_from == 18


def test_an_accepted_order_gets_a_date():
    team = a_team()
    leader = a_leader(team)
    need = a_need(state=NeedState.ACCEPTED, team=team)

    publish_activity(team, a_plan(leader, need=need), by=leader, at=NOW)

    assert Need.objects.get().state == NeedState.SCHEDULED


def test_an_order_becomes_one_activity():
    team = a_team()
    leader = a_leader(team)
    need = a_need(state=NeedState.SCHEDULED, team=team)

    with pytest.raises(Refused) as refusal:
        publish_activity(team, a_plan(leader, need=need), by=leader, at=NOW)

    assert refusal.value.obstacle == PlanObstacle.NOT_ACCEPTED


# Calling off --------------------------------------------------------------------------------------------------------


def test_calling_off_frees_and_tells_everybody_and_sends_the_order_back():
    team = a_team()
    leader, volunteer = a_leader(team), a_volunteer()
    need = a_need(state=NeedState.SCHEDULED, team=team)
    activity = an_activity(team, need=need)
    signup = a_signup(activity.shifts.get(), volunteer)

    cancel_activity(activity, "大雪封路", by=leader, at=NOW)

    signup.refresh_from_db()
    need.refresh_from_db()
    assert signup.state == State.CANCELLED
    assert activity.shifts.get().taken == 0
    assert (need.state, need.team) == (NeedState.VERIFIED, None)
    assert [message.phone for message in Message.objects.all()] == [volunteer.person.phone]
    assert Activity.objects.get().state == ActivityState.CANCELLED


def test_calling_off_needs_a_reason_a_leader_and_nobody_inside():
    team = a_team()
    leader = a_leader(team)
    activity = an_activity(team)

    def refusal(reason, by):
        with pytest.raises(Refused) as refused:
            cancel_activity(activity, reason, by=by, at=NOW)
        return refused.value.obstacle

    assert refusal(" ", leader) == ActivityObstacle.NO_REASON
    assert refusal("雪", a_dispatcher()) == AccessObstacle.NOT_YOURS
    a_signup(activity.shifts.get(), a_volunteer(), state=State.CHECKED_IN, checked_in_at=NOW)
    assert refusal("雪", leader) == ActivityObstacle.UNDER_WAY


def test_what_is_over_is_not_called_off_again():
    team = a_team()
    leader = a_leader(team)
    activity = an_activity(team, state=ActivityState.FINISHED)

    with pytest.raises(Refused) as refusal:
        cancel_activity(activity, "雪", by=leader, at=NOW)

    assert refusal.value.obstacle == ActivityObstacle.NOT_OPEN


# Finishing ----------------------------------------------------------------------------------------------------------


def inside(activity, *, minutes=None, **facts):
    """Somebody who came at the start, and left after so many minutes."""
    one = activity.shifts.get()
    left = one.starts_at + timedelta(minutes=minutes) if minutes else None
    return a_signup(
        one,
        a_volunteer(),
        state=State.CHECKED_OUT if left else State.CHECKED_IN,
        checked_in_at=one.starts_at,
        checked_in_by=facts.get("by"),
        checked_in_method="roll_call",
        checked_out_at=left,
        checked_out_by=facts.get("by") if left else None,
        checked_out_method="roll_call" if left else "",
    )


def test_finishing_credits_who_left_keeps_who_is_missing_a_check_out_and_marks_who_never_came():
    team = a_team()
    leader = a_leader(team)
    activity = an_activity(team, starts_at=NOW)
    complete, unclear = inside(activity, minutes=95, by=leader), inside(activity, by=leader)
    absent = a_signup(activity.shifts.get(), a_volunteer())

    finish_activity(activity, helped=7, outcome="九户清完", by=leader, at=NOW + timedelta(hours=2))

    assert list(ServiceRecord.objects.values_list("volunteer", "minutes")) == [(complete.volunteer_id, 95)]
    assert SignUp.objects.get(pk=unclear.pk).state == State.CHECKED_IN
    assert SignUp.objects.get(pk=absent.pk).state == State.NO_SHOW
    assert Shift.objects.get().taken == 2
    assert (Activity.objects.get().helped, Activity.objects.get().state) == (7, ActivityState.FINISHED)


@pytest.mark.parametrize("helped", [-1, 30001])
def test_how_many_were_helped_is_a_sane_number(helped):
    team = a_team()
    leader = a_leader(team)

    with pytest.raises(Refused) as refusal:
        finish_activity(an_activity(team, starts_at=NOW), helped=helped, outcome="", by=leader, at=NOW)

    assert refusal.value.obstacle == ActivityObstacle.HELPED_UNKNOWN


def test_nothing_is_finished_before_it_began_or_twice_or_by_others():
    team = a_team()
    leader = a_leader(team)
    coming, running = an_activity(team), an_activity(team, starts_at=NOW)

    def refusal(activity, by):
        with pytest.raises(Refused) as refused:
            finish_activity(activity, helped=1, outcome="", by=by, at=NOW + timedelta(minutes=1))
        return refused.value.obstacle

    assert refusal(coming, leader) == ActivityObstacle.NOT_BEGUN
    assert refusal(running, a_dispatcher()) == AccessObstacle.NOT_YOURS
    finish_activity(running, helped=1, outcome="", by=leader, at=NOW + timedelta(minutes=1))
    assert refusal(running, leader) == ActivityObstacle.NOT_OPEN
