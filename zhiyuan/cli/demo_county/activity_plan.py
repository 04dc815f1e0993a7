"""When teams do what, and who comes: plain values, the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random

from zhiyuan.cli.demo_county.activity_tables import (
    CANCEL_REASONS,
    LEAVE_REASONS,
    OUTCOMES,
    PAIRS,
    VISIT_RISK,
    VISIT_TITLES,
    Script,
    scripts_for,
)
from zhiyuan.cli.demo_county.need_plan import NeedDraft
from zhiyuan.cli.demo_county.organisation_plan import TeamPlan
from zhiyuan.cli.demo_county.population import SyntheticVolunteer, Work
from zhiyuan.cli.demo_county.roster import TeamRoster
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.needs.models import NeedState

COUNTED_SINCE = date(2024, 1, 1)
# in a county of full size, beside those that answer somebody's request
PAST_ACTIVITIES, COMING_ACTIVITIES, CLOSED_NEEDS_SERVED = 1_880, 210, 400
_COMING_DAYS = 21
_CALLED_OFF = 0.03
_KINDS = {  # how busy a team of a kind is, against a village's
    "detachment": 1.0,
    "corps": 6.0,
    "branch": 3.0,
    "direct": 4.0,
    "special": 2.5,
    "unit": 0.6,
    "hospital": 4.0,
    "social_work": 3.0,
    "rescue": 5.0,
    "interest": 2.0,
}
_STARTS = (30, 60, 60, 90, 390, 390, 420)  # minutes after 8 o'clock


@dataclass(slots=True)
class Attendance:
    """A volunteer's place in a shift, by the place in the list of people."""

    place: int
    state: str
    signed_up_at: datetime
    came_at: datetime | None = None
    left_at: datetime | None = None
    by_code: bool = True  # else the leader called the roll
    given_back_at: datetime | None = None
    reason: str = ""


@dataclass(slots=True)
class ShiftDraft:
    starts_at: datetime
    ends_at: datetime
    places: int
    people: list[Attendance] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return sum(one.state in {"admitted", "checked_in", "checked_out"} for one in self.people)


@dataclass(slots=True)
class ActivityDraft:
    team: int  # its place in the list of teams
    area_code: str
    script: Script
    state: str  # published, finished, cancelled
    shifts: list[ShiftDraft]
    created_at: datetime
    need: int | None = None  # its place in the list of needs
    ended_at: datetime | None = None
    cancel_reason: str = ""
    helped: int | None = None
    outcome: str = ""

    @property
    def starts_at(self) -> datetime:
        return min(shift.starts_at for shift in self.shifts)

    @property
    def ends_at(self) -> datetime:
        return max(shift.ends_at for shift in self.shifts)


