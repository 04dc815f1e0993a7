"""Residents as staff see them: the list by village, one page, what is known of them and where they live."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.areas.models import Area, Level
from zhiyuan.domain.areas.queries import lies_in
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.queries import needs_of_residents
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.residents.households import form_household, move_in, move_out, obstacle_to_move_in
from zhiyuan.domain.residents.keeping import keep_resident
from zhiyuan.domain.residents.merging import twins_of
from zhiyuan.domain.residents.models import Resident
from zhiyuan.domain.residents.permissions import may_keep, places_of
from zhiyuan.domain.residents.queries import (
    entries_of,
    entries_visible_to,
    found_by,
    household_of,
    in_list_order,
    in_place,
    merges_of,
    open_resident,
    residents_visible_to,
)
from zhiyuan.web.access import BOTH, POST, staff
from zhiyuan.web.forms import refused_into
from zhiyuan.web.request import SignedInRequest
from zhiyuan.web.residents.forms import HomeForm, ResidentForm, UndoForm, home_of, what_is_known

A_PAGE = 50
NEEDS_A_PAGE = 30
FOUND = 8
READERS = (Permission.SEE_NEEDS, Permission.ENTER_NEED)
KEEPERS = (Permission.ENTER_NEED, Permission.VERIFY_NEED)


@dataclass(frozen=True)
class Wanted:
    """Whom somebody looks for."""

    words: str
    place: Area | None
    township: Area | None  # the one that `place` is or lies in


def _wanted(request: SignedInRequest, areas: list[Area]) -> Wanted:
    place = next((area for area in areas if area.code == request.GET.get("place")), None)
    towns = (area for area in areas if area.level == Level.TOWNSHIP)
    return Wanted(
        words=request.GET.get("q", "")[:40].strip(),
        place=place,
        township=next((town for town in towns if place and lies_in(place.code, town.code)), None),
    )


def _offered(areas: list[Area], wanted: Wanted) -> list[Area]:
    """Townships, and the villages of the one that is looked at; a branch that has but one shows all its villages."""
    few = sum(area.level == Level.TOWNSHIP for area in areas) <= 1
    inside = wanted.township.code if wanted.township else ""
    return [a for a in areas if few or a.level == Level.TOWNSHIP or (inside and lies_in(a.code, inside))]


@staff(*READERS)
def listing(request: SignedInRequest) -> HttpResponse:
    areas = [area for area in places_of(request.person) if area.level >= Level.TOWNSHIP]
    wanted = _wanted(request, areas)
    found = residents_visible_to(request.person)
    if wanted.words:
        found = found_by(found, wanted.words)
    if wanted.place:
        found = in_place(found, wanted.place.code)
    context = {
        "section": "residents",
        "wanted": wanted,
        "places": _offered(areas, wanted),
        "page": Paginator(in_list_order(found), A_PAGE).get_page(request.GET.get("page")),
        "merges": may(request.person, Permission.VERIFY_NEED),
    }
    return render(request, "residents/list.html", context)


def standing(request: SignedInRequest, public_id: str) -> Resident:
    return get_object_or_404(residents_visible_to(request.person), public_id=public_id)


@staff(*READERS)
def one(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A resident's page. Each look is noted; an entry that was merged leads to the one that stands."""
    entry = get_object_or_404(entries_visible_to(request.person), public_id=public_id)
    if entry.merged_into is not None:
        return redirect(f"/residents/{entry.merged_into.public_id}/")
    return show(request, entry)


def show(request: SignedInRequest, resident: Resident, **wrong: Any) -> HttpResponse:
    person = request.person
    open_resident(resident, by=person, at=now())
    asked = needs_of_residents(entries_of(resident), person)
    page = Paginator(asked, NEEDS_A_PAGE).get_page(request.GET.get("page"))
    verifies = may(person, Permission.VERIFY_NEED, area=resident.area_id)
    context = {
        "section": "residents",
        "resident": resident,
        "keeps": may_keep(person, resident),
        "merges_them": verifies,
        "page": page,
        "needs": [(need, may(person, Permission.SEE_NEEDS, area=need.area_id)) for need in page],
        "members": household_of(resident, person),
        "merges": merges_of(resident),
        "twins": twins_of(resident, residents_visible_to(person)) if verifies else [],
        "undo_form": UndoForm(),
        **wrong,
    }
    return render(request, "residents/resident.html", context, status=422 if wrong else 200)


@staff(*KEEPERS, methods=BOTH)
def change(request: SignedInRequest, public_id: str) -> HttpResponse:
    resident, person, at = standing(request, public_id), request.person, now()
    form = ResidentForm(request.POST or None, initial=what_is_known(resident), by=person)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            keep_resident(resident, form.facts(), by=person, at=at)
            messages.success(request, _("Kept. Whoever goes there next reads it."))
            return redirect(f"/residents/{public_id}/")
    if request.method != "POST":
        open_resident(resident, by=person, at=at)
    context = {"section": "residents", "resident": resident, "form": form}
    return render(request, "residents/change.html", context, status=422 if form.errors else 200)


@staff(*KEEPERS, methods=BOTH)
def household(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Where a resident lives, and with whom: a housemate is looked for by telephone or full name."""
    resident, person, at = standing(request, public_id), request.person, now()
    form = HomeForm(request.POST or None, initial=home_of(resident.household))
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            form_household(resident, form.home(), by=person, at=at)
            messages.success(request, _("Kept. Whoever goes there next reads it."))
            return redirect(f"/residents/{public_id}/")
    if request.method != "POST":
        open_resident(resident, by=person, at=at)
    words = request.GET.get("q", "")[:40].strip()
    found = found_by(residents_visible_to(person), words).order_by("pk")[:FOUND] if words else []
    context = {
        "section": "residents",
        "resident": resident,
        "form": form,
        "members": household_of(resident, person),
        "words": words,
        "found": [(other, obstacle_to_move_in(resident, other)) for other in found],
    }
    return render(request, "residents/household.html", context, status=422 if form.errors else 200)


@staff(*KEEPERS, methods=POST)
def live_with(request: SignedInRequest, public_id: str, other_id: str) -> HttpResponse:
    resident, other = standing(request, public_id), standing(request, other_id)
    move_in(resident, other, by=request.person, at=now())
    messages.success(request, _("Kept: they live together."))
    return redirect(f"/residents/{public_id}/household/")


@staff(*KEEPERS, methods=POST)
def leave(request: SignedInRequest, public_id: str) -> HttpResponse:
    move_out(standing(request, public_id), by=request.person, at=now())
    messages.success(request, _("Kept: they no longer live in this household."))
    return redirect(f"/residents/{public_id}/household/")
