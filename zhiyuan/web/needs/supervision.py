"""What the level above sees of how requests are dealt with below it."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.needs.models import NeedState
from zhiyuan.domain.needs.supervising import supervision
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import areas_of_permission
from zhiyuan.web.access import staff
from zhiyuan.web.request import SignedInRequest

PERIODS = (7, 30, 90, 365)
SUMMED = (
    NeedState.CLOSED,
    NeedState.RATED,
    NeedState.CONFIRMED,
    NeedState.DONE,
    NeedState.REFERRED,
    NeedState.REJECTED,
    NeedState.WITHDRAWN,
    NeedState.MERGED,
)


@staff(Permission.SEE_NEEDS)
def supervise(request: SignedInRequest) -> HttpResponse:
    at = now()
    reached = areas_of_permission(request.person, Permission.SEE_NEEDS)
    asked = request.GET.get("area", "")
    area = get_object_or_404(reached, code=asked) if asked else reached.order_by("level", "code").first()
    days = request.GET.get("days", "30")
    period = int(days) if days in map(str, PERIODS) else 30
    since = local_day(at) - timedelta(days=period)
    context = {
        "section": "supervision",
        "area": area,
        "narrowed": bool(asked),
        "days": period,
        "periods": PERIODS,
        "since": since,
        "at": at,
        "found": supervision(request.person, area, since=since, at=at) if area else None,
        "summed": SUMMED,
        "stars": (5, 4, 3, 2, 1),
    }
    return render(request, "desk/supervision.html", context)
