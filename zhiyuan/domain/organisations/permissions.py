"""Who may do what where. One table of grants; asked inside every verb and in every query."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import code_range, level_of_code
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.models import Role, RoleGrant, Team
from zhiyuan.domain.people.models import Person


class Permission(TextChoices):
    """What a role lets somebody do within its branch."""

    SEE_NEEDS = "see_needs", _("see needs")
    ENTER_NEED = "enter_need", _("enter needs for residents")
    VERIFY_NEED = "verify_need", _("verify needs")
    DISPATCH_NEED = "dispatch_need", _("send needs to teams")
    ANSWER_ORDER = "answer_order", _("accept or decline orders")
    PLAN_ACTIVITY = "plan_activity", _("plan activities")
    TAKE_ATTENDANCE = "take_attendance", _("take attendance")
    CONFIRM_HOURS = "confirm_hours", _("confirm hours")
    SEE_VOLUNTEERS = "see_volunteers", _("see volunteers")
    VERIFY_CREDENTIAL = "verify_credential", _("verify credentials")
    RECORD_TRAINING = "record_training", _("enter trainings")
    MERGE_PEOPLE = "merge_people", _("merge two files of one person")
    MANAGE_TEAMS = "manage_teams", _("manage teams")
    MANAGE_SITES = "manage_sites", _("manage sites")
    GRANT_ROLES = "grant_roles", _("grant roles")
    READ_JOURNAL = "read_journal", _("read the journal")
    MANAGE_SETTINGS = "manage_settings", _("change settings")


P = Permission
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.CLERK: frozenset({P.SEE_NEEDS, P.ENTER_NEED, P.VERIFY_NEED, P.SEE_VOLUNTEERS}),
    Role.DISPATCHER: frozenset(
        {
            P.SEE_NEEDS,
            P.ENTER_NEED,
            P.VERIFY_NEED,
            P.DISPATCH_NEED,
            P.CONFIRM_HOURS,
            P.SEE_VOLUNTEERS,
            P.VERIFY_CREDENTIAL,
        }
    ),
    Role.OFFICE: frozenset(
        {
            P.SEE_NEEDS,
            P.SEE_VOLUNTEERS,
            P.VERIFY_CREDENTIAL,
            P.CONFIRM_HOURS,
            P.RECORD_TRAINING,
            P.MERGE_PEOPLE,
            P.MANAGE_TEAMS,
            P.MANAGE_SITES,
            P.GRANT_ROLES,
            P.MANAGE_SETTINGS,
        }
    ),
    Role.AUDITOR: frozenset({P.SEE_NEEDS, P.SEE_VOLUNTEERS, P.READ_JOURNAL}),
    # they bring needs in and follow what they brought, and see no others
    Role.SOCIAL_WORKER: frozenset({P.ENTER_NEED}),
    Role.GRID_WORKER: frozenset({P.ENTER_NEED}),
    Role.LEADER: frozenset(
        {
            P.ANSWER_ORDER,
            P.PLAN_ACTIVITY,
            P.TAKE_ATTENDANCE,
            P.CONFIRM_HOURS,
            P.SEE_VOLUNTEERS,
            P.RECORD_TRAINING,
            P.GRANT_ROLES,
        }
    ),
    Role.DEPUTY: frozenset(
        {
            P.ANSWER_ORDER,
            P.PLAN_ACTIVITY,
            P.TAKE_ATTENDANCE,
            P.CONFIRM_HOURS,
            P.SEE_VOLUNTEERS,
            P.RECORD_TRAINING,
        }
    ),
}
# In the same branch a role can only be granted by one of higher rank; auditors are named from outside (by command).
RANK = {
    Role.OFFICE: 4,
    Role.AUDITOR: 4,
    Role.DISPATCHER: 3,
    Role.CLERK: 2,
    Role.SOCIAL_WORKER: 2,
    Role.LEADER: 2,
    Role.GRID_WORKER: 1,
    Role.DEPUTY: 1,
}


class AccessObstacle(TextChoices):
    NOT_YOURS = "not_yours", _("This is not in your area or team, or your role does not cover it.")


@dataclass(frozen=True)
class Grant:
    """A role that holds today: for an area's range of codes, or for a range of team paths."""

    role: Role
    area_code: str | None
    team_path: str | None
    team_id: int | None

    def covers_area(self, code: str) -> bool:
        if self.area_code is None:
            return False
        low, high = code_range(self.area_code, level_of_code(self.area_code))
        return low <= code < high

    def covers_team(self, team: Team) -> bool:
        if self.team_path is not None:
            return team.path.startswith(self.team_path)
        return self.covers_area(team.area_id)


