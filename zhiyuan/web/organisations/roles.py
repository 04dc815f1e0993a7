"""Who holds which role in the branch; granting and ending them."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.granting import end_role, grant_role, obstacle_to_end_role
from zhiyuan.domain.organisations.models import Role, RoleGrant
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.organisations.queries import roles_visible_to
from zhiyuan.domain.organisations.reviewing import roles_to_review
from zhiyuan.domain.organisations.substituting import obstacle_to_be_substituted
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.queries import person_for_role
from zhiyuan.web.access import BOTH, POST, staff
from zhiyuan.web.forms import refused_into
from zhiyuan.web.organisations.forms import RoleForm, WhoForm
from zhiyuan.web.organisations.role_words import roles_in_words
from zhiyuan.web.organisations.teams import frame_for, known
from zhiyuan.web.request import SignedInRequest

A_PAGE = 50


@staff(Permission.GRANT_ROLES, Permission.READ_JOURNAL)
def listing(request: SignedInRequest) -> HttpResponse:
    role = known(request.GET.get("role", ""), Role.values)
    at = now()
    standing = roles_visible_to(request.person, local_day(at))
    page = Paginator(standing.filter(role=role) if role else standing, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "roles",
        "frame": frame_for(request),
        "roles": Role.choices,
        "role": role,
        "page": page,
        "rows": [(grant, *_what_may_be_done(grant, request.person, at)) for grant in page],
        "words": roles_in_words(),
        "waiting": roles_to_review(request.person, local_day(at)).count(),
        "grants": may(request.person, Permission.GRANT_ROLES),
    }
    return render(request, "roles/list.html", context)


def _what_may_be_done(role: RoleGrant, by: Person, at: datetime) -> tuple[bool, bool]:
    """Whether somebody may end a role, and name a substitute for it."""
    return obstacle_to_end_role(role, by) is None, obstacle_to_be_substituted(role, by, at=at) is None


@staff(Permission.GRANT_ROLES, methods=BOTH)
def grant(request: SignedInRequest) -> HttpResponse:
    """First who, then which role for what: the person's name is seen before anything is given."""
    at = now()
    typed = request.POST if request.method == "POST" else request.GET  # a link brings a number, never a telephone
    who = WhoForm({"who": typed["who"]} if "who" in typed else None)
    person = _found(request, who) if who.is_bound and who.is_valid() else None
    chosen = request.POST if "role" in request.POST else None
    form = RoleForm(chosen, by=request.person, today=local_day(at)) if person else None
    if person and form and form.is_bound and form.is_valid():
        said = dict(form.cleaned_data)
        with refused_into(form):
            grant_role(person, Role(said.pop("role")), **said, by=request.person, at=at)
            messages.success(request, _("%(name)s holds the role from now on.") % {"name": person.name})
            return redirect("/roles/")
    wrong = who.errors or (form and form.errors)
    context = {
        "section": "roles",
        "frame": frame_for(request),
        "who": who,
        "found": person,
        "form": form,
        "words": [line for line in roles_in_words() if line[0] in RoleForm.ROLES],
    }
    return render(request, "roles/grant.html", context, status=422 if wrong else 200)


def _found(request: SignedInRequest, who: WhoForm) -> Person | None:
    with refused_into(who, "who"):
        person = person_for_role(who.cleaned_data["who"], by=request.person, at=now())
        if person is None:
            who.add_error("who", _("Nobody is registered with this number or telephone. Look at it once more."))
        return person
    return None


@staff(Permission.GRANT_ROLES, methods=POST)
def end(request: SignedInRequest, public_id: str) -> HttpResponse:
    standing = roles_visible_to(request.person, local_day(now()))
    role = get_object_or_404(standing, public_id=public_id)
    end_role(role, by=request.person, at=now())
    messages.success(request, _("The role has ended."))
    return redirect("/roles/due/" if request.POST.get("from") == "due" else "/roles/")
