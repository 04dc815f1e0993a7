"""The team's yes or no, being there, done; and the resident's word."""

from functools import partial

import pytest

from tests.build import (
    MENGBA_VILLAGE,
    NOW,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_team,
    a_volunteer,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.models import Need, NeedState, Rating, TeamRecord, Transition
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.rating import RatingObstacle, close_need, confirm_need, rate_need
from zhiyuan.domain.needs.serving import (
    accept_order,
    decline_order,
    mark_done,
    mark_scheduled,
    mark_serving,
)
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db


def test_a_team_accepts_and_the_resident_is_told_who():
    team = a_team(phone="09340000001")
    need = a_need(state=NeedState.DISPATCHED, team=team)

    accept_order(need, by=a_leader(team), at=NOW)

    assert Need.objects.get().state == NeedState.ACCEPTED
    assert team.name in Message.objects.get().text


@pytest.mark.parametrize("state", [NeedState.DISPATCHED, NeedState.ACCEPTED, NeedState.SCHEDULED])
def test_a_declined_order_is_back_at_the_desk_with_its_reason(state):
    team = a_team()
    need = a_need(state=state, team=team)

    decline_order(need, "这周没人", by=a_leader(team), at=NOW)

    need.refresh_from_db()
    step = Transition.objects.get()
    record = TeamRecord.objects.get(team=team)
    assert (need.state, need.team) == (NeedState.VERIFIED, None)
    assert (step.reason, step.team) == ("这周没人", team)
    assert (record.open_orders, record.declined) == (0, 1)


def test_declining_needs_a_reason():
    team = a_team()

    with pytest.raises(Refused) as refusal:
        decline_order(a_need(state=NeedState.DISPATCHED, team=team), "", by=a_leader(team), at=NOW)

    assert refusal.value.obstacle == MovingObstacle.SILENT


def test_what_is_being_served_is_not_declined():
    team = a_team()

    with pytest.raises(Refused) as refusal:
        decline_order(a_need(state=NeedState.SERVING, team=team), "走了", by=a_leader(team), at=NOW)

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE


@pytest.mark.parametrize("verb", [accept_order, mark_scheduled])
def test_another_teams_leader_answers_nothing(verb):
    need = a_need(state=NeedState.DISPATCHED if verb is accept_order else NeedState.ACCEPTED, team=a_team())
    strangers = [a_leader(a_team(name="别队", area_code=MENGBA_VILLAGE)), a_dispatcher(), a_clerk(), a_person()]

    for stranger in strangers:
        with pytest.raises(Refused) as refusal:
            verb(need, by=stranger, at=NOW)
        assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_a_leader_of_the_team_above_answers_too():
    branch = a_team(name="屯字镇支队", area_code="621027103000")
    team = a_team(parent=branch)
    need = a_need(state=NeedState.DISPATCHED, team=team)

    accept_order(need, by=a_leader(branch), at=NOW)

    assert Need.objects.get().state == NeedState.ACCEPTED


def test_what_was_planned_can_be_done_without_a_check_in():
    team = a_team()

    need = mark_done(a_need(state=NeedState.SCHEDULED, team=team), helped=1, outcome="", by=a_leader(team), at=NOW)

    assert Need.objects.get().state == need.state == NeedState.DONE


def test_another_teams_leader_reports_nothing_done():
    need = a_need(state=NeedState.SERVING, team=a_team())

    with pytest.raises(Refused) as refusal:
        mark_done(need, helped=1, outcome="", by=a_leader(a_team(name="别队")), at=NOW)

    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    assert Need.objects.get().state == NeedState.SERVING


def test_a_need_at_no_team_is_answered_by_nobody():
    with pytest.raises(Refused) as refusal:
        accept_order(a_need(), by=a_leader(a_team()), at=NOW)

    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_two_answers_at_once_are_one():
    team = a_team()
    need, leader = a_need(state=NeedState.DISPATCHED, team=team), a_leader(team)
    accept_order(need, by=leader, at=NOW)

    with pytest.raises(Refused) as refusal:
        accept_order(need, by=leader, at=NOW)

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE


def test_scheduled_serving_done():
    team = a_team()
    need, leader = a_need(state=NeedState.ACCEPTED, team=team), a_leader(team)

    mark_scheduled(need, by=leader, at=NOW)
    mark_serving(need, by=a_volunteer().person, at=NOW)
    mark_done(need, helped=2, outcome="药已送到", by=leader, at=NOW)

    assert need.number in Message.objects.get().text
    need.refresh_from_db()
    record = TeamRecord.objects.get(team=team)
    assert (need.state, need.helped, need.outcome) == (NeedState.DONE, 2, "药已送到")
    assert (record.open_orders, record.done) == (0, 1)


# The resident's word ------------------------------------------------------------------------------------------------


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

    for word in (partial(rate_need, need, 5, ""), partial(confirm_need, need), partial(close_need, need)):
        with pytest.raises(Refused) as refusal:
            word(by=by, at=NOW)
        assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_what_nobody_confirmed_is_not_put_away():
    with pytest.raises(Refused) as refusal:
        close_need(done_need(), by=a_clerk(), at=NOW)

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE
