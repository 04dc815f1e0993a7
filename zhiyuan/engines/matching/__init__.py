"""Which of many teams could take a need: ranked, with reasons that a dispatcher can check and tell.

The plain first version: a weighted sum over facts. Every point that counts is told as a reason, so that the order of
two teams can be explained. The optimising engine for a whole week takes the same values in and gives the same out.
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
    """What is needed where and when.

    `area` is a 12-digit village code; `cells` are those of the week's 24 that would do, the soonest first; none when
    any time would.
    """

    area: str
    category: str
    skills: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A team as it stands.

    `area` is the code of where it works: a village, a township, or the whole county. `skilled` counts members by skill,
    `free` those who are free in each of the week's 24 cells; `stars` is the sum of the ratings.
    """

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
    declined_share: float = -20  # for a team that often declines, times the share of its answers


DEFAULT_WEIGHTS = Weights()
USUAL_STARS, USUAL_RATINGS = 4.0, 5  # what a team without ratings counts as, and how firmly
DECLINES_FROM = 0.34  # of all answers, and at least twice


@dataclass(frozen=True)
class Reason:
    """One fact and its points: a `number` of people, orders or stars; `times` rated; which `skill` or `cell`."""

    why: Why
    points: float
    number: float = 0
    times: int = 0
    skill: str = ""
    cell: int | None = None

    @property
    def good(self) -> bool:
        return self.why not in AGAINST


@dataclass(frozen=True)
class Match:
    """A candidate's key, whether it has people and all needed skills, its points, and the reasons, weightiest first."""

    candidate: int
    qualified: bool
    score: float
    reasons: tuple[Reason, ...]


def rank(demand: Demand, candidates: Iterable[Candidate], weights: Weights = DEFAULT_WEIGHTS) -> list[Match]:
    """All candidates: those who can do it first, then by points; equal ones by key, so that a run repeats.

    O(n log n) for n candidates; 60 of them take less than a millisecond.
    """
    matches = [_match(demand, candidate, weights) for candidate in candidates]
    return sorted(matches, key=lambda match: (not match.qualified, -match.score, match.candidate))


def _match(demand: Demand, team: Candidate, weights: Weights) -> Match:
    told = [
        _nearness(demand, team, weights),
        *_kind(demand, team, weights),
        *_skills(demand, team, weights),
        *_time(demand, team, weights),
        _load(team, weights),
        *_rating(team, weights),
        *_declining(team, weights),
    ]
    weighty = sorted(told, key=lambda reason: -abs(reason.points))
    qualified = not {reason.why for reason in told} & {Why.LACKS_SKILL, Why.NO_MEMBERS}
    return Match(team.key, qualified, sum(reason.points for reason in told), tuple(weighty))


def _nearness(demand: Demand, team: Candidate, weights: Weights) -> Reason:
    if team.area == demand.area:
        return Reason(Why.SAME_VILLAGE, weights.same_village)
    if team.area[:9] == demand.area[:9]:
        return Reason(Why.SAME_TOWNSHIP, weights.same_township)
    if team.area == demand.area[:6] + "000000":
        return Reason(Why.COUNTY_WIDE, weights.county_wide)
    return Reason(Why.OTHER_TOWNSHIP, weights.other_township)


def _kind(demand: Demand, team: Candidate, weights: Weights) -> list[Reason]:
    return [Reason(Why.DOES_THIS, weights.does_this)] if demand.category in team.categories else []


def _skills(demand: Demand, team: Candidate, weights: Weights) -> list[Reason]:
    if not team.members:
        return [Reason(Why.NO_MEMBERS, weights.no_members)]
    reasons = []
    for skill in demand.skills:
        people = team.skilled.get(skill, 0)
        why, points = (Why.SKILLED, weights.skilled) if people else (Why.LACKS_SKILL, weights.lacks_skill)
        reasons.append(Reason(why, points, people, skill=skill))
    return reasons


def _time(demand: Demand, team: Candidate, weights: Weights) -> list[Reason]:
    """The cell in which most are free, of several the soonest."""
    cells = [cell for cell in demand.cells if cell < len(team.free)]
    if not cells or not team.members:
        return []
    cell = max(cells, key=lambda cell: team.free[cell])
    people = team.free[cell]
    if not people:
        return [Reason(Why.NOBODY_FREE, weights.nobody_free)]
    return [Reason(Why.FREE_THEN, weights.free_then, people, cell=cell)]


def _load(team: Candidate, weights: Weights) -> Reason:
    why = Why.BUSY if team.open_orders else Why.NO_OPEN_ORDERS
    return Reason(why, weights.an_open_order * team.open_orders, team.open_orders)


def _rating(team: Candidate, weights: Weights) -> list[Reason]:
    """Few ratings move a team little from the usual one, so that one angry voice is no verdict."""
    if not team.ratings:
        return []
    settled = (team.stars + USUAL_STARS * USUAL_RATINGS) / (team.ratings + USUAL_RATINGS)
    why = Why.WELL_RATED if settled >= USUAL_STARS else Why.POORLY_RATED
    points = weights.rating * (settled - USUAL_STARS)
    return [Reason(why, points, round(team.stars / team.ratings, 1), team.ratings)]


def _declining(team: Candidate, weights: Weights) -> list[Reason]:
    """One declined order is no habit."""
    answered = team.done + team.declined
    share = team.declined / answered if answered else 0.0
    if team.declined < 2 or share < DECLINES_FROM:
        return []
    return [Reason(Why.OFTEN_DECLINES, weights.declined_share * share, team.declined)]
