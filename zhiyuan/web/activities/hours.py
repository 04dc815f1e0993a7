"""Hours that wait for another person's yes; one record with all that the law wants of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.hours.confirming import (
    confirm_many,
    obstacle_to_confirm,
    obstacle_to_reverse,
    obstacles_to_confirm,
    reverse,
)
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.hours.queries import records_to_confirm, records_visible_to
from zhiyuan.domain.organisations.permissions import Permission, is_staff, may
from zhiyuan.web.access import POST, signed_in, staff
from zhiyuan.web.activities.forms import ReasonForm
from zhiyuan.web.request import SignedInRequest

A_PAGE = 50


def _frame(request: SignedInRequest) -> str:
    """The desk's frame for who works there, the public one for leaders."""
    return "staff.html" if is_staff(request.person) else "base.html"


@staff(Permission.CONFIRM_HOURS)
def to_confirm(request: SignedInRequest) -> HttpResponse:
    page = Paginator(records_to_confirm(request.person), A_PAGE).get_page(request.GET.get("page"))
    obstacles = obstacles_to_confirm(page, request.person)
    context = {
        "section": "hours",
        "frame": _frame(request),
        "page": page,
        "rows": [(record, obstacles[record.pk]) for record in page],
        "confirmable": sum(obstacle is None for obstacle in obstacles.values()),
    }
    return render(request, "hours/to_confirm.html", context)


@staff(Permission.CONFIRM_HOURS, methods=POST)
def confirm_chosen(request: SignedInRequest) -> HttpResponse:
    """One record, or those that were ticked."""
    wanted = request.POST.getlist("record")[:A_PAGE]
    records = list(records_visible_to(request.person).filter(public_id__in=wanted))
    count = confirm_many(records, request.person, now())
    told = ngettext("%(count)s record confirmed.", "%(count)s records confirmed.", count) % {"count": count}
    messages.success(request, told)
    return redirect("/hours/")


@signed_in()
def one_record(request: SignedInRequest, public_id: str) -> HttpResponse:
    record = get_object_or_404(records_visible_to(request.person), public_id=public_id)
    return _show_record(request, record)


def _show_record(request: SignedInRequest, record: ServiceRecord, wrong: ReasonForm | None = None) -> HttpResponse:
    confirms = may(request.person, Permission.CONFIRM_HOURS, team=record.team)
    context = {
        "section": "hours" if confirms else "me",
        "frame": _frame(request),
        "record": record,
        "confirms": confirms,
        "obstacle": obstacle_to_confirm(record, request.person),
        "reversing": wrong or (ReasonForm() if confirms and obstacle_to_reverse(record) is None else None),
    }
    return render(request, "hours/record.html", context, status=422 if wrong else 200)


@staff(Permission.CONFIRM_HOURS, methods=POST)
def take_back(request: SignedInRequest, public_id: str) -> HttpResponse:
    record = get_object_or_404(records_visible_to(request.person), public_id=public_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show_record(request, record, form)
    answer = reverse(record, form.cleaned_data["reason"], by=request.person, at=now())
    messages.success(request, _("Taken back. The line and its answer both stay in the ledger."))
    return redirect(f"/hours/{answer.public_id}/")
