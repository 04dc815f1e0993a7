import pytest

from tests.build import BAOCHENG, MENGBA, NOW, TUNZI, a_clerk, a_household, a_resident, an_office
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.residents.households import Home, HouseholdObstacle, form_household, move_in, move_out
from zhiyuan.domain.residents.models import Household, Resident

pytestmark = pytest.mark.django_db
HOME = Home(address="二组第三家", way="过桥左手", note="老两口")


def _refusal(act, *args, by):
    with pytest.raises(Refused) as refusal:
        act(*args, by=by, at=NOW)
    return refusal.value.obstacle


def _actions():
    return list(JournalEntry.objects.order_by("seq").values_list("action", flat=True))


def test_where_a_resident_lives_is_written_down_once_and_corrected_later():
    clerk, resident = a_clerk(TUNZI), a_resident()

    household = form_household(resident, HOME, by=clerk, at=NOW)
    form_household(resident, Home(way="村口第一家"), by=clerk, at=NOW)

    household.refresh_from_db()
    assert Household.objects.get() == household == Resident.objects.get().household
    assert (household.area, household.address, household.way, household.note) == (resident.area, "", "村口第一家", "")
    assert _actions() == ["household.formed", "resident.moved_in", "household.kept", "household.kept"]


def test_a_house_that_nobody_could_find_is_refused():
    assert _refusal(form_household, a_resident(), Home(note="老两口"), by=a_clerk(TUNZI)) == HouseholdObstacle.NOWHERE
    assert not Household.objects.exists()


def test_a_resident_moves_in_with_another_and_out_again():
    clerk, resident, other = a_clerk(TUNZI), a_resident(), a_resident()

    household = move_in(resident, other, by=clerk, at=NOW)
    assert list(household.members.order_by("pk")) == [resident, other]
    move_out(resident, by=clerk, at=NOW)

    assert list(household.members.all()) == [other]
    assert _actions() == ["household.formed", "resident.moved_in", "resident.moved_in", "resident.moved_out"]


def test_who_moves_in_leaves_the_household_they_lived_in():
    resident, other = a_resident(), a_resident()
    left, shared = a_household(resident), a_household(other)

    assert move_in(resident, other, by=a_clerk(TUNZI), at=NOW) == shared
    assert not left.members.exists()


def test_what_stands_in_the_way_is_named():
    clerk, resident, elsewhere = a_clerk(TUNZI), a_resident(), a_resident(area_code=BAOCHENG)
    together = a_resident()
    a_household(resident, together)

    assert _refusal(move_in, resident, elsewhere, by=clerk) == HouseholdObstacle.OTHER_VILLAGE
    assert _refusal(move_in, resident, together, by=clerk) == HouseholdObstacle.TOGETHER
    assert _refusal(move_in, resident, resident, by=clerk) == HouseholdObstacle.TOGETHER
    assert _refusal(move_out, a_resident(), by=clerk) == HouseholdObstacle.ALONE


def test_only_who_may_change_both_residents_moves_them():
    resident, other = a_resident(), a_resident()
    a_household(resident)

    for person in (a_clerk(MENGBA), an_office()):
        assert _refusal(form_household, resident, HOME, by=person) == AccessObstacle.NOT_YOURS
        assert _refusal(move_in, resident, other, by=person) == AccessObstacle.NOT_YOURS
        assert _refusal(move_out, resident, by=person) == AccessObstacle.NOT_YOURS
