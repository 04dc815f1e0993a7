"""Becoming a volunteer: five questions, the first of which, the telephone, is answered by its code. For a child the
guardian answers a code too.
"""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.areas.queries import villages
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.people.guardians import Guardian, obstacle_to_guardian
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import masked_phone
from zhiyuan.domain.volunteers.joining import become_volunteer, register_volunteer
from zhiyuan.web.access import BOTH, public
from zhiyuan.web.forms import refused_into
from zhiyuan.web.home.preferences import way_back
from zhiyuan.web.people import asking_guardians
from zhiyuan.web.people.forms import CodeForm, FileForm, JoinForm
from zhiyuan.web.people.login import proved_phone, sign_in
from zhiyuan.web.request import Request


@public(*BOTH)
def join(request: Request) -> HttpResponse:
    if request.person is not None:
        return _open_file(request, request.person)
    phone = proved_phone(request)
    if phone is None:
        return render(request, "people/before_joining.html", {"section": "join"})
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            return _go_on(request, form, phone)
    context = {
        "section": "join",
        "form": form,
        "phone": masked_phone(phone),
        "minor": form.wants_guardian,
        "next": way_back(request),
    }
    return render(request, "people/join.html", context, status=422 if form.errors else 200)


def _go_on(request: Request, form: JoinForm, phone: str) -> HttpResponse:
    """To one's page; or first to the guardian, unless it is their telephone that was proved."""
    facts, guardian = form.cleaned_data, form.guardian()
    if guardian is None or guardian.phone == phone or not facts["consent"]:
        return _register(request, facts["name"], facts["born_on"], facts["village"], facts["consent"], guardian)
    child = Person(name=facts["name"], born_on=facts["born_on"])
    if obstacle := obstacle_to_guardian(child, guardian, at=now()):
        raise Refused(obstacle)
    asking_guardians.ask(
        request,
        guardian,
        child=facts["name"],
        born_on=facts["born_on"].isoformat(),
        village=facts["village"].code,
    )
    return redirect(f"/join/guardian/?{urlencode({'next': way_back(request)})}")


@public(*BOTH)
def guardian(request: Request) -> HttpResponse:
    """The guardian's code came to their telephone; typed here, the child is registered."""
    facts = asking_guardians.asked(request)
    if request.person is not None or proved_phone(request) is None or facts is None or "born_on" not in facts:
        return redirect("/join/")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form, "code"):
            answered = asking_guardians.redeem(facts, form.cleaned_data["code"], place=request.client_place)
            village = next(area for area in villages() if area.code == facts["village"])
            return _register(request, facts["child"], date.fromisoformat(facts["born_on"]), village, True, answered)
    context = {"section": "join", "form": form, "asked": facts["guardian"], "back": "/join/", "next": way_back(request)}
    return render(request, "people/guardian_code.html", context, status=422 if form.errors else 200)


def _register(
    request: Request, name: str, born_on: date, village: Area, consents: bool, guardian: Guardian | None
) -> HttpResponse:
    phone = proved_phone(request) or ""
    volunteer = register_volunteer(
        name=name,
        phone=phone,
        born_on=born_on,
        area=village,
        consents=consents,
        guardian=guardian,
        by=None,
        at=now(),
    )
    sign_in(request, volunteer.person)
    messages.success(request, _("Welcome. Say what you can do and when you are free, and we show what fits."))
    goal = way_back(request)
    return redirect("/me/" if goal in {"/", "/join/"} else goal)


def _open_file(request: Request, person: Person) -> HttpResponse:
    """Somebody with an account, such as a clerk, becomes a volunteer too."""
    if hasattr(person, "volunteer"):
        return redirect("/me/")
    form = FileForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            become_volunteer(person, area=form.cleaned_data["village"], consents=form.cleaned_data["consent"], at=now())
            return redirect("/me/")
    context = {"section": "join", "form": form, "next": way_back(request)}
    return render(request, "people/file.html", context, status=422 if form.errors else 200)
