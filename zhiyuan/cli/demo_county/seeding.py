"""The demo county from its first area to its last rating, in one transaction: it is all there, or nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from zhiyuan.cli.demo_county.accounts import (
    SIBLING_TEAM,
    TEAM,
    VOLUNTEER_CAST,
    appoint_cast,
    person_of,
    volunteers_of_the_cast,
)
from zhiyuan.cli.demo_county.area_rows import ZHENYUAN, AreaRow, read_area_rows
from zhiyuan.cli.demo_county.organisation_rows import (
    SeededSite,
    SeededTeam,
    write_code_lists,
    write_sites,
    write_teams,
)
from zhiyuan.cli.demo_county.population import VOLUNTEERS, SyntheticVolunteer, people_of, settle
from zhiyuan.cli.demo_county.progress import Watch
from zhiyuan.cli.demo_county.role_rows import write_roles
from zhiyuan.cli.demo_county.roster import TeamRoster, enrol
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
from zhiyuan.domain.foundation.models import Call
from zhiyuan.domain.journal.verbs import SYSTEM, record, verb
from zhiyuan.domain.people.models import Person

SEED = 621027
FEWEST_PEOPLE = 300
_MARK = ("system", "county.seeded")


@dataclass(frozen=True)
class County:
    """What has been written so far, for the steps that come after."""

    seed: int
    at: datetime
    people: People
    teams: Sequence[SeededTeam]
    rosters: Sequence[TeamRoster]
    sites: Sequence[SeededSite]
    staff: Sequence[Staff]
    areas: Sequence[AreaRow]
    ids: Ids
    watch: Watch

    @property
    def today(self) -> date:
        return local_day(self.at)

    @property
    def share(self) -> float:
        """How much goes on, against a county of full size: less than it has people, so that small ones show all."""
        return min(1.0, (len(self.people.all) / VOLUNTEERS) ** 0.5)


def seeded_counts() -> dict[str, int] | None:
    """What an earlier seeding has written; None when there is no demo county here."""
    mark = Call.objects.filter(actor=_MARK[0], key=_MARK[1]).first()
    return mark.answer if mark else None


def holds_people() -> bool:
    return Person.objects.exists()


@verb
def seed(*, people: int, seed: int, at: datetime, watch: Watch) -> dict[str, int]:
    """Write the whole county; returns how many of each thing there are. Killed half-way, it leaves nothing behind."""
    areas = read_area_rows()
    ids = Ids(Random(f"{seed}:ids"))
    load_areas(ZHENYUAN, by=SYSTEM, at=at)
    write_code_lists()
    teams = write_teams(areas, seed=seed, ids=ids)
    sites = write_sites(areas, teams, seed=seed, ids=ids)
    everybody = _people(areas, people, seed, local_day(at))
    written = write_people(everybody, seed=seed, ids=ids, watch=watch)
    rosters = enrol(
        [team.plan for team in teams], everybody, seed=seed, on=local_day(at), leaders=_leaders_of_the_cast(everybody)
    )
    write_memberships(written, teams, rosters, watch)
    staff = write_staff(areas, seed=seed, ids=ids, at=at)
    write_certificates(written, staff, seed=seed, ids=ids, on=local_day(at))
    appoint_cast(at=at - timedelta(hours=1))
    cast_teams = frozenset({TEAM, SIBLING_TEAM})
    write_roles(written, teams, rosters, staff, but=cast_teams, by=person_of("office"), seed=seed, ids=ids, at=at)
    counts = {"people": people, "teams": len(teams), "sites": len(sites)}
    record(SYSTEM, "county.seeded", "county:demo", at=at, seed=seed, **counts)
    Call.objects.create(actor=_MARK[0], key=_MARK[1], body_sha256="", answer=counts, at=at)
    return counts


def _people(areas: Sequence[AreaRow], count: int, seed: int, on: date) -> list[SyntheticVolunteer]:
    drawn = people_of(settle(areas, seed=seed, volunteers=count - len(VOLUNTEER_CAST)), seed=seed, on=on)
    return drawn + volunteers_of_the_cast(len(drawn), on)


def _leaders_of_the_cast(people: Sequence[SyntheticVolunteer]) -> dict[str, tuple[int, int | None]]:
    place = {one.key: len(people) - len(VOLUNTEER_CAST) + order for order, one in enumerate(VOLUNTEER_CAST)}
    return {TEAM: (place["leader"], place["deputy"]), SIBLING_TEAM: (place["sibling_leader"], None)}
