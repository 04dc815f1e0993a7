"""The demo county from its first area to its last rating, in one transaction: it is all there, or nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from math import sqrt
from random import Random

from zhiyuan.cli.demo_county.accounts import (
    SIBLING_TEAM,
    TEAM,
    VILLAGE,
    VOLUNTEER_CAST,
    appoint_cast,
    person_of,
    volunteers_of_the_cast,
)
from zhiyuan.cli.demo_county.activity_plan import (
    CLOSED_NEEDS_SERVED,
    COMING_ACTIVITIES,
    PAST_ACTIVITIES,
    Calendar,
)
from zhiyuan.cli.demo_county.activity_rows import Venue, write_activities
from zhiyuan.cli.demo_county.area_rows import ZHENYUAN, AreaRow, read_area_rows
from zhiyuan.cli.demo_county.collecting_rows import collect
from zhiyuan.cli.demo_county.need_plan import Hands, linked, offers_of, plan_needs
from zhiyuan.cli.demo_county.need_rows import write_needs
from zhiyuan.cli.demo_county.organisation_rows import (
    SeededSite,
    SeededTeam,
    write_code_lists,
    write_sites,
    write_teams,
)
from zhiyuan.cli.demo_county.population import VOLUNTEERS, SyntheticVolunteer, Village, people_of, settle
from zhiyuan.cli.demo_county.progress import Watch
from zhiyuan.cli.demo_county.role_rows import write_roles
from zhiyuan.cli.demo_county.roster import TeamRoster, enrol
from zhiyuan.cli.demo_county.scenes import Stage
from zhiyuan.cli.demo_county.seeded_ids import Ids
from zhiyuan.cli.demo_county.volunteer_rows import (
    People,
    Staff,
    write_certificates,
    write_memberships,
    write_people,
    write_staff,
)
from zhiyuan.domain.areas.changing import load_areas
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.database import search_indexes_filled_afterwards
from zhiyuan.domain.foundation.models import Call
from zhiyuan.domain.journal.verbs import SYSTEM, record, unit_of_work
from zhiyuan.domain.people.models import Person

SEED = 621027
FEWEST_PEOPLE = 300
_EXTRAS = 5
_MARK = ("system", "county.seeded")


@dataclass(frozen=True)
class County:
    """What has been written so far, for the steps that come after."""

    seed: int
    at: datetime
    areas: Sequence[AreaRow]
    villages: Sequence[Village]
    people: People
    teams: Sequence[SeededTeam]
    rosters: Sequence[TeamRoster]
    sites: Sequence[SeededSite]
    staff: Sequence[Staff]
    ids: Ids
    watch: Watch

    @property
    def today(self) -> date:
        return local_day(self.at)

    @cached_property
    def places(self) -> dict[str, str]:
        """By area code: how a place is said."""
        towns = {area.code: area.name for area in self.areas}
        return {
            area.code: f"{towns[area.parent_code]} {area.name}" if area.level == "village" else area.name
            for area in self.areas
        }

    @property
    def share(self) -> float:
        """How much goes on, against a county of full size: less than it has people, so that small ones show all."""
        return min(1.0, sqrt(len(self.people.all) / VOLUNTEERS))


def seeded_counts() -> dict[str, int] | None:
    """What an earlier seeding has written; None when there is no demo county here."""
    mark = Call.objects.filter(actor=_MARK[0], key=_MARK[1]).first()
    return dict(mark.answer["counts"]) if mark else None


def holds_people() -> bool:
    return Person.objects.exists()


def seed(*, people: int, seed: int, at: datetime, watch: Watch) -> dict[str, int]:
    """Write the whole county; returns how many of each thing there are. Killed half-way, it leaves nothing behind."""
    with unit_of_work(), search_indexes_filled_afterwards():
        return _seed(people, seed, at, watch)


def _seed(people: int, seed: int, at: datetime, watch: Watch) -> dict[str, int]:
    county = _inhabit(people, seed, at, watch)
    appoint_cast(at=at - timedelta(hours=1))
    write_roles(
        county.people,
        county.teams,
        county.rosters,
        county.staff,
        but=frozenset({TEAM, SIBLING_TEAM}),
        by=person_of("office"),
        seed=seed,
        ids=county.ids,
        at=at,
    )
    counts = {"volunteers": people, "teams": len(county.teams), "sites": len(county.sites), **_fill_with_life(county)}
    record(SYSTEM, "county.seeded", "county:demo", at=at, seed=seed, **counts)
    Call.objects.create(actor=_MARK[0], key=_MARK[1], answer={"counts": list(counts.items())}, at=at)
    return counts


def _inhabit(count: int, seed: int, at: datetime, watch: Watch) -> County:
    """Areas, teams, sites, people, and who belongs where."""
    areas, ids, today = read_area_rows(), Ids(Random(f"{seed}:ids")), local_day(at)
    load_areas(ZHENYUAN, by=SYSTEM, at=at)
    write_code_lists()
    teams = write_teams(areas, seed=seed, ids=ids)
    sites = write_sites(areas, teams, seed=seed, ids=ids)
    villages = settle(areas, seed=seed, volunteers=count - len(VOLUNTEER_CAST))
    drawn = people_of(villages, seed=seed, on=today)
    everybody = drawn + volunteers_of_the_cast(len(drawn), today)
    people = write_people(everybody, seed=seed, ids=ids, watch=watch)
    plans = [team.plan for team in teams]
    cast = frozenset(range(len(drawn), len(everybody)))
    leaders = _leaders_of_the_cast(everybody)
    rosters = enrol(plans, everybody, seed=seed, on=today, leaders=leaders, settled=cast)
    write_memberships(people, teams, rosters, watch)
    staff = write_staff(areas, seed=seed, ids=ids, at=at)
    write_certificates(people, staff, seed=seed, ids=ids, on=today)
    return County(seed, at, areas, villages, people, teams, rosters, sites, staff, ids, watch)


def _leaders_of_the_cast(people: Sequence[SyntheticVolunteer]) -> dict[str, tuple[int, int | None]]:
    place = {one.key: len(people) - len(VOLUNTEER_CAST) + order for order, one in enumerate(VOLUNTEER_CAST)}
    return {TEAM: (place["leader"], place["deputy"]), SIBLING_TEAM: (place["sibling_leader"], None)}


def _fill_with_life(county: County) -> dict[str, int]:
    """Requests and activities since 2024, up to this hour and three weeks ahead."""
    needs = plan_needs(
        county.villages,
        offers_of([(team.plan.kind, team.plan.area_code, team.plan.categories) for team in county.teams]),
        _hands(county),
        share=county.share,
        seed=county.seed,
        at=county.at,
    )
    keys = write_needs(needs, county.teams, county.places, ids=county.ids, at=county.at, watch=county.watch)
    extras = _extras(county)
    calendar = _calendar(county, extras)
    for place in linked(needs, round(CLOSED_NEEDS_SERVED * county.share)):
        calendar.visit(place, needs[place])
    calendar.going_on(max(1, round(6 * county.share)))
    calendar.coming(round(COMING_ACTIVITIES * county.share))
    calendar.past(round(PAST_ACTIVITIES * county.share))
    venue = Venue(
        county.people, county.teams, county.rosters, county.sites, county.places, office=person_of("office").pk
    )
    counts = write_activities(
        calendar.drawn, keys, venue, seed=county.seed, ids=county.ids, at=county.at, watch=county.watch
    )
    Stage([county.people.person(place) for place in extras], county.at).arrange()
    return {"requests": len(needs), **counts, **collect(county.at)}


def _hands(county: County) -> Hands:
    clerks: dict[str, list[int]] = {}
    for one in county.staff:
        if one.role == "clerk":
            clerks.setdefault(one.area_code[:9], []).append(one.pk)
    dispatchers = {one.area_code[:9]: one.pk for one in county.staff if one.role == "dispatcher"}
    leaders = [county.people.person(roster.leader) for roster in county.rosters]
    return Hands(clerks, dispatchers, leaders)


def _extras(county: County) -> list[int]:
    """Up to five grown-ups of the demo's village who stand on the stage beside those with names."""
    grown_before = county.today - timedelta(days=18 * 366)
    joined_before = county.today - timedelta(days=60)
    people = enumerate(county.people.all[: -len(VOLUNTEER_CAST)])
    return [
        place
        for place, one in people
        if one.area_code == VILLAGE and one.born_on < grown_before and one.joined_on < joined_before
    ][:_EXTRAS]


def _calendar(county: County, extras: Sequence[int]) -> Calendar:
    count = len(county.people.all)
    cast = range(count - len(VOLUNTEER_CAST), count)
    villages: dict[str, list[str]] = {"": [village.code for village in county.villages]}
    for village in county.villages:
        villages.setdefault(village.code[:9], []).append(village.code)
    return Calendar(
        [team.plan for team in county.teams],
        county.rosters,
        county.people.all,
        villages,
        kept_free=frozenset([*cast, *extras]),
        seed=county.seed,
        at=county.at,
    )
