"""How requests were dealt with in a place and time: stage times, on time, answers of teams, silence, ratings; and what
lies too long below.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Avg, Count, Max, Q, QuerySet
from django.db.models.functions import Substr

from zhiyuan.domain.areas.models import Area, Level
from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.needs.models import (
    ENDED,
    OPEN,
    TURNS,
    DeclineReason,
    Need,
    NeedState,
    Order,
    Rating,
    Transition,
    Turn,
)
from zhiyuan.domain.organisations.permissions import Permission, scope_of
from zhiyuan.domain.people.models import Person

SILENT_TEAMS = 8
_DIGITS = {Level.COUNTY: 9, Level.TOWNSHIP: 12, Level.VILLAGE: 12}


@dataclass(frozen=True)
class StageTimes:
    """How long a stage ran, in its own kind of time, and how often it ended before its time was up."""

    state: NeedState
    ended: int
    on_time: int
    average_minutes: int
    longest_minutes: int

    @property
    def percent(self) -> int:
        return 100 * self.on_time // self.ended if self.ended else 100


@dataclass(frozen=True)
class Answers:
    """What teams said to orders. Declining is no fault; silence is what one asks about."""

    by_state: Mapping[Order.State, int]
    by_reason: Mapping[DeclineReason, int]

    @property
    def asked(self) -> int:
        return sum(self.by_state.values())

    @property
    def silent(self) -> int:
        return self.by_state.get(Order.State.PASSED_OVER, 0)


@dataclass(frozen=True)
class Place:
    """One place below: what is open there, what is late, what came up from there."""

    area: Area
    open: int
    late: int
    came_up: int


@dataclass(frozen=True)
class Supervision:
    """All of it, for needs that somebody sees in an area since a day."""

    asked: int
    by_state: Mapping[NeedState, int]
    sent_again: Mapping[int, int]  # times sent → needs
    stages: tuple[StageTimes, ...]
    answers: Answers
    stars: Mapping[int, int]
    unrated: int
    silent_teams: tuple[tuple[str, int], ...]
    places: tuple[Place, ...]


def supervision(person: Person | None, area: Area, *, since: date, at: datetime) -> Supervision:
    """For needs asked, stages ended and orders sent from a day on; what is open is of now. Seven queries."""
    seen = scope_of(person, Permission.SEE_NEEDS)

    def of(path: str) -> Q:
        return seen.rows(area=path) & in_area(area.code, path)

    needs = Need.objects.filter(of("area_id"), created_at__date__gte=since)
    counts = {NeedState(state): n for state, n in _counted(needs.values_list("state"))}
    sent = dict(_counted(needs.filter(times_sent__gt=0).values_list("times_sent")))
    stars = dict(_counted(Rating.objects.filter(of("need__area_id"), at__date__gte=since).values_list("stars")))
    done = needs.filter(turn__in=(Turn.THANKS, Turn.OVER), team__isnull=False, rating=None)
    return Supervision(
        asked=sum(counts.values()),
        by_state=counts,
        sent_again=sent,
        stages=_stages(Transition.objects.filter(of("need__area_id"), at__date__gte=since)),
        answers=_answers(Order.objects.filter(of("need__area_id"), sent_at__date__gte=since)),
        stars=stars,
        unrated=done.count(),
        silent_teams=_silent(Order.objects.filter(of("need__area_id"), sent_at__date__gte=since)),
        places=_places(Need.objects.filter(of("area_id"), state__in=OPEN), area, at=at),
    )


def _counted(rows: QuerySet[Any, Any]) -> Iterable[Any]:
    """Rows of values, each with how many there are of it."""
    counted: Iterable[Any] = rows.annotate(n=Count("pk")).order_by()
    return counted


def _stages(steps: QuerySet[Transition]) -> tuple[StageTimes, ...]:
    """Stages in which somebody of ours could be late; the resident is never late."""
    ours = [state for state, turn in TURNS.items() if turn == Turn.OURS and state not in ENDED]
    ended = steps.filter(from_state__in=ours, minutes__isnull=False).order_by().values_list("from_state")
    found = ended.annotate(
        n=Count("pk"), late=Count("pk", filter=Q(late=True)), average=Avg("minutes"), longest=Max("minutes")
    )
    rows = {state: (n, late, average, longest) for state, n, late, average, longest in found}
    return tuple(
        StageTimes(state, n, n - late, round(average), longest)
        for state in ours
        if state in rows
        for n, late, average, longest in [rows[state]]
    )


def _answers(orders: QuerySet[Order]) -> Answers:
    by_state: dict[Order.State, int] = {}
    by_reason: dict[DeclineReason, int] = {}
    for state, why, n in _counted(orders.values_list("state", "why")):
        by_state[Order.State(state)] = by_state.get(Order.State(state), 0) + n
        if why:
            by_reason[DeclineReason(why)] = by_reason.get(DeclineReason(why), 0) + n
    return Answers(by_state, by_reason)


def _silent(orders: QuerySet[Order]) -> tuple[tuple[str, int], ...]:
    passed_over = orders.filter(state=Order.State.PASSED_OVER).order_by().values_list("team__name")
    return tuple(passed_over.annotate(n=Count("pk")).order_by("-n", "team__name")[:SILENT_TEAMS])


def _places(needs: QuerySet[Need], area: Area, *, at: datetime) -> tuple[Place, ...]:
    """Place by place one level below, the latest first."""
    digits = _DIGITS[Level(area.level)]
    cut = needs.order_by().annotate(place=Substr("area_id", 1, digits)).values_list("place")
    rows = cut.annotate(
        open=Count("pk"),
        late=Count("pk", filter=Q(turn=Turn.OURS, due_at__lte=at)),
        came_up=Count("pk", filter=Q(escalations__gt=0)),
    )
    found = {place.ljust(12, "0"): counts for place, *counts in rows}
    areas = Area.objects.in_bulk(list(found))
    places = [Place(areas[code], *counts) for code, counts in found.items() if code in areas]
    return tuple(sorted(places, key=lambda place: (-place.late, -place.came_up, place.area.code)))
