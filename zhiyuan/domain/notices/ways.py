"""How somebody wants to be told: by SMS, by e-mail, by a call; at night too, or not."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import Actor, record, verb
from zhiyuan.domain.notices.models import Ways
from zhiyuan.domain.people.models import Person


class WaysObstacle(TextChoices):
    NO_ADDRESS = "ways_without_address", _("Give the e-mail address to write to, or leave e-mail unticked.")


def ways_of(person: Person) -> Ways:
    """What somebody chose, or what holds for whoever never chose."""
    return Ways.objects.filter(person=person).first() or Ways(person=person)


def takes_texts(phone: str) -> bool:
    """Whether SMS reach a telephone: it is there and no landline."""
    return bool(phone) and not phone.startswith("0")


@verb
def choose_ways(
    person: Person, *, sms: bool, email: bool, call: bool, at_night: bool, address: str, by: Actor, at: datetime
) -> None:
    """Say how one wants to be told from now on. What is on its way already goes as before."""
    if email and not address:
        raise Refused(WaysObstacle.NO_ADDRESS)
    chosen = {"sms": sms, "email": email, "call": call, "at_night": at_night}
    Ways.objects.update_or_create(person=person, defaults={**chosen, "address": address})
    record(by, "person.ways_chosen", person, at=at, **chosen)
