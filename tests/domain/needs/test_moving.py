"""Only the listed steps, whoever asks; each with actor, time and reason."""

import pytest

from tests.build import NOW, a_dispatcher, a_need, a_team
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import unit_of_work
from zhiyuan.domain.needs.models import ENDED, Need, NeedState, Transition
from zhiyuan.domain.needs.moving import TRANSITIONS, MovingObstacle, move

pytestmark = pytest.mark.django_db
PAIRS = [(before, after) for before in NeedState for after in NeedState]
WITH_TEAM = {"dispatched", "accepted", "scheduled", "serving", "done", "confirmed", "rated"}


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair[1] in TRANSITIONS[pair[0]]])
def test_a_listed_step_is_taken_and_noted(before, after):
    team = a_team() if before in WITH_TEAM or after in WITH_TEAM else None
    need = a_need(state=before, team=team)
    by = a_dispatcher()

    with unit_of_work():
        move(need, after, by=by, at=NOW, reason="因为")

    step = Transition.objects.get()
    assert Need.objects.get().state == after
    assert (step.from_state, step.to_state, step.by, step.at, step.reason) == (before, after, by, NOW, "因为")


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair[1] not in TRANSITIONS[pair[0]]])
def test_every_other_step_is_refused(before, after):
    need = a_need(state=before, team=a_team())

    with pytest.raises(Refused) as refusal, unit_of_work():
        move(need, after, by=a_dispatcher(), at=NOW)

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE
    assert Need.objects.get().state == before
    assert Transition.objects.count() == 0


def test_the_end_is_the_end():
    assert [TRANSITIONS[state] for state in ENDED] == [frozenset()] * 3


def test_every_state_but_the_first_is_reached_from_another():
    reached = {after for steps in TRANSITIONS.values() for after in steps}

    assert reached == set(NeedState)
