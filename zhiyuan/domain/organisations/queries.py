"""Reading teams, sites and roles.

Teams and sites are public; roles are seen by those who grant them and by auditors.
"""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhiyuan.domain.organisations.models import Category, OpeningHours, Role, RoleGrant, Site, Skill, Team
from zhiyuan.domain.organisations.permissions import GRANTS, Permission, grants_of, scope_of
from zhiyuan.domain.people.models import Person


def teams() -> QuerySet[Team]:
    """All living teams, public as they are."""
    return Team.objects.filter(until=None).select_related("area", "parent")


def any_team() -> QuerySet[Team]:
    """Ended ones too: an old address still shows what the team was."""
    return Team.objects.select_related("area", "parent", "guide")


def sites() -> QuerySet[Site]:
    return Site.objects.filter(until=None).select_related("area", "team")


def sites_open_on(day: date) -> QuerySet[OpeningHours]:
    """Stretches of opening on a day's weekday, with their sites."""
    return OpeningHours.objects.filter(weekday=day.weekday(), site__until=None).select_related("site__area")


def is_open(hours: OpeningHours, at: datetime) -> bool:
    moment = timezone.localtime(at).time()
    return hours.opens <= moment < hours.closes


def teams_of_permission(person: Person | None, permission: Permission) -> QuerySet[Team]:
    """Living teams that somebody's roles reach with a permission."""
    return teams().filter(scope_of(person, permission).rows(area="area_id", team="path"))


def own_teams(person: Person | None) -> QuerySet[Team]:
    """Teams that somebody leads or helps to lead, by a role for the team itself."""
    held = [grant for grant in grants_of(person) if Permission.ANSWER_ORDER in GRANTS[grant.role]]
    ids = [grant.team_id for grant in held if grant.team_id]
    return teams().filter(pk__in=ids).order_by("path")


def guided_teams(team: Team) -> QuerySet[Team]:
    """The teams of a line of business whose guide is this team."""
    return teams().filter(guide=team)


def roles_visible_to(person: Person | None, day: date) -> QuerySet[RoleGrant]:
    """Standing roles in the branch of whoever grants or audits."""
    reached = scope_of(person, Permission.GRANT_ROLES).rows(area="area_id", team="team__path")
    # an area role also reaches the roles of the teams that lie there
    reached |= scope_of(person, Permission.GRANT_ROLES).rows(area="team__area_id")
    reached |= scope_of(person, Permission.READ_JOURNAL).rows(area="area_id")
    reached |= scope_of(person, Permission.READ_JOURNAL).rows(area="team__area_id")
    standing = RoleGrant.objects.filter(Q(ended_at=None), until__gte=day).filter(reached)
    return standing.select_related("person", "area", "team").order_by("role", "pk")


def leaders_of(team: Team, day: date) -> QuerySet[RoleGrant]:
    held = RoleGrant.objects.filter(team=team, role__in=[Role.LEADER, Role.DEPUTY], ended_at=None)
    return held.filter(since__lte=day, until__gte=day).select_related("person").order_by("role", "pk")


def categories() -> QuerySet[Category]:
    return Category.objects.order_by("order", "code")


def menu() -> QuerySet[Category]:
    """What a resident can choose from."""
    return categories().filter(on_menu=True)


def skills() -> QuerySet[Skill]:
    return Skill.objects.order_by("order", "code")
