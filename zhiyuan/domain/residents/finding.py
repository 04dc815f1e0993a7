"""Whoever asks again is the same resident, not a new one."""

from datetime import datetime

from django.db.models import Q

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import phone_key
from zhiyuan.domain.residents.models import Resident
from zhiyuan.domain.residents.names import family_key, is_part_of, name_key


@verb
def resident_for(
    *, name: str, phone: str, area: Area, person: Person | None = None, by: Person | None, at: datetime
) -> Resident:
    """The resident with this telephone and name in the area's township, or a new one.

    `phone` is normal already. `person` is the account of somebody who asks for themselves: it makes up for a name
    written shorter or longer. Whoever calls has made sure that `by` may ask for help here; None has no account.
    """
    if known := _known(name, phone, area, person):
        return known
    resident = Resident.objects.create(
        name=name,
        name_key=name_key(name),
        family_key=family_key(name),
        phone=phone,
        phone_key=phone_key(phone),
        area=area,
        person=person,
        since=local_day(at),
        created_at=at,
        created_by=by,
    )
    record(by, "resident.entered", resident, at=at, area=area.code)
    return resident


def _known(name: str, phone: str, area: Area, person: Person | None) -> Resident | None:
    """An entry that was merged is found too, and leads to the one that stands."""
    entries = Resident.objects.filter(in_area(area.parent_id or area.code), phone_key=phone_key(phone))
    entries = entries.select_related("merged_into").order_by("pk")
    if same := entries.filter(name_key=name_key(name)).first():
        return same.current
    if person is None:
        return None
    own = entries.filter(Q(person=person) | Q(merged_into__person=person))
    return next((entry.current for entry in own if is_part_of(entry.name, name)), None)
