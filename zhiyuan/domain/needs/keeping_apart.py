"""A household and a volunteer who do not want each other are kept apart. Silently: neither is told the other's word."""

from datetime import datetime

from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.models import KeptApart, Need
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Volunteer
from zhiyuan.domain.volunteers.queries import person_for_role


class ApartObstacle(TextChoices):
    APART = "already_kept_apart", _("These two are kept apart already.")
    NOT_APART = "not_kept_apart", _("These two are not kept apart.")
    UNKNOWN = "kept_apart_from_whom", _("No volunteer has this number or telephone. Please look again.")


def _standing(need: Need) -> QuerySet[KeptApart]:
    return KeptApart.objects.filter(phone_key=need.phone_key, ended_at=None)


def kept_apart_from(need: Need) -> QuerySet[KeptApart]:
    """Volunteers who are not to come to this household; for the desk alone."""
    return _standing(need).select_related("volunteer__person").order_by("at", "pk")


def is_kept_apart(need: Need, volunteer: Volunteer) -> bool:
    return _standing(need).filter(volunteer=volunteer).exists()


def households_apart(volunteer: Volunteer) -> QuerySet[KeptApart, str]:
    """Keys of the households that a volunteer is kept apart from; for filters."""
    return KeptApart.objects.filter(volunteer=volunteer, ended_at=None).values_list("phone_key", flat=True)


def volunteer_named(words: str, *, by: Person, at: datetime) -> Volunteer:
    """The volunteer with this number or telephone. Counted: nobody learns names by trying numbers."""
    person = person_for_role(words, by=by, at=at)
    volunteer = Volunteer.objects.filter(person=person).first() if person else None
    if volunteer is None:
        raise Refused(ApartObstacle.UNKNOWN)
    return volunteer


@verb
def keep_apart(
    need: Need, volunteer: Volunteer, reason: str, *, by_household: bool, by: Person, at: datetime
) -> KeptApart:
    """The household does not want this volunteer, or the volunteer not this household: said to the desk, or by the
    volunteer of themselves."""
    own = by.pk == volunteer.person_id and not by_household
    if not own and not may(by, Permission.VERIFY_NEED, area=need.area_id):
        raise Refused(AccessObstacle.NOT_YOURS)
    kept, made = KeptApart.objects.get_or_create(
        phone_key=need.phone_key,
        volunteer=volunteer,
        ended_at=None,
        defaults={"by_household": by_household, "reason": reason, "by": by, "at": at},
    )
    if not made:
        raise Refused(ApartObstacle.APART)
    record(by, "need.kept_apart", need, at=at, volunteer=volunteer.public_id)
    return kept


@verb
def let_together(need: Need, volunteer: Volunteer, *, by: Person, at: datetime) -> None:
    """It is good again."""
    require(by, Permission.VERIFY_NEED, area=need.area_id)
    if not _standing(need).filter(volunteer=volunteer).update(ended_at=at):
        raise Refused(ApartObstacle.NOT_APART)
    record(by, "need.let_together", need, at=at, volunteer=volunteer.public_id)
