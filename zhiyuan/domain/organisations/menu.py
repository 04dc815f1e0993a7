"""The menu: what can be asked for below each category, at which sites, in which months. Edited by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import F, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.models import Category, MenuItem, Site, SiteLevel
from zhiyuan.domain.organisations.permissions import Permission, may, require, scope_of
from zhiyuan.domain.people.models import Person


class MenuObstacle(TextChoices):
    NO_NAME = "menu_item_without_name", _("Give the item a name in Chinese and in English.")
    NO_SUCH_MONTH = "menu_no_such_month", _("A season runs from one month to another. Leave both empty for all year.")


@dataclass(frozen=True)
class ItemFacts:
    """What an item of the menu is made with or changed to. `site` None: the whole county's."""

    category: Category
    name_zh: str
    name_en: str
    note_zh: str = ""
    note_en: str = ""
    levels: tuple[SiteLevel, ...] = ()
    from_month: int | None = None
    to_month: int | None = None
    site: Site | None = None
    on: bool = True
    order: int = 0


def levels_text(levels: Iterable[SiteLevel]) -> str:
    """How an item keeps its levels; empty for all of them."""
    codes = [level.value for level in levels]
    return f",{','.join(codes)}," if codes else ""


def _items() -> QuerySet[MenuItem]:
    items = MenuItem.objects.select_related("category", "site__area")
    return items.order_by("category__order", "category_id", F("site").asc(nulls_first=True), "order", "pk")


def _in_season(month: int) -> Q:
    within = Q(from_month__lte=F("to_month")) & Q(from_month__lte=month, to_month__gte=month)
    over_new_year = Q(from_month__gt=F("to_month")) & (Q(from_month__lte=month) | Q(to_month__gte=month))
    return Q(from_month=None) | within | over_new_year


def menu_of(site: Site | None = None, level: SiteLevel | None = None, *, on: date) -> QuerySet[MenuItem]:
    """What can be asked for on a day: at a site (with its own items), at sites of a level, or anywhere."""
    found = _items().filter(_in_season(on.month), on=True, since__lte=on, category__on_menu=True)
    found = found.filter(Q(site=None) | Q(site=site) if site else Q(site=None))
    offering = level or (SiteLevel(site.level) if site else None)
    return found.filter(Q(levels="") | Q(levels__contains=f",{offering.value},")) if offering else found


def items_kept_by(person: Person | None) -> QuerySet[MenuItem]:
    """Items that somebody may change: their sites' own; for the county's office the whole county's too."""
    reached = scope_of(person, Permission.MANAGE_SITES).rows(area="site__area_id")
    if keeps_the_counties(person):
        reached |= Q(site=None)
    return _items().filter(reached)


def keeps_the_counties(person: Person | None) -> bool:
    """Whether somebody may change what every site offers."""
    return may(person, Permission.MANAGE_SITES, area=settings.COUNTY_CODE)


def obstacle_to_keep_item(facts: ItemFacts) -> MenuObstacle | None:
    """Why an item can't be like this; None when nothing stands in the way."""
    if not facts.name_zh.strip() or not facts.name_en.strip():
        return MenuObstacle.NO_NAME
    months = (facts.from_month, facts.to_month)
    if months != (None, None) and not all(month and 1 <= month <= 12 for month in months):
        return MenuObstacle.NO_SUCH_MONTH
    return None


def _require_keeper(by: Person, site: Site | None) -> None:
    require(by, Permission.MANAGE_SITES, area=site.area_id if site else settings.COUNTY_CODE)


@verb
def keep_item(facts: ItemFacts, *, item: MenuItem | None = None, by: Person, at: datetime) -> MenuItem:
    """Put an item on the menu, or change one. What was asked for under it stays as it was."""
    if item is not None:
        item = MenuItem.objects.select_for_update(of=("self",)).select_related("site").get(pk=item.pk)
        _require_keeper(by, item.site)
    _require_keeper(by, facts.site)
    if obstacle := obstacle_to_keep_item(facts):
        raise Refused(obstacle)
    action = "menuitem.changed" if item else "menuitem.added"
    item = item or MenuItem(since=local_day(at))
    for field, value in vars(facts).items():
        setattr(item, field, levels_text(value) if field == "levels" else value)
    item.save()
    record(by, action, item, at=at, category=facts.category.code, on=facts.on)
    return item


@dataclass(frozen=True)
class Course:
    """One category of a menu with its items."""

    category: Category
    items: tuple[MenuItem, ...]


def by_category(items: Iterable[MenuItem]) -> list[Course]:
    """A menu as it is printed: category by category."""
    courses: dict[str, list[MenuItem]] = {}
    for item in items:
        courses.setdefault(item.category_id, []).append(item)
    return [Course(listed[0].category, tuple(listed)) for listed in courses.values()]
