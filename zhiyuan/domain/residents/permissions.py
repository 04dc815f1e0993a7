"""Who may see and change which residents."""

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may, scope_of
from zhiyuan.domain.organisations.queries import areas_of_permission, villages_of_permission
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.residents.models import Resident


class ResidentObstacle(TextChoices):
    MERGED = "resident_was_merged", _("This entry was merged with another one. Open that one.")


def rows_for(person: Person | None) -> Q:
    """Residents where somebody sees needs; and where they only enter needs, those whom they entered themselves."""
    sees, enters = scope_of(person, Permission.SEE_NEEDS), scope_of(person, Permission.ENTER_NEED)
    if set(enters.areas) <= set(sees.areas):
        return sees.rows()
    return sees.rows() | (Q(created_by=person) & enters.rows())


def may_see(person: Person, resident: Resident) -> bool:
    area = resident.area_id
    own = resident.created_by_id == person.pk and may(person, Permission.ENTER_NEED, area=area)
    return own or may(person, Permission.SEE_NEEDS, area=area)


def may_keep_in(person: Person, area_code: str) -> bool:
    """Whether somebody writes down what they learn of people there."""
    return any(may(person, p, area=area_code) for p in (Permission.ENTER_NEED, Permission.VERIFY_NEED))


def may_keep(person: Person, resident: Resident) -> bool:
    return may_see(person, resident) and may_keep_in(person, resident.area_id)


def require_see(person: Person, resident: Resident) -> None:
    if not may_see(person, resident):
        raise Refused(AccessObstacle.NOT_YOURS)


def lock_to_keep(person: Person, *residents: Resident) -> list[Resident]:
    """The residents as they stand, held until the commit, for somebody who may change all of them."""
    keys = [resident.pk for resident in residents]
    held = Resident.objects.select_for_update(of=("self",)).select_related("household").order_by("pk").in_bulk(keys)
    found = [held[key] for key in keys]
    if not all(may_keep(person, resident) for resident in found):
        raise Refused(AccessObstacle.NOT_YOURS)
    if any(resident.merged_into_id for resident in found):
        raise Refused(ResidentObstacle.MERGED)
    return found


def villages_to_keep(person: Person) -> QuerySet[Area]:
    """Where somebody may write down that a resident lives."""
    return villages_of_permission(person, Permission.ENTER_NEED) | villages_of_permission(
        person, Permission.VERIFY_NEED
    )


def places_of(person: Person) -> QuerySet[Area]:
    """Areas whose residents somebody may come upon, the largest first."""
    sees = may(person, Permission.SEE_NEEDS)
    return areas_of_permission(person, Permission.SEE_NEEDS if sees else Permission.ENTER_NEED)
