"""The county's public figures. Each is defined here and nowhere else: its rows, how they are counted, what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Aggregate, Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.models import Activity, ActivityState
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.areas.queries import county, townships
from zhiyuan.domain.bulletin.keeping import kept
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.hours.queries import standing
from zhiyuan.domain.needs.models import SERVED, Need, NeedState
from zhiyuan.domain.organisations.permissions import Permission, scope_of
from zhiyuan.domain.organisations.queries import sites, teams
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Volunteer

COUNTED_SINCE = datetime(2024, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE))
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Figure:
    """A number with a name, a unit and a sentence that says what is counted.

    `rows` are what is counted as of a moment, `measure` counts them, `area` is the field with a row's area
    code. `opened_by` is the permission that opens the rows; None: everybody may.
    """

    key: str
    name: str | Promise
    unit: str | Promise
    meaning: str | Promise
    rows: Callable[[datetime], QuerySet[Any]]
    measure: Aggregate
    area: str = "area_id"
    opened_by: Permission | None = None
    in_minutes: bool = False  # a sum of minutes, shown as hours


def _activities(at: datetime) -> QuerySet[Activity]:
    since = Activity.objects.filter(starts_at__gte=COUNTED_SINCE, starts_at__lte=at)
    return since.exclude(state=ActivityState.CANCELLED)


def _served(at: datetime) -> QuerySet[Need]:
    """Done by a team; what another body saw to has none."""
    done = Need.objects.filter(state__in=(*SERVED, NeedState.CLOSED), team__isnull=False)
    return done.filter(created_at__lte=at)


FIGURES: tuple[Figure, ...] = (
    Figure(
        "volunteers",
        _("Registered volunteers"),
        _("people"),
        _("Everybody with a volunteer's file and an open account, whether they have served yet or not."),
        lambda at: Volunteer.objects.filter(person__is_active=True, joined_at__lte=at),
        Count("pk"),
        opened_by=Permission.SEE_VOLUNTEERS,
    ),
    Figure(
        "active",
        _("Served in the last 12 months"),
        _("people"),
        _("Volunteers with at least one service record of the last 365 days; each person once."),
        lambda at: standing().filter(served_on__gt=local_day(at) - A_YEAR, entered_at__lte=at),
        Count(Coalesce("volunteer__merged_into", "volunteer"), distinct=True),
        opened_by=Permission.CONFIRM_HOURS,
    ),
    Figure(
        "teams",
        _("Teams"),
        _("teams"),
        _("Teams of all kinds that have not ended."),
        lambda _at: teams(),
        Count("pk"),
    ),
    Figure(
        "sites",
        _("Sites"),
        _("sites"),
        _("Centres, sub-centres, stations, special and mobile sites that are open."),
        lambda _at: sites(),
        Count("pk"),
    ),
    Figure(
        "activities",
        _("Activities since 2024"),
        _("activities"),
        _("Activities that have begun since 1 January 2024 and were not cancelled."),
        _activities,
        Count("pk"),
    ),
    Figure(
        "hours",
        _("Confirmed hours"),
        _("hours"),
        _("Service minutes that another person has confirmed and that were not taken back, as hours."),
        lambda at: standing().filter(confirmation__confirmed_at__lte=at),
        Sum("minutes"),
        opened_by=Permission.CONFIRM_HOURS,
        in_minutes=True,
    ),
    Figure(
        "needs_done",
        _("Requests done"),
        _("requests"),
        _("Requests of residents that a team has served and closed with a report."),
        _served,
        Count("pk"),
        opened_by=Permission.SEE_NEEDS,
    ),
    Figure(
        "needs_rated",
        _("Requests rated"),
        _("requests"),
        _("Of the requests done, those for which the resident gave one to five. The others count as not rated."),
        lambda at: _served(at).filter(rating__at__lte=at),
        Count("pk"),
        opened_by=Permission.SEE_NEEDS,
    ),
    Figure(
        "needs_unrated",
        _("Requests not rated"),
        _("requests"),
        _("Of the requests done, those for which the resident has said nothing. Silence is never counted as content."),
        lambda at: _served(at).filter(rating=None),
        Count("pk"),
        opened_by=Permission.SEE_NEEDS,
    ),
    Figure(
        "helped",
        _("People helped"),
        _("people"),
        _("What teams said when they finished an activity: people who got something from it, counted per activity."),
        lambda at: _activities(at).filter(state=ActivityState.FINISHED),
        Sum("helped"),
    ),
)
ON_HOME = ("volunteers", "active", "activities", "hours", "needs_done", "needs_rated")


def figure(key: str) -> Figure | None:
    return next((one for one in FIGURES if one.key == key), None)


@dataclass(frozen=True)
class Reading:
    """What a figure was at a moment."""

    figure: Figure
    value: int
    at: datetime


def readings(keys: tuple[str, ...], at: datetime) -> list[Reading]:
    """Several figures at once, counted when something has happened since the last time. Two queries."""
    wanted = [one for one in FIGURES if one.key in keys]
    values, counted_at = kept(f"figures:{keys}", lambda: (_values(wanted, at), at))
    return [Reading(one, values.get(one.key) or 0, counted_at) for one in wanted]


def _values(wanted: list[Figure], at: datetime) -> dict[str, int | None]:
    counts = [
        one.rows(at).order_by().annotate(figure=Value(one.key)).values("figure").annotate(n=one.measure)
        for one in wanted
    ]
    return dict(counts[0].union(*counts[1:], all=True).values_list("figure", "n"))


@dataclass(frozen=True)
class Share:
    """A township's part of a figure; `area` is the county for what belongs to no township."""

    area: Area
    value: int


def by_township(found: Figure, at: datetime) -> list[Share]:
    """A figure cut by township, in the county's order. Four queries."""
    values = kept(f"shares:{found.key}", lambda: _by_township_code(found, at))
    places = [county(), *townships()]
    return [Share(place, values[place.code[:9]]) for place in places if place.code[:9] in values]


def _by_township_code(found: Figure, at: datetime) -> dict[str, int]:
    cut = found.rows(at).order_by().annotate(cut=Substr(found.area, 1, 9)).values("cut").annotate(n=found.measure)
    return {row["cut"]: row["n"] or 0 for row in cut}


def rows_open_to(found: Figure, person: Person | None, at: datetime) -> QuerySet[Any] | None:
    """The rows behind a figure that somebody may see; None when it is not theirs to open."""
    if found.opened_by is None:
        return found.rows(at)
    scope = scope_of(person, found.opened_by)
    if not scope:
        return None
    team = "team__path" if found.opened_by == Permission.CONFIRM_HOURS else None
    within: Q = scope.rows(area="team__area_id" if team else found.area, team=team)
    return found.rows(at).filter(within)
