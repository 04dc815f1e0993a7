"""What residents asked for: needs with all their steps, planned backward from where each stands today."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.utils import timezone

from zhiyuan.cli.demo_county.codes import CATEGORY_CODES
from zhiyuan.cli.demo_county.names import FAMILIES, FAMILY_NAMES, Names
from zhiyuan.cli.demo_county.need_tables import (
    ADDRESSES,
    ANSWERS,
    CALLED,
    DECLINED,
    DONE,
    MORE,
    QUESTIONS,
    RATING_WORDS,
    REJECTED,
    RELATIONS,
    RISKS,
    TOWN_ADDRESSES,
    VERIFIED,
    WEIGHTS,
    WITHDRAWN,
    WORDS,
)
from zhiyuan.cli.demo_county.phones import Use, synthetic_phone
from zhiyuan.cli.demo_county.population import Village
from zhiyuan.domain.foundation.calendar import shipped_days
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.needs.clocks import Clocks
from zhiyuan.domain.needs.models import NeedState, Urgency
from zhiyuan.engines.workdays import WorkCalendar

S = NeedState
# needs in each state in a county of full size: some 3,000 open ones
OPEN_NEEDS = {
    S.SUBMITTED: 430,
    S.WAITING: 140,
    S.VERIFIED: 560,
    S.DISPATCHED: 460,
    S.ACCEPTED: 630,
    S.SCHEDULED: 200,
    S.SERVING: 30,
    S.DONE: 240,
    S.CONFIRMED: 140,
    S.RATED: 180,
}
ENDED_NEEDS = {S.CLOSED: 3_600, S.REJECTED: 240, S.WITHDRAWN: 360}
VISITED = (S.SCHEDULED, S.SERVING, S.DONE, S.CONFIRMED, S.RATED, S.CLOSED)
_WRITTEN_OTHERWISE = 0.15  # of those who ask again: their entries wait for somebody who merges them
_LEAST = 4  # of each state, in the smallest county
_URGENCIES = (Urgency.URGENT, Urgency.NORMAL, Urgency.PLANNED)
_OVERDUE, _AT_RISK = 0.12, 0.08
_STARS = (5, 5, 5, 5, 5, 5, 5, 4, 4, 4, 3, 2, 1)
_LONGEST_AGO = 320  # days, of what has ended


@dataclass(frozen=True, slots=True)
class Step:
    before: str
    after: NeedState
    at: datetime
    by: int | None  # a person's key; None: the resident
    reason: str = ""
    team: int | None = None  # its place in the list of teams


@dataclass(slots=True)
class NeedDraft:
    category: str
    area_code: str
    words: str
    name: str
    phone: str
    address: str
    risk: str
    urgency: Urgency
    state: NeedState
    door: str = "web"
    entered_by: int | None = None
    proxy_name: str = ""
    proxy_relation: str = ""
    team: int | None = None  # its place in the list of teams
    steps: list[Step] = field(default_factory=list)
    visit: tuple[datetime, datetime] | None = None
    verified: tuple[str, int, datetime, str] | None = None  # method, by, at, result
    stars: int = 0
    rating_words: str = ""
    rated_at: datetime | None = None
    rated_by: int | None = None
    helped: int | None = None
    outcome: str = ""
    times_sent: int = 0
    declined_by: list[int] = field(default_factory=list)

    @property
    def created_at(self) -> datetime:
        return self.steps[0].at

    @property
    def wanted_by(self) -> date | None:
        return local_day(self.visit[0]) if self.visit and self.urgency == Urgency.PLANNED else None


@dataclass(frozen=True)
class Hands:
    """Who takes steps: keys of persons, by the first nine digits of a township or by a team's place."""

    clerks: dict[str, list[int]]
    dispatchers: dict[str, int]
    leaders: Sequence[int]


@dataclass(frozen=True)
class Offers:
    """Which teams (by their places) take which kind of need, near and far."""

    detachment: dict[str, int]
    of_town: dict[tuple[str, str], list[int]]
    county_wide: dict[str, list[int]]


CLOCKS = Clocks.usual()
CALENDAR = WorkCalendar({day: special.worked for day, special in shipped_days().items()})


def limit_of(urgency: Urgency, state: NeedState) -> timedelta:
    return timedelta(minutes=CLOCKS.limit(urgency, state))


