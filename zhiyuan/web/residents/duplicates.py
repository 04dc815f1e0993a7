"""Entries that may be one person, side by side: merged, told apart, and put right again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.queries import needs_of_residents
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.residents.merging import (
    likenesses,
    merge_residents,
    tell_apart,
    twins_among,
    undo_merge,
    with_twins,
)
from zhiyuan.domain.residents.queries import (
    entries_of,
    merges_of,
    open_resident,
    residents_to_merge,
)
from zhiyuan.web.access import BOTH, POST, staff
from zhiyuan.web.forms import refused_into
from zhiyuan.web.request import SignedInRequest
from zhiyuan.web.residents.forms import MergeForm, UndoForm
from zhiyuan.web.residents.pages import show, standing

A_PAGE = 30
NEEDS_SHOWN = 5


@staff(Permission.VERIFY_NEED)
def listing(request: SignedInRequest) -> HttpResponse:
    among = residents_to_merge(request.person)
    page = Paginator(with_twins(among), A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "residents", "page": page, "pairs": twins_among(among, list(page))}
    return render(request, "residents/duplicates.html", context)


@staff(Permission.VERIFY_NEED, methods=BOTH)
def compare(request: SignedInRequest, public_id: str, other_id: str) -> HttpResponse:
    """Two entries side by side. To look is noted for both; one of them is chosen to stand."""
    among, person, at = residents_to_merge(request.person).select_related("created_by"), request.person, now()
    pair = (get_object_or_404(among, public_id=public_id), get_object_or_404(among, public_id=other_id))
    if pair[0] == pair[1]:
        raise Http404
    form = MergeForm(request.POST or None, offered=pair)
    if request.method == "POST" and form.is_valid():
        kept, other = pair if form.cleaned_data["kept"] == pair[0].public_id else pair[::-1]
        with refused_into(form):
            merge_residents(kept, other, form.cleaned_data["reason"], by=person, at=at)
            messages.success(request, _("Merged. See whether telephone, wishes and helper are still right."))
            return redirect(f"/residents/{kept.public_id}/")
    for resident in pair:
        open_resident(resident, by=person, at=at)
    context = {
        "section": "residents",
        "pair": [(resident, needs_of_residents(entries_of(resident), person)[:NEEDS_SHOWN]) for resident in pair],
        "likenesses": likenesses(*pair),
        "form": form,
    }
    return render(request, "residents/compare.html", context, status=422 if form.errors else 200)


@staff(Permission.VERIFY_NEED, methods=POST)
def apart(request: SignedInRequest, public_id: str, other_id: str) -> HttpResponse:
    tell_apart(standing(request, public_id), standing(request, other_id), by=request.person, at=now())
    messages.success(request, _("Noted: two people. They are not proposed again."))
    return redirect("/residents/duplicates/")


@staff(Permission.VERIFY_NEED, methods=POST)
def undo(request: SignedInRequest, public_id: str, merge_id: str) -> HttpResponse:
    resident = standing(request, public_id)
    merge = get_object_or_404(merges_of(resident), public_id=merge_id)
    form = UndoForm(request.POST)
    if form.is_valid():
        with refused_into(form):
            back = undo_merge(merge, form.cleaned_data["reason"], by=request.person, at=now())
            messages.success(request, _("Undone. Both entries stand by themselves again."))
            return redirect(f"/residents/{back.public_id}/")
    return show(request, resident, undo_form=form, undoing=merge.public_id)
