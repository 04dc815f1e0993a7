"""Roles that wait for a yes or a no: still needed, or ended."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import roles_visible_to
from zhiyuan.domain.organisations.reviewing import keep_role, obstacle_to_keep_role, roles_to_review
from zhiyuan.web.access import POST, staff
from zhiyuan.web.organisations.roles import A_PAGE
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.request import SignedInRequest


@staff(Permission.GRANT_ROLES)
def due(request: SignedInRequest) -> HttpResponse:
    at = now()
    page = Paginator(roles_to_review(request.person, local_day(at)), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "roles",
        "frame": frame_for(request),
        "page": page,
        "rows": [(role, obstacle_to_keep_role(role, request.person, at=at) is None) for role in page],
    }
    return render(request, "roles/due.html", context)


@staff(Permission.GRANT_ROLES, methods=POST)
def keep(request: SignedInRequest, public_id: str) -> HttpResponse:
    at = now()
    role = get_object_or_404(roles_visible_to(request.person, local_day(at)), public_id=public_id)
    kept = keep_role(role, by=request.person, at=at)
    until = kept.until.isoformat()
    messages.success(request, _("%(name)s keeps the role until %(day)s.") % {"name": kept.person.name, "day": until})
    return redirect("/roles/due/")
