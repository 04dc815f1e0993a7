from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

import zhiyuan.domain.areas
from tests.build import BAOCHENG, COUNTY, MABAO, MENGBA, NOW, TODAY, TUNZI, a_county, area
from zhiyuan.domain.areas.changing import AreaObstacle, end_area, load_areas, rename_area
from zhiyuan.domain.areas.models import Area, AreaAlias, Level, level_of_code
from zhiyuan.domain.areas.queries import (
    county,
    county_areas,
    in_area,
    lies_in,
    resolve_code,
    townships,
    villages,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.verbs import SYSTEM

pytestmark = pytest.mark.django_db
ZHENYUAN = Path(zhiyuan.domain.areas.__path__[0]) / "data" / "zhenyuan.csv"
HEADS = "code,name,level,parent_code\n"
ABOVE = (
    "630000000000,青海省,province,\n632800000000,海西州,city,630000000000\n632825000000,另一县,county,632800000000\n"
)


def load(path):
    return load_areas(path, by=SYSTEM, at=NOW)


def a_file(folder, lines, heads=HEADS):
    path = folder / "areas.csv"
    path.write_text(heads + lines, encoding="utf-8")
    return path


# The county that is shipped -----------------------------------------------------------------------------------------


def test_the_shipped_county_has_19_townships_215_villages_and_6_committees_and_one_zone_marked_as_such():
    load(ZHENYUAN)

    counted = villages().filter(counted=True)
    assert county().name == "镇原县"
    assert townships().count() == 19
    assert Counter(counted.values_list("kind", flat=True))["行政村"] == 215
    assert counted.filter(kind="社区").count() == 6
    assert villages().filter(counted=False).count() == 1


def test_every_area_of_the_shipped_county_lies_in_its_parents_range():
    load(ZHENYUAN)

    inside = county_areas().exclude(code=COUNTY)
    assert [place.code for place in inside if place.parent is None or not lies_in(place.code, place.parent_id)] == []
    assert [place.code for place in inside if place.level != level_of_code(place.code)] == []


def test_loading_again_changes_nothing_and_keeps_what_was_ended_since():
    load(ZHENYUAN)
    successor = villages().exclude(code=MABAO)[0]
    end_area(area(MABAO), successor, by=SYSTEM, at=NOW, on=TODAY)
    before = list(Area.objects.order_by("code").values()), AreaAlias.objects.count()

    load(ZHENYUAN)

    assert (list(Area.objects.order_by("code").values()), AreaAlias.objects.count()) == before
    assert before[0]


def test_a_code_of_the_ministrys_list_means_what_it_means_there():
    load(ZHENYUAN)

    assert resolve_code("621027106000").name == "太平镇"
    assert resolve_code("621027106000", source="mca").name == "开边镇"
    assert resolve_code("621027216000").name == "中原乡"  # only the ministry has this code
    assert resolve_code(MABAO, source="mca").code == MABAO  # the same in both


def test_loading_is_noted_in_the_journal():
    count = load(ZHENYUAN)

    entry = JournalEntry.objects.get()
    assert (entry.action, entry.facts) == ("areas.loaded", {"count": count})


# Any other county ---------------------------------------------------------------------------------------------------


def test_another_county_loads_from_the_same_form_without_the_columns_it_lacks(tmp_path, settings):
    settings.COUNTY_CODE = "632825000000"
    lines = ABOVE + "632825100000,甲镇,township,632825000000\n632825100200,乙村,village,632825100000\n"

    assert load(a_file(tmp_path, lines)) == 5

    assert county().name == "另一县"
    assert [place.name for place in townships()] == ["甲镇"]
    assert [place.place for place in villages()] == ["甲镇 乙村"]


@pytest.mark.parametrize(
    ("line", "obstacle"),
    [
        ("6328251,甲镇,township,632825000000\n", AreaObstacle.BAD_CODE),
        ("63282510000x,甲镇,township,632825000000\n", AreaObstacle.BAD_CODE),
        ("632825100000,甲镇,town,632825000000\n", AreaObstacle.BAD_LEVEL),
        ("632825100000,甲镇,village,632825000000\n", AreaObstacle.WRONG_LEVEL),
        ("632825100000,甲镇,township,632826000000\n", AreaObstacle.NOT_A_TREE),
        ("621027100000,甲镇,township,632825000000\n", AreaObstacle.NOT_A_TREE),
    ],
)
def test_a_file_with_a_wrong_line_is_refused_with_the_line_and_loads_nothing(tmp_path, line, obstacle):
    with pytest.raises(Refused) as refusal:
        load(a_file(tmp_path, ABOVE + line))

    assert refusal.value.obstacle == obstacle
    assert refusal.value.facts["line"] == 5
    assert Area.objects.count() == 0


@pytest.mark.parametrize("degrees", ["north", "nan", "181", "1e9", "--3"])
def test_a_point_that_is_no_point_is_refused(tmp_path, degrees):
    line = f"630000000000,青海省,province,,{degrees},101\n"

    with pytest.raises(Refused) as refusal:
        load(a_file(tmp_path, line, heads="code,name,level,parent_code,lat,lon\n"))

    assert refusal.value.obstacle == AreaObstacle.BAD_POINT


# Renaming and merging -----------------------------------------------------------------------------------------------


def test_a_renamed_township_keeps_its_old_name_as_a_dated_alias_and_its_villages_say_the_new_one():
    rename_area(area(TUNZI), "屯子镇", by=SYSTEM, at=NOW, on=TODAY)

    alias = AreaAlias.objects.get()
    assert (alias.area_id, alias.name, alias.code, alias.until) == (TUNZI, "屯字镇", TUNZI, TODAY)
    assert Area.objects.get(code=TUNZI).place == "屯子镇"
    assert Area.objects.get(code=MABAO).place == "屯子镇 马堡村"


def test_a_renamed_village_keeps_its_townships_name_before_its_own():
    renamed = rename_area(area(MABAO), "新马堡村", by=SYSTEM, at=NOW, on=TODAY)

    assert (renamed.name, renamed.official_name, renamed.place) == ("新马堡村", "新马堡村", "屯字镇 新马堡村")


def test_a_merged_village_means_itself_before_the_day_and_its_successor_from_then_on():
    end_area(area(MABAO), area(BAOCHENG), by=SYSTEM, at=NOW, on=TODAY)

    assert resolve_code(MABAO, on=TODAY - timedelta(days=1)) == area(MABAO)
    assert resolve_code(MABAO, on=TODAY) == area(BAOCHENG)
    assert resolve_code(MABAO) == area(BAOCHENG)


def test_a_chain_of_mergers_is_followed_to_its_end():
    end_area(area(MABAO), area(BAOCHENG), by=SYSTEM, at=NOW, on=date(2025, 1, 1))
    end_area(area(BAOCHENG), area("621027102200"), by=SYSTEM, at=NOW, on=date(2026, 1, 1))

    assert resolve_code(MABAO, on=date(2025, 6, 1)) == area(BAOCHENG)
    assert resolve_code(MABAO) == area("621027102200")


def test_an_unknown_code_resolves_to_nothing():
    a_county()

    assert resolve_code("999999999999") is None


def test_a_merged_village_is_no_longer_offered():
    end_area(area(MABAO), area(BAOCHENG), by=SYSTEM, at=NOW, on=TODAY)

    assert MABAO not in [place.code for place in villages()]
    assert MABAO not in [place.code for place in county_areas()]


def test_an_area_ends_only_once():
    end_area(area(MABAO), area(BAOCHENG), by=SYSTEM, at=NOW, on=TODAY)

    with pytest.raises(Refused) as refusal:
        end_area(area(MABAO), area("621027102200"), by=SYSTEM, at=NOW, on=TODAY)

    assert refusal.value.obstacle == AreaObstacle.AREA_ENDED


def test_nothing_is_merged_into_itself_or_into_what_has_ended():
    end_area(area(MABAO), area(BAOCHENG), by=SYSTEM, at=NOW, on=TODAY)

    for one, other in ((BAOCHENG, BAOCHENG), (BAOCHENG, MABAO)):
        with pytest.raises(Refused) as refusal:
            end_area(area(one), area(other), by=SYSTEM, at=NOW, on=TODAY)
        assert refusal.value.obstacle == AreaObstacle.SUCCESSOR_ENDED


def test_a_village_is_not_merged_into_a_township():
    with pytest.raises(Refused) as refusal:
        end_area(area(MABAO), area(MENGBA), by=SYSTEM, at=NOW, on=TODAY)

    assert refusal.value.obstacle == AreaObstacle.OTHER_LEVEL


def test_the_database_itself_wants_twelve_digits():
    with pytest.raises(IntegrityError), transaction.atomic():
        Area.objects.create(code="62102710320", name="短", place="短", level=Level.VILLAGE)


def test_all_that_lies_in_a_township_is_one_range():
    a_county()

    inside = Area.objects.filter(in_area(TUNZI, "code")).values_list("code", flat=True)

    assert sorted(inside) == [TUNZI, MABAO, BAOCHENG]
    assert lies_in(MABAO, COUNTY)
    assert not lies_in(MABAO, MENGBA)
