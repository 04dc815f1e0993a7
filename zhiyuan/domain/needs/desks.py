"""On whose desk a need lies."""

from datetime import date

from django.conf import settings

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import desks_people


def starting_desk(area: Area, *, on: date) -> Area:
    """The lowest level that has somebody to make sure of needs: the village, its township, else the county."""
    desks = []
    desk: Area | None = area
    while desk is not None and desk.code != settings.COUNTY_CODE:
        desks.append(desk)
        desk = desk.parent
    people = desks_people([one.code for one in desks], Permission.VERIFY_NEED, on=on)
    return next((one for one in desks if people[one.code]), None) or Area.objects.get(code=settings.COUNTY_CODE)