@dataclass(frozen=True)
class Scope:
    """All that one permission reaches: ranges of area codes, and ranges of team paths."""

    areas: tuple[tuple[str, str], ...]
    teams: tuple[tuple[str, str], ...]

    def rows(self, *, area: str | None = "area_id", team: str | None = None) -> Q:
        """A filter on the fields that hold a row's area code and its team's path; matches nothing for an
        empty scope.
        """
        reached = Q(pk__in=[])
        if area:
            for low, high in self.areas:
                reached |= Q(**{f"{area}__gte": low, f"{area}__lt": high})
        if team:
            for low, high in self.teams:
                reached |= Q(**{f"{team}__gte": low, f"{team}__lt": high})
        return reached

    def __bool__(self) -> bool:
        return bool(self.areas or self.teams)


def standing_roles(day: date) -> QuerySet[RoleGrant]:
    """Roles that hold on a day. A substitute's holds only as long as the role that it stands in for."""
    held = RoleGrant.objects.filter(since__lte=day, until__gte=day, ended_at=None)
    original_holds = Q(
        substitutes__since__lte=day,
        substitutes__until__gte=day,
        substitutes__ended_at=None,
        substitutes__person__is_active=True,
    )
    return held.filter(Q(team=None) | Q(team__until=None)).filter(Q(substitutes=None) | original_holds)


def roles_with(permission: Permission) -> list[Role]:
    return [role for role, permissions in GRANTS.items() if permission in permissions]


def grants_of(person: Person | None, *, on: date | None = None) -> tuple[Grant, ...]:
    """The roles that somebody holds on a day (today). Read once for each `Person` object, so once a request."""
    if person is None or not person.is_active:
        return ()
    cached: tuple[Grant, ...] | None = person.__dict__.get("_grants")
    if cached is None:
        day = on or local_day(now())
        rows = standing_roles(day).filter(person=person).select_related("team").order_by("pk")
        cached = tuple(_as_grant(row) for row in rows)
        person.__dict__["_grants"] = cached
    return cached


def _as_grant(row: RoleGrant) -> Grant:
    return Grant(Role(row.role), row.area_id, row.team.path if row.team else None, row.team_id)


def grants_by_person(permission: Permission, *, on: date) -> dict[Person, list[Grant]]:
    """Everybody who holds a role with a permission on a day. One query."""
    rows = standing_roles(on).filter(role__in=roles_with(permission), person__is_active=True)
    holders: dict[Person, list[Grant]] = {}
    for row in rows.select_related("person", "team").order_by("person_id", "pk"):
        holders.setdefault(row.person, []).append(_as_grant(row))
    return holders


def forget_grants(person: Person) -> None:
    """Read this person's roles anew the next time they are asked for."""
    person.__dict__.pop("_grants", None)


def may(person: Person | None, permission: Permission, *, area: str | None = None, team: Team | None = None) -> bool:
    """Whether somebody's roles give this permission for an area (by code) or a team; without either: anywhere."""
    holding = [grant for grant in grants_of(person) if permission in GRANTS[grant.role]]
    if area is None and team is None:
        return bool(holding)
    return any((team and grant.covers_team(team)) or (area and grant.covers_area(area)) for grant in holding)


def require(
    person: Person | None, permission: Permission, *, area: str | None = None, team: Team | None = None
) -> None:
    """Refuse unless `may`."""
    if not may(person, permission, area=area, team=team):
        raise Refused(AccessObstacle.NOT_YOURS)


def scope_of(person: Person | None, permission: Permission) -> Scope:
    """Everything that somebody's roles reach with this permission."""
    holding = [grant for grant in grants_of(person) if permission in GRANTS[grant.role]]
    areas = {code_range(g.area_code, level_of_code(g.area_code)) for g in holding if g.area_code}
    teams = {(g.team_path, g.team_path + "~") for g in holding if g.team_path}
    return Scope(tuple(sorted(areas)), tuple(sorted(teams)))


def is_staff(person: Person | None) -> bool:
    """Whether somebody holds a role that asks for the second factor: any that reaches beyond their own team."""
    return any(grant.area_code for grant in grants_of(person))
