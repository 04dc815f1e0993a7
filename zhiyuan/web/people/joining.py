"""Becoming a volunteer: five questions, the first of which, the telephone, is answered by its code."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import masked_phone
from zhiyuan.domain.volunteers.joining import become_volunteer, register_volunteer
from zhiyuan.web.access import BOTH, public
from zhiyuan.web.forms import refused_into
from zhiyuan.web.home.preferences import way_back
from zhiyuan.web.people.forms import FileForm, JoinForm
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
        facts = form.cleaned_data
        with refused_into(form):
            volunteer = register_volunteer(
                name=facts["name"],
                phone=phone,
                born_on=facts["born_on"],
                area=facts["village"],
                consents=facts["consent"],
                guardian=form.guardian(),
                by=None,
                at=now(),
            )
            sign_in(request, volunteer.person)
            messages.success(request, _("Welcome. Say what you can do and when you are free, and we show what fits."))
            goal = way_back(request)
            return redirect("/me/" if goal in {"/", "/join/"} else goal)
    context = {
        "section": "join",
        "form": form,
        "phone": masked_phone(phone),
        "minor": form.wants_guardian,
        "next": way_back(request),
    }
    return render(request, "people/join.html", context, status=422 if form.errors else 200)


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
