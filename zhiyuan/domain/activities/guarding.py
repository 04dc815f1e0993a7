"""A guardian's word about a child's service: entered at the counter, taken back by them or who keeps the file."""

from datetime import datetime

from django.utils.translation import gettext

from zhiyuan.domain.activities.models import Shift, SignUp
from zhiyuan.domain.activities.signup import free_place, lacks_guardian, lock_signup, shifts_with_facts
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may, require
from zhiyuan.domain.people.guardians import Guardian, give_guardian_consent, withdraw_guardian_consent
from zhiyuan.domain.people.models import GuardianConsent, HowGiven, Person
from zhiyuan.domain.volunteers.models import Volunteer


@verb
def enter_guardian_consent(volunteer: Volunteer, guardian: Guardian, *, by: Person, at: datetime) -> GuardianConsent:
    """Store what a guardian said: to a clerk of the village, or by a code that the child typed on their own page."""
    if by.pk != volunteer.person_id or guardian.how != HowGiven.CODE:
        require(by, Permission.ENTER_NEED, area=volunteer.area_id)
    return give_guardian_consent(volunteer.person, guardian, by=by, at=at)


def may_take_back(consent: GuardianConsent, by: Person) -> bool:
    """The guardian by their own telephone, the child's account, or the clerk of the village."""
    if by.pk == consent.person_id or (by.phone_key and by.phone_key == consent.guardian_key):
        return True
    volunteer = Volunteer.objects.filter(person=consent.person_id).first()
    return volunteer is not None and may(by, Permission.ENTER_NEED, area=volunteer.area_id)


@verb
def take_back_guardian_consent(consent: GuardianConsent, *, by: Person, at: datetime) -> None:
    """From this moment the guardian allows nothing more by it; places that it alone allowed are free again."""
    if not may_take_back(consent, by):
        raise Refused(AccessObstacle.NOT_YOURS)
    consent = withdraw_guardian_consent(consent, by=by, at=at)
    volunteer = Volunteer.objects.select_related("person").filter(person=consent.person_id).first()
    for signup in _no_longer_allowed(volunteer, at) if volunteer else ():
        free_place(lock_signup(signup), gettext("The guardian's consent was taken back."), by=by, at=at)


def _no_longer_allowed(volunteer: Volunteer, at: datetime) -> list[SignUp]:
    held = SignUp.objects.filter(volunteer=volunteer, state=SignUp.State.ADMITTED, starts_at__gt=at)
    shifts = shifts_with_facts(Shift.objects.filter(pk__in=held.values("shift")), volunteer)
    lost = [shift.pk for shift in shifts if lacks_guardian(shift, volunteer)]
    return list(held.filter(shift__in=lost).select_related("shift").order_by("shift_id", "pk"))
