import pytest

from tests.build import MABAO, MENGBA_VILLAGE, NOW, TODAY, a_clerk, a_person, a_resident, area
from zhiyuan.domain.foundation.database import missing_guards
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.residents.finding import resident_for
from zhiyuan.domain.residents.models import Resident

pytestmark = pytest.mark.django_db
PHONE = "10000000017"


def _found(name="王桂兰", *, phone=PHONE, area_code=MABAO, person=None, by=None):
    return resident_for(name=name, phone=phone, area=area(area_code), person=person, by=by, at=NOW)


def test_who_asks_for_the_first_time_is_entered_by_whoever_took_it_down():
    clerk = a_clerk()

    resident = _found(by=clerk)

    assert (resident.name, resident.phone, resident.area_id) == ("王桂兰", PHONE, MABAO)
    assert (resident.since, resident.created_by, resident.person) == (TODAY, clerk, None)
    entry = JournalEntry.objects.get(action="resident.entered")
    assert (entry.actor, entry.object) == (clerk.public_id, f"resident:{resident.public_id}")
    assert entry.facts == {"area": MABAO}


@pytest.mark.parametrize("name", ["王桂兰", "王 桂兰", " 王桂兰 "])
def test_who_asks_again_is_the_same_resident(name):
    resident = _found()

    assert _found(name) == resident


def test_another_village_of_the_township_is_no_other_person():
    resident = _found()

    assert _found(area_code="621027103201") == resident


@pytest.mark.parametrize(
    "asked",
    [{"name": "王秀英"}, {"phone": "10000000018"}, {"area_code": MENGBA_VILLAGE}],
    ids=["a neighbour on the same telephone", "another telephone", "another township"],
)
def test_others_are_entered_beside_them(asked):
    resident = _found()

    assert _found(**asked) != resident
    assert Resident.objects.count() == 2


def test_an_account_makes_up_for_a_name_that_is_written_shorter():
    person = a_person(name="王桂兰")
    resident = _found(person=person)

    assert _found("桂兰", person=person) == resident
    assert _found("桂兰") != resident


def test_an_account_that_asks_for_somebody_else_is_not_taken_for_them():
    daughter = a_person(name="李芳")
    resident = _found("李芳", person=daughter)

    assert _found("王桂兰", person=daughter) != resident


def test_an_entry_that_was_merged_leads_to_the_one_that_stands():
    kept = a_resident(name="王桂兰", phone="10000000018")
    a_resident(name="王奶奶", phone=PHONE, merged_into=kept)

    assert _found("王奶奶") == kept


def test_what_is_undone_leaves_no_resident_behind():
    @verb
    def fail_after_entering():
        _found()
        raise RuntimeError

    area()
    with pytest.raises(RuntimeError):
        fail_after_entering()

    assert not Resident.objects.exists()


def test_needs_kept_their_guards_when_they_learnt_of_residents():
    assert missing_guards() == []
