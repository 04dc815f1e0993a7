"""Roles are granted for a time and a branch, and only downward."""

from datetime import date, datetime, timedelta

from django.db.models import F, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import Actor, record, verb
from zhiyuan.domain.organisations.models import Role, RoleGrant, Team
from zhiyuan.domain.organisations.permissions import (
    GRANTS,
    RANK,
    AccessObstacle,
    Grant,
    Permission,
    forget_grants,
    grants_of,
    may,
)
from zhiyuan.domain.people.models import Person

LONGEST = timedelta(days=366)
TEAM_ROLES = (Role.LEADER, Role.DEPUTY)


class GrantObstacle(TextChoices):
    WRONG_BRANCH = "wrong_branch", _("This role holds for a team, the others for an area. Choose the one that fits.")
    TOO_LONG = "too_long", _("A role is granted for a year at the most. Choose an earlier last day.")
    PAST = "past", _("The last day lies in the past.")
    NOT_DOWNWARD = "not_downward", _("You can only grant roles below your own.")
    OWN_ROLE = "own_role", _("Nobody grants or ends their own role.")
    SUBSTITUTE = "substitute_ends", _("A substitute's role ends by itself on its last day.")
    ROLE_ENDED = "role_ended", _("This role has already ended.")


def is_below(mine: Grant, role: Role, area: Area | None, team: Team | None) -> bool:
    """Whether a role for this branch stands strictly below one's own: a smaller branch, or a lower rank in the same."""
    if Permission.GRANT_ROLES not in GRANTS[mine.role] or role == Role.AUDITOR:
        return False
    if team is not None:
        same = mine.team_path == team.path
        return mine.covers_team(team) and (not same or RANK[role] < RANK[mine.role])
    if area is None or not mine.covers_area(area.code):
        return False
    return mine.area_code != area.code or RANK[role] < RANK[mine.role]


def obstacle_to_grant(
    by: Person, role: Role, area: Area | None, team: Team | None
) -> GrantObstacle | AccessObstacle | None:
    """Why somebody can't grant this role for this branch; None when nothing stands in the way."""
    if (role in TEAM_ROLES) != (team is not None) or (area is None) == (team is None):
        return GrantObstacle.WRONG_BRANCH
    reach = any(g.covers_team(team) if team else g.covers_area(area.code if area else "") for g in grants_of(by))
    if not reach:
        return AccessObstacle.NOT_YOURS
    if not any(is_below(mine, role, area, team) for mine in grants_of(by)):
        return GrantObstacle.NOT_DOWNWARD
    return None


@verb
def grant_role(
    person: Person,
    role: Role,
    *,
    area: Area | None = None,
    team: Team | None = None,
    until: date,
    by: Person,
    at: datetime,
) -> RoleGrant:
    """Give somebody a role for a branch below one's own, until a last day."""
    if obstacle := obstacle_to_grant(by, role, area, team):
        raise Refused(obstacle)
    if person.pk == by.pk:
        raise Refused(GrantObstacle.OWN_ROLE)
    return _write_grant(person, role, area, team, until, by=by, at=at)


@verb
def appoint(
    person: Person,
    role: Role,
    *,
    area: Area | None = None,
    team: Team | None = None,
    until: date,
    by: Actor,
    at: datetime,
) -> RoleGrant:
    """Name the first holders of the top roles. For the command line only, where whoever runs it owns the machine."""
    if (role in TEAM_ROLES) != (team is not None) or (area is None) == (team is None):
        raise Refused(GrantObstacle.WRONG_BRANCH)
    return _write_grant(person, role, area, team, until, by=by, at=at)


def _write_grant(
    person: Person, role: Role, area: Area | None, team: Team | None, until: date, *, by: Actor, at: datetime
) -> RoleGrant:
    today = local_day(at)
    if until < today:
        raise Refused(GrantObstacle.PAST)
    if until - today > LONGEST:
        raise Refused(GrantObstacle.TOO_LONG)
    granter = by if isinstance(by, Person) else None
    grant = RoleGrant.objects.create(
        person=person, role=role, area=area, team=team, since=today, until=until, granted_by=granter
    )
    new_epoch(person)
    record(by, "role.granted", person, at=at, role=role.value, branch=branch_of(grant), until=until.isoformat())
    return grant


def branch_of(grant: RoleGrant) -> str:
    """What a role holds for, as the journal names it."""
    return f"team:{grant.team.public_id}" if grant.team else f"area:{grant.area_id}"


def obstacle_to_end_role(grant: RoleGrant, by: Person) -> GrantObstacle | AccessObstacle | None:
    """Why somebody can't take this role back; None when nothing stands in the way. Who is stood in for may."""
    if grant.substitutes and grant.substitutes.person_id == by.pk:
        return GrantObstacle.ROLE_ENDED if grant.ended_at else None
    if not may(by, Permission.GRANT_ROLES, area=grant.area_id, team=grant.team):
        return AccessObstacle.NOT_YOURS
    if grant.person_id == by.pk:
        return GrantObstacle.OWN_ROLE
    if obstacle := obstacle_to_grant(by, Role(grant.role), grant.area, grant.team):
        return obstacle
    return GrantObstacle.ROLE_ENDED if grant.ended_at else None


@verb
def end_role(grant: RoleGrant, *, by: Person, at: datetime) -> None:
    """Take a role back before its last day; whoever stands in for its holder loses it too."""
    grant = locked_role(grant)
    if obstacle := obstacle_to_end_role(grant, by):
        raise Refused(obstacle)
    stand_ins = RoleGrant.objects.filter(substitutes=grant, ended_at=None).select_related("person").order_by("pk")
    for ending in (grant, *stand_ins):
        ending.ended_at = at
        ending.save(update_fields=["ended_at"])
        new_epoch(ending.person)
        record(by, "role.ended", ending.person, at=at, role=ending.role)


def locked_role(grant: RoleGrant) -> RoleGrant:
    """The role as it is now, locked until the end of the transaction."""
    roles = RoleGrant.objects.select_for_update(of=("self",)).select_related("team", "area", "person", "substitutes")
    return roles.get(pk=grant.pk)


def new_epoch(person: Person) -> None:
    """End the person's present sessions' trust: the next request reads the roles anew."""
    Person.objects.filter(pk=person.pk).update(auth_epoch=F("auth_epoch") + 1)
    forget_grants(person)
