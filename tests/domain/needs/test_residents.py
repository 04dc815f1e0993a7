"""Behind every need stands a resident, the same one however often they ask."""

import pytest

from tests.build import MABAO, NOW, a_category, a_clerk, a_person, area
from zhiyuan.domain.needs.filing import NeedFacts, file_need
from zhiyuan.domain.needs.models import Door, Need
from zhiyuan.domain.residents.models import Resident

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
    mothers = _filed("王桂兰", by=person, proxy_name="李芳", proxy_relation="女儿")

    assert [need.resident.person for need in (own, mothers)] == [person, None]


def test_what_a_clerk_takes_down_belongs_to_no_account():
    clerk = a_clerk()

    need = _filed(door=Door.VISIT, by=clerk)

    assert (need.resident.person, need.resident.created_by) == (None, clerk)


def test_a_need_that_was_refused_leaves_no_resident():
    with pytest.raises(Exception, match="need_without_words"):
        _filed(words=" ")

    assert (Need.objects.count(), Resident.objects.count()) == (0, 0)
