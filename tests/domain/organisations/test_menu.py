"""What can be asked for where and when, and who may change that."""

from datetime import date, timedelta

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    NOW,
    TODAY,
    TUNZI,
    a_category,
    a_clerk,
    a_menu_item,
    a_site,
    an_auditor,
    an_office,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.menu import (
    ItemFacts,
    MenuObstacle,
    by_category,
    items_kept_by,
    keep_item,
    levels_text,
    menu_of,
)
from zhiyuan.domain.organisations.models import Category, MenuItem, SiteLevel
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db


def codes(**wanted):
    return [item.code for item in menu_of(**{"on": TODAY, **wanted})]


def facts(**changes):
    return ItemFacts(**{"category": a_category(), "name_zh": "代取药品", "name_en": "Fetching medicine", **changes})


def refusal_of(**changes):
    by = changes.pop("by", None) or an_office()
    with pytest.raises(Refused) as refusal:
        keep_item(facts(**changes), by=by, at=NOW)
    assert MenuItem.objects.count() == 0
    return refusal.value.obstacle


def test_a_site_offers_what_its_level_offers_and_its_own():
    here, there = a_site(), a_site(name="孟坝村实践站")
    a_menu_item("everywhere")
    a_menu_item("stations", levels=levels_text([SiteLevel.STATION, SiteLevel.MOBILE]))
    a_menu_item("centres", levels=levels_text([SiteLevel.CENTRE]))
    a_menu_item("own", site=here)

    assert codes(site=here) == ["everywhere", "stations", "own"]
    assert codes(site=there) == ["everywhere", "stations"]
    assert codes(level=SiteLevel.CENTRE) == ["everywhere", "centres"]
    assert codes() == ["everywhere", "stations", "centres"]


def test_a_sub_centre_is_no_centre():
    a_menu_item("sub", levels=levels_text([SiteLevel.SUBCENTRE]))

    assert codes(level=SiteLevel.CENTRE) == []


@pytest.mark.parametrize(
    ("season", "months"),
    [((None, None), list(range(1, 13))), ((3, 5), [3, 4, 5]), ((11, 2), [1, 2, 11, 12]), ((7, 7), [7])],
)
def test_a_season_may_run_over_the_new_year(season, months):
    a_menu_item("one", from_month=season[0], to_month=season[1], since=date(2020, 1, 1))

    assert [month for month in range(1, 13) if codes(on=date(2026, month, 15))] == months


def test_what_is_off_or_not_yet_begun_or_of_a_category_off_the_menu_is_not_offered():
    a_menu_item("off", on=False)
    a_menu_item("later", since=TODAY + timedelta(days=1))
    a_menu_item("hidden", category="repair")
    Category.objects.filter(code="repair").update(on_menu=False)

    assert codes() == []


def test_the_menu_stands_by_category_and_by_hand():
    Category.objects.filter(pk=a_category("repair").pk).update(order=1)
    Category.objects.filter(pk=a_category("medicine").pk).update(order=2)
    a_menu_item("second", order=2)
    a_menu_item("first", order=1)
    a_menu_item("taps", category="repair", order=9)

    courses = by_category(menu_of(on=TODAY))

    assert [(course.category.code, [item.code for item in course.items]) for course in courses] == [
        ("repair", ["taps"]),
        ("medicine", ["first", "second"]),
    ]


def test_the_office_puts_an_item_on_the_menu_and_changes_it():
    office = an_office()
    item = keep_item(facts(levels=(SiteLevel.STATION,), from_month=11, to_month=2), by=office, at=NOW)

    changed = keep_item(facts(name_zh="送药上门", on=False), item=item, by=office, at=NOW)

    item.refresh_from_db()
    assert (item.name_zh, item.on, item.offered_at, item.from_month, item.since) == ("送药上门", False, (), None, TODAY)
    assert changed.pk == item.pk
    actions = JournalEntry.objects.filter(object=f"menuitem:{item.code}").order_by("seq")
    assert [entry.action for entry in actions] == ["menuitem.added", "menuitem.changed"]


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"name_zh": " "}, MenuObstacle.NO_NAME),
        ({"name_en": ""}, MenuObstacle.NO_NAME),
        ({"from_month": 3}, MenuObstacle.NO_SUCH_MONTH),
        ({"from_month": 3, "to_month": 13}, MenuObstacle.NO_SUCH_MONTH),
    ],
)
def test_a_slip_is_named(changes, obstacle):
    assert refusal_of(**changes) == obstacle


def test_a_township_keeps_its_own_sites_items_and_never_the_countys():
    site, office = a_site(area_code=MABAO), an_office(TUNZI)
    of_county = a_menu_item("county")
    own = keep_item(facts(site=site), by=office, at=NOW)

    assert list(items_kept_by(office)) == [own]
    assert list(items_kept_by(an_office(COUNTY))) == [of_county, own]
    assert list(items_kept_by(an_office(MENGBA))) == list(items_kept_by(a_clerk())) == []
    for item, wanted in ((of_county, facts(site=site)), (own, facts())):  # taken from the county, given to it
        with pytest.raises(Refused) as refusal:
            keep_item(wanted, item=item, by=office, at=NOW)
        assert refusal.value.obstacle == AccessObstacle.NOT_YOURS


@pytest.mark.parametrize("who", [a_clerk, an_auditor, lambda: an_office(MENGBA)])
def test_nobody_else_changes_the_menu(who):
    assert refusal_of(by=who(), site=a_site()) == AccessObstacle.NOT_YOURS
