"""The county's teams: the list, one team, joining and leaving; founding, changing and ending for staff."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.activities.queries import team_shifts
from zhiyuan.domain.areas.queries import townships
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.models import Team, TeamKind, Track
from zhiyuan.domain.organisations.permissions import Permission, is_staff, may
from zhiyuan.domain.organisations.queries import (
    TeamsWanted,
    any_team,
    level_name,
    teams,
    teams_around,
    teams_of_permission,
    wanted_teams,
)
from zhiyuan.domain.organisations.teams import change_team, end_team, found_team, obstacle_to_end_team
from zhiyuan.domain.volunteers.joining import JoiningObstacle, join_team, leave_team, obstacle_to_join
from zhiyuan.domain.volunteers.queries import members_of, open_roster, phone_is_open, with_member_counts
from zhiyuan.web.access import BOTH, POST, public, staff, volunteer
from zhiyuan.web.activities.public import row_for, volunteer_of
from zhiyuan.web.forms import refused_into
from zhiyuan.web.organisations.forms import TeamForm, what_a_team_is
from zhiyuan.web.request import Request, SignedInRequest, VolunteerRequest

A_PAGE = 50
SHIFTS_SHOWN = 5


def frame_for(request: Request) -> str:
    """The desk's frame for who works there, the public one for everybody else."""
    return "staff.html" if is_staff(request.person) else "base.html"


def known(key: str, offered: Any) -> str:
    """A filter's value when it is one of those offered, else none."""
    return key if key in offered else ""


@public()
def listing(request: Request) -> HttpResponse:
    asked, places = request.GET, list(townships())
    wanted = TeamsWanted(
        words=asked.get("q", "")[:40],
        kind=known(asked.get("kind", ""), TeamKind.values),
        township=known(asked.get("township", ""), [place.code for place in places]),
        track=known(asked.get("track", ""), Track.values),
    )
    found = with_member_counts(wanted_teams(wanted))
    context = {
        "section": "teams",
        "frame": frame_for(request),
        "wanted": wanted,
        "kinds": TeamKind.choices,
        "tracks": [choice for choice in Track.choices if choice[0]],
        "townships": places,
        "page": Paginator(found, A_PAGE).get_page(asked.get("page")),
    }
    return render(request, "teams/list.html", context)


@public()
def team(request: Request, public_id: str) -> HttpResponse:
    at, volunteer = now(), volunteer_of(request)
    team = get_object_or_404(with_member_counts(any_team()), public_id=public_id)
    around = list(teams_around(team))
    obstacle = obstacle_to_join(volunteer, team, at=at) if volunteer else None
    context = {
        "section": "teams",
        "frame": frame_for(request),
        "team": team,
        "level": level_name(team),
        "rows": [row_for(shift, None, at) for shift in team_shifts(team, at, SHIFTS_SHOWN)],
        "below": [other for other in around if other.parent_id == team.pk],
        "guided": [other for other in around if other.guide_id == team.pk],
        "volunteer": volunteer,
        "obstacle": obstacle,
        "is_member": obstacle is JoiningObstacle.ALREADY_MEMBER,
        "manages": not team.until and may(request.person, Permission.MANAGE_TEAMS, team=team),
        "sees_members": not team.until and may(request.person, Permission.SEE_VOLUNTEERS, team=team),
    }
    return render(request, "teams/team.html", context)


@volunteer(*POST)
def join(request: VolunteerRequest, public_id: str) -> HttpResponse:
    team = get_object_or_404(teams(), public_id=public_id)
    join_team(request.volunteer, team, by=request.person, at=now())
    messages.success(request, _("You belong to the team now. Its activities come first on your page."))
    return redirect(f"/teams/{public_id}/")


@volunteer(*POST)
def leave(request: VolunteerRequest, public_id: str) -> HttpResponse:
    team = get_object_or_404(any_team(), public_id=public_id)
    leave_team(request.volunteer, team, by=request.person, at=now())
    messages.success(request, _("You no longer belong to the team. Your hours stay."))
    return redirect(f"/teams/{public_id}/")


@staff(Permission.SEE_VOLUNTEERS)
def members(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Names and telephones of a team's members: for who leads it and who works for its area; each look is noted."""
    team = get_object_or_404(teams_of_permission(request.person, Permission.SEE_VOLUNTEERS), public_id=public_id)
    page = Paginator(members_of(team, local_day(now())), A_PAGE).get_page(request.GET.get("page"))
    open_roster(team, by=request.person, at=now())
    context = {
        "section": "teams",
        "frame": frame_for(request),
        "team": team,
        "page": page,
        "rows": [(member, phone_is_open(member, request.person)) for member in page],
        "leads": may(request.person, Permission.ANSWER_ORDER, team=team),
    }
    return render(request, "teams/members.html", context)


def _managed_team(request: SignedInRequest, public_id: str) -> Team:
    within = teams_of_permission(request.person, Permission.MANAGE_TEAMS).select_related("guide")
    return get_object_or_404(within, public_id=public_id)


@staff(Permission.MANAGE_TEAMS, methods=BOTH)
def found(request: SignedInRequest) -> HttpResponse:
    parent = _managed_team(request, request.GET.get("parent", ""))
    form = TeamForm(request.POST or None, by=request.person, initial={"area": parent.area_id})
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            team = found_team(form.facts(), parent=parent, by=request.person, at=now())
            messages.success(request, _("The team is founded. Name its leader next."))
            return redirect(f"/teams/{team.public_id}/")
    context = {"section": "teams", "form": form, "parent": parent}
    return render(request, "teams/form.html", context, status=422 if form.errors else 200)


@staff(Permission.MANAGE_TEAMS, methods=BOTH)
def change(request: SignedInRequest, public_id: str) -> HttpResponse:
    team = _managed_team(request, public_id)
    form = TeamForm(request.POST or None, by=request.person, team=team, initial=what_a_team_is(team))
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            change_team(team, form.facts(), by=request.person, at=now())
            messages.success(request, _("Changed."))
            return redirect(f"/teams/{public_id}/")
    context = {"section": "teams", "form": form, "team": team}
    return render(request, "teams/form.html", context, status=422 if form.errors else 200)


@staff(Permission.MANAGE_TEAMS, methods=BOTH)
def end(request: SignedInRequest, public_id: str) -> HttpResponse:
    """What ends is said before it ends: a page of its own."""
    team = _managed_team(request, public_id)
    if request.method == "POST":
        end_team(team, by=request.person, at=now())
        messages.success(request, _("The team has ended. Its history stays."))
        return redirect(f"/teams/{public_id}/")
    context = {
        "section": "teams",
        "team": get_object_or_404(with_member_counts(teams()), pk=team.pk),
        "shifts": len(team_shifts(team, now(), A_PAGE)),
        "obstacle": obstacle_to_end_team(team),
    }
    return render(request, "teams/end.html", context)
