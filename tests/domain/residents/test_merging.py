import pytest

from tests.build import (
    BAOCHENG,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    a_clerk,
    a_grant,
    a_household,
    a_merge,
    a_person,
    a_resident,
    an_office,
)
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.residents.checking import resident_checks
from zhiyuan.domain.residents.merging import (
    Likeness,
    MergingObstacle,
    likenesses,
    merge_residents,
    tell_apart,
    twins_among,
    twins_of,
    undo_merge,
    with_twins,
)
from zhiyuan.domain.residents.models import Difference, Merge, Resident
from zhiyuan.domain.residents.permissions import ResidentObstacle
from zhiyuan.domain.residents.queries import residents_visible_to

pytestmark = pytest.mark.django_db
WHY = "电话里问过，是同一个人。"


def _refusal(act, *args, by):
    with pytest.raises(Refused) as refusal:
        act(*args, by=by, at=NOW)
    return refusal.value.obstacle


def _holds():
    return all(check.holds for check in resident_checks())


# Twins ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({"name": "王奶奶", "phone": "10000000017"}, {"name": "王桂兰", "phone": "10000000017"}, Likeness.PHONE),
        ({"name": "王桂兰"}, {"name": "王 桂兰"}, Likeness.NAME),
        ({"name": "王桂兰", "phone": "10000000017"}, {"name": "李秀英", "phone": "10000000017"}, None),
        ({"name": "王桂兰"}, {"name": "王桂兰", "area_code": BAOCHENG}, None),
        ({"name": "王桂兰"}, {"name": "李秀英"}, None),
    ],
)
def test_entries_are_alike_by_telephone_and_family_name_or_by_name_and_village(one, other, why):
    first, second = a_resident(**one), a_resident(**other)

    assert likenesses(first, second) == ((why,) if why else ())
    assert list(with_twins(Resident.objects.all())) == ([second] if why else [])
    assert [pair.likenesses for pair in twins_of(first, Resident.objects.all())] == ([(why,)] if why else [])


def test_entries_of_one_account_are_alike():
    person = a_person()
    first = a_resident(name="李芳", person=person)
    second = a_resident(name="王芳", person=person, area_code=BAOCHENG)

    assert likenesses(first, second) == (Likeness.ACCOUNT,)
    assert list(with_twins(Resident.objects.all())) == [second]


def test_pairs_are_shown_the_earlier_entry_first_and_only_where_both_are_seen():
    first, second = a_resident(name="王桂兰"), a_resident(name="王桂兰")
    phone = first.phone
    foreign = a_resident(name="王桂芳", phone=phone, area_code=MENGBA_VILLAGE)

    def pairs(person):
        visible = residents_visible_to(person)
        return [(pair.first, pair.second) for pair in twins_among(visible, list(with_twins(visible)))]

    assert pairs(a_clerk(TUNZI)) == [(first, second)]
    assert pairs(a_clerk(MENGBA)) == []
    assert pairs(an_office()) == [(first, foreign), (first, second)]


def test_two_people_told_apart_are_not_proposed_again():
    first, second, third = (a_resident(name="王桂兰") for _each in range(3))
    clerk = a_clerk(TUNZI)

    tell_apart(second, first, by=clerk, at=NOW)
    tell_apart(first, second, by=clerk, at=NOW)

    everybody = Resident.objects.all()
    assert list(with_twins(everybody)) == [third]
    assert [(pair.first, pair.second) for pair in twins_among(everybody, [third, second])] == [
        (first, third),
        (second, third),
    ]
    assert [pair.second for pair in twins_of(first, everybody)] == [third]
    assert Difference.objects.count() == JournalEntry.objects.filter(action="resident.told_apart").count() == 1


# Merging --------------------------------------------------------------------------------------------------------------


def test_two_entries_become_one_by_whom_and_why_and_the_journal_keeps_no_words():
    clerk, kept, other = a_clerk(TUNZI), a_resident(), a_resident(name="王奶奶")

    merge = merge_residents(kept, other, WHY, by=clerk, at=NOW)

    other.refresh_from_db()
    assert (other.current, merge.reason, merge.by, merge.at) == (kept, WHY, clerk, NOW)
    entry = JournalEntry.objects.get(action="resident.merged")
    assert (entry.object, entry.facts) == (f"resident:{kept.public_id}", {"merged": other.public_id})
    assert _holds()


