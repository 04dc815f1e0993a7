"""A round of a village: each household once, each need once."""

from datetime import timedelta

import pytest

from tests.build import (
    BAOCHENG,
    MABAO,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_category,
    a_clerk,
    a_grant,
    a_menu_item,
    a_need,
    a_person,
    a_round,
    an_auditor,
    area,
)
from zhiyuan.domain.collecting.models import Round, Visit
from zhiyuan.domain.collecting.queries import rounds_of, visits_of
from zhiyuan.domain.collecting.rounds import RoundObstacle, begin_round, note_visit
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.filing import NeedFacts
from zhiyuan.domain.needs.models import Door, Need, NeedState
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.phones import PhoneObstacle

pytestmark = pytest.mark.django_db


def a_worker(role=Role.GRID_WORKER, area_code=MABAO):
    person = a_person(name="柳巡")
    a_grant(person, role, area_code=area_code)
    return person


def facts(**changes):
    said = {
        "name": "王奶奶",
        "phone": "10000000017",
        "area": area(MABAO),
        "words": "药吃完了",
        "category": a_category(),
    }
    return NeedFacts(**{**said, **changes})


def test_each_household_is_a_visit_and_those_that_need_something_a_need():
    worker = a_worker()
    item = a_menu_item()
    walk = begin_round(area(MABAO), TODAY, key="page", by=worker, at=NOW)

    visit = note_visit(walk, facts(item=item), key="a", by=worker, at=NOW)
    nothing = note_visit(walk, None, key="b", by=worker, at=NOW)

    assert (visit.need.door, visit.need.entered_by, visit.need.item) == (Door.ROUND, worker, item)
    assert nothing.need is None
    counted = rounds_of(worker).get()
    assert (counted.households, counted.needs, counted.still_open) == (2, 1, 1)


def test_the_same_page_and_row_sent_twice_is_one_round_and_one_need():
    worker = a_worker()
    for _time in range(2):
        walk = begin_round(area(MABAO), TODAY, key="page", by=worker, at=NOW)
        note_visit(walk, facts(), key="a", by=worker, at=NOW)

    assert (Round.objects.count(), Visit.objects.count(), Need.objects.count()) == (1, 1, 1)


def test_a_social_workers_household_is_noted_as_such():
    worker = a_worker(Role.SOCIAL_WORKER, TUNZI)
    walk = begin_round(area(MABAO), TODAY, key="page", by=worker, at=NOW)

    assert note_visit(walk, facts(), key="a", by=worker, at=NOW).need.door == Door.SOCIAL_WORKER


def test_the_need_lies_in_the_rounds_village_whatever_the_row_says():
    worker = a_worker(area_code=TUNZI)
    walk = begin_round(area(MABAO), TODAY, key="page", by=worker, at=NOW)

    assert note_visit(walk, facts(area=area(BAOCHENG)), key="a", by=worker, at=NOW).need.area_id == MABAO


def test_a_row_that_is_refused_leaves_no_visit():
    worker = a_worker()
    walk = begin_round(area(MABAO), TODAY, key="page", by=worker, at=NOW)

    with pytest.raises(Refused) as refusal:
        note_visit(walk, facts(phone="12"), key="a", by=worker, at=NOW)

    assert refusal.value.obstacle == PhoneObstacle.NOT_A_PHONE
    assert Visit.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "day", "obstacle"),
    [(TUNZI, TODAY, RoundObstacle.NOT_A_VILLAGE), (MABAO, TODAY + timedelta(days=1), RoundObstacle.LATER)],
)
def test_a_round_is_of_a_village_and_of_a_day_that_has_come(code, day, obstacle):
    with pytest.raises(Refused) as refusal:
        begin_round(area(code), day, key="page", by=a_clerk(), at=NOW)
    assert refusal.value.obstacle == obstacle


@pytest.mark.parametrize("who", [a_worker, a_person, an_auditor])
def test_nobody_writes_a_round_outside_of_their_area(who):
    with pytest.raises(Refused) as refusal:
        begin_round(area(MENGBA_VILLAGE), TODAY, key="page", by=who(), at=NOW)
    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_nobody_adds_to_somebody_elses_round():
    walk = a_round(a_worker())

    with pytest.raises(Refused) as refusal:
        note_visit(walk, facts(), key="z", by=a_clerk(), at=NOW)
    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


def test_whoever_walked_sees_what_became_of_each_need_and_nobody_elses_rounds():
    worker = a_worker()
    walk = a_round(worker, needs=(a_need(), a_need(state=NeedState.CLOSED)))
    a_round(a_clerk())

    assert [(one.pk, one.needs, one.still_open) for one in rounds_of(worker)] == [(walk.pk, 2, 1)]
    assert [visit.need.state if visit.need else None for visit in visits_of(walk)] == [None, "submitted", "closed"]
