"""Reading teams, sites and roles.

Teams and sites are public; roles are seen by those who grant them and by auditors.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from zhiyuan.domain.areas.models import Area, Level
from zhiyuan.domain.areas.queries import county_areas, in_area
from zhiyuan.domain.organisations.models import (
    Category,
    LevelName,
    OpeningHours,
    Role,
    RoleGrant,
    Site,
    Skill,
    Team,
)
from zhiyuan.domain.organisations.permissions import (
    GRANTS,
    Permission,
    grants_of,
    roles_with,
    scope_of,
    standing_roles,
)
from zhiyuan.domain.people.models import Person


def teams() -> QuerySet[Team]:
    """All living teams, public as they are."""
    return Team.objects.filter(until=None).select_related("area", "parent")


def found_teams(among: QuerySet[Team], words: str) -> QuerySet[Team]:
    """Teams whose name or class has these signs."""
    return among.filter(grams__match=words).order_by("path")


@dataclass(frozen=True)
class TeamsWanted:
    """What somebody looks for among the teams."""

    words: str = ""
    kind: str = ""
    township: str = ""
    track: str = ""


def wanted_teams(wanted: TeamsWanted) -> QuerySet[Team]:
    """Living teams place by place, those of the whole county first."""
    found = teams().select_related("guide")
    if wanted.words:
        found = found_teams(found, wanted.words)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.township:
        found = found.filter(in_area(wanted.township))
    if wanted.track:
        found = found.filter(track=wanted.track)
    return found.order_by("area_id", "pk")


def teams_within_reach(area_code: str) -> QuerySet[Team]:
    """Living teams of somebody's township, and those of the whole county."""
    return teams().filter(in_area(area_code[:9] + "000") | Q(area=settings.COUNTY_CODE)).order_by("area_id", "pk")


def possible_guides(team: Team | None = None) -> QuerySet[Team]:
    """The teams of the whole county, which lead lines of business; and the one that a team has now."""
    own = [team.guide_id] if team and team.guide_id else []
    found = teams().filter(Q(area=settings.COUNTY_CODE) | Q(pk__in=own))
    return found.exclude(pk__in=[team.pk] if team else []).order_by("name", "pk")


def teams_around(team: Team) -> QuerySet[Team]:
    """Living teams right below a team, and those whose guide it is."""
    return teams().filter(Q(parent=team) | Q(guide=team)).order_by("area_id", "pk")


def level_name(team: Team) -> str:
    """What the county calls this level of its tree of teams; four levels have a name before anybody sets one."""
    depth = len(team.path) // 6
    row = LevelName.objects.filter(depth=depth).first()
    if row:
        return row.name_en if translation.get_language() == "en" else row.name_zh
    usual = {1: gettext("Corps"), 2: gettext("Branch"), 3: gettext("Detachment"), 4: gettext("Squad")}
    return usual.get(depth) or gettext("Level %(depth)s") % {"depth": depth}


def any_team() -> QuerySet[Team]:
    """Ended ones too: an old address still shows what the team was."""
    return Team.objects.select_related("area", "parent", "guide")


def sites() -> QuerySet[Site]:
    return Site.objects.filter(until=None).select_related("area", "team")


@dataclass(frozen=True)
class SitesWanted:
    """What somebody looks for among the sites; `open_at` is a moment."""

    words: str = ""
    level: str = ""
    township: str = ""
    open_at: datetime | None = None


def wanted_sites(wanted: SitesWanted) -> QuerySet[Site]:
    """Sites place by place, those of the whole county first."""
    found = sites()
    if wanted.words:
        found = found.filter(grams__match=wanted.words)
    if wanted.level:
        found = found.filter(level=wanted.level)
    if wanted.township:
        found = found.filter(in_area(wanted.township))
    if wanted.open_at:
        moment = timezone.localtime(wanted.open_at)
        stretches = OpeningHours.objects.filter(
            site=OuterRef("pk"), weekday=moment.weekday(), opens__lte=moment.time(), closes__gt=moment.time()
        )
        found = found.filter(Exists(stretches))
    return found.order_by("area_id", "pk")


def with_hours_on(sites: QuerySet[Site], day: date) -> QuerySet[Site]:
    """Sites with `hours_today`: their stretches of opening on the day's weekday."""
    stretches = OpeningHours.objects.filter(weekday=day.weekday()).order_by("opens")
    return sites.prefetch_related(Prefetch("opening_hours", stretches, to_attr="hours_today"))


def any_site() -> QuerySet[Site]:
    """Closed ones too: an old address still shows what the site was."""
    return Site.objects.select_related("area", "team")


def sites_of_permission(person: Person | None, permission: Permission) -> QuerySet[Site]:
    """Sites in the areas that somebody's roles reach with a permission."""
    return sites().filter(scope_of(person, permission).rows())


def areas_of_permission(person: Person | None, permission: Permission) -> QuerySet[Area]:
    """The county's areas that somebody's roles reach with a permission: what a form may offer."""
    return county_areas().filter(scope_of(person, permission).rows(area="code"))


def villages_of_permission(person: Person | None, permission: Permission) -> QuerySet[Area]:
    return areas_of_permission(person, permission).filter(level=Level.VILLAGE)


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


def roles_visible_to(person: Person | None, day: date) -> QuerySet[RoleGrant]:
    """Standing roles in the branch of whoever grants or audits."""
    reached = scope_of(person, Permission.GRANT_ROLES).rows(area="area_id", team="team__path")
    # an area role also reaches the roles of the teams that lie there
    reached |= scope_of(person, Permission.GRANT_ROLES).rows(area="team__area_id")
    reached |= scope_of(person, Permission.READ_JOURNAL).rows(area="area_id")
    reached |= scope_of(person, Permission.READ_JOURNAL).rows(area="team__area_id")
    standing = RoleGrant.objects.filter(Q(ended_at=None), until__gte=day).filter(reached)
    people = standing.select_related("person", "area", "team", "granted_by", "substitutes__person")
    return people.order_by(F("area_id").asc(nulls_last=True), "team__area_id", "team_id", "role", "pk")


def leaders_of(team: Team, day: date) -> QuerySet[RoleGrant]:
    held = standing_roles(day).filter(team=team, role__in=[Role.LEADER, Role.DEPUTY])
    return held.select_related("person").order_by("role", "pk")


def desk_people(area_code: str, permission: Permission, *, on: date) -> list[Person]:
    """Who is told what a desk must know: holders of a standing role with the permission for exactly this area,
    substitutes among them, those who are away left out. One query.
    """
    return desks_people([area_code], permission, on=on)[area_code]


def desks_people(area_codes: Iterable[str], permission: Permission, *, on: date) -> dict[str, list[Person]]:
    """The same for several desks at once. One query."""
    codes = list(area_codes)
    stands_in = standing_roles(on).filter(substitutes=OuterRef("pk"), holder_away=True, person__is_active=True)
    held = standing_roles(on).filter(area__in=codes, role__in=roles_with(permission), person__is_active=True)
    found: dict[str, dict[int, Person]] = {code: {} for code in codes}
    for row in held.filter(~Exists(stands_in)).select_related("person").order_by("person_id"):
        found[row.area_id or ""][row.person_id] = row.person
    return {code: list(people.values()) for code, people in found.items()}


def categories() -> QuerySet[Category]:
    return Category.objects.order_by("order", "code")


def menu() -> QuerySet[Category]:
    """What a resident can choose from."""
    return categories().filter(on_menu=True)


def skills() -> QuerySet[Skill]:
    return Skill.objects.order_by("order", "code")
