"""Minutes enter the ledger: for attendance that somebody took, once for each source."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.models import MOST_MINUTES, Method, ServiceRecord
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.models import Category, Team
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Volunteer
from zhiyuan.domain.volunteers.queries import files_of


class CreditObstacle(TextChoices):
    NO_WHOLE_MINUTE = (
        "no_whole_minute",
        _("Between arriving and leaving there is not one whole minute within the shift."),
    )
    OVER_TWELVE_HOURS = "over_twelve_hours", _("One record holds 12 hours at the most. Split the shift.")
    COUNTED_TWICE = "counted_twice", _("Another record of this volunteer covers the same time. No minute counts twice.")


@dataclass(frozen=True)
class Service:
    """One stretch of service as the ledger keeps it; its times are those that count, already cut to the shift."""

    volunteer: Volunteer
    team: Team
    area: Area
    category: Category | None
    track: str
    activity_name: str
    content: str
    place: str
    person_in_charge: str
    starts_at: datetime
    ends_at: datetime
    method: Method

    @property
    def minutes(self) -> int:
        return whole_minutes(self.starts_at, self.ends_at)


def whole_minutes(starts_at: datetime, ends_at: datetime) -> int:
    """Minutes that were served from end to end; never more than the real time."""
    return max(0, int((ends_at - starts_at).total_seconds() // 60))


def obstacle_to_credit(service: Service) -> CreditObstacle | None:
    """Why these minutes cannot enter the ledger; None when nothing stands in the way."""
    if service.minutes < 1:
        return CreditObstacle.NO_WHOLE_MINUTE
    if service.minutes > MOST_MINUTES:
        return CreditObstacle.OVER_TWELVE_HOURS
    same_time = ServiceRecord.objects.filter(
        volunteer__in=files_of(service.volunteer), starts_at__lt=service.ends_at, ends_at__gt=service.starts_at
    )
    if same_time.filter(kind=ServiceRecord.Kind.CREDIT, reversal=None).exists():
        return CreditObstacle.COUNTED_TWICE
    return None


@verb
def credit(service: Service, *, source: str, entered_by: Person, at: datetime) -> ServiceRecord:
    """Provisional minutes for one source; asked again for the same source, it answers with the record that is there."""
    Volunteer.objects.select_for_update(no_key=True).get(pk=service.volunteer.pk)  # two sources of overlapping minutes
    if earlier := ServiceRecord.objects.filter(source=source).first():
        return earlier
    if obstacle := obstacle_to_credit(service):
        raise Refused(obstacle)
    entry = ServiceRecord.objects.create(
        volunteer=service.volunteer,
        person_id=service.volunteer.person_id,
        team=service.team,
        area=service.area,
        category=service.category,
        track=service.track,
        source=source,
        activity_name=service.activity_name,
        content=service.content[:200],
        place=service.place,
        person_in_charge=service.person_in_charge,
        served_on=local_day(service.starts_at),
        starts_at=service.starts_at,
        ends_at=service.ends_at,
        minutes=service.minutes,
        method=service.method,
        entered_by=entered_by,
        entered_at=at,
    )
    record(entered_by, "hours.credited", entry, at=at, minutes=entry.minutes, source=source)
    return entry
