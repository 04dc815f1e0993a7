"""What the county sets: thresholds with a day from which they hold, and who set them why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.calendar import AFTERNOON, CLOSES, NOON, OPENS
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.models import ParameterValue
from zhiyuan.domain.foundation.parameters import Parameter, Unit, parameters, value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import Permission, may, require
from zhiyuan.domain.people.models import Person

WORKING_HOURS = (OPENS, NOON, AFTERNOON, CLOSES)


class SettingObstacle(TextChoices):
    OUT_OF_RANGE = "out_of_range", _("This value is too small or too large for this setting.")
    PAST = "setting_past", _("A value holds from today on or from a later day; what was decided before stays.")
    NO_REASON = "setting_no_reason", _("Say why, so that others understand it later.")
    UNCHANGED = "setting_unchanged", _("On that day this value holds anyway.")
    BACKWARDS = "hours_backwards", _("Working hours would run backwards or be empty. Look at all four times together.")


@dataclass(frozen=True)
class Said:
    """A value that somebody set, with who; `replaced` when a later word for the same day answered it."""

    row: ParameterValue
    name: str
    replaced: bool


@dataclass(frozen=True)
class Setting:
    """A parameter with what holds on a day, and all that was said about it, newest day first."""

    parameter: Parameter
    value: int
    said: tuple[Said, ...]
    day: date

    @property
    def present(self) -> Said | None:
        """The word that holds; None while the default does."""
        return next((one for one in self.said if one.row.since <= self.day and not one.replaced), None)

    @property
    def coming(self) -> list[Said]:
        """What will hold later, the nearest first."""
        return [one for one in reversed(self.said) if one.row.since > self.day and not one.replaced]

    @property
    def least(self) -> int:
        return self.parameter.least

    @property
    def most(self) -> int:
        return 1 if self.parameter.unit == Unit.SWITCH else self.parameter.most


def manages_settings(person: Person | None) -> bool:
    """Settings hold for the whole county, so only a role for the whole county changes them."""
    return may(person, Permission.MANAGE_SETTINGS, area=settings.COUNTY_CODE)


def settings_on(day: date) -> list[Setting]:
    """Every declared parameter, in the order of declaration. Two queries."""
    rows: dict[str, list[ParameterValue]] = {}
    for row in ParameterValue.objects.order_by("-since", "-pk"):
        rows.setdefault(row.name, []).append(row)
    names = _names_of(row.set_by for found in rows.values() for row in found)
    return [_setting(parameter, rows.get(parameter.name, []), names, day) for parameter in parameters()]


def setting_on(parameter: Parameter, day: date) -> Setting:
    rows = list(ParameterValue.objects.filter(name=parameter.name).order_by("-since", "-pk"))
    return _setting(parameter, rows, _names_of(row.set_by for row in rows), day)


def _setting(parameter: Parameter, rows: list[ParameterValue], names: dict[str, str], day: date) -> Setting:
    said, days = [], set[date]()
    for row in rows:
        said.append(Said(row, names.get(row.set_by, ""), row.since in days))
        days.add(row.since)
    value = next((row.value for row in rows if row.since <= day), parameter.default)
    return Setting(parameter, value, tuple(said), day)


def _names_of(public_ids: Iterable[str]) -> dict[str, str]:
    found = Person.objects.filter(public_id__in=set(public_ids))
    return dict(found.values_list("public_id", "name"))


def obstacle_to_set(parameter: Parameter, value: int, *, since: date, at: datetime) -> SettingObstacle | None:
    """Why a value cannot hold from a day on; None when nothing stands in the way."""
    most = 1 if parameter.unit == Unit.SWITCH else parameter.most
    if not parameter.least <= value <= most:
        return SettingObstacle.OUT_OF_RANGE
    if since < local_day(at):
        return SettingObstacle.PAST
    if value == value_of(parameter, on=since):
        return SettingObstacle.UNCHANGED
    if parameter in WORKING_HOURS and not _hours_run_forward(parameter, value, since):
        return SettingObstacle.BACKWARDS
    return None


def _hours_run_forward(parameter: Parameter, value: int, since: date) -> bool:
    """Whether the working hours stay in order on the day and on each later day when one of them changes."""
    names = [one.name for one in WORKING_HOURS]
    rows = ParameterValue.objects.filter(name__in=names).order_by("since", "pk").values_list("since", "name", "value")
    words = sorted([*rows, (since, parameter.name, value)], key=lambda word: word[0])  # stable: the new word comes last
    days = [day for day, _name, _value in words if day >= since]
    return all(_is_in_order(words, day) for day in days)


def _is_in_order(words: Iterable[tuple[date, str, int]], day: date) -> bool:
    holding = {name: value for since, name, value in words if since <= day}
    opens, noon, afternoon, closes = (holding.get(one.name, one.default) for one in WORKING_HOURS)
    return opens <= noon <= afternoon <= closes and (noon - opens) + (closes - afternoon) > 0


@verb
def set_parameter(
    parameter: Parameter, value: int, *, since: date, reason: str, by: Person, at: datetime
) -> ParameterValue:
    """Let a value hold from a day on, until a later word."""
    # one at a time: the four working hours are judged together
    Area.objects.select_for_update().filter(pk=settings.COUNTY_CODE).first()
    require(by, Permission.MANAGE_SETTINGS, area=settings.COUNTY_CODE)
    if not reason.strip():
        raise Refused(SettingObstacle.NO_REASON)
    if obstacle := obstacle_to_set(parameter, value, since=since, at=at):
        raise Refused(obstacle)
    row = ParameterValue.objects.create(
        name=parameter.name, value=value, since=since, reason=reason, set_by=by.public_id, set_at=at
    )
    record(by, "parameter.set", f"parameter:{parameter.name}", at=at, value=value, since=since.isoformat())
    return row
