"""Two files of one person: found, laid side by side, made one, and parted again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.hours.queries import minutes_of
from zhiyuan.domain.journeys.merging import (
    files_to_merge,
    merge,
    merges_visible_to,
    obstacle_to_merge,
    possible_duplicates,
    undo_merge,
)
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.people.phones import masked_id_number
from zhiyuan.domain.volunteers.models import Volunteer
from zhiyuan.domain.volunteers.queries import credentials_of, found_by, memberships_of, open_file
from zhiyuan.web.access import BOTH, POST, staff
from zhiyuan.web.forms import refused_into
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.request import SignedInRequest
from zhiyuan.web.volunteers.team_forms import MergeForm, PairForm

A_PAGE = 50
SHOWN = 50


@staff(Permission.MERGE_PEOPLE)
def duplicates(request: SignedInRequest) -> HttpResponse:
    form = PairForm(request.GET or None)
    if "first" in request.GET and form.is_valid():
        pair = [found_by(files_to_merge(request.person), form.cleaned_data[name]).first() for name in PairForm.NAMES]
        if pair[0] and pair[1]:
            return redirect(f"/volunteers/{pair[0].public_id}/merge/{pair[1].public_id}/")
        form.add_error(None, _("One of the two is not in your area. Type both numbers as they stand on the files."))
    context = {
        "section": "volunteers",
        "frame": frame_for(request),
        "form": form if "first" in request.GET else PairForm(),
        "page": Paginator(possible_duplicates(request.person), A_PAGE).get_page(request.GET.get("page")),
        "merges": merges_visible_to(request.person)[:SHOWN],
    }
    return render(request, "volunteers/duplicates.html", context)


def _side(file: Volunteer) -> dict[str, object]:
    return {
        "file": file,
        "id_number": masked_id_number(file.person.id_number),
        "minutes": minutes_of(file),
        "teams": memberships_of(file),
        "credentials": credentials_of(file),
        "skills": file.skills.order_by("order", "code"),
    }


@staff(Permission.MERGE_PEOPLE, methods=BOTH)
def pair(request: SignedInRequest, public_id: str, other_id: str) -> HttpResponse:
    """Both files side by side; whoever merges says which one stays and how they know."""
    at, files = now(), files_to_merge(request.person)
    one = get_object_or_404(files, public_id=public_id)
    other = get_object_or_404(files, public_id=other_id)
    form = MergeForm(request.POST or None, files=(one, other))
    if request.method == "POST" and form.is_valid():
        kept, away = (one, other) if form.cleaned_data["keep"] == one.public_id else (other, one)
        with refused_into(form):
            merge(kept, away, form.cleaned_data["why"], by=request.person, at=at)
            messages.success(request, _("One file now. It can be undone under Duplicates."))
            return redirect(f"/volunteers/{kept.public_id}/")
    if request.method != "POST":
        for file in (one, other):
            open_file(file, by=request.person, at=at)
    obstacles = (obstacle_to_merge(one, other, at=at), obstacle_to_merge(other, one, at=at))
    context = {
        "section": "volunteers",
        "frame": frame_for(request),
        "sides": [_side(one), _side(other)],
        "form": form,
        "obstacle": obstacles[0] if all(obstacles) else None,
    }
    return render(request, "volunteers/merge.html", context, status=422 if form.errors else 200)


@staff(Permission.MERGE_PEOPLE, methods=POST)
def undo(request: SignedInRequest, public_id: str) -> HttpResponse:
    undo_merge(get_object_or_404(merges_visible_to(request.person), public_id=public_id), by=request.person, at=now())
    messages.success(request, _("Undone. There are two files again, as before."))
    return redirect("/volunteers/duplicates/")
