"""A round of a village on one page: each household that can be read is kept, the others stay to be mended."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.collecting.models import Round, Visit
from zhiyuan.domain.collecting.queries import rounds_of, visits_of
from zhiyuan.domain.collecting.rounds import begin_round, note_visit
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.needs.models import ENDED
from zhiyuan.domain.organisations.menu import menu_of
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.web.access import BOTH, staff
from zhiyuan.web.collecting.forms import MORE_ROWS, RoundForm, RowForm, blank_rows, new_key, row_forms, wares
from zhiyuan.web.forms import refused_into
from zhiyuan.web.request import SignedInRequest

A_PAGE = 30


@staff(Permission.ENTER_NEED)
def listing(request: SignedInRequest) -> HttpResponse:
    page = Paginator(rounds_of(request.person), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "collecting/rounds.html", {"section": "rounds", "page": page})


@staff(Permission.ENTER_NEED)
def one(request: SignedInRequest, public_id: str) -> HttpResponse:
    walk = get_object_or_404(rounds_of(request.person), public_id=public_id)
    context = {"section": "rounds", "round": walk, "visits": visits_of(walk), "ended": ENDED}
    return render(request, "collecting/round.html", context)


@staff(Permission.ENTER_NEED, methods=BOTH)
def enter(request: SignedInRequest) -> HttpResponse:
    """Each row carries a key of its own, so that the page may be sent as often as it takes."""
    at = now()
    offered = wares(menu_of(on=local_day(at)))
    data = request.POST if request.method == "POST" else None
    initial: dict[str, Any] = {"key": new_key(), "day": local_day(at), "village": request.GET.get("area", "")[:12]}
    form, rows = RoundForm(data, by=request.person, initial=initial), row_forms(data, offered)
    if data is None:
        return _show(request, form, rows)
    if "more" in data:
        form = RoundForm(by=request.person, initial=data.dict())
        return _show(request, form, [*(row.as_typed() for row in rows), *blank_rows(offered, len(rows), MORE_ROWS)])
    return _write_down(request, form, rows)


def _write_down(request: SignedInRequest, form: RoundForm, rows: list[RowForm]) -> HttpResponse:
    filled = [row for row in rows if not row.is_empty]
    if not filled:
        form.add_error(None, _("Fill in a household, or tick that nothing is needed there."))
    if not form.is_valid():
        return _show(request, form, rows)
    said = form.cleaned_data
    with refused_into(form):
        walk = begin_round(said["village"], said["day"], key=said["key"], by=request.person, at=now())
        kept = [visit for row in filled if (visit := _keep(request, walk, said["village"], row))]
        if len(kept) == len(filled):
            return _done(request, walk, kept)
        return _show(request, form, rows, kept=kept)
    return _show(request, form, rows)


def _keep(request: SignedInRequest, walk: Round, village: Area, row: RowForm) -> Visit | None:
    """Note one household; what is wrong with it is said in its row."""
    if not row.is_valid():
        return None
    with refused_into(row):
        return note_visit(walk, row.facts(village), key=row.cleaned_data["key"], by=request.person, at=now())
    return None


def _done(request: SignedInRequest, walk: Round, kept: list[Visit]) -> HttpResponse:
    said = ngettext("%(n)s household is written down.", "%(n)s households are written down.", len(kept))
    messages.success(request, said % {"n": len(kept)})
    return redirect(f"/rounds/{walk.public_id}/")


def _show(
    request: SignedInRequest, form: RoundForm, rows: list[RowForm], *, kept: list[Visit] | None = None
) -> HttpResponse:
    by_key = {visit.key: visit for visit in kept or []}
    shown = [(row.as_typed() if row.is_empty else row, by_key.get(row["key"].value())) for row in rows]
    context = {"section": "rounds", "form": form, "rows": shown, "count": len(rows), "kept": kept}
    return render(request, "collecting/round_new.html", context, status=422 if form.is_bound else 200)
