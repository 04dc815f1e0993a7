"""The resident's word at the end: yes, no, how many stars; a low one is followed up, silence is no praise."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.build import (
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_team,
    order_of,
)
from tests.clock import SHANGHAI
from zhiyuan.domain.bulletin.figures import readings
from zhiyuan.domain.foundation.models import ParameterValue
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.checking import need_checks
from zhiyuan.domain.needs.dispatching import dispatch_need
from zhiyuan.domain.needs.merging import merge_needs
from zhiyuan.domain.needs.models import FollowUp, Need, NeedState, Order, Rating, TeamRecord, Transition
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.rating import (
    RatingObstacle,
    close_need,
    confirm_need,
    deny_need,
    finish_follow_up,
    rate_need,
)
from zhiyuan.domain.needs.serving import accept_order, mark_done, mark_scheduled
from zhiyuan.domain.notices.models import Notice
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db


def done_need():
    return a_need(state=NeedState.DONE, team=a_team())


def test_a_rating_confirms_and_counts_for_the_team():
    need = done_need()

    rating = rate_need(need, 4, "来得快", by=None, at=NOW)

    need.refresh_from_db()
    record = TeamRecord.objects.get(team=need.team)
    assert (rating.stars, rating.words, rating.by) == (4, "来得快", None)
    assert need.state == NeedState.RATED
    assert (record.ratings, record.stars) == (1, 4)


def test_a_confirmed_need_can_be_rated_later_or_put_away_unrated():
    rated, silent = done_need(), done_need()
    for need in (rated, silent):
        confirm_need(need, by=None, at=NOW)

    rate_need(rated, 5, "", by=None, at=NOW)
    close_need(silent, by=a_clerk(), at=NOW)

    silent.refresh_from_db()
    assert silent.state == NeedState.CLOSED
    assert list(Rating.objects.values_list("need_id", flat=True)) == [rated.pk]


def test_a_clerk_notes_a_rating_by_telephone():
    clerk = a_clerk()

    assert rate_need(done_need(), 5, "电话里说好", by=clerk, at=NOW).by == clerk


def test_a_resident_who_is_signed_in_rates_for_themselves_and_is_no_caller():
    person = a_person()
    need = a_need(state=NeedState.DONE, team=a_team(), person=person)

    assert rate_need(need, 5, "", by=person, at=NOW).by is None


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_are_one_to_five(stars):
    with pytest.raises(Refused) as refusal:
        rate_need(done_need(), stars, "", by=None, at=NOW)

    assert refusal.value.obstacle == RatingObstacle.NOT_ONE_TO_FIVE
    assert Rating.objects.count() == 0


def test_a_need_is_rated_once():
    need = done_need()
    rate_need(need, 5, "", by=None, at=NOW)

    with pytest.raises(Refused) as refusal:
        rate_need(need, 1, "", by=None, at=NOW)

    assert refusal.value.obstacle == RatingObstacle.RATED


def test_what_is_not_done_is_not_rated():
    with pytest.raises(Refused) as refusal:
        rate_need(a_need(), 5, "", by=None, at=NOW)

    assert refusal.value.obstacle == RatingObstacle.NOT_DONE


@pytest.mark.parametrize("who", ["leader", "sibling", "stranger"])
def test_nobody_rates_for_the_resident_but_who_may_verify(who):
    need = done_need()
    by = {"leader": a_leader(need.team), "sibling": a_clerk(MENGBA_VILLAGE), "stranger": a_person()}[who]

    words = (
        partial(rate_need, need, 5, ""),
        partial(confirm_need, need),
        partial(deny_need, need, "没人来"),
        partial(close_need, need),
        partial(finish_follow_up, need, "问过了"),
    )
    for word in words:
        with pytest.raises(Refused) as refusal:
            word(by=by, at=NOW)
        assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_what_nobody_confirmed_is_not_put_away():
    with pytest.raises(Refused) as refusal:
        close_need(done_need(), by=a_clerk(), at=NOW)

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE


# Nobody came --------------------------------------------------------------------------------------------------------


def test_a_no_brings_it_back_one_desk_higher_and_takes_it_from_what_the_team_has_done():
    need = a_need(state=NeedState.DONE, team=a_team(), outcome="药已送到", done_at=NOW, desk=a_need().area)
    team = need.team

    deny_need(need, "没有人来过", by=None, at=NOW)

    need.refresh_from_db()
    record, step = TeamRecord.objects.get(team=team), Transition.objects.get()
    assert (need.state, need.team, need.done_at) == (NeedState.VERIFIED, None, None)
    assert (need.desk_id, need.escalations, need.outcome) == ("621027103000", 1, "药已送到")
    assert (record.done, record.declined) == (0, 1)
    assert (step.reason, step.team) == ("没有人来过", team)
    assert order_of(need).state == Order.State.HANDED_BACK


def test_a_no_needs_words():
    with pytest.raises(Refused) as refusal:
        deny_need(done_need(), " ", by=None, at=NOW)

    assert refusal.value.obstacle == MovingObstacle.SILENT


@pytest.mark.parametrize("state", [state for state in NeedState if state not in (NeedState.DONE, NeedState.MERGED)])
def test_only_what_is_said_to_be_done_is_denied(state):
    need = a_need(state=state, team=a_team())

    with pytest.raises(Refused) as refusal:
        deny_need(need, "没人来", by=None, at=NOW)

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE


# Low ratings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stars", "followed"), [(1, True), (2, True), (3, False), (5, False)])
def test_a_low_rating_makes_a_follow_up(stars, followed):
    rate_need(done_need(), stars, "等了很久", by=None, at=NOW)

    assert FollowUp.objects.exists() is followed


def test_a_county_may_say_what_is_low_and_how_long_a_follow_up_takes():
    for name, value in (("need.rating.low", 3), ("need.follow_up.days", 1)):
        ParameterValue.objects.create(name=name, value=value, since=TODAY, reason="试", set_by="system", set_at=NOW)

    rate_need(done_need(), 3, "", by=None, at=NOW)

    assert FollowUp.objects.get().due_at == datetime(2026, 11, 25, 18, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("rated", "due"),
    [
        ("2026-11-24T09:00", "2026-11-27T18:00"),  # Tuesday to Friday
        ("2026-11-27T20:00", "2026-12-02T18:00"),  # over a weekend
        ("2026-02-13T09:00", "2026-02-25T18:00"),  # Friday; Saturday is worked, then nine days of Spring Festival
        ("2026-12-31T09:00", "2027-01-05T18:00"),  # 2027 is not announced yet: Monday to Friday
    ],
)
def test_a_follow_up_has_three_working_days(rated, due):
    need, clock = done_need(), datetime.fromisoformat

    rate_need(need, 2, "", by=None, at=clock(rated).replace(tzinfo=SHANGHAI))

    need.refresh_from_db()
    due_at = clock(due).replace(tzinfo=SHANGHAI)
    assert FollowUp.objects.get().due_at == need.due_at == due_at
    assert (need.state, clock(rated).replace(tzinfo=SHANGHAI) < need.alarm_at < due_at) == (NeedState.RATED, True)


def test_what_is_to_be_followed_up_is_put_away_with_the_result_only():
    need, clerk = done_need(), a_clerk()
    rate_need(need, 1, "没修好", by=None, at=NOW)

    with pytest.raises(Refused) as refusal:
        close_need(need, by=clerk, at=NOW)
    finish_follow_up(need, "再去了一次，修好了", by=clerk, at=NOW + timedelta(days=1))

    followed = FollowUp.objects.get()
    assert refusal.value.obstacle == RatingObstacle.FOLLOW_UP_OPEN
    assert (followed.done_by, followed.done_at) == (clerk, NOW + timedelta(days=1))
    assert followed.result == "再去了一次，修好了"
    assert Need.objects.get().state == NeedState.CLOSED


def test_a_follow_up_is_finished_once_and_with_words():
    need, clerk = done_need(), a_clerk()
    rate_need(need, 1, "没修好", by=None, at=NOW)

    def refusal(result):
        with pytest.raises(Refused) as refused:
            finish_follow_up(need, result, by=clerk, at=NOW)
        return refused.value.obstacle

    assert refusal(" ") == MovingObstacle.SILENT
    finish_follow_up(need, "道过歉", by=clerk, at=NOW)
    assert refusal("道过歉") == RatingObstacle.NOTHING_TO_FOLLOW


def test_whoever_brought_it_hears_the_end():
    grid_worker = a_person()
    need = a_need(state=NeedState.CONFIRMED, team=a_team(), entered_by=grid_worker)

    close_need(need, by=a_clerk(), at=NOW)

    assert [notice.person for notice in Notice.objects.all()] == [grid_worker]


# Silence ------------------------------------------------------------------------------------------------------------


def test_not_rated_is_never_satisfied():
    team = a_team()
    for state in (NeedState.DONE, NeedState.CONFIRMED, NeedState.CLOSED):
        a_need(state=state, team=team)
    rate_need(done_need(), 5, "", by=None, at=NOW)

    counted = {one.figure.key: one.value for one in readings(("needs_done", "needs_rated", "needs_unrated"), NOW)}

    assert counted == {"needs_done": 4, "needs_rated": 1, "needs_unrated": 3}
    assert list(TeamRecord.objects.filter(team=team).values_list("ratings", "stars")) == [(0, 0)]


# Households whose requests were taken together ----------------------------------------------------------------------


def two_households(state):
    served = a_need(state=state, team=a_team(), done_at=NOW)
    return served, a_need(state=NeedState.MERGED, merged_into=served, phone="10000000018")


def test_each_household_rates_the_same_work_once():
    served, other = two_households(NeedState.DONE)

    rate_need(other, 4, "", by=None, at=NOW)
    rate_need(served, 5, "", by=None, at=NOW)
    with pytest.raises(Refused) as refusal:
        rate_need(other, 1, "", by=None, at=NOW)

    record = TeamRecord.objects.get(team=served.team)
    assert refusal.value.obstacle == RatingObstacle.RATED
    assert (record.ratings, record.stars) == (2, 9)
    assert [Need.objects.get(pk=need.pk).state for need in (served, other)] == [NeedState.RATED, NeedState.MERGED]


@pytest.mark.parametrize("state", [NeedState.CONFIRMED, NeedState.RATED, NeedState.CLOSED])
def test_the_second_household_is_not_too_late_when_the_first_has_spoken(state):
    _served, other = two_households(state)

    assert rate_need(other, 4, "", by=None, at=NOW).stars == 4


def test_nobody_rates_what_no_team_has_done():
    passed_on, other = a_need(state=NeedState.CLOSED), a_need(state=NeedState.SERVING, team=a_team())

    for into in (passed_on, other):
        need = a_need(state=NeedState.MERGED, merged_into=into)
        with pytest.raises(Refused) as refusal:
            rate_need(need, 5, "", by=None, at=NOW)
        assert refusal.value.obstacle == RatingObstacle.NOT_DONE


def test_a_households_rating_stays_with_the_team_that_it_rated():
    """One household was served and says so; the other says that nobody came, and another team goes."""
    first, second = a_team(), a_team(name="包城村分队")
    leaders, clerk, dispatcher = [a_leader(first), a_leader(second)], a_clerk(), a_dispatcher()
    need, other = a_need(state=NeedState.VERIFIED), a_need(phone="10000990018")
    merge_needs(need, [other], "一样", by=clerk, at=NOW)

    for team, leader, at in zip((first, second), leaders, (NOW, NOW + timedelta(hours=1)), strict=True):
        dispatch_need(need, team, by=dispatcher, at=at)
        accept_order(order_of(need), by=leader, at=at)
        mark_scheduled(need, until=at, by=leader, at=at)
        mark_done(need, helped=1, outcome="好了", by=leader, at=at)
        if team == first:
            rate_need(other, 4, "", by=None, at=at)
            deny_need(need, "我家没人来", by=None, at=at)

    records = TeamRecord.objects.order_by("pk").values_list("done", "declined", "ratings", "stars")
    assert list(records) == [(0, 1, 1, 4), (1, 0, 0, 0)]
    assert [one.wrong for one in need_checks() if one.name == "needs: records of teams"] == [()]
