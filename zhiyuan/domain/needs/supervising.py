"""How requests were dealt with in a place and time: stage times, on time, answers of teams, silence, ratings; and what
lies too long below.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Avg, Case, Count, Max, Q, QuerySet, Value, When
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
    """For needs asked, stages ended and orders sent from a day on; what is open is of now. Six queries."""
    seen = scope_of(person, Permission.SEE_NEEDS)

    def of(path: str) -> Q:
        return seen.rows(area=path) & in_area(area.code, path)

    needs = Need.objects.filter(of("area_id"), created_at__date__gte=since)
    stars = dict(_counted(Rating.objects.filter(of("need__area_id"), at__date__gte=since).values_list("stars")))
    orders = Order.objects.filter(of("need__area_id"), sent_at__date__gte=since)
    by_state, sent_again, unrated = _became(needs)
    answers, silent_teams = _answers(orders)
    return Supervision(
        asked=sum(by_state.values()),
        by_state=by_state,
        sent_again=sent_again,
        stages=_stages(Transition.objects.filter(of("need__area_id"), at__date__gte=since)),
        answers=answers,
        stars=stars,
        unrated=unrated,
        silent_teams=silent_teams,
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


def _became(needs: QuerySet[Need]) -> tuple[dict[NeedState, int], dict[int, int], int]:
    """How many came to each state, how many were sent how often, and how many were served and not rated."""
    waits = Q(turn__in=(Turn.THANKS, Turn.OVER), team__isnull=False, rating=None)
    rows = needs.order_by().values_list("state", "times_sent")
    by_state, sent = Counter[NeedState](), Counter[int]()
    unrated = 0
    for state, times, n, silent in rows.annotate(n=Count("pk"), silent=Count("pk", filter=waits)):
        by_state[NeedState(state)] += n
        sent[times] += n
        unrated += silent
    return dict(by_state), {times: n for times, n in sorted(sent.items()) if times}, unrated


def _answers(orders: QuerySet[Order]) -> tuple[Answers, tuple[tuple[str, int], ...]]:
    """What teams answered, and which stayed silent most often."""
    silent_one = Case(When(state=Order.State.PASSED_OVER, then="team__name"), default=Value(""))
    by_state, by_reason, silent = Counter[Order.State](), Counter[DeclineReason](), Counter[str]()
    for state, why, name, n in _counted(
        orders.annotate(silent_one=silent_one).values_list("state", "why", "silent_one")
    ):
        by_state[Order.State(state)] += n
        if why:
            by_reason[DeclineReason(why)] += n
        if name:
            silent[name] += n
    most = sorted(silent.items(), key=lambda row: (-row[1], row[0]))[:SILENT_TEAMS]
    return Answers(dict(by_state), dict(by_reason)), tuple(most)


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
