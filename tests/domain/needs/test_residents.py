"""Behind every need stands a resident, the same one however often they ask."""

import pytest

from tests.build import (
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    a_category,
    a_clerk,
    a_grant,
    a_merge,
    a_need,
    a_person,
    a_resident,
    an_office,
    area,
)
from tests.domain.foundation.race import race
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.needs.checking import need_checks
from zhiyuan.domain.needs.filing import NeedFacts, file_need
from zhiyuan.domain.needs.models import Door, Mandate, Need
from zhiyuan.domain.needs.queries import needs_of_residents
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.residents.models import Resident
from zhiyuan.domain.residents.queries import entries_of

pytestmark = pytest.mark.django_db


def _filed(name="王奶奶", *, door=Door.WEB, by=None, **changes):
    facts = {"phone": "100 0000 0017", "area": area(MABAO), "words": "降压药快吃完了。", "category": a_category()}
    return file_need(NeedFacts(name=name, **{**facts, **changes}), door=door, by=by, at=NOW)


def test_whoever_asks_twice_by_whatever_door_has_two_needs_and_one_file():
    needs = [_filed(), _filed(door=Door.PHONE, by=a_clerk())]

    assert Resident.objects.get() == needs[0].resident == needs[1].resident
    assert (needs[0].resident.phone, needs[0].resident.person) == ("10000000017", None)


def test_an_account_is_noted_when_somebody_asks_for_themselves_only():
    person = a_person(name="李芳")

    own = _filed("李芳", by=person)
    mothers = _filed("王桂兰", by=person, proxy_name="李芳", proxy_relation="女儿", mandate=Mandate.SPOKEN)

    assert [need.resident.person for need in (own, mothers)] == [person, None]


def test_what_a_clerk_takes_down_belongs_to_no_account():
    clerk = a_clerk()

    need = _filed(door=Door.VISIT, by=clerk)

    assert (need.resident.person, need.resident.created_by) == (None, clerk)


@pytest.mark.django_db(transaction=True)
def test_four_requests_of_one_person_at_once_leave_one_resident():
    said = NeedFacts("王奶奶", "10000000017", area(MABAO), "降压药快吃完了。", a_category())

    answers = race([lambda: file_need(said, door=Door.WEB, by=None, at=NOW)] * 4)

    assert {need.resident for need in answers} == set(Resident.objects.all())
    assert (Need.objects.count(), Resident.objects.count()) == (4, 1)


def test_a_need_that_was_refused_leaves_no_resident():
    with pytest.raises(Exception, match="need_without_words"):
        _filed(words=" ")

    assert (Need.objects.count(), Resident.objects.count()) == (0, 0)


def test_what_was_asked_before_is_read_newest_first_through_merged_entries_as_far_as_one_may_see():
    kept, merged = a_resident(), a_resident(area_code=MENGBA_VILLAGE)
    a_merge(kept, merged)
    worker = a_person()
    a_grant(worker, Role.GRID_WORKER, area_code=TUNZI)
    here = a_need(resident=kept)
    there = a_need(resident=merged, area_code=MENGBA_VILLAGE)
    brought = a_need(resident=kept, entered_by=worker)
    a_need()

    def seen(person):
        return list(needs_of_residents(entries_of(kept), person))

    assert seen(an_office()) == [brought, there, here]
    assert seen(a_clerk(TUNZI)) == [brought, here]
    assert seen(a_clerk(MENGBA)) == [there]
    assert seen(worker) == [brought]


def test_a_check_finds_a_need_that_was_asked_for_somebody_of_another_county():
    other_county = Area.objects.create(code="621026101201", name="别村", place="别镇 别村", level=5)
    a_need()
    a_need(resident=a_resident())
    wrong = a_need(resident=a_resident())
    Resident.objects.filter(pk=wrong.resident_id).update(area=other_county)

    found = {check.name: check.wrong for check in need_checks()}

    assert found["needs: asked for residents of the same county"] == (wrong.public_id,)
