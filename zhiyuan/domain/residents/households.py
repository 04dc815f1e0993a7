"""Who lives under one roof, and how to find it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.residents.models import Household, Resident
from zhiyuan.domain.residents.permissions import lock_to_keep


class HouseholdObstacle(TextChoices):
    NOWHERE = "household_without_place", _("Say where the house is, or how to find it.")
    OTHER_VILLAGE = "household_elsewhere", _("They live in different villages. Correct the village first.")
    TOGETHER = "household_already_shared", _("They already live together here.")
    ALONE = "no_household", _("No household is written down for this resident.")


@dataclass(frozen=True)
class Home:
    address: str = ""
    way: str = ""
    note: str = ""


@verb
def form_household(resident: Resident, home: Home, *, by: Person, at: datetime) -> Household:
    """Write down where a resident lives; whoever already lives there with them finds it changed."""
    (resident,) = lock_to_keep(by, resident)
    if not (home.address.strip() or home.way.strip()):
        raise Refused(HouseholdObstacle.NOWHERE)
    household = resident.household or _found_household(resident, by=by, at=at)
    household.address, household.way, household.note = home.address.strip(), home.way.strip(), home.note.strip()
    household.save(update_fields=["address", "way", "note"])
    record(by, "household.kept", household, at=at)
    return household


def _found_household(resident: Resident, *, by: Person, at: datetime) -> Household:
    household = Household.objects.create(area=resident.area, created_at=at, created_by=by)
    record(by, "household.formed", household, at=at, area=resident.area_id)
    _house(resident, household, by=by, at=at)
    return household


def _house(resident: Resident, household: Household, *, by: Person, at: datetime) -> None:
    resident.household = household
    resident.save(update_fields=["household"])
    record(by, "resident.moved_in", resident, at=at, household=household.public_id)


def obstacle_to_move_in(resident: Resident, other: Resident) -> HouseholdObstacle | None:
    """Why a resident can't live with another one; None when nothing stands in the way."""
    if resident.area_id != other.area_id:
        return HouseholdObstacle.OTHER_VILLAGE
    if resident.pk == other.pk or (resident.household_id and resident.household_id == other.household_id):
        return HouseholdObstacle.TOGETHER
    return None


@verb
def move_in(resident: Resident, other: Resident, *, by: Person, at: datetime) -> Household:
    """A resident lives with another one from now on; a household that nobody wrote down yet is formed."""
    resident, other = lock_to_keep(by, resident, other)
    if obstacle := obstacle_to_move_in(resident, other):
        raise Refused(obstacle)
    household = other.household or _found_household(other, by=by, at=at)
    _house(resident, household, by=by, at=at)
    return household


@verb
def move_out(resident: Resident, *, by: Person, at: datetime) -> None:
    (resident,) = lock_to_keep(by, resident)
    household = resident.household
    if household is None:
        raise Refused(HouseholdObstacle.ALONE)
    resident.household = None
    resident.save(update_fields=["household"])
    record(by, "resident.moved_out", resident, at=at, household=household.public_id)
