"""Thresholds that the county sets, from a day on, with a reason."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.build import COUNTY, NOW, TODAY, TUNZI, a_clerk, an_auditor, an_office
from zhiyuan.domain.foundation.calendar import AFTERNOON, CLOSES, NOON, OPENS, work_calendar
from zhiyuan.domain.foundation.models import ParameterValue
from zhiyuan.domain.foundation.parameters import Parameter, Unit, parameters, value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.organisations.setting import SettingObstacle, set_parameter, setting_on, settings_on

pytestmark = pytest.mark.django_db
TOMORROW, IN_A_WEEK = TODAY + timedelta(days=1), TODAY + timedelta(days=7)
SIX, SEVEN = 18 * 60, 19 * 60


def say(by, parameter=CLOSES, value=SEVEN, *, since=TODAY, reason="夏季作息"):
    return set_parameter(parameter, value, since=since, reason=reason, by=by, at=NOW)


def refused(by, *args, **facts):
    with pytest.raises(Refused) as refusal:
        say(by, *args, **facts)
    return refusal.value.obstacle


def test_a_value_holds_from_its_day_on_and_not_before():
    say(an_office(), since=TOMORROW)

    assert value_of(CLOSES, on=TODAY) == SIX
    assert value_of(CLOSES, on=TOMORROW) == SEVEN
    assert work_calendar(on=TOMORROW).stretches[-1] == (14 * 60 + 30, SEVEN)


def test_who_set_what_is_noted_without_the_reasons_words():
    office = an_office()

    say(office)

    entry = JournalEntry.objects.get()
    assert (entry.action, entry.object, entry.actor) == ("parameter.set", "parameter:work.closes", office.public_id)
    assert entry.facts == {"value": SEVEN, "since": TODAY.isoformat()}


def test_only_who_may_change_settings_for_the_whole_county_does():
    for person in (an_office(TUNZI), a_clerk(COUNTY), an_auditor()):
        assert refused(person) == AccessObstacle.NOT_YOURS
    assert ParameterValue.objects.count() == 0


def test_what_stands_in_the_way_of_a_value():
    office = an_office()

    assert refused(office, value=24 * 60 + 1) == SettingObstacle.OUT_OF_RANGE
    assert refused(office, value=-1) == SettingObstacle.OUT_OF_RANGE
    assert refused(office, since=TODAY - timedelta(days=1)) == SettingObstacle.PAST
    assert refused(office, reason=" ") == SettingObstacle.NO_REASON
    assert refused(office, value=SIX) == SettingObstacle.UNCHANGED


def test_a_switch_is_on_or_off():
    switch = Parameter("test.switch", "Test", "A switch", Unit.SWITCH, 0)

    assert refused(an_office(), switch, 2) == SettingObstacle.OUT_OF_RANGE
    assert say(an_office(), switch, 1).value == 1


@pytest.mark.parametrize(
    ("parameter", "clock"), [(OPENS, 12 * 60 + 1), (NOON, 14 * 60 + 31), (AFTERNOON, 11 * 60), (CLOSES, 14 * 60)]
)
def test_working_hours_never_run_backwards(parameter, clock):
    assert refused(an_office(), parameter, clock) == SettingObstacle.BACKWARDS


def test_working_hours_that_are_to_come_count_when_others_are_set_before_them():
    office = an_office()
    say(office, CLOSES, 15 * 60, since=IN_A_WEEK)

    assert refused(office, AFTERNOON, 16 * 60, since=TOMORROW) == SettingObstacle.BACKWARDS
    assert say(office, AFTERNOON, 15 * 60, since=TOMORROW)


def test_a_setting_shows_what_holds_what_comes_and_what_was_replaced():
    office = an_office()
    say(office, value=SEVEN, since=TODAY, reason="试行")
    say(office, value=SEVEN + 30, since=TODAY, reason="改正")
    say(office, value=SIX, since=IN_A_WEEK, reason="恢复")

    setting = setting_on(CLOSES, TODAY)

    assert setting.value == SEVEN + 30
    assert setting.present.row.reason == "改正"
    assert setting.present.name == office.name
    assert [said.row.value for said in setting.coming] == [SIX]
    assert [(said.row.reason, said.replaced) for said in setting.said] == [
        ("恢复", False), ("改正", False), ("试行", True),
    ]  # fmt: skip


def test_a_coming_value_is_taken_back_by_a_word_for_its_day():
    office = an_office()
    say(office, value=SEVEN, since=IN_A_WEEK)

    say(office, value=SIX, since=IN_A_WEEK, reason="不改了")

    assert value_of(CLOSES, on=IN_A_WEEK) == SIX
    assert [said.row.value for said in setting_on(CLOSES, TODAY).coming] == [SIX]


def test_the_list_of_settings_asks_as_often_for_one_change_as_for_three(django_assert_num_queries):
    office = an_office()
    say(office)
    say(office, OPENS, 8 * 60)
    say(office, NOON, 11 * 60 + 30)

    with django_assert_num_queries(2):
        found = settings_on(TODAY)

    assert [setting.parameter for setting in found] == parameters()


def test_every_module_that_declares_a_parameter_is_loaded_with_the_pages():
    """Else its parameters would stand on no settings screen."""
    root = Path(__file__).parents[3]
    declaring = {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for path in (root / "zhiyuan" / "domain").rglob("*.py")
        if "declare(Parameter(" in "".join(path.read_text(encoding="utf-8").split())
    }
    look = (
        "import django, sys; django.setup(); import zhiyuan.config.urls; "
        "from django.urls import get_resolver; get_resolver().url_patterns; print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=root)

    assert len(declaring) >= 3
    assert sorted(declaring - set(loaded.stdout.split())) == []
