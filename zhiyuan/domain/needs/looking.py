"""Who reads a request with its name, telephone and house: each look is noted, and the resident sees it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.models import AT_TEAM, Look, Need
from zhiyuan.domain.people.models import Person

LOOKS_AN_HOUR = Limit("need-files", 600, 3600)
ADDRESS_DAYS = declare(
    Parameter(
        "need.address.days",
        _("Privacy"),
        _("House and telephone stay open to helpers after the service for"),
        Unit.DAYS,
        7,
        most=90,
    )
)


class LookingObstacle(TextChoices):
    TOO_MANY = "too_many_needs_opened", _("You have opened 600 requests within an hour. Please go on later.")
    OVER = "house_not_open", _("The house and the telephone are open only to those who come, and for some days after.")


def house_is_open(need: Need, *, at: datetime) -> bool:
    """Whether the time is right for those who come to see house and telephone: from acceptance until some days after
    it is done (R93)."""
    if need.state in AT_TEAM:
        return True
    days = timedelta(days=value_of(ADDRESS_DAYS, on=local_day(at)))
    return need.team_id is not None and need.done_at is not None and at < need.done_at + days


def note_look(need: Need, capacity: Look.Capacity, *, by: Person, at: datetime) -> None:
    """Note that somebody reads it; refused to whoever opens them by the hundred. A refused try counts too. The caller
    has asked for permission."""
    if not spend(LOOKS_AN_HOUR, by.public_id, at=at):
        raise Refused(LookingObstacle.TOO_MANY)
    _note(need, capacity, by=by, at=at)


@verb
def _note(need: Need, capacity: Look.Capacity, *, by: Person, at: datetime) -> None:
    Look.objects.create(need=need, by=by, capacity=capacity, at=at)
    record(by, "need.viewed", need, at=at, capacity=capacity.value)


@dataclass(frozen=True)
class Seen:
    """One person's looks at a request."""

    name: str
    capacity: Look.Capacity
    times: int
    last_at: datetime


def looks_at(need: Need) -> list[Seen]:
    """Who has read who asked and where they live, the latest first."""
    rows = Look.objects.filter(need=need).values_list("by__name", "capacity")
    found = rows.annotate(times=Count("pk"), last_at=Max("at")).order_by("-last_at", "by__name")
    return [Seen(name, Look.Capacity(capacity), times, last_at) for name, capacity, times, last_at in found]
