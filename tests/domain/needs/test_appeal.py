"""Whoever was refused may object, once: the desk above looks at it anew."""

import pytest

from tests.build import COUNTY, MABAO, MENGBA, NOW, TUNZI, a_clerk, a_leader, a_need, a_person, a_team, an_auditor, area
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.filing import AppealObstacle, appeal_refusal, obstacle_to_appeal
from zhiyuan.domain.needs.models import Need, NeedState, Transition
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.queries import DeskWanted, desk_needs
from zhiyuan.domain.needs.verifying import reject_need
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db


def refused(desk=MABAO, **facts):
    return a_need(state=NeedState.REJECTED, desk=area(desk), **facts)


def obstacle_of(act):
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.obstacle


@pytest.mark.parametrize(("desk", "above", "raised"), [(MABAO, TUNZI, 1), (TUNZI, COUNTY, 1), (COUNTY, COUNTY, 0)])
def test_the_desk_above_looks_at_it_anew(desk, above, raised):
    need = refused(desk)

    appeal_refusal(need, "我真的走不动", by=None, at=NOW)

    need.refresh_from_db()
    assert (need.state, need.desk_id, need.escalations, need.appealed_at) == (NeedState.SUBMITTED, above, raised, NOW)
    assert (need.due_at > NOW, Transition.objects.get().reason) == (True, "我真的走不动")


def test_it_lies_among_what_came_up_to_the_desk_above():
    need, clerk = refused(), a_clerk(TUNZI)

    appeal_refusal(need, "我真的走不动", by=None, at=NOW)

    assert list(desk_needs(clerk, DeskWanted(escalated=True), at=NOW)) == [need]
    assert list(desk_needs(a_clerk(MABAO), DeskWanted(escalated=True), at=NOW)) == []


def test_one_objects_once():
    need, clerk = refused(), a_clerk()
    appeal_refusal(need, "我真的走不动", by=None, at=NOW)
    reject_need(need, "请打 12345", by=clerk, at=NOW)

    assert obstacle_of(lambda: appeal_refusal(need, "再看看", by=None, at=NOW)) == AppealObstacle.APPEALED
    assert Need.objects.get().state == NeedState.REJECTED


def test_the_signed_in_resident_and_a_clerk_who_is_called_object_too():
    resident = a_person()

    for by in (resident, a_clerk(TUNZI)):
        need = refused(person=resident)
        appeal_refusal(need, "我真的走不动", by=by, at=NOW)
        assert Transition.objects.get(need=need).by == by


@pytest.mark.parametrize("who", [lambda: a_clerk(MENGBA), an_auditor, lambda: a_leader(a_team()), a_person])
def test_nobody_else_does(who):
    need = refused()

    assert obstacle_of(lambda: appeal_refusal(need, "我真的走不动", by=who(), at=NOW)) == AccessObstacle.NOT_YOURS
    assert Need.objects.get().state == NeedState.REJECTED


def test_an_objection_needs_words_and_a_refusal():
    assert obstacle_of(lambda: appeal_refusal(refused(), " ", by=None, at=NOW)) == MovingObstacle.SILENT
    for state in (NeedState.SUBMITTED, NeedState.DONE, NeedState.CLOSED, NeedState.WITHDRAWN):
        need = a_need(state=state, team=a_team())
        assert obstacle_to_appeal(need) == MovingObstacle.NOT_FROM_HERE
        assert obstacle_of(lambda one=need: appeal_refusal(one, "为什么", by=None, at=NOW)) == (
            MovingObstacle.NOT_FROM_HERE
        )
