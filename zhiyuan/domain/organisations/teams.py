"""Teams are founded, changed and ended; sites are opened and kept."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.ids import random_id
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.models import (
    Category,
    ChecklistItem,
    OpeningHours,
    Site,
    SiteCheck,
    SiteLevel,
    Team,
    TeamKind,
    Track,
)
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person
from zhiyuan.engines.identity import credit_code_fault

DEEPEST = 10  # levels; a path has six signs for each


class TeamObstacle(TextChoices):
    BAD_CREDIT_CODE = (
        "bad_credit_code",
        _("This credit code's check digit is wrong. Please compare it with the certificate."),
    )
    CODE_TAKEN = "code_taken", _("Another team already has this credit code.")
    NO_SUPERVISOR = "no_supervisor", _("Without a credit code, name the body that supervises the team.")
    PARENT_ENDED = "parent_ended", _("The team above has ended. Choose another one.")
    TOO_DEEP = "too_deep", _("The tree of teams has ten levels at the most.")
    NO_GUIDE = "no_guide", _("This team cannot be the guide. Choose another team that still stands.")
    HAS_TEAMS_BELOW = "has_teams_below", _("There are still teams below this one. End or move them first.")
    ENDED = "team_ended", _("This team has ended.")


class SiteObstacle(TextChoices):
    CLOSES_BEFORE_OPENING = "closes_before_opening", _("The closing time must be after the opening time.")
    MET_LATER = "met_later", _("This day lies in the future. Put in the day since when it is so.")


@dataclass(frozen=True)
class TeamFacts:
    """What a team is founded with or changed to."""

    name: str
    kind: TeamKind
    area: Area
    track: Track = Track.NONE
    team_class: str = ""
    supervising_body: str = ""
    credit_code: str = ""
    phone: str = ""
    guide: Team | None = None
    categories: tuple[Category, ...] = ()  # the kinds of help it gives: for these it is proposed


def obstacle_to_facts(facts: TeamFacts, *, team: Team | None = None) -> TeamObstacle | None:
    """Why a team can't be like this; None when nothing stands in the way."""
    if facts.credit_code and credit_code_fault(facts.credit_code):
        return TeamObstacle.BAD_CREDIT_CODE
    if not facts.credit_code and not facts.supervising_body.strip():
        return TeamObstacle.NO_SUPERVISOR
    others = Team.objects.filter(credit_code=facts.credit_code).exclude(pk=team.pk if team else 0)
    if facts.credit_code and others.exists():
        return TeamObstacle.CODE_TAKEN
    if facts.guide and (facts.guide.until or facts.guide == team):
        return TeamObstacle.NO_GUIDE
    return None


@verb
def found_team(facts: TeamFacts, *, parent: Team, by: Person, at: datetime) -> Team:
    """Found a team below another one."""
    require(by, Permission.MANAGE_TEAMS, area=facts.area.code)
    parent = Team.objects.select_for_update(of=("self",)).get(pk=parent.pk)  # it may just be ending
    require(by, Permission.MANAGE_TEAMS, team=parent)
    if parent.until:
        raise Refused(TeamObstacle.PARENT_ENDED)
    if len(parent.path) >= 6 * DEEPEST:
        raise Refused(TeamObstacle.TOO_DEEP)
    if obstacle := obstacle_to_facts(facts):
        raise Refused(obstacle)
    team = Team(parent=parent, path=parent.path + random_id(6), since=local_day(at))
    _write(team, facts)
    record(by, "team.founded", team, at=at, kind=facts.kind.value, area=facts.area.code)
    return team


@verb
def change_team(team: Team, facts: TeamFacts, *, by: Person, at: datetime) -> Team:
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    require(by, Permission.MANAGE_TEAMS, team=team)
    require(by, Permission.MANAGE_TEAMS, area=facts.area.code)
    if team.until:
        raise Refused(TeamObstacle.ENDED)
    if obstacle := obstacle_to_facts(facts, team=team):
        raise Refused(obstacle)
    _write(team, facts)
    record(by, "team.changed", team, at=at, kind=facts.kind.value, area=facts.area.code)
    return team


def _write(team: Team, facts: TeamFacts) -> None:
    columns = dict(vars(facts))
    categories = columns.pop("categories")
    for field, value in columns.items():
        setattr(team, field, value)
    team.grams = grams(facts.name, facts.team_class)
    team.save()
    team.categories.set(categories)


def obstacle_to_end_team(team: Team) -> TeamObstacle | None:
    """Why a team can't end; None when nothing stands in the way."""
    if team.until:
        return TeamObstacle.ENDED
    if team.children.filter(until=None).exists():
        return TeamObstacle.HAS_TEAMS_BELOW
    return None


@verb
def end_team(team: Team, *, by: Person, at: datetime) -> None:
    """End a team today. Its history stays; its page says that it has ended."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    require(by, Permission.MANAGE_TEAMS, team=team)
    if obstacle := obstacle_to_end_team(team):
        raise Refused(obstacle)
    team.until = local_day(at)
    team.save(update_fields=["until"])
    record(by, "team.ended", team, at=at)


@dataclass(frozen=True)
class Opening:
    weekday: int  # 0 is Monday
    opens: time
    closes: time


@dataclass(frozen=True)
class SiteFacts:
    """What a site is opened with or changed to."""

    name: str
    level: SiteLevel
    area: Area
    team: Team | None = None
    address: str = ""
    phone: str = ""
    duty_person: str = ""
    openings: tuple[Opening, ...] = ()


def obstacle_to_opening(opening: Opening) -> SiteObstacle | None:
    """Why a site can't be open like this; None when nothing stands in the way."""
    return SiteObstacle.CLOSES_BEFORE_OPENING if opening.closes <= opening.opens else None


@verb
def keep_site(facts: SiteFacts, *, site: Site | None = None, by: Person, at: datetime) -> Site:
    """Open a site, or change one."""
    if site is not None:
        site = Site.objects.select_for_update(of=("self",)).get(pk=site.pk)
        require(by, Permission.MANAGE_SITES, area=site.area_id)
    require(by, Permission.MANAGE_SITES, area=facts.area.code)
    if obstacle := next(filter(None, map(obstacle_to_opening, facts.openings)), None):
        raise Refused(obstacle)
    action = "site.changed" if site else "site.opened"
    site = site or Site()
    for field in ("name", "level", "area", "team", "address", "phone", "duty_person"):
        setattr(site, field, getattr(facts, field))
    site.grams = grams(facts.name, facts.address)
    site.save()
    site.opening_hours.all().delete()
    OpeningHours.objects.bulk_create([OpeningHours(site=site, **vars(opening)) for opening in facts.openings])
    record(by, action, site, at=at, area=facts.area.code)
    return site


def obstacle_to_check(met_on: date | None, *, at: datetime) -> SiteObstacle | None:
    """Why an item can't be met since this day; None when nothing stands in the way."""
    return SiteObstacle.MET_LATER if met_on and met_on > local_day(at) else None


@verb
def check_site(site: Site, item: ChecklistItem, *, met_on: date | None, by: Person, at: datetime) -> None:
    """Note since when a site meets an item of the checklist; None takes it off."""
    require(by, Permission.MANAGE_SITES, area=site.area_id)
    if obstacle := obstacle_to_check(met_on, at=at):
        raise Refused(obstacle)
    if met_on is None:
        SiteCheck.objects.filter(site=site, item=item).delete()
    else:
        SiteCheck.objects.update_or_create(site=site, item=item, defaults={"met_on": met_on})
    record(by, "site.checked", site, at=at, item=item.value, met_on=met_on.isoformat() if met_on else None)
