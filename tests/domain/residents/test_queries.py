import pytest

from tests.build import (
    BAOCHENG,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    a_clerk,
    a_grant,
    a_household,
    a_leader,
    a_merge,
    a_person,
    a_resident,
    a_team,
    an_auditor,
    an_office,
)
from zhiyuan.domain.foundation.limits import spend
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.residents.models import Resident
from zhiyuan.domain.residents.permissions import may_keep, may_see
from zhiyuan.domain.residents.queries import (
    RESIDENTS_AN_HOUR,
    ViewingObstacle,
    entries_of,
    found_by,
    household_of,
    merges_of,
    open_resident,
    residents_visible_to,
)

pytestmark = pytest.mark.django_db


def _worker(role=Role.GRID_WORKER, area_code=TUNZI):
    person = a_person(name="贺巡")
    a_grant(person, role, area_code=area_code)
    return person


def _seen(person):
    return list(residents_visible_to(person).order_by("pk"))


def test_staff_see_the_residents_of_their_branch_and_nobody_elses():
    own, foreign = a_resident(), a_resident(area_code=MENGBA_VILLAGE)

    assert _seen(an_office()) == [own, foreign]
    assert _seen(a_clerk(TUNZI)) == [own]
    assert _seen(a_clerk(MENGBA)) == [foreign]
    for person in (None, a_person(), a_leader(a_team())):
        assert _seen(person) == []


@pytest.mark.parametrize("role", [Role.GRID_WORKER, Role.SOCIAL_WORKER])
def test_who_only_brings_needs_in_sees_whom_they_entered_while_they_work_there(role):
    worker, away = _worker(role), _worker(role, MENGBA)
    a_resident()
    own = a_resident(created_by=worker)
    elsewhere = a_resident(created_by=away)

    assert (_seen(worker), _seen(away)) == ([own], [])
    assert (may_keep(worker, own), may_see(worker, elsewhere), may_see(away, elsewhere)) == (True, False, False)


def test_who_sees_needs_does_not_yet_change_residents():
    resident = a_resident()

    for person in (an_office(), an_auditor()):
        assert (may_see(person, resident), may_keep(person, resident)) == (True, False)


def test_a_merged_entry_is_not_listed_beside_the_one_that_stands():
    kept = a_resident()
    a_merge(kept, a_resident())

    assert _seen(an_office()) == [kept]
    assert entries_of(kept).count() == 2


@pytest.mark.parametrize("words", ["王桂兰", "王 桂兰", "10000000017", "100 0000 0017", "+86 100-0000-0017"])
def test_a_resident_is_found_by_full_name_and_by_telephone_alone(words):
    wanted = a_resident(name="王桂兰", phone="10000000017")
    a_resident(name="王桂芳", phone="10000000018")

    assert list(found_by(Resident.objects.all(), words)) == [wanted]


@pytest.mark.parametrize("words", ["", "桂兰", "1000000001", "%"])
def test_parts_of_a_name_or_number_find_nobody(words):
    a_resident(name="王桂兰", phone="10000000017")

    assert list(found_by(Resident.objects.all(), words)) == []


def test_what_stood_in_a_merged_entry_still_finds_them():
    kept = a_resident(name="王桂兰", phone="10000000017")
    a_merge(kept, a_resident(name="王奶奶", phone="10000000018"))

    for words in ("王奶奶", "10000000018"):
        assert list(found_by(residents_visible_to(an_office()), words)) == [kept]


def test_a_household_shows_the_others_whom_one_may_see():
    worker = _worker()
    one, other, unseen = a_resident(created_by=worker), a_resident(created_by=worker), a_resident()
    a_household(one, other, unseen)
    a_merge(one, a_resident(household=one.household))

    assert list(household_of(one, a_clerk(TUNZI))) == [other, unseen]
    assert list(household_of(one, worker)) == [other]
    assert list(household_of(a_resident(), a_clerk(TUNZI))) == []


def test_merges_of_merges_are_listed_with_the_resident_who_stands():
    kept, middle, first = a_resident(), a_resident(area_code=BAOCHENG), a_resident(area_code=MABAO)
    inner, outer = a_merge(middle, first), a_merge(kept, middle)
    Resident.objects.filter(pk=first.pk).update(merged_into=kept)

    assert list(merges_of(kept)) == [outer, inner]


def test_each_look_is_noted():
    clerk, resident = a_clerk(TUNZI), a_resident()

    open_resident(resident, by=clerk, at=NOW)

    entry = JournalEntry.objects.get(action="resident.viewed")
    assert (entry.actor, entry.object, entry.facts) == (clerk.public_id, f"resident:{resident.public_id}", {})


def test_strangers_open_nothing_and_nothing_is_noted():
    resident = a_resident()

    for person in (a_clerk(MENGBA), a_person(), _worker()):
        with pytest.raises(Refused) as refusal:
            open_resident(resident, by=person, at=NOW)
        assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    assert not JournalEntry.objects.exists()


def test_whoever_opens_residents_by_the_hundred_is_stopped():
    clerk, resident = a_clerk(TUNZI), a_resident()
    for _each in range(RESIDENTS_AN_HOUR.times):
        spend(RESIDENTS_AN_HOUR, clerk.public_id, at=NOW)

    with pytest.raises(Refused) as refusal:
        open_resident(resident, by=clerk, at=NOW)

    assert refusal.value.obstacle == ViewingObstacle.TOO_MANY
    assert not JournalEntry.objects.exists()
