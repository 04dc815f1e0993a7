"""The county's sites: the list and one site for everybody; opening, changing and checking for staff."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhiyuan.domain.activities.queries import site_shifts
from zhiyuan.domain.areas.queries import townships
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.menu import by_category, menu_of
from zhiyuan.domain.organisations.models import ChecklistItem, OpeningHours, Site, SiteLevel
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.organisations.queries import (
    SitesWanted,
    any_site,
    is_open,
    sites_of_permission,
    wanted_sites,
    with_hours_on,
)
from zhiyuan.domain.organisations.teams import check_site, keep_site
from zhiyuan.web.access import BOTH, public, staff
from zhiyuan.web.activities.public import row_for
from zhiyuan.web.forms import refused_into
from zhiyuan.web.organisations.forms import (
    WEEKDAYS,
    ChecklistForm,
    SiteForm,
    openings_of,
    week_forms,
    week_is_valid,
    what_a_site_is,
)
from zhiyuan.web.organisations.teams import frame_for, known
from zhiyuan.web.request import Request, SignedInRequest

A_PAGE = 50
SHIFTS_SHOWN = 12


@public()
def listing(request: Request) -> HttpResponse:
    at, asked, places = now(), request.GET, list(townships())
    open_now = asked.get("open") == "1"
    wanted = SitesWanted(
        words=asked.get("q", "")[:40],
        level=known(asked.get("level", ""), SiteLevel.values),
        township=known(asked.get("township", ""), [place.code for place in places]),
        open_at=at if open_now else None,
    )
    page = Paginator(with_hours_on(wanted_sites(wanted), local_day(at)), A_PAGE).get_page(asked.get("page"))
    context = {
        "section": "sites",
        "frame": frame_for(request),
        "wanted": wanted,
        "levels": SiteLevel.choices,
        "townships": places,
        "page": page,
        "rows": [(site, any(is_open(hours, at) for hours in vars(site)["hours_today"])) for site in page],
        "opens_sites": may(request.person, Permission.MANAGE_SITES),
    }
    return render(request, "sites/list.html", context)


@public()
def site(request: Request, public_id: str) -> HttpResponse:
    at = now()
    site = get_object_or_404(any_site(), public_id=public_id)
    today = local_day(at)
    week: list[tuple[str | Promise, list[OpeningHours]]] = [(name, []) for name in WEEKDAYS]
    for hours in site.opening_hours.order_by("weekday", "opens"):
        week[hours.weekday][1].append(hours)
    since = {check.item: check.met_on for check in site.checks.all()}
    shifts = site_shifts(site, at, SHIFTS_SHOWN)
    items = [(item.label, since.get(item.value)) for item in ChecklistItem]
    context = {
        "section": "sites",
        "frame": frame_for(request),
        "site": site,
        "week": week,
        "weekday": today.weekday(),
        "open_now": any(is_open(hours, at) for hours in week[today.weekday()][1]),
        "today": [row_for(shift, None, at) for shift in shifts if local_day(shift.starts_at) == today],
        "later": [row_for(shift, None, at) for shift in shifts if local_day(shift.starts_at) > today],
        "haves": items[:6],
        "functions": items[6:],
        "met": len(since),
        "courses": [] if site.until else by_category(menu_of(site, on=today)),
        "manages": not site.until and may(request.person, Permission.MANAGE_SITES, area=site.area_id),
    }
    return render(request, "sites/site.html", context)


@staff(Permission.MANAGE_SITES, methods=BOTH)
def open_site(request: SignedInRequest) -> HttpResponse:
    return _keep(request, None)


@staff(Permission.MANAGE_SITES, methods=BOTH)
def change(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _keep(request, _managed_site(request, public_id))


def _managed_site(request: SignedInRequest, public_id: str) -> Site:
    return get_object_or_404(sites_of_permission(request.person, Permission.MANAGE_SITES), public_id=public_id)


def _keep(request: SignedInRequest, site: Site | None) -> HttpResponse:
    initial: dict[str, Any] = what_a_site_is(site) if site else {}
    form, week = SiteForm(request.POST or None, by=request.person, initial=initial), week_forms(site=site)
    if request.method == "POST":
        week = week_forms(request.POST)
        if form.is_valid() & week_is_valid(week):  # both are asked, so that both say what is wrong
            with refused_into(form):
                site = keep_site(form.facts(openings_of(week)), site=site, by=request.person, at=now())
                messages.success(request, _("Kept. This is what everybody sees."))
                return redirect(f"/sites/{site.public_id}/")
    wrong = form.errors or any(stretch.errors for _name, stretches in week for stretch in stretches)
    context = {"section": "sites", "form": form, "week": week, "site": site}
    return render(request, "sites/form.html", context, status=422 if wrong else 200)


@staff(Permission.MANAGE_SITES, methods=BOTH)
def check(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The six haves and six functions, all on one page; only what changed is written."""
    site, at = _managed_site(request, public_id), now()
    since = {row.item: row.met_on for row in site.checks.all()}
    form = ChecklistForm(request.POST or None, at=at, initial=since)
    if request.method == "POST" and form.is_valid():
        for item in ChecklistItem:
            met_on = form.cleaned_data[item.value]
            if met_on != since.get(item.value):
                check_site(site, item, met_on=met_on, by=request.person, at=at)
        messages.success(request, _("Kept. This is what everybody sees."))
        return redirect(f"/sites/{public_id}/")
    fields = [form[item.value] for item in ChecklistItem]
    context = {"section": "sites", "form": form, "site": site, "haves": fields[:6], "functions": fields[6:]}
    return render(request, "sites/check.html", context, status=422 if form.errors else 200)
