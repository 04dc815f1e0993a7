"""Who belongs to which team, and who leads it: plain values, the same for the same seed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random

from zhiyuan.cli.demo_county.organisation_plan import TeamPlan
from zhiyuan.cli.demo_county.organisation_tables import (
    ART,
    CUSTOMS,
    ERRANDS,
    GREEN,
    HANDY,
    HARVEST,
    HEALTH,
    LEARNING,
    PAIRED,
    PREACHING,
    RESCUE,
    SAFETY,
    SCREEN,
)
from zhiyuan.cli.demo_county.population import VOLUNTEERS, SyntheticVolunteer, Work

_COUNTY_SEAT = "621027100"
_SKILLS_OF: dict[str, frozenset[str]] = {
    PREACHING: frozenset({"mediation", "art"}),
    CUSTOMS: frozenset({"mediation"}),
    ART: frozenset({"art", "photography"}),
    SCREEN: frozenset({"it", "photography"}),
    HEALTH: frozenset({"medicine", "nursing", "first_aid"}),
    LEARNING: frozenset({"teaching", "english"}),
    SAFETY: frozenset({"legal", "mediation"}),
    RESCUE: frozenset({"rescue", "first_aid", "driving"}),
    GREEN: frozenset({"driving"}),
    HANDY: frozenset({"repair", "hairdressing"}),
    PAIRED: frozenset({"cooking", "counselling", "nursing"}),
    HARVEST: frozenset({"farming"}),
    ERRANDS: frozenset({"it", "legal"}),
}
_SIZES: dict[str, tuple[int, int]] = {  # members at the county's full size, from and to
    "corps": (40, 60),
    "branch": (30, 80),
    "direct": (90, 220),
    "special": (40, 150),
    "unit": (22, 90),
    "hospital": (24, 70),
    "social_work": (10, 38),
    "rescue": (64, 96),
    "interest": (18, 60),
}
_COUNTY_HOSPITAL = (180, 320)
_SKILLED_SHARE = 0.65
_FEWEST = 3
_OLDEST_RESCUER = 55


@dataclass
class TeamRoster:
    """Members by their places in the list of people; the first leads, the second helps to lead."""

    members: list[int] = field(default_factory=list)
    leader: int = -1
    deputy: int | None = None


def enrol(
    teams: Sequence[TeamPlan],
    people: Sequence[SyntheticVolunteer],
    *,
    seed: int,
    on: date,
    leaders: dict[str, tuple[int, int | None]],
    settled: frozenset[int],
) -> list[TeamRoster]:
    """Everybody into the detachment of their village; part of them into other teams too.

    `leaders` names, by a team's key, people who lead and help to lead it whatever chance says; those `settled` belong
    to no other team than their village's.
    """
    hall = _Hall(people, Random(f"{seed}:roster"), on, settled)
    rosters = [hall.roster(team) for team in teams]
    for team, roster in zip(teams, rosters, strict=True):
        if team.key in leaders:
            roster.leader, roster.deputy = leaders[team.key]
        else:
            hall.choose_leaders(team, roster)
        missing = [one for one in (roster.leader, roster.deputy) if one is not None and one not in roster.members]
        roster.members += missing
    return rosters


class _Hall:
    """All the people, found by village, township, skill and work."""

    def __init__(self, people: Sequence[SyntheticVolunteer], rng: Random, on: date, settled: frozenset[int]) -> None:
        self._people = people
        self._rng = rng
        self._share = len(people) / VOLUNTEERS
        self._grown_before = on.replace(year=on.year - 18, day=min(on.day, 28))
        self._rescuers_after = self._grown_before.replace(year=on.year - _OLDEST_RESCUER)
        self._by_village: dict[str, list[int]] = defaultdict(list)
        self._by_town: dict[str, list[int]] = defaultdict(list)
        self._adults: list[int] = []
        for place, person in enumerate(people):
            self._by_village[person.area_code].append(place)
            if person.born_on < self._grown_before and person.work != Work.AWAY and place not in settled:
                self._by_town[person.area_code[:9]].append(place)
                self._adults.append(place)
        self._workers = [place for place in self._adults if people[place].work == Work.UNIT] or self._adults
        self._of_seat = self._by_town[_COUNTY_SEAT] or self._adults

    def roster(self, team: TeamPlan) -> TeamRoster:
        if team.kind == "detachment":
            return TeamRoster(list(self._by_village[team.area_code]))
        low, high = _SIZES[team.kind]
        if team.kind == "hospital" and team.area_code.endswith("000000"):
            low, high = _COUNTY_HOSPITAL
        size = max(_FEWEST, round(self._rng.randint(low, high) * self._share))
        return TeamRoster(self._draw(self._pool(team), _SKILLS_OF.get(team.team_class, frozenset()), size))

    def _pool(self, team: TeamPlan) -> list[int]:
        """Those among whom a team finds its members."""
        if team.kind == "rescue":
            return [place for place in self._adults if self._people[place].born_on > self._rescuers_after]
        if not team.area_code.endswith("000000"):
            near = self._by_town[team.area_code[:9]] or self._adults
            at_work = [place for place in near if self._people[place].work == Work.UNIT]
            return at_work if team.kind in {"unit", "hospital"} and len(at_work) > 30 else near
        return self._workers if team.kind in {"unit", "hospital", "corps"} else self._adults

    def _draw(self, pool: list[int], skills: frozenset[str], size: int) -> list[int]:
        """Members in order: those who can do what the team does first, then others."""
        rng = self._rng
        skilled = [place for place in pool if not skills.isdisjoint(self._people[place].skills)]
        wanted = min(len(skilled), round(size * _SKILLED_SHARE))
        drawn = rng.sample(skilled, wanted)
        others = rng.sample(pool, min(size, len(pool)))
        for place in others:
            if len(drawn) >= size:
                break
            if place not in drawn:
                drawn.append(place)
        return drawn

    def choose_leaders(self, team: TeamPlan, roster: TeamRoster) -> None:
        """Two grown-ups among the members who are at home; a team without any is led from its township."""
        found = list(self._leading(roster))
        roster.leader = found[0] if found else self._rng.choice(self._near(team))
        if len(found) > 1:
            roster.deputy = found[1]

    def _near(self, team: TeamPlan) -> list[int]:
        return self._by_town[team.area_code[:9]] or self._adults

    def _leading(self, roster: TeamRoster) -> Iterator[int]:
        grown = [
            place
            for place in roster.members
            if self._people[place].born_on < self._grown_before and self._people[place].work != Work.AWAY
        ]
        yield from self._rng.sample(grown, min(2, len(grown)))
