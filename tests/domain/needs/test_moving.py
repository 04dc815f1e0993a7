"""Only the listed steps, whoever asks; each with actor, time and reason, and what the stage before it took."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.build import NOW, a_dispatcher, a_need, a_team, an_order
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.verbs import unit_of_work
from zhiyuan.domain.needs.models import ENDED, OPEN, TURNS, Need, NeedState, Order, Transition, Urgency
from zhiyuan.domain.needs.moving import TRANSITIONS, MovingObstacle, desk_above, move, one_level_up

pytestmark = pytest.mark.django_db
S = NeedState
PAIRS = [(before, after) for before in S for after in S]
WITH_TEAM = {S.ACCEPTED, S.SCHEDULED, S.SERVING, S.DONE, S.CONFIRMED, S.RATED}
LISTED = [pair for pair in PAIRS if pair[1] in TRANSITIONS[pair[0]]]


def at_state(state, **facts):
    """A need as verbs leave it in a state, with what the database wants of it there."""
    merged_into = a_need() if state == S.MERGED else None
    team = a_team() if state in WITH_TEAM or state == S.DISPATCHED else None
    return a_need(state=state, team=team, merged_into=merged_into, **facts)


def ready_for(need, state):
    """What a verb sets before such a step."""
    need.merged_into = a_need() if state == S.MERGED else None
    if state in WITH_TEAM:
        need.team = need.team or a_team()
    return need


@pytest.mark.parametrize(("before", "after"), LISTED)
def test_a_listed_step_is_taken_and_noted(before, after):
    need, by = ready_for(at_state(before), after), a_dispatcher()

    with unit_of_work():
        move(need, after, by=by, at=NOW, reason="因为")

    step = Transition.objects.get()
    found = Need.objects.get(pk=need.pk)
    assert (step.from_state, step.to_state, step.by, step.at, step.reason) == (before, after, by, NOW, "因为")
    assert (found.state, found.state_since, found.turn) == (after, NOW, TURNS[after])
    assert (found.alarm_at is None) == (after in ENDED)
    assert (found.due_at is None) == (after in (*ENDED, S.WAITING))
    assert JournalEntry.objects.latest("seq").action == f"need.{after.value}"


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair not in LISTED])
def test_every_other_step_is_refused(before, after):
    need = ready_for(at_state(before), after)

    with pytest.raises(Refused) as refusal, unit_of_work():
        move(need, after, by=a_dispatcher(), at=NOW)

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE
    assert Need.objects.get(pk=need.pk).state == before
    assert Transition.objects.count() == 0


def test_all_pairs_are_walked():
    assert (len(PAIRS), len(LISTED)) == (16 * 16, sum(map(len, TRANSITIONS.values())))


def test_the_end_is_the_end_but_for_an_appeal_and_taking_apart():
    assert {state: TRANSITIONS[state] for state in ENDED} == {
        S.CLOSED: frozenset(),
        S.WITHDRAWN: frozenset(),
        S.REJECTED: frozenset({S.SUBMITTED}),
        S.MERGED: frozenset({S.SUBMITTED}),
    }


def test_every_state_is_reached_from_the_first():
    reached, ahead = set(), {S.SUBMITTED}
    while ahead:
        reached |= ahead
        ahead = {after for state in ahead for after in TRANSITIONS[state]} - reached

    assert reached == set(S)


def test_from_every_open_state_there_is_a_way_to_an_end():
    ending = set(ENDED)
    while more := {state for state in S if TRANSITIONS[state] & ending} - ending:
        ending |= more

    assert ending >= set(OPEN)


@pytest.mark.parametrize(
    ("urgency", "minutes"), [(Urgency.URGENT, 30 * 60), (Urgency.NORMAL, 10 * 60 + 30), (Urgency.PLANNED, 10 * 60 + 30)]
)
def test_a_step_keeps_how_long_the_stage_took_in_its_own_kind_of_time(urgency, minutes):
    need = a_need(urgency=urgency, state_since=NOW)

    with unit_of_work():
        move(need, S.VERIFIED, by=a_dispatcher(), at=NOW + timedelta(hours=30))  # Wednesday, 15:00

    step = Transition.objects.get()
    assert (step.minutes, step.late, step.by_clock) == (minutes, True, False)


def test_what_comes_in_time_is_not_late():
    need = a_need()

    with unit_of_work():
        move(need, S.VERIFIED, by=a_dispatcher(), at=NOW + timedelta(hours=1))

    assert Transition.objects.get().late is False


def test_the_clock_is_no_person():
    with unit_of_work():
        move(a_need(state=S.CONFIRMED, team=a_team()), S.CLOSED, by=None, at=NOW, by_clock=True)

    assert (Transition.objects.get().by, Transition.objects.get().by_clock) == (None, True)
    assert JournalEntry.objects.get().actor == "system"


def test_desks_go_village_township_county_and_no_further():
    need = a_need(desk=a_need().area)
    levels = [need.desk.code]
    while one_level_up(need):
        levels.append(need.desk.code)

    assert levels == ["621027103200", "621027103000", "621027000000"]
    assert (need.escalations, desk_above(need.desk)) == (2, None)


def test_a_need_has_one_team_and_a_team_one_standing_order():
    team, other = a_team(), a_team(name="别队")
    need = a_need(state=S.ACCEPTED, team=team)

    for state, which in ((Order.State.ACCEPTED, other), (Order.State.OPEN, team)):
        with pytest.raises(IntegrityError), transaction.atomic():
            an_order(need, which, state=state)