def since(urgency: Urgency, state: NeedState, share: float, at: datetime) -> datetime:
    """When a stage began of whose time this share has passed by now."""
    minutes = round(CLOCKS.limit(urgency, state) * share)
    if not CLOCKS.counts_working_time(urgency, state):
        return at - timedelta(minutes=minutes)
    here = timezone.localtime(at)
    start = here - timedelta(minutes=minutes)
    while (passed := CALENDAR.minutes_between(start, here)) < minutes:
        start -= timedelta(days=1)
    return CALENDAR.add_minutes(start, passed - minutes).astimezone(UTC)


def plan_needs(
    villages: Sequence[Village], offers: Offers, hands: Hands, *, share: float, seed: int, at: datetime
) -> list[NeedDraft]:
    """All needs in the order of asking; `share` is how many of a full county's."""
    planner = _NeedPlanner(villages, offers, hands, Random(f"{seed}:needs"), at)
    wanted = {**OPEN_NEEDS, **ENDED_NEEDS}
    drafts = [planner.need(state) for state, n in wanted.items() for _ in range(max(_LEAST, round(n * share)))]
    return sorted(drafts, key=lambda draft: draft.created_at)


class _NeedPlanner:
    def __init__(self, villages: Sequence[Village], offers: Offers, hands: Hands, rng: Random, at: datetime) -> None:
        self._villages = villages
        self._old = [village.aged_60_plus for village in villages]
        self._offers = offers
        self._hands = hands
        self._rng = rng
        self._names = Names(rng)
        self._at = at
        self._asked = 0
        self._first: dict[int, NeedDraft] = {}  # what each household asked for first
        self._weights = [WEIGHTS[code] for code in CATEGORY_CODES]

    def need(self, state: NeedState) -> NeedDraft:
        draft = self._asked_for(state)
        self._take_steps(draft, state)
        return draft

    # what is asked for

    def _asked_for(self, state: NeedState) -> NeedDraft:
        rng = self._rng
        village = rng.choices(self._villages, self._old)[0]
        category = rng.choices(CATEGORY_CODES, self._weights)[0]
        sex = rng.choice("fm")
        places = TOWN_ADDRESSES if village.is_community else ADDRESSES
        # one household in five asks again
        self._asked += 1
        household = self._asked if rng.random() < 0.8 else rng.randint(1, self._asked)
        draft = NeedDraft(
            category=category,
            area_code=village.code,
            words=rng.choice(WORDS[category]) + rng.choice(MORE),
            name=rng.choice(FAMILIES) + rng.choice(CALLED) if rng.random() < 0.6 else self._names.full(sex, 1950),
            phone=synthetic_phone(Use.RESIDENT, household),
            address=rng.choice(places).replace("{n}", str(rng.randint(1, 9))),
            risk=rng.choice(RISKS) if rng.random() < 0.12 else "",
            urgency=rng.choices(_URGENCIES, (12, 58, 30))[0],
            state=state,
            door=rng.choices(("phone", "web", "visit", "paper"), (48, 30, 17, 5))[0],
        )
        self._ask_again(draft, self._first.setdefault(household, draft))
        if draft.door != "web":
            draft.entered_by = self._clerk(draft)
        if rng.random() < 0.25:
            draft.proxy_name, draft.proxy_relation = self._names.full(rng.choice("fm"), 1985), rng.choice(RELATIONS)
        return draft

    def _ask_again(self, draft: NeedDraft, first: NeedDraft) -> None:
        """A household that asked before lives where it lived; now and then another clerk writes the name otherwise."""
        draft.area_code, draft.name, draft.address = first.area_code, first.name, first.address
        if draft is not first and self._rng.random() < _WRITTEN_OTHERWISE:
            family = next(name for name in (first.name[:2], first.name[:1]) if name in FAMILY_NAMES)
            draft.name = family + self._rng.choice(CALLED)

    def _clerk(self, draft: NeedDraft) -> int:
        return self._rng.choice(self._hands.clerks[draft.area_code[:9]])

    def _team(self, draft: NeedDraft, but: int | None = None) -> int:
        """Mostly the village's own detachment; else somebody of the township or the county who does this."""
        near = self._offers.of_town.get((draft.area_code[:9], draft.category), [])
        far = self._offers.county_wide.get(draft.category, [])
        own = self._offers.detachment[draft.area_code]
        chance = self._rng.random()
        if chance > 0.62 or own == but:
            others = [team for team in (near if chance < 0.85 and near else far) or near or far if team != but]
            if others:
                return self._rng.choice(others)
        return own

    # which way it went

    def _take_steps(self, draft: NeedDraft, state: NeedState) -> None:
        """Draw the way to a state, and its times from the last one backward."""
        way = self._way(state)
        last = self._last_moment(draft, state)
        moments = [last]
        for state_before in reversed(way[:-1]):
            moments.append(self._before(draft, state_before, moments[-1]))
        moments.reverse()
        before = ""
        for after, at in zip(way, moments, strict=True):
            draft.steps.append(self._step(draft, before, after, at))
            before = after.value
        if draft.stars:
            draft.rated_at = next(step.at for step in draft.steps if step.after == S.RATED)

    def _way(self, state: NeedState) -> list[NeedState]:
        rng = self._rng
        way = [S.SUBMITTED]
        if state == S.SUBMITTED:
            return way
        if rng.random() < 0.1 and state != S.WAITING:
            way += [S.WAITING, S.SUBMITTED]
        if state in {S.WAITING, S.REJECTED, S.WITHDRAWN}:
            return [*way, state]
        way.append(S.VERIFIED)
        if rng.random() < (0.09 if state != S.VERIFIED else 0.14):
            way += [S.DISPATCHED, S.VERIFIED]
        for after in (S.DISPATCHED, S.ACCEPTED, S.SCHEDULED, S.SERVING, S.DONE, S.CONFIRMED, S.RATED, S.CLOSED):
            if way[-1] == state:
                break
            if after == S.RATED and state == S.CLOSED and rng.random() < 0.35:
                continue  # never rated
            way.append(after)
        return way

    def _last_moment(self, draft: NeedDraft, state: NeedState) -> datetime:
        """When the present state began."""
        rng, at = self._rng, self._at
        if state == S.SCHEDULED:
            start = self._daytime(at + timedelta(days=rng.uniform(0.6, 12)))
            draft.visit = (start, start + self._length())
            return at - timedelta(days=rng.uniform(0.1, 2.5))
        if state == S.SERVING:
            start = at - timedelta(minutes=rng.randint(8, 70))
            draft.visit = (start, start + timedelta(minutes=150))
            return start - timedelta(minutes=rng.randint(1, 6))
        if state in {S.DONE, S.CONFIRMED, S.RATED}:
            return at - limit_of(draft.urgency, state) * rng.uniform(0.01, 0.78)
        if state in {S.CLOSED, S.REJECTED, S.WITHDRAWN}:
            return at - timedelta(days=min(rng.expovariate(1 / 90), _LONGEST_AGO), minutes=rng.randint(10, 600))
        if state == S.WAITING:
            return since(draft.urgency, state, rng.uniform(0.05, 0.95), at)
        return since(draft.urgency, state, self._elapsed(), at)

    def _elapsed(self) -> float:
        """Which part of the stage's time has passed: few are late, few are nearly so."""
        chance = self._rng.random()
        if chance < _OVERDUE:
            return self._rng.uniform(1.02, 2.4)
        if chance < _OVERDUE + _AT_RISK:
            return 1 - self._rng.uniform(0.02, 0.18)
        return self._rng.uniform(0.03, 0.78)

    def _before(self, draft: NeedDraft, state: NeedState, after: datetime) -> datetime:
        """When the state before began; a visit is served within the day, at daytime."""
        rng = self._rng
        if state == S.SERVING:  # then comes done
            end = after - timedelta(minutes=rng.randint(5, 60))
            start = self._daytime(end - self._length(), latest=end - timedelta(minutes=40))
            draft.visit = (start, min(end, start + self._length()))
            return start + timedelta(minutes=rng.randint(0, 9))
        if state == S.SCHEDULED:
            start = draft.visit[0] if draft.visit else after
            return min(start, after) - timedelta(days=rng.uniform(0.1, 3))
        if state == S.WAITING:
            return after - timedelta(minutes=rng.randint(20, 2880))
        share = rng.uniform(0.04, 0.9) if rng.random() < 0.93 else rng.uniform(1.0, 1.8)
        return since(draft.urgency, state, share, after)

    def _length(self) -> timedelta:
        return timedelta(minutes=self._rng.choice((45, 60, 60, 90, 120)))

    def _daytime(self, moment: datetime, latest: datetime | None = None) -> datetime:
        """Between 8 and 18 o'clock here, to the quarter of an hour, at or before `latest`."""
        moment = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
        day = local_day(moment)
        opens = datetime(day.year, day.month, day.day, tzinfo=UTC)  # 8 o'clock here
        wanted = min(max(moment, opens), opens + timedelta(hours=9))
        while latest and wanted > latest:
            wanted -= timedelta(days=1)
        return wanted

    def _step(self, draft: NeedDraft, before: str, after: NeedState, at: datetime) -> Step:
        """One step with who took it and why; keeps on the draft what the step leaves there."""
        rng = self._rng
        town = draft.area_code[:9]
        if after == S.SUBMITTED:
            if before:
                return Step(before, after, at, self._clerk(draft), rng.choice(ANSWERS))
            return Step(before, after, at, draft.entered_by)
        if after == S.WAITING:
            return Step(before, after, at, self._clerk(draft), rng.choice(QUESTIONS))
        if after == S.REJECTED:
            return Step(before, after, at, self._clerk(draft), rng.choice(REJECTED))
        if after == S.WITHDRAWN:
            return Step(before, after, at, None, rng.choice(WITHDRAWN))
        if after == S.VERIFIED and before == S.DISPATCHED:
            return self._declined(draft, at)
        if after == S.VERIFIED:
            clerk, result = self._clerk(draft), rng.choice(VERIFIED)
            draft.verified = (rng.choices(("phone", "visit", "online"), (68, 24, 8))[0], clerk, at, result)
            return Step(before, after, at, clerk, result)
        if after == S.DISPATCHED:
            draft.team = self._team(draft, but=draft.declined_by[-1] if draft.declined_by else None)
            draft.times_sent += 1
            return Step(before, after, at, self._hands.dispatchers[town], team=draft.team)
        return self._of_the_team(draft, before, after, at)

    def _declined(self, draft: NeedDraft, at: datetime) -> Step:
        team = draft.team
        if team is None:
            raise ValueError("only an order can be declined")
        draft.declined_by.append(team)
        draft.team = None
        leader = self._hands.leaders[team]
        return Step(S.DISPATCHED.value, S.VERIFIED, at, leader, self._rng.choice(DECLINED), team)

    def _of_the_team(self, draft: NeedDraft, before: str, after: NeedState, at: datetime) -> Step:
        rng, team = self._rng, draft.team
        if team is None:
            raise ValueError("an order has a team")
        leader = self._hands.leaders[team]
        if after == S.DONE:
            draft.helped, draft.outcome = rng.choice((1, 1, 1, 2, 2, 3)), rng.choice(DONE)
        if after == S.RATED:
            draft.stars = rng.choice(_STARS)
            draft.rating_words = rng.choice(RATING_WORDS[draft.stars])
        if after in {S.CONFIRMED, S.RATED}:
            called = self._clerk(draft) if rng.random() < 0.3 else None
            draft.rated_by = called if after == S.RATED else draft.rated_by
            return Step(before, after, at, called, team=team)
        if after == S.CLOSED:
            return Step(before, after, at, self._clerk(draft), team=team)
        return Step(before, after, at, leader, team=team)


def offers_of(teams: Sequence[tuple[str, str, tuple[str, ...]]]) -> Offers:
    """From (kind, area code, categories) of each team in its place."""
    detachment: dict[str, int] = {}
    of_town: dict[tuple[str, str], list[int]] = defaultdict(list)
    county_wide: dict[str, list[int]] = defaultdict(list)
    for place, (kind, area_code, categories) in enumerate(teams):
        if kind == "detachment":
            detachment[area_code] = place
        elif area_code.endswith("000000"):
            for category in categories:
                county_wide[category].append(place)
        else:
            for category in categories:
                of_town[area_code[:9], category].append(place)
    return Offers(detachment, of_town, county_wide)


def linked(drafts: Sequence[NeedDraft], closed: int) -> Iterator[int]:
    """Places of the needs that activities answer: all that are scheduled or done, and of the closed ones the latest."""
    yield from (place for place, draft in enumerate(drafts) if draft.state in VISITED and draft.state != S.CLOSED)
    ended = [place for place, draft in enumerate(drafts) if draft.state == S.CLOSED]
    yield from sorted(ended, key=lambda place: drafts[place].steps[-1].at)[len(ended) - min(closed, len(ended)) :]
