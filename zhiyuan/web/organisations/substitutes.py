"""One's own roles, and who stands in while somebody is away."""

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.granting import end_role
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.substituting import (
    SubstituteObstacle,
    name_substitute,
    obstacle_to_be_substituted,
    own_roles,
    roles_to_substitute,
    substitutes_of,
)
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import masked_name
from zhiyuan.domain.volunteers.queries import person_for_role
from zhiyuan.web.access import BOTH, POST, signed_in
from zhiyuan.web.forms import Day, refused_into
from zhiyuan.web.organisations.forms import WhoForm
from zhiyuan.web.organisations.role_words import what_it_may
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.request import SignedInRequest

NO_DAY = {"required": gettext_lazy("Choose a day."), "invalid": gettext_lazy("Choose a day.")}


class SubstituteForm(WhoForm):
    refusal_fields: ClassVar = {
        SubstituteObstacle.PAST: "since",
        SubstituteObstacle.BACKWARDS: "until",
        SubstituteObstacle.OUTLASTS: "until",
        SubstituteObstacle.TOO_LONG: "until",
        SubstituteObstacle.SELF: "who",
        SubstituteObstacle.HOLDS: "who",
        SubstituteObstacle.LEFT: "who",
    }
    since = forms.DateField(label=gettext_lazy("First day"), widget=Day(), error_messages=NO_DAY)
    until = forms.DateField(label=gettext_lazy("Last day"), widget=Day(), error_messages=NO_DAY)
    holder_away = forms.BooleanField(
        label=gettext_lazy("On these days the desk's notices go to the substitute alone"), required=False, initial=True
    )


@signed_in()
def own(request: SignedInRequest) -> HttpResponse:
    at = now()
    day = local_day(at)
    roles = list(own_roles(request.person, day))
    context = {
        "section": "me",
        "frame": frame_for(request),
        "rows": [
            (role, what_it_may(Role(role.role)), obstacle_to_be_substituted(role, request.person, at=at) is None)
            for role in roles
        ],
        "substitutes": list(substitutes_of(request.person, day)),
    }
    return render(request, "roles/own.html", context)


@signed_in(*BOTH)
def name(request: SignedInRequest, public_id: str) -> HttpResponse:
    """First who, with the days; the person's name is seen before anything is given."""
    at = now()
    role = get_object_or_404(roles_to_substitute(request.person, local_day(at)), public_id=public_id)
    if obstacle := obstacle_to_be_substituted(role, request.person, at=at):
        raise Refused(obstacle)
    form = SubstituteForm(request.POST or None, initial={"since": local_day(at)})
    found = _found(request, form) if form.is_bound and form.is_valid() else None
    if found and request.POST.get("seen") == form.cleaned_data["who"]:
        said = {key: value for key, value in form.cleaned_data.items() if key != "who"}
        with refused_into(form):
            name_substitute(role, found, **said, by=request.person, at=at)
            messages.success(request, _("%(name)s stands in on these days.") % {"name": masked_name(found.name)})
            return redirect("/me/roles/" if role.person_id == request.person.pk else "/roles/")
    context = {"section": "me", "frame": frame_for(request), "role": role, "form": form, "found": found}
    return render(request, "roles/substitute.html", context, status=422 if form.errors else 200)


def _found(request: SignedInRequest, form: SubstituteForm) -> Person | None:
    with refused_into(form, "who"):
        person = person_for_role(form.cleaned_data["who"], by=request.person, at=now())
        if person is None:
            form.add_error("who", _("Nobody is registered with this number or telephone. Look at it once more."))
        return person
    return None


@signed_in(*POST)
def end(request: SignedInRequest, public_id: str) -> HttpResponse:
    role = get_object_or_404(substitutes_of(request.person, local_day(now())), public_id=public_id)
    end_role(role, by=request.person, at=now())
    messages.success(request, _("Nobody stands in any more."))
    return redirect("/me/roles/")
