"""Roles are looked at once a year: still needed, or ended."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhiyuan.domain.areas.models import level_of_code
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, values_on
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.notices.telling import Template, tell
from zhiyuan.domain.organisations.granting import LONGEST, GrantObstacle, is_below, locked_role, obstacle_to_end_role
from zhiyuan.domain.organisations.models import Role, RoleGrant
from zhiyuan.domain.organisations.permissions import AccessObstacle, Grant, Permission, grants_by_person, scope_of
from zhiyuan.domain.organisations.substituting import OFFICES
from zhiyuan.domain.people.models import Person

REVIEW_DAYS = declare(
    Parameter(
        "roles.review_days",
        OFFICES,
        _("A role is looked at again after"),
        Unit.DAYS,
        365,
        30,
        366,
    )
)
WARNING_DAYS = declare(
    Parameter(
        "roles.warning_days", OFFICES, _("A role that ends is announced before its last day by"), Unit.DAYS, 30, 1, 180
    )
)
TO_REVIEW = Template(
    "roles_to_review", gettext_noop("%(site)s: %(count)s roles wait for you to say whether they are still needed.")
)


def _due(day: date) -> QuerySet[RoleGrant]:
    """Standing roles that nobody looked at for long, or that end soon. A substitute's ends by itself."""
    values = values_on(day)
    looked_at_before = day - timedelta(days=values[REVIEW_DAYS])
    long_ago = Q(reviewed_on__lte=looked_at_before) | Q(reviewed_on=None, since__lte=looked_at_before)
    ends_soon = Q(until__lte=day + timedelta(days=values[WARNING_DAYS]))
    standing = RoleGrant.objects.filter(ended_at=None, since__lte=day, until__gte=day, substitutes=None)
    return standing.filter(Q(team=None) | Q(team__until=None)).filter(long_ago | ends_soon)


def roles_to_review(person: Person, day: date) -> QuerySet[RoleGrant]:
    """Roles due in the branch of whoever grants, one's own left out; those that end first come first."""
    scope = scope_of(person, Permission.GRANT_ROLES)
    reached = scope.rows(area="area_id", team="team__path") | scope.rows(area="team__area_id")
    due = _due(day).filter(reached).exclude(person=person).exclude(role=Role.AUDITOR)
    return due.select_related("person", "area", "team", "granted_by", "substitutes").order_by("until", "pk")


def obstacle_to_keep_role(role: RoleGrant, by: Person, *, at: datetime) -> GrantObstacle | AccessObstacle | None:
    """Why somebody can't prolong this role; None when nothing stands in the way."""
    if role.substitutes_id:
        return GrantObstacle.SUBSTITUTE
    if role.until < local_day(at):
        return GrantObstacle.ROLE_ENDED
    return obstacle_to_end_role(role, by)


@verb
def keep_role(role: RoleGrant, *, by: Person, at: datetime) -> RoleGrant:
    """Say that a role is still needed: it holds for another year from today."""
    role = locked_role(role)
    if obstacle := obstacle_to_keep_role(role, by, at=at):
        raise Refused(obstacle)
    role.reviewed_on = local_day(at)
    role.until = max(role.until, local_day(at) + LONGEST - timedelta(days=1))
    role.save(update_fields=["reviewed_on", "until"])
    record(by, "role.kept", role.person, at=at, role=role.role, until=role.until.isoformat())
    return role


@verb
def remind_of_reviews(at: datetime) -> int:
    """Tell those who grant roles, once a month, how many wait for them; how many people were told."""
    day = local_day(at)
    waiting: dict[Person, int] = {}
    granters = grants_by_person(Permission.GRANT_ROLES, on=day)
    for role in _due(day).exclude(role=Role.AUDITOR).select_related("area", "team"):
        for person in _nearest_granters(role, granters):
            waiting[person] = waiting.get(person, 0) + 1
    for person, count in waiting.items():
        key = f"roles-to-review:{day:%Y-%m}:{person.public_id}"
        tell(person, TO_REVIEW, {"count": count}, key=key, at=at, href="/roles/due/")
    return len(waiting)


def _nearest_granters(role: RoleGrant, granters: dict[Person, list[Grant]]) -> list[Person]:
    """Who may grant this role with the smallest branch: those above them need not hear of it."""
    found: dict[int, list[Person]] = {}
    for person, grants in granters.items():
        reach = [_depth(mine) for mine in grants if is_below(mine, Role(role.role), role.area, role.team)]
        if reach and person.pk != role.person_id:
            found.setdefault(max(reach), []).append(person)
    return found[max(found)] if found else []


def _depth(grant: Grant) -> int:
    """How small a branch is: a team's is smaller than any area's."""
    if grant.team_path:
        return 100 + len(grant.team_path)
    return int(level_of_code(grant.area_code)) if grant.area_code else 0
