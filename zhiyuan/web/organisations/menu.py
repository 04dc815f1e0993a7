"""The menu in the hands of those who keep it, and on the wall of a site."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.menu import by_category, items_kept_by, keep_item, keeps_the_counties, menu_of
from zhiyuan.domain.organisations.models import MenuItem, OpeningHours
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import any_site
from zhiyuan.web.access import BOTH, public, staff
from zhiyuan.web.forms import refused_into
from zhiyuan.web.organisations.forms import WEEKDAYS
from zhiyuan.web.organisations.menu_forms import MenuItemForm, what_an_item_is
from zhiyuan.web.pictures import QrPicture
from zhiyuan.web.request import Request, SignedInRequest


@staff(Permission.MANAGE_SITES)
def listing(request: SignedInRequest) -> HttpResponse:
    context = {
        "section": "menu",
        "courses": by_category(items_kept_by(request.person)),
        "whole_county": keeps_the_counties(request.person),
    }
    return render(request, "menu/list.html", context)


@staff(Permission.MANAGE_SITES, methods=BOTH)
def add(request: SignedInRequest) -> HttpResponse:
    return _keep(request, None)


@staff(Permission.MANAGE_SITES, methods=BOTH)
def change(request: SignedInRequest, code: str) -> HttpResponse:
    return _keep(request, get_object_or_404(items_kept_by(request.person), code=code))


def _keep(request: SignedInRequest, item: MenuItem | None) -> HttpResponse:
    initial: dict[str, Any] = what_an_item_is(item) if item else {"category": request.GET.get("category", "")[:24]}
    form = MenuItemForm(request.POST or None, by=request.person, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            keep_item(form.facts(), item=item, by=request.person, at=now())
            messages.success(request, _("Kept. This is what everybody sees."))
            return redirect("/menu/")
    context = {"section": "menu", "form": form, "item": item}
    return render(request, "menu/form.html", context, status=422 if form.errors else 200)


@public()
def poster(request: Request, public_id: str) -> HttpResponse:
    """One sheet of paper: what this site offers in this season, and how to ask. `?language=en` for English."""
    site = get_object_or_404(any_site().filter(until=None), public_id=public_id)
    language = "en" if request.GET.get("language") == "en" else "zh-hans"
    today = local_day(now())
    with translation.override(language):
        context = {
            "site": site,
            "courses": by_category(menu_of(site, on=today)),
            "hours": _week(list(site.opening_hours.order_by("weekday", "opens"))),
            "today": today,
            "qr": QrPicture(request.build_absolute_uri(f"/ask/?site={site.public_id}")),
        }
        return render(request, "sites/poster.html", context)


def _week(openings: list[OpeningHours]) -> list[tuple[str, str]]:
    """Opening hours as few lines as they need: days that follow each other with the same hours stand together."""
    by_day = {day: " ".join(_stretch(one) for one in openings if one.weekday == day) for day in range(7)}
    lines: list[tuple[int, int, str]] = []
    for day, hours in by_day.items():
        if lines and lines[-1][1:] == (day - 1, hours):
            lines[-1] = (lines[-1][0], day, hours)
        elif hours:
            lines.append((day, day, hours))
    return [(_days(first, last), hours) for first, last, hours in lines]


def _stretch(one: OpeningHours) -> str:
    return f"{one.opens:%H:%M}–{one.closes:%H:%M}"


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
