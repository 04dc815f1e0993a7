"""Writes the county's code lists, settings, teams and sites."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from zhiyuan.cli.demo_county.area_rows import AreaRow
from zhiyuan.cli.demo_county.codes import CATEGORIES, CREDENTIAL_KINDS, SKILLS
from zhiyuan.cli.demo_county.menu_table import MENU
from zhiyuan.cli.demo_county.organisation_plan import TeamPlan, plan_teams
from zhiyuan.cli.demo_county.seeded_ids import Ids
from zhiyuan.cli.demo_county.site_plan import SitePlan, plan_sites
from zhiyuan.domain.foundation.database import bulk_insert, next_key
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.organisations.models import (
    Category,
    LevelName,
    MenuItem,
    OpeningHours,
    Site,
    SiteCheck,
    Skill,
    Team,
)
from zhiyuan.domain.volunteers.models import CredentialKind

MENU_SINCE = date(2024, 1, 1)
_LEVEL_NAMES = ((1, "总队", "Corps"), (2, "支队", "Branch"), (3, "分队", "Detachment"), (4, "小队", "Squad"))


@dataclass(frozen=True)
class SeededTeam:
    """A planned team and the key of its row."""

    pk: int
    public_id: str
    plan: TeamPlan
    path: str


@dataclass(frozen=True)
class SeededSite:
    pk: int
    plan: SitePlan
    team_pk: int


def write_code_lists() -> None:
    """What can be asked for, what people can do, and what proves it."""
    rows = [(skill.code, skill.zh, skill.en, order) for order, skill in enumerate(SKILLS)]
    bulk_insert(Skill, ("code", "name_zh", "name_en", "order"), rows)
    kinds = [(*kind, order) for order, kind in enumerate(CREDENTIAL_KINDS)]
    bulk_insert(CredentialKind, ("code", "name_zh", "name_en", "skill_id", "order"), kinds)
    rows = [(category.code, category.zh, category.en, order) for order, category in enumerate(CATEGORIES)]
    bulk_insert(Category, ("code", "name_zh", "name_en", "order"), rows)
    skills = [(category.code, skill) for category in CATEGORIES for skill in category.skills]
    bulk_insert(Category.skills.through, ("category_id", "skill_id"), skills)
    lines = [
        (line.category, line.code, line.zh, line.en, line.note_zh, line.note_en, line.levels, *line.season, True, order)
        for order, line in enumerate(MENU)
    ]
    fields = (
        "category_id", "code", "name_zh", "name_en", "note_zh", "note_en", "levels", "from_month", "to_month", "on",
        "order", "since",
    )  # fmt: skip
    bulk_insert(MenuItem, fields, [(*line, MENU_SINCE) for line in lines])
    bulk_insert(LevelName, ("depth", "name_zh", "name_en"), _LEVEL_NAMES)


def write_teams(areas: Sequence[AreaRow], *, seed: int, ids: Ids) -> list[SeededTeam]:
    first = next_key(Team)
    teams: list[SeededTeam] = []
    by_key: dict[str, SeededTeam] = {}
    for pk, plan in enumerate(plan_teams(areas, seed=seed), start=first):
        above = by_key[plan.parent_key].path if plan.parent_key else ""
        by_key[plan.key] = SeededTeam(pk, ids.public(), plan, above + ids.of(6))
        teams.append(by_key[plan.key])
    rows = (
        (
            team.pk,
            team.public_id,
            team.plan.name,
            team.plan.kind,
            by_key[team.plan.parent_key].pk if team.plan.parent_key else None,
            team.path,
            by_key[team.plan.guide_key].pk if team.plan.guide_key else None,
            team.plan.area_code,
            team.plan.track,
            team.plan.team_class,
            team.plan.supervising_body,
            team.plan.credit_code,
            team.plan.phone,
            team.plan.since,
            grams(team.plan.name, team.plan.team_class),
        )
        for team in teams
    )
    fields = (
        "id", "public_id", "name", "kind", "parent_id", "path", "guide_id", "area_id", "track", "team_class",
        "supervising_body", "credit_code", "phone", "since", "grams",
    )  # fmt: skip
    bulk_insert(Team, fields, rows)
    categories = [(team.pk, category) for team in teams for category in team.plan.categories]
    bulk_insert(Team.categories.through, ("team_id", "category_id"), categories)
    return teams


def write_sites(areas: Sequence[AreaRow], teams: Sequence[SeededTeam], *, seed: int, ids: Ids) -> list[SeededSite]:
    by_key = {team.plan.key: team.pk for team in teams}
    plans = enumerate(plan_sites(areas, seed=seed), start=next_key(Site))
    sites = [SeededSite(pk, plan, by_key[plan.team_key]) for pk, plan in plans]
    rows = (
        (
            site.pk,
            ids.public(),
            site.plan.name,
            site.plan.level,
            site.plan.area_code,
            site.team_pk,
            site.plan.address,
            site.plan.phone,
            site.plan.duty_person,
            grams(site.plan.name, site.plan.address),
        )
        for site in sites
    )
    fields = ("id", "public_id", "name", "level", "area_id", "team_id", "address", "phone", "duty_person", "grams")
    bulk_insert(Site, fields, rows)
    bulk_insert(OpeningHours, ("site_id", "weekday", "opens", "closes"), _openings(sites))
    checks = [(site.pk, item, met_on) for site in sites for item, met_on in site.plan.checks]
    bulk_insert(SiteCheck, ("site_id", "item", "met_on"), checks)
    return sites


def _openings(sites: Sequence[SeededSite]) -> Iterator[tuple[int, int, time, time]]:
    for site in sites:
        for opening in site.plan.hours:
            yield site.pk, opening.weekday, time.fromisoformat(opening.opens), time.fromisoformat(opening.closes)
