"""Volunteers as staff and leaders see them: the list, one file, certificates to verify, registering face to face."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.areas.models import Area, Level
from zhiyuan.domain.areas.queries import county_areas, lies_in
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.hours.queries import minutes_of
from zhiyuan.domain.organisations.models import Skill
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.organisations.queries import skills
from zhiyuan.domain.people.ages import is_minor
from zhiyuan.domain.people.phones import masked_id_number
from zhiyuan.domain.volunteers.basics import legal_basics
from zhiyuan.domain.volunteers.credentials import obstacle_to_verify, verify_credential
from zhiyuan.domain.volunteers.joining import register_volunteer
from zhiyuan.domain.volunteers.pausing import standing_pause
from zhiyuan.domain.volunteers.queries import (
    credentials_of,
    for_list,
    found_by,
    helper_of,
    in_list_order,
    in_place,
    memberships_of,
    open_file,
    phone_is_open,
    registration_of,
    volunteers_visible_to,
    with_open_credentials,
    with_skill,
)
from zhiyuan.web.access import BOTH, POST, staff
from zhiyuan.web.forms import refused_into
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.request import SignedInRequest
from zhiyuan.web.volunteers.forms import FaceToFaceForm, grid
from zhiyuan.web.volunteers.paging import IndexPaginator

A_PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for among the volunteers."""

    words: str
    place: Area | None
    township: Area | None  # the one that `place` is or lies in
    skill: Skill | None
    open_credentials: bool


def _wanted(request: SignedInRequest, areas: list[Area], offered: list[Skill]) -> Wanted:
    asked = request.GET
    place = next((area for area in areas if area.code == asked.get("place") and area.level >= Level.TOWNSHIP), None)
    towns = (area for area in areas if area.level == Level.TOWNSHIP)
    return Wanted(
        words=asked.get("q", "")[:40],
        place=place,
        township=next((town for town in towns if place and lies_in(place.code, town.code)), None),
        skill=next((skill for skill in offered if skill.code == asked.get("skill")), None),
        open_credentials=asked.get("credentials") == "open",
    )


@staff(Permission.SEE_VOLUNTEERS)
def listing(request: SignedInRequest) -> HttpResponse:
    areas, offered = list(county_areas()), list(skills())
    wanted = _wanted(request, areas, offered)
    found = visible = volunteers_visible_to(request.person)
    if wanted.words:
        found = found_by(found, wanted.words)
    if wanted.place:
        found = in_place(found, wanted.place.code)
    if wanted.skill:
        found = with_skill(found, wanted.skill)
    if wanted.open_credentials:
        found = with_open_credentials(found)
    context = {
        "section": "volunteers",
        "frame": frame_for(request),
        "wanted": wanted,
        "townships": [area for area in areas if area.level == Level.TOWNSHIP],
        "villages": [area for area in areas if wanted.township and area.parent_id == wanted.township.code],
        "skills": offered,
        "page": IndexPaginator(in_list_order(found), for_list(visible), A_PAGE).get_page(request.GET.get("page")),
        "merges": may(request.person, Permission.MERGE_PEOPLE),
        "keeps_lists": may(request.person, Permission.MANAGE_SETTINGS),
        "registers": may(request.person, Permission.ENTER_NEED),
    }
    return render(request, "volunteers/list.html", context)


@staff(Permission.SEE_VOLUNTEERS)
def one(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A volunteer's file. Each look is noted; whoever opens hundreds is stopped."""
    at = now()
    volunteer = get_object_or_404(volunteers_visible_to(request.person), public_id=public_id)
    open_file(volunteer, by=request.person, at=at)
    basics = legal_basics(volunteer)
    verifies = may(request.person, Permission.VERIFY_CREDENTIAL, area=volunteer.area_id)
    context = {
        "section": "volunteers",
        "frame": frame_for(request),
        "volunteer": volunteer,
        "age": volunteer.person.age_on(local_day(at)),
        "basics": basics,
        "missing": sum(not basic.known for basic in basics),
        "id_number": masked_id_number(volunteer.person.id_number),
        "skills": volunteer.skills.order_by("order", "code"),
        "categories": volunteer.categories.order_by("order", "code"),
        "grid": grid(volunteer.availability),
        "memberships": memberships_of(volunteer),
        "credentials": [
            (credential, verifies and obstacle_to_verify(credential, request.person) is None)
            for credential in credentials_of(volunteer)
        ],
        "verifies": verifies,
        "phone_is_open": phone_is_open(volunteer, request.person),
        "pause": standing_pause(volunteer, local_day(at)),
        "minutes": minutes_of(volunteer),
        "registered": registration_of(volunteer),
        "helper": helper_of(volunteer),
        "minor": is_minor(volunteer.person, local_day(at)),
        "keeps": may(request.person, Permission.ENTER_NEED, area=volunteer.area_id),
        "grants": may(request.person, Permission.GRANT_ROLES),
        "today": local_day(at),
    }
    return render(request, "volunteers/volunteer.html", context)


@staff(Permission.VERIFY_CREDENTIAL, methods=POST)
def decide(request: SignedInRequest, public_id: str, credential_id: str) -> HttpResponse:
    volunteer = get_object_or_404(volunteers_visible_to(request.person), public_id=public_id)
    credential = get_object_or_404(credentials_of(volunteer), public_id=credential_id)
    accepted = request.POST.get("what") == "accept"
    verify_credential(credential, accepted, by=request.person, at=now())
    told = _("Verified. It counts from now on.") if accepted else _("Rejected. The volunteer sees it.")
    messages.success(request, told)
    return redirect(f"/volunteers/{public_id}/")


@staff(Permission.ENTER_NEED, methods=BOTH)
def register(request: SignedInRequest) -> HttpResponse:
    form = FaceToFaceForm(request.POST or None, by=request.person)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        with refused_into(form):
            volunteer = register_volunteer(
                name=facts["name"],
                phone=facts["phone"],
                born_on=facts["born_on"],
                area=facts["village"],
                consents=facts["consent"],
                guardian=form.guardian(),
                by=request.person,
                at=now(),
                paper=form.paper(),
                helper=form.helper(),
            )
            messages.success(request, _("Registered. The number is %(number)s.") % {"number": volunteer.number})
            opens = may(request.person, Permission.SEE_VOLUNTEERS, area=volunteer.area_id)
            return redirect(f"/volunteers/{volunteer.public_id}/" if opens else "/volunteers/new/")
    context = {
        "section": "volunteers",
        "frame": frame_for(request),
        "form": form,
        "minor": form.wants_guardian,
    }
    return render(request, "volunteers/new.html", context, status=422 if form.errors else 200)
