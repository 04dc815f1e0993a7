"""What is left of somebody who closed their account: a masked name, and the whole one sealed until a day."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, value_of
from zhiyuan.domain.journal.verbs import SYSTEM, record, verb
from zhiyuan.domain.people.consents import end_consents
from zhiyuan.domain.people.models import ClosedAccount, GuardianConsent, Helper, Person, SecondFactor, Sex
from zhiyuan.domain.people.phones import masked_name

RECORDS_KEPT = declare(
    Parameter(
        "privacy.closed_name_kept",
        _("Privacy"),
        _("The name of a closed account rests sealed for"),
        Unit.DAYS,
        3 * 365,
        most=10 * 365,
        source=_("so that a service record can still be proved"),
    )
)


def erase_person(person: Person, *, at: datetime) -> ClosedAccount:
    """Take out all that names somebody or leads to them, inside the verb by which they leave."""
    kept_until = local_day(at) + timedelta(days=value_of(RECORDS_KEPT, on=local_day(at)))
    closed = ClosedAccount.objects.create(person=person, closed_at=at, name=person.name, kept_until=kept_until)
    end_consents(person, at=at)
    for consent in GuardianConsent.objects.filter(person=person):
        consent.guardian_name, consent.guardian_phone = masked_name(consent.guardian_name), ""
        consent.guardian_key = consent.companion_key = None
        consent.save()
    Helper.objects.filter(person=person).delete()
    SecondFactor.objects.filter(person=person).delete()
    person.name, person.phone, person.phone_key = masked_name(person.name), "", None
    person.id_number, person.id_number_key = "", None
    person.born_on, person.sex = None, Sex.UNSAID
    person.is_active, person.auth_epoch = False, person.auth_epoch + 1
    person.save()
    return closed


@verb
def forget_closed(at: datetime) -> int:
    """Erase the sealed names whose time is over; returns how many. Run daily; run again it changes nothing."""
    over = ClosedAccount.objects.select_for_update().filter(kept_until__lt=local_day(at)).exclude(name="")
    forgotten = list(over.select_related("person").order_by("pk"))
    for closed in forgotten:
        record(SYSTEM, "person.forgotten", closed.person, at=at)
    ClosedAccount.objects.filter(pk__in=[closed.pk for closed in forgotten]).update(name="")
    return len(forgotten)