class Calendar:
    """Draws activities. Nobody has two shifts on one day, so that no two ever overlap."""

    def __init__(
        self,
        teams: Sequence[TeamPlan],
        rosters: Sequence[TeamRoster],
        people: Sequence[SyntheticVolunteer],
        villages: dict[str, list[str]],
        *,
        kept_free: frozenset[int],
        seed: int,
        at: datetime,
    ) -> None:
        self.drawn: list[ActivityDraft] = []
        self._teams = teams
        self._rosters = rosters
        self._people = people
        self._villages = villages  # by township's first nine digits; all under ""
        self._kept_free = kept_free  # people whose last and next days a scene arranges
        self._rng = Random(f"{seed}:activities")
        self._at = at
        self._today = local_day(at)
        self._busy: set[tuple[int, date]] = set()
        self._weights: dict[int, list[float]] = {}
        self._scripts = [scripts_for(team.team_class, team.categories) for team in teams]
        self._busyness = list(accumulate(_KINDS[team.kind] for team in teams))

    # what answers a request

    def visit(self, place: int, need: NeedDraft) -> None:
        """One team's answer to one request: one to three people for an hour or two."""
        if need.visit is None or need.team is None:
            raise ValueError("only a need with a date and a team is visited")
        starts_at, ends_at = need.visit
        scheduled = next(step.at for step in need.steps if step.after == NeedState.SCHEDULED)
        title = VISIT_TITLES[need.category]
        script = Script(need.category, title, f"{title}，两人同行，做完请老人签字。", VISIT_RISK, PAIRS, (1, 3))
        shift = ShiftDraft(starts_at, ends_at, 3 if need.category == "farm" else 2)
        draft = ActivityDraft(need.team, need.area_code, script, "published", [shift], scheduled, need=place)
        if need.state == NeedState.SCHEDULED:
            self._sign_up(draft, shift, self._rng.choice((0, 1, 1, 2, 2)))
        elif need.state == NeedState.SERVING:
            self._attend(draft, shift, shift.places, going_on=True)
            for one in shift.people[:1]:
                one.came_at = need.steps[-1].at
        else:
            done = next(step for step in need.steps if step.after == NeedState.DONE)
            draft.state, draft.ended_at = "finished", done.at
            draft.helped, draft.outcome = need.helped, need.outcome
            self._attend(draft, shift, self._rng.choice((1, 2, 2)))
        self.drawn.append(draft)

    # what teams put on by themselves

    def past(self, count: int) -> None:
        span = (self._today - COUNTED_SINCE).days
        for _ in range(count):
            ago = 1 + int((span - 1) * self._rng.random() ** 1.12)
            day = self._today - timedelta(days=ago)
            if self._rng.random() < 0.45:  # rather on a weekend
                day -= timedelta(days=(day.weekday() - self._rng.choice((5, 6))) % 7)
            self._held(max(day, COUNTED_SINCE), called_off=False)
        for _ in range(max(1, round(count * _CALLED_OFF))):
            self._held(self._today - timedelta(days=self._rng.randint(2, span)), called_off=True)

    def coming(self, count: int) -> None:
        for _ in range(count):
            day = self._today + timedelta(days=int(_COMING_DAYS * self._rng.random() ** 1.3))
            draft = self._new(day)
            if draft.starts_at <= self._at + timedelta(minutes=30):
                draft = self._new(day + timedelta(days=1))
            draft.created_at = min(draft.created_at, self._at - timedelta(hours=self._rng.randint(2, 90)))
            for shift in draft.shifts:
                share = self._rng.choice((0.0, 0.0, 0.3, 0.5, 0.6, 0.8, 0.9, 1.0))
                self._sign_up(draft, shift, round(shift.places * share))
                if share == 1.0 and shift.people:  # all places taken, even where a team has few people free
                    shift.places = len(shift.people)
            self.drawn.append(draft)

    def going_on(self, count: int) -> None:
        """Under way this very hour, if it is daytime."""
        if not 1 <= self._at.hour <= 10:  # 9 to 18 o'clock here
            return
        for _ in range(count):
            draft = self._new(self._today)
            start = self._at - timedelta(minutes=self._rng.randint(10, 80))
            length = draft.shifts[0].ends_at - draft.shifts[0].starts_at
            shift = draft.shifts[0]
            shift.starts_at, shift.ends_at = start, start + max(length, timedelta(minutes=120))
            draft.shifts = [shift]
            self._attend(draft, shift, shift.places, going_on=True)
            self.drawn.append(draft)

    # how they are drawn

    def _held(self, day: date, *, called_off: bool) -> None:
        draft = self._new(day)
        for shift in draft.shifts:
            if called_off:
                self._sign_up(draft, shift, shift.places // 2)
            else:
                self._attend(draft, shift, round(shift.places * self._rng.uniform(0.55, 1.0)))
        if called_off:
            draft.state, draft.cancel_reason = "cancelled", self._rng.choice(CANCEL_REASONS)
            draft.ended_at = draft.starts_at - timedelta(hours=self._rng.randint(3, 30))
            draft.created_at = min(draft.created_at, draft.ended_at - timedelta(hours=20))
            for shift in draft.shifts:
                for one in shift.people:
                    one.state, one.given_back_at, one.reason = "cancelled", draft.ended_at, draft.cancel_reason
                    one.signed_up_at = min(one.signed_up_at, draft.ended_at - timedelta(hours=1))
        else:
            draft.state = "finished"
            draft.ended_at = min(draft.ends_at + timedelta(minutes=self._rng.randint(15, 90)), self._at)
            draft.helped = self._rng.randint(*draft.script.helped)
            draft.outcome = self._rng.choice(OUTCOMES)
        self.drawn.append(draft)

    def _new(self, day: date) -> ActivityDraft:
        """A team, what it does in that month, where and when; places as many as it may hope for."""
        rng = self._rng
        team = rng.choices(range(len(self._teams)), cum_weights=self._busyness)[0]
        scripts = [script for script in self._scripts[team] if day.month in script.months]
        script = rng.choice(scripts)
        start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=rng.choice(_STARTS))
        length = timedelta(minutes=rng.choice(script.minutes))
        places = min(round(1.7 * rng.randint(*script.helpers)), max(2, round(0.6 * len(self._rosters[team].members))))
        shifts = [ShiftDraft(start, start + length, places)]
        if script.helpers[1] > 20 and rng.random() < 0.3:
            second = shifts[0].ends_at + timedelta(minutes=30)
            shifts.append(ShiftDraft(second, second + length, places))
        created_at = start - timedelta(days=rng.randint(2, 12), minutes=rng.randint(0, 400))
        return ActivityDraft(team, self._where(team), script, "published", shifts, created_at)

    def _where(self, team: int) -> str:
        code = self._teams[team].area_code
        if code[9:] != "000":
            return code
        inside = self._villages["" if code.endswith("000000") else code[:9]]
        return self._rng.choice(inside)

    def _choose(self, draft: ActivityDraft, shift: ShiftDraft, wanted: int) -> list[int]:
        """Members who may come, are free that day and belong to the team by then; the zealous more often."""
        roster, day, script = self._rosters[draft.team], local_day(shift.starts_at), draft.script
        if wanted <= 0 or not roster.members:
            return []
        weights = self._weights.get(draft.team)
        if weights is None:
            zeal = accumulate(self._people[place].zeal + 0.02 for place in roster.members)
            weights = self._weights[draft.team] = list(zeal)
        ages = max(script.needed_from, 18 if script.dangerous else 0)
        latest_birth = date(day.year - ages, day.month, min(day.day, 28))
        near = day > self._today - timedelta(days=9)
        away = day.month not in {1, 2}
        chosen: list[int] = []
        for place in dict.fromkeys(self._rng.choices(roster.members, cum_weights=weights, k=5 * wanted + 8)):
            one = self._people[place]
            if (
                one.born_on < latest_birth
                and one.joined_on < day
                and self._teams[draft.team].since <= day
                and (place, day) not in self._busy
                and not (near and place in self._kept_free)
                and not (away and one.work == Work.AWAY)
                and (not script.skill or script.skill in one.skills)
            ):
                chosen.append(place)
                if len(chosen) == wanted:
                    break
        self._busy.update((place, day) for place in chosen)
        return chosen

    def _sign_up(self, draft: ActivityDraft, shift: ShiftDraft, wanted: int) -> None:
        latest = min(shift.starts_at - timedelta(minutes=30), self._at)
        span = max((latest - draft.created_at).total_seconds(), 60)
        for place in self._choose(draft, shift, min(wanted, shift.places)):
            signed_up_at = draft.created_at + timedelta(seconds=int(span * self._rng.random()))
            shift.people.append(Attendance(place, "admitted", signed_up_at))

    def _attend(self, draft: ActivityDraft, shift: ShiftDraft, wanted: int, *, going_on: bool = False) -> None:
        """Who signed up: most came, some gave back before, few did not come, and now and then nobody took down when
        somebody left."""
        rng = self._rng
        self._sign_up(draft, shift, wanted)
        by_code = rng.random() < 0.55
        enough = len(shift.people) > 2 or draft.need is None  # a request is never left without anybody
        for one in shift.people:
            chance = rng.random()
            if chance < 0.06 and enough:
                one.state, one.reason = "cancelled", rng.choice(LEAVE_REASONS)
                before = timedelta(hours=rng.uniform(0.5, 12))
                one.given_back_at = max(one.signed_up_at, shift.starts_at - before)
                continue
            if chance < 0.10 and enough:
                one.state = "admitted" if going_on else "no_show"
                continue
            one.by_code = by_code
            one.came_at = shift.starts_at + timedelta(minutes=rng.randint(-14, 6), seconds=rng.randint(0, 59))
            one.state = "checked_in"
            recent = shift.ends_at > self._at - timedelta(days=20)
            if not going_on and not (recent and chance > 0.985):
                one.state = "checked_out"
                one.left_at = shift.ends_at + timedelta(minutes=rng.randint(-8, 10), seconds=rng.randint(0, 59))
                if draft.ended_at:
                    one.left_at = min(one.left_at, draft.ended_at)
