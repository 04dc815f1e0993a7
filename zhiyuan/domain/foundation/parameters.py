"""Thresholds, limits, ages and days that a county may change: each declared once by its room, dated, with history.

What nobody changed holds by its default. A value holds from its day on; the newest that has begun wins.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery, TextChoices, Value
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.models import ParameterValue


class Unit(TextChoices):
    MINUTES = "minutes", _("minutes")
    DAYS = "days", _("days")
    WORKDAYS = "workdays", _("working days")
    YEARS = "years", _("years of age")
    TIMES = "times", _("times")
    PERCENT = "percent", _("per cent")
    CLOCK = "clock", _("minutes after midnight")
    SWITCH = "switch", _("1 for yes, 0 for no")


@dataclass(frozen=True)
class Parameter:
    """One number that a county may set. `group` is the heading it stands under; `source` the law or practice."""

    name: str
    group: str | Promise
    label: str | Promise
    unit: Unit
    default: int
    least: int = 0
    most: int = 1_000_000
    source: str | Promise = ""


_declared: dict[str, Parameter] = {}


def declare(parameter: Parameter) -> Parameter:
    """Make a parameter known to the settings screen; its room keeps the returned constant and asks by it."""
    if _declared.setdefault(parameter.name, parameter) != parameter:
        raise ValueError(f"{parameter.name} is declared twice")
    return parameter


def parameters() -> list[Parameter]:
    """All that was declared, in the order of declaration."""
    return list(_declared.values())


class Values:
    """What holds on one day, read by one query: `values[PARAMETER]`."""

    def __init__(self, set_values: dict[str, int]) -> None:
        self._set = set_values

    def __getitem__(self, parameter: Parameter) -> int:
        return self._set.get(parameter.name, parameter.default)


def values_on(day: date) -> Values:
    rows = ParameterValue.objects.filter(since__lte=day).order_by("since", "pk")
    return Values(dict(rows.values_list("name", "value")))


def value_on(parameter: Parameter, day: OuterRef) -> Coalesce:
    """The value that holds on another table's day, as a part of its query."""
    rows = ParameterValue.objects.filter(name=parameter.name, since__lte=day).order_by("-since", "-pk")
    return Coalesce(Subquery(rows.values("value")[:1]), Value(parameter.default))


def value_of(parameter: Parameter, *, on: date) -> int:
    return values_on(on)[parameter]