def test_undone_both_entries_stand_again_as_they_were():
    clerk, kept, other = a_clerk(TUNZI), a_resident(), a_resident(name="王奶奶", wishes="sees_badly")
    merge = merge_residents(kept, other, WHY, by=clerk, at=NOW)

    undo_merge(merge, "是婆媳两个人。", by=clerk, at=NOW)

    other.refresh_from_db()
    merge.refresh_from_db()
    assert (other.current, other.name, other.wishes) == (other, "王奶奶", "sees_badly")
    assert (merge.undone_by, merge.undone_at, merge.undone_reason) == (clerk, NOW, "是婆媳两个人。")
    assert JournalEntry.objects.filter(action="resident.merge_undone").count() == 1
    assert _refusal(undo_merge, merge, "再撤一次", by=clerk) == MergingObstacle.UNDONE
    assert _holds()


def test_whoever_leads_to_a_merged_entry_is_taken_along_in_one_step_and_given_back():
    clerk, first, middle, last = a_clerk(TUNZI), a_resident(), a_resident(), a_resident()
    merge_residents(middle, first, WHY, by=clerk, at=NOW)
    outer = merge_residents(last, middle, WHY, by=clerk, at=NOW)

    def leads_to():
        return [Resident.objects.get(pk=one.pk).current for one in (first, middle, last)]

    assert leads_to() == [last, last, last]
    undo_merge(outer, "不是", by=clerk, at=NOW)
    assert leads_to() == [middle, middle, last]
    assert _holds()


def test_an_inner_merge_is_undone_while_the_outer_one_stands():
    clerk, first, middle, last = a_clerk(TUNZI), a_resident(), a_resident(), a_resident()
    inner = merge_residents(middle, first, WHY, by=clerk, at=NOW)
    outer = merge_residents(last, middle, WHY, by=clerk, at=NOW)

    undo_merge(inner, "不是", by=clerk, at=NOW)
    undo_merge(outer, "不是", by=clerk, at=NOW)

    assert not Resident.objects.exclude(merged_into=None).exists()
    merge_residents(first, last, WHY, by=clerk, at=NOW)  # and may be merged anew
    assert _holds()


def test_what_stands_in_the_way_is_named():
    clerk, kept, other = a_clerk(TUNZI), a_resident(), a_resident()
    merged = a_resident()
    a_merge(kept, merged)

    assert _refusal(merge_residents, kept, kept, WHY, by=clerk) == MergingObstacle.THEMSELVES
    assert _refusal(tell_apart, kept, kept, by=clerk) == MergingObstacle.THEMSELVES
    assert _refusal(merge_residents, kept, other, " ", by=clerk) == MergingObstacle.SILENT
    for pair in ((kept, merged), (merged, other)):
        assert _refusal(merge_residents, *pair, WHY, by=clerk) == ResidentObstacle.MERGED
    assert _refusal(undo_merge, Merge.objects.get(), " ", by=clerk) == MergingObstacle.SILENT
    assert Merge.objects.filter(undone_at=None).count() == 1


def test_only_who_verifies_needs_of_both_merges_them():
    worker = a_person()
    a_grant(worker, Role.GRID_WORKER, area_code=TUNZI)
    one, other = a_resident(created_by=worker), a_resident(created_by=worker)
    foreign, merge = a_resident(area_code=MENGBA_VILLAGE), a_merge(one, a_resident())

    for person in (worker, an_office(), a_clerk(MENGBA)):
        assert _refusal(merge_residents, one, other, WHY, by=person) == AccessObstacle.NOT_YOURS
        assert _refusal(tell_apart, one, other, by=person) == AccessObstacle.NOT_YOURS
        assert _refusal(undo_merge, merge, WHY, by=person) == AccessObstacle.NOT_YOURS
    assert _refusal(merge_residents, one, foreign, WHY, by=a_clerk(TUNZI)) == AccessObstacle.NOT_YOURS


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_merge_the_same_entry_at_once_leave_one_merge():
    clerk, one, other, third = a_clerk(TUNZI), a_resident(), a_resident(), a_resident()

    def into(kept):
        return lambda: merge_residents(kept, other, WHY, by=clerk, at=NOW)

    done = race([into(one), into(third)])

    assert sorted(isinstance(outcome, Merge) for outcome in done) == [False, True]
    assert Merge.objects.count() == 1
    assert _holds()


# What must always hold ------------------------------------------------------------------------------------------------


def test_a_check_finds_chains_missing_lines_and_people_out_of_place():
    one, two, three, four = (a_resident() for _each in range(4))
    a_merge(two, one)
    a_merge(three, two)  # so that one leads to two, who leads on
    lost = a_resident(merged_into=four)
    a_household(a_resident(), area_code=BAOCHENG)
    misplaced = Resident.objects.exclude(household=None).get()

    found = {check.name: check.wrong for check in resident_checks()}

    assert list(found.values()) == [(one.public_id,), (lost.public_id,), (misplaced.public_id,)]
