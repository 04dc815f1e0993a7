"""Who served with a team lately, for everybody: by name where its owner agrees, else by the family name."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.hours.queries import LISTED_DAYS, as_everybody_reads, recent_hours
from zhiyuan.domain.organisations.queries import any_team
from zhiyuan.web.access import public
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.request import Request

A_PAGE = 50


@public()
def team_hours(request: Request, public_id: str) -> HttpResponse:
    team = get_object_or_404(any_team(), public_id=public_id)
    page = Paginator(recent_hours(team, on=local_day(now())), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "teams",
        "frame": frame_for(request),
        "team": team,
        "page": page,
        "lines": as_everybody_reads(page),
        "days": LISTED_DAYS,
    }
    return render(request, "teams/hours.html", context)
