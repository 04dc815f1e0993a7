"""Which of many teams could take a need: ranked, with reasons that a dispatcher can check and tell.

The plain first version: a weighted sum over facts, O(candidates). The optimising engine for a whole week takes the
same values in and gives the same values out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """What speaks for or against a candidate; `number` beside it says how much."""

    SAME_VILLAGE = "same_village"
    SAME_TOWNSHIP = "same_township"
    COUNTY_WIDE = "county_wide"
    OTHER_TOWNSHIP = "other_township"
    DOES_THIS = "does_this"
    SKILLED = "skilled"
    FREE_THEN = "free_then"
    NO_OPEN_ORDERS = "no_open_orders"
    WELL_RATED = "well_rated"
    LACKS_SKILL = "lacks_skill"
    NOBODY_FREE = "nobody_free"
    NO_MEMBERS = "no_members"
    BUSY = "busy"
    OFTEN_DECLINES = "often_declines"
    POORLY_RATED = "poorly_rated"


AGAINST = frozenset(
    {
        Why.OTHER_TOWNSHIP,
        Why.LACKS_SKILL,
        Why.NOBODY_FREE,
        Why.NO_MEMBERS,
        Why.BUSY,
        Why.OFTEN_DECLINES,
        Why.POORLY_RATED,
    }
)


@dataclass(frozen=True)
class Demand:
    """What is needed where and when. `area` is a 12-digit village code, `cell` one of the week's 24 cells or None."""

    area: str
    category: str
    skills: tuple[str, ...] = ()
    cell: int | None = None


@dataclass(frozen=True)
class Candidate:
    """A team as it stands. `area` is the code of where it works: a village, a township, or the whole county."""

    key: int
    area: str
    categories: frozenset[str]
    members: int
    skilled: Mapping[str, int]
    free: tuple[int, ...]
    open_orders: int = 0
    done: int = 0
    declined: int = 0
    ratings: int = 0
    stars: int = 0


@dataclass(frozen=True)
class Weights:
    """What counts how much, in points."""

    same_village: float = 40
    same_township: float = 25
    county_wide: float = 14
    other_township: float = 0
    does_this: float = 20
    skilled: float = 25
    lacks_skill: float = -60
    free_then: float = 12
    nobody_free: float = -15
    no_members: float = -100
    an_open_order: float = -4
    rating: float = 6  # for each star above or below the usual one
    declined_share: float = -20


DEFAULT_WEIGHTS = Weights()
USUAL_STARS, USUAL_RATINGS = 4.3, 5  # what a team without ratings counts as, and how firmly
WELL_RATED_FROM = 4.0
BUSY_FROM = 3
DECLINES_FROM = 0.34  # of all answers, and at least twice


@dataclass(frozen=True)
class Reason:
    why: Why
    number: float = 0
    skill: str = ""

    @property
    def good(self) -> bool:
        return self.why not in AGAINST


@dataclass(frozen=True)
class Match:
    """A candidate's key, its points, and the reasons, the weightiest first."""

    candidate: int
    score: float
    reasons: tuple[Reason, ...]


type Part = tuple[float, Reason | None]  # points, and what is told of them


def rank(demand: Demand, candidates: Iterable[Candidate], weights: Weights = DEFAULT_WEIGHTS) -> list[Match]:
    """All candidates, best first; equal ones by key, so that a run repeats."""
    matches = [_match(demand, candidate, weights) for candidate in candidates]
    return sorted(matches, key=lambda match: (-match.score, match.candidate))


def _match(demand: Demand, team: Candidate, weights: Weights) -> Match:
    parts = [
        _nearness(demand, team, weights),
        *_kind(demand, team, weights),
        *_skills(demand, team, weights),
        *_time(demand, team, weights),
        _load(team, weights),
        _rating(team, weights),
        _declining(team, weights),
    ]
    weighty = sorted(parts, key=lambda part: -abs(part[0]))
    return Match(team.key, sum(points for points, _told in parts), tuple(told for _points, told in weighty if told))


def _nearness(demand: Demand, team: Candidate, weights: Weights) -> Part:
    if team.area == demand.area:
        return weights.same_village, Reason(Why.SAME_VILLAGE)
    if team.area[:9] == demand.area[:9]:
        return weights.same_township, Reason(Why.SAME_TOWNSHIP)
    if team.area == demand.area[:6] + "000000":
        return weights.county_wide, Reason(Why.COUNTY_WIDE)
    return weights.other_township, Reason(Why.OTHER_TOWNSHIP)


def _kind(demand: Demand, team: Candidate, weights: Weights) -> list[Part]:
    return [(weights.does_this, Reason(Why.DOES_THIS))] if demand.category in team.categories else []


def _skills(demand: Demand, team: Candidate, weights: Weights) -> list[Part]:
    if not team.members:
        return [(weights.no_members, Reason(Why.NO_MEMBERS))]
    parts: list[Part] = []
    for skill in demand.skills:
        people = team.skilled.get(skill, 0)
        why, points = (Why.SKILLED, weights.skilled) if people else (Why.LACKS_SKILL, weights.lacks_skill)
        parts.append((points, Reason(why, people, skill)))
    return parts


def _time(demand: Demand, team: Candidate, weights: Weights) -> list[Part]:
    if demand.cell is None or not team.members or len(team.free) <= demand.cell:
        return []
    people = team.free[demand.cell]
    why, points = (Why.FREE_THEN, weights.free_then) if people else (Why.NOBODY_FREE, weights.nobody_free)
    return [(points, Reason(why, people))]


def _load(team: Candidate, weights: Weights) -> Part:
    points = weights.an_open_order * team.open_orders
    if team.open_orders >= BUSY_FROM:
        return points, Reason(Why.BUSY, team.open_orders)
    return points, None if team.open_orders else Reason(Why.NO_OPEN_ORDERS)


def _rating(team: Candidate, weights: Weights) -> Part:
    usual = (team.stars + USUAL_STARS * USUAL_RATINGS) / (team.ratings + USUAL_RATINGS)
    points = weights.rating * (usual - USUAL_STARS)
    if not team.ratings:
        return points, None
    own = team.stars / team.ratings
    return points, Reason(Why.WELL_RATED if own >= WELL_RATED_FROM else Why.POORLY_RATED, round(own, 1))


def _declining(team: Candidate, weights: Weights) -> Part:
    answered = team.done + team.declined
    share = team.declined / answered if answered else 0.0
    often = share >= DECLINES_FROM and team.declined > 1
    return weights.declined_share * share, Reason(Why.OFTEN_DECLINES, team.declined) if often else None
