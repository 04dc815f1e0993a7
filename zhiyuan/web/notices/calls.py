"""The call list of an area, to be worked through at the telephone or printed."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.organisations.calling import call_visible_to, called_visible_to, calls_visible_to, note_call
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.organisations.unsticking import minds_outbox
from zhiyuan.web.access import POST, staff
from zhiyuan.web.request import SignedInRequest

A_PAGE = 50
OUTCOMES = {"reached": True, "not_reached": False}


@staff(Permission.SEE_NEEDS)
def listing(request: SignedInRequest) -> HttpResponse:
    at, done = now(), request.GET.get("done") == "1"
    rows = called_visible_to(request.person) if done else calls_visible_to(request.person, at=at)
    context = {
        "section": "calls",
        "page": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "done": done,
        "at": at,
        "may_note": may(request.person, Permission.VERIFY_NEED),
        "minds_outbox": minds_outbox(request.person),
    }
    return render(request, "notices/calls.html", context)


@staff(Permission.VERIFY_NEED, methods=POST)
def note(request: SignedInRequest, public_id: str) -> HttpResponse:
    entry, outcome = call_visible_to(request.person, public_id), request.POST.get("outcome", "")
    if entry is None or outcome not in OUTCOMES:
        raise Http404
    note_call(entry, reached=OUTCOMES[outcome], by=request.person, at=now())
    said = _("Noted: reached.") if OUTCOMES[outcome] else _("Noted: not reached. It stays on the list.")
    messages.success(request, said)
    return redirect("/calls/")
