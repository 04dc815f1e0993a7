"""A volunteer's own file: what they can do, when they are free, their certificates, what the law wants to know."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.foundation.files import MOST_BYTES
from zhiyuan.domain.people.details import keep_details
from zhiyuan.domain.people.models import Sex
from zhiyuan.domain.people.phones import masked_id_number, masked_phone
from zhiyuan.domain.volunteers.basics import legal_basics
from zhiyuan.domain.volunteers.credentials import add_credential, obstacle_to_take_back
from zhiyuan.domain.volunteers.queries import credentials_of
from zhiyuan.domain.volunteers.skills import choose_categories, choose_skills, set_availability
from zhiyuan.web.access import BOTH, volunteer
from zhiyuan.web.forms import refused_into
from zhiyuan.web.home.preferences import A_YEAR
from zhiyuan.web.request import VolunteerRequest
from zhiyuan.web.volunteers.forms import PARTS, CredentialForm, DetailsForm, SkillsForm, TimesForm, grid


@volunteer(*BOTH)
def skills(request: VolunteerRequest) -> HttpResponse:
    own, person = request.volunteer, request.person
    initial = {
        "skills": list(own.volunteer_skills.values_list("skill_id", flat=True)),
        "categories": list(own.categories.values_list("pk", flat=True)),
    }
    form = SkillsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        choose_skills(own, form.cleaned_data["skills"], by=person, at=now())
        choose_categories(own, form.cleaned_data["categories"], by=person, at=now())
        messages.success(request, _("Kept. What fits you is shown first from now on."))
        return redirect("/me/")
    context = {"section": "me", "form": form}
    return render(request, "volunteers/own_skills.html", context, status=422 if form.errors else 200)


@volunteer(*BOTH)
def times(request: VolunteerRequest) -> HttpResponse:
    own = request.volunteer
    form = TimesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        set_availability(own, form.cells(), by=request.person, at=now())
        messages.success(request, _("Kept. You are asked only when you are free."))
        return redirect("/me/")
    context = {"section": "me", "form": form, "grid": grid(own.availability), "parts": PARTS}
    return render(request, "volunteers/own_times.html", context, status=422 if form.errors else 200)


@volunteer(*BOTH)
def credentials(request: VolunteerRequest) -> HttpResponse:
    own, at = request.volunteer, now()
    form = CredentialForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        facts, file = form.cleaned_data, form.cleaned_data.pop("file")
        with refused_into(form):
            add_credential(own, **facts, file=file.read(MOST_BYTES + 1) if file else None, by=request.person, at=at)
            messages.success(request, _("Handed in. Somebody at your township looks at it; it counts from then on."))
            return redirect("/me/credentials/")
    handed_in = [(one, obstacle_to_take_back(one) is None) for one in credentials_of(own)]
    context = {"section": "me", "form": form, "credentials": handed_in, "today": local_day(at)}
    return render(request, "volunteers/own_credentials.html", context, status=422 if form.errors else 200)


@volunteer(*BOTH)
def details(request: VolunteerRequest) -> HttpResponse:
    person = request.person
    form = DetailsForm(request.POST or None, initial={"sex": person.sex, "language": person.language})
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            return _keep_details(request, form.cleaned_data)
    basics = legal_basics(request.volunteer)
    context = {
        "section": "me",
        "form": form,
        "volunteer": request.volunteer,
        "phone": masked_phone(person.phone),
        "id_number": masked_id_number(person.id_number),
        "basics": basics,
        "missing": sum(not basic.known for basic in basics),
    }
    return render(request, "volunteers/own_details.html", context, status=422 if form.errors else 200)


def _keep_details(request: VolunteerRequest, said: dict[str, Any]) -> HttpResponse:
    keep_details(
        request.person,
        sex=Sex(said["sex"]),
        language=said["language"],
        born_on=said["born_on"],
        id_number=said["id_number"],
        by=request.person,
        at=now(),
    )
    messages.success(request, _("Kept."))
    response = redirect("/me/details/")
    name = settings.LANGUAGE_COOKIE_NAME
    response.set_cookie(name, said["language"], max_age=A_YEAR, samesite="Lax", secure=settings.PRODUCTION)
    return response
