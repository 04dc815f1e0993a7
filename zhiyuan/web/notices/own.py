"""What somebody was told, and how they want to be told."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.notices.quiet import quiet_hours
from zhiyuan.domain.notices.reading import mark_all_read, mark_read, notices_of
from zhiyuan.domain.notices.ways import choose_ways, ways_of
from zhiyuan.domain.people.details import tell_details
from zhiyuan.domain.people.models import Sex
from zhiyuan.domain.people.phones import masked_phone
from zhiyuan.web.access import BOTH, POST, signed_in
from zhiyuan.web.forms import refused_into
from zhiyuan.web.home.preferences import A_YEAR
from zhiyuan.web.notices.forms import WaysForm
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.request import SignedInRequest

A_PAGE = 30


@signed_in()
def listing(request: SignedInRequest) -> HttpResponse:
    page = Paginator(notices_of(request.person), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/own.html", {"section": "messages", "frame": frame_for(request), "page": page})


@signed_in(*POST)
def open_notice(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Read from now on; to the page where it is dealt with, if there is one."""
    notice = get_object_or_404(notices_of(request.person), public_id=public_id)
    mark_read(notice, at=now())
    return redirect(notice.href or "/messages/")


@signed_in(*POST)
def read_all(request: SignedInRequest) -> HttpResponse:
    mark_all_read(request.person, at=now())
    return redirect("/messages/")


@signed_in(*BOTH)
def ways(request: SignedInRequest) -> HttpResponse:
    person, at = request.person, now()
    chosen = ways_of(person)
    kept = {name: getattr(chosen, name) for name in ("sms", "email", "call", "at_night", "address")}
    form = WaysForm(request.POST or None, initial={**kept, "language": person.language})
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            said = {**kept, **form.cleaned_data}
            language = said.pop("language")
            choose_ways(person, **said, by=person, at=at)
            tell_details(person, sex=Sex(person.sex), language=language, by=person, at=at)
            messages.success(request, _("Kept."))
            return _in_language(redirect("/messages/settings/"), language)
    context = {
        "section": "messages",
        "frame": frame_for(request),
        "form": form,
        "phone": masked_phone(person.phone),
        "quiet": quiet_hours(local_day(at)),
    }
    return render(request, "notices/ways.html", context, status=422 if form.errors else 200)


def _in_language(response: HttpResponse, language: str) -> HttpResponse:
    name = settings.LANGUAGE_COOKIE_NAME
    response.set_cookie(name, language, max_age=A_YEAR, samesite="Lax", secure=settings.PRODUCTION)
    return response
