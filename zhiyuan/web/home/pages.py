"""The public home, the county's figures, the menu of phones, help and privacy."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.queries import open_shifts_near
from zhiyuan.domain.areas.queries import townships
from zhiyuan.domain.bulletin.figures import ON_HOME, by_township, figure, readings, rows_open_to
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.foundation.parameters import value_of
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.organisations.models import Site, Team
from zhiyuan.domain.organisations.queries import is_open, sites_open_on
from zhiyuan.domain.organisations.unsticking import minds_outbox
from zhiyuan.domain.people.ages import ages_on
from zhiyuan.domain.people.closing import RECORDS_KEPT
from zhiyuan.domain.people.consents import CONSENT_TEXTS, CONSENT_VERSION
from zhiyuan.domain.volunteers.models import Volunteer
from zhiyuan.web.access import public
from zhiyuan.web.activities.public import row_for, volunteer_of
from zhiyuan.web.organisations.running import sees_what_runs
from zhiyuan.web.request import Request

A_PAGE = 50
SHOWN = 5


@public()
def home(request: Request) -> HttpResponse:
    at, volunteer = now(), volunteer_of(request)
    places = list(townships().select_related("parent"))
    asked = request.GET.get("township", "")
    chosen = next((place for place in places if place.code == asked), None)
    near = chosen.code if chosen else volunteer.area_id if volunteer else None
    open_today = list(sites_open_on(local_day(at)).order_by("site__area_id", "opens", "pk")[:SHOWN])
    context = {
        "section": "home",
        "rows": [row_for(shift, None, at) for shift in open_shifts_near(near, at, SHOWN)],
        "townships": places,
        "chosen": chosen,
        "county": places[0].parent if places else None,
        "volunteer": volunteer,
        "figures": readings(ON_HOME, at),
        "open_today": [(hours, is_open(hours, at)) for hours in open_today],
    }
    return render(request, "home/home.html", context)


@dataclass(frozen=True)
class Line:
    """One row behind a figure, as a list shows it."""

    words: str
    place: str
    href: str = ""


def _line(row: Any) -> Line:
    """No name of a volunteer or resident: their pages say it, and note who looked."""
    match row:
        case Volunteer():
            return Line(row.number, row.area.place, f"/volunteers/{row.public_id}/")
        case Team():
            return Line(row.name, row.area.place, f"/teams/{row.public_id}/")
        case Site():
            return Line(row.name, row.area.place, f"/sites/{row.public_id}/")
        case Need():
            return Line(f"{row.number} {row.category}", row.area.place, f"/desk/{row.public_id}/")
        case ServiceRecord():
            return Line(f"{row.served_on} {row.activity_name}", row.area.place, f"/hours/{row.public_id}/")
        case _:
            return Line(row.title, row.area.place, f"/activities/{row.public_id}/")


@public()
def one_figure(request: Request, key: str) -> HttpResponse:
    found, at = figure(key), now()
    if found is None:
        raise Http404
    rows = rows_open_to(found, request.person, at)
    page = None
    if rows is not None:
        related = ["area"] if found.key not in {"needs_done", "needs_rated", "needs_unrated"} else ["area", "category"]
        listed = rows.select_related(*related).order_by("-pk")
        page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "figures",
        "reading": readings((key,), at)[0],
        "shares": by_township(found, at),
        "page": page,
        "lines": [_line(row) for row in page] if page else [],
    }
    return render(request, "home/figure.html", context)


@public()
def more(request: Request) -> HttpResponse:
    known = {"sees_what_runs": sees_what_runs(request.person), "minds_outbox": minds_outbox(request.person)}
    return render(request, "home/more.html", {"section": "more", **known})


@dataclass(frozen=True)
class Topic:
    """A page of help: for whom, and what it is about."""

    name: str | Promise
    purpose: str | Promise


HELP = {
    "resident": Topic(_("For residents"), _("Ask for help, follow the request, say how it went.")),
    "volunteer": Topic(_("For volunteers"), _("Join, find what fits, check in, see your hours.")),
    "leader": Topic(_("For team leaders"), _("Answer orders, plan, call the roll, confirm hours.")),
    "clerk": Topic(_("For clerks"), _("Take requests by telephone or visit, and verify them.")),
    "dispatcher": Topic(_("For dispatchers"), _("Send verified requests to teams, before their time is up.")),
    "office": Topic(_("For the county office"), _("Keep teams, sites and roles; read the figures.")),
    "auditor": Topic(_("For auditors"), _("See what was done by whom; change nothing.")),
}


@public()
def help_for_all(request: Request) -> HttpResponse:
    return render(request, "help/all.html", {"section": "help", "topics": HELP})


@public()
def help_for_role(request: Request, role: str) -> HttpResponse:
    if role not in HELP:
        raise Http404
    return render(request, f"help/{role}.html", {"section": "help", "topics": HELP, "topic": HELP[role]})


@public()
def privacy(request: Request) -> HttpResponse:
    today = local_day(now())
    context = {
        "section": "privacy",
        "version": CONSENT_VERSION,
        "consents": CONSENT_TEXTS.items(),
        "ages": ages_on(today),
        "closed_years": value_of(RECORDS_KEPT, on=today) // 365,
    }
    return render(request, "home/privacy.html", context)
