"""Writes the roles of those who lead teams and of the townships' staff, each with its line in the journal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from zhiyuan.cli.demo_county.organisation_rows import SeededTeam
from zhiyuan.cli.demo_county.roster import TeamRoster
from zhiyuan.cli.demo_county.seeded_ids import Ids
from zhiyuan.cli.demo_county.volunteer_rows import People, Staff
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.database import bulk_insert
from zhiyuan.domain.journal.verbs import record
from zhiyuan.domain.organisations.models import Role, RoleGrant
from zhiyuan.domain.people.models import Person


@dataclass(frozen=True)
class _Held:
    """A role to be written: whose, and for which team or area."""

    person: int
    public_id: str
    role: Role
    team: SeededTeam | None = None
    area_code: str = ""


def write_roles(
    people: People,
    teams: Sequence[SeededTeam],
    rosters: Sequence[TeamRoster],
    staff: Sequence[Staff],
    *,
    but: frozenset[str],
    by: Person,
    seed: int,
    ids: Ids,
    at: datetime,
) -> None:
    """Granted by the county office within the last year. Teams with a key in `but` have their leaders already."""
    rng = Random(f"{seed}:roles")
    held = [one for one in _of_teams(people, teams, rosters) if one.team and one.team.plan.key not in but]
    held += [_Held(one.pk, one.public_id, Role(one.role), area_code=one.area_code) for one in staff]
    rows = []
    for one in held:
        since = local_day(at) - timedelta(days=rng.randint(5, 300))
        until = since + timedelta(days=365)
        team = one.team.pk if one.team else None
        rows.append((ids.public(), one.person, one.role.value, one.area_code or None, team, since, until, by.pk))
        branch = f"area:{one.area_code}" if one.area_code else f"team:{one.team.public_id if one.team else ''}"
        facts = {"role": one.role.value, "branch": branch, "until": until.isoformat()}
        record(by, "role.granted", f"person:{one.public_id}", at=at, **facts)
    fields = ("public_id", "person_id", "role", "area_id", "team_id", "since", "until", "granted_by_id")
    bulk_insert(RoleGrant, fields, rows)


def _of_teams(people: People, teams: Sequence[SeededTeam], rosters: Sequence[TeamRoster]) -> Iterator[_Held]:
    for team, roster in zip(teams, rosters, strict=True):
        yield _Held(people.person(roster.leader), people.public_ids[roster.leader], Role.LEADER, team)
        if roster.deputy is not None:
            yield _Held(people.person(roster.deputy), people.public_ids[roster.deputy], Role.DEPUTY, team)
