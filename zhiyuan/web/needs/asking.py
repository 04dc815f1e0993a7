"""Asking for help: six questions, a number at once."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.filing import file_need
from zhiyuan.domain.needs.models import Door
from zhiyuan.domain.organisations.models import Site
from zhiyuan.domain.organisations.queries import any_site
from zhiyuan.domain.people.phones import spaced_phone
from zhiyuan.web.access import BOTH, public
from zhiyuan.web.forms import refused_into
from zhiyuan.web.needs.forms import NeedForm
from zhiyuan.web.request import Request


@public(*BOTH)
def ask(request: Request) -> HttpResponse:
    site = _site_of(request)
    form = NeedForm(request.POST or None, initial=_known(request, site), site=site)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            need = file_need(form.facts(), door=Door.WEB, by=request.person, at=now(), place=request.client_place)
            return redirect(f"/r/{need.receipt_id}/")
    return render(
        request, "needs/ask.html", {"section": "ask", "form": form, "site": site}, status=422 if form.errors else 200
    )


def _site_of(request: Request) -> Site | None:
    """The site whose page, poster or code led here; its menu is offered."""
    key = request.GET.get("site", "")[:16]
    return any_site().filter(public_id=key).first() if key else None


def _known(request: Request, site: Site | None) -> dict[str, Any]:
    """What need not be typed again: the site's village, the line of its menu, and one's own name and telephone."""
    village = site.area_id if site else request.GET.get("area", "")[:12]
    known: dict[str, Any] = {"village": village, "item": request.GET.get("item", "")[:24]}
    if request.person:
        known |= {"name": request.person.name, "phone": spaced_phone(request.person.phone)}
        if volunteer := getattr(request.person, "volunteer", None):
            known["village"] = known["village"] or volunteer.area_id
    return known
