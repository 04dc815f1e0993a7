"""Days that are worked or free against the rule Monday to Friday: what ships, and what the county adds each year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.calendar import Day, special_days
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.models import SpecialDay
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person
from zhiyuan.engines.workdays import ONE_DAY, WorkCalendar

LONGEST_STRETCH = 16
NOVEMBER = 11  # the State Council's office announces the next year's days in the autumn


class DayObstacle(TextChoices):
    BACKWARDS = "days_backwards", _("The last day lies before the first.")
    TOO_MANY = "too_many_days", _("At most 16 days in a row. Enter longer stretches in parts.")
    PAST = "day_past", _("Days that are over stay as they were, because clocks have run by them.")
    TOO_FAR = "day_too_far", _("Only days of this year and of the two years after it.")
    UNCHANGED = "day_unchanged", _("These days are already so.")
    NOT_OURS = "day_not_ours", _("The county has changed none of these days.")


@dataclass(frozen=True)
class Stretch:
    """Days in a row that are alike; `own` when the county set them."""

    first: date
    last: date
    day: Day
    own: bool

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1


def years_of_days(today: date) -> list[int]:
    """Years that have special days, with the present and the next one, newest first."""
    return sorted({day.year for day in special_days()} | {today.year, today.year + 1}, reverse=True)


def days_of_year(year: int) -> list[Stretch]:
    """A year's special days, those in a row put together. Two queries."""
    own = set(SpecialDay.objects.filter(day__year=year).values_list("day", flat=True))
    stretches: list[Stretch] = []
    for day, special in sorted(special_days().items()):
        if day.year != year:
            continue
        before = stretches[-1] if stretches else None
        if before and _goes_on(before, special, own=day in own):
            stretches[-1] = Stretch(before.first, day, before.day, before.own)
        else:
            stretches.append(Stretch(day, day, special, day in own))
    return stretches


def _goes_on(stretch: Stretch, special: Day, *, own: bool) -> bool:
    alike = (stretch.day.worked, stretch.day.name_zh, stretch.day.source, stretch.own)
    return stretch.last + ONE_DAY == special.day and alike == (special.worked, special.name_zh, special.source, own)


def missing_year(today: date) -> int | None:
    """The next year when it is November or later and not one of its days is known."""
    following = today.year + 1
    if today.month < NOVEMBER or any(day.year == following for day in special_days()):
        return None
    return following


def _each(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _obstacle_to_stretch(first: date, last: date, at: datetime) -> DayObstacle | None:
    if last < first:
        return DayObstacle.BACKWARDS
    if (last - first).days >= LONGEST_STRETCH:
        return DayObstacle.TOO_MANY
    if first < local_day(at):
        return DayObstacle.PAST
    return DayObstacle.TOO_FAR if last.year > local_day(at).year + 2 else None


def obstacle_to_special_days(first: date, last: date, *, worked: bool, at: datetime) -> DayObstacle | None:
    """Why these days can't be made worked or free; None when nothing stands in the way."""
    if obstacle := _obstacle_to_stretch(first, last, at):
        return obstacle
    calendar = WorkCalendar({day: special.worked for day, special in special_days().items()})
    already = all(calendar.is_workday(day) == worked for day in _each(first, last))
    return DayObstacle.UNCHANGED if already and not _brings_a_holiday(first, last, worked=worked) else None


def _brings_a_holiday(first: date, last: date, *, worked: bool) -> bool:
    """A holiday may fall on a weekend that is free anyway: it still has a name. Not so a workday."""
    known = special_days()
    return not worked and any(day not in known for day in _each(first, last))


@verb
def set_special_days(
    first: date, last: date, *, worked: bool, name_zh: str, name_en: str = "", source: str, by: Person, at: datetime
) -> None:
    """Make days of the coming time worked or free; the county's word goes before what ships."""
    require(by, Permission.MANAGE_SETTINGS, area=settings.COUNTY_CODE)
    if obstacle := obstacle_to_special_days(first, last, worked=worked, at=at):
        raise Refused(obstacle)
    said = {"worked": worked, "name_zh": name_zh, "name_en": name_en or name_zh, "source": source}
    for day in _each(first, last):
        SpecialDay.objects.update_or_create(day=day, defaults={**said, "set_by": by.public_id, "set_at": at})
        record(by, "special_day.set", f"day:{day.isoformat()}", at=at, worked=worked)


@verb
def forget_special_days(first: date, last: date, *, by: Person, at: datetime) -> None:
    """Take back what the county said about days; what ships holds again."""
    require(by, Permission.MANAGE_SETTINGS, area=settings.COUNTY_CODE)
    if obstacle := _obstacle_to_stretch(first, last, at):
        raise Refused(obstacle)
    own = SpecialDay.objects.select_for_update().filter(day__gte=first, day__lte=last).order_by("day")
    days = list(own.values_list("day", flat=True))
    if not days:
        raise Refused(DayObstacle.NOT_OURS)
    own.delete()
    for day in days:
        record(by, "special_day.forgotten", f"day:{day.isoformat()}", at=at)
