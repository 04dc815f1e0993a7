"""Reading the tree of areas."""

from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from zhiyuan.domain.areas.models import SPAN, Area, AreaAlias, Level, code_range, level_of_code


def in_area(code: str, field: str = "area_id") -> Q:
    """Everything that lies in the area with this code, as a range on an indexed column (never `startswith`)."""
    low, high = code_range(code, level_of_code(code))
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def lies_in(code: str, area_code: str) -> bool:
    low, high = code_range(area_code, level_of_code(area_code))
    return low <= code < high


def codes_around(code: str) -> set[str]:
    """The code itself and the codes of the areas that it lies in."""
    return {f"{int(code) // span * span:012d}" for span in SPAN.values()}


def county() -> Area:
    return Area.objects.get(code=settings.COUNTY_CODE)


def townships() -> QuerySet[Area]:
    return _living().filter(in_area(settings.COUNTY_CODE, "code"), level=Level.TOWNSHIP).order_by("code")


def villages() -> QuerySet[Area]:
    """Villages and communities of the county with their townships."""
    inside = in_area(settings.COUNTY_CODE, "code")
    return _living().filter(inside, level=Level.VILLAGE).select_related("parent").order_by("code")


def county_areas() -> QuerySet[Area]:
    """The county and everything in it."""
    return _living().filter(in_area(settings.COUNTY_CODE, "code")).select_related("parent").order_by("code")


def _living() -> QuerySet[Area]:
    return Area.objects.filter(until=None)


def resolve_code(code: str, *, on: date | None = None, source: str = "") -> Area | None:
    """The area that a code means: its own, or an alias's, or after a day its successor; None when unknown.

    `source` is the list that the code comes from: one code can name one area here and another in that list.
    """
    aliases = AreaAlias.objects.filter(code=code).select_related("area").order_by("-until", "pk")
    alias = aliases.filter(source=source).first() if source else None
    area = alias.area if alias else Area.objects.filter(code=code).first()
    if area is None:
        alias = aliases.first()
        area = alias.area if alias else None
    while area and area.successor_id and area.until and (on is None or area.until <= on):
        area = Area.objects.get(pk=area.successor_id)
    return area
