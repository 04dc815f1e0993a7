"""A volunteer's teams: invitations, history, moving, pausing, and who may ask or call."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.activities.queries import next_signups
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.queries import teams
from zhiyuan.domain.volunteers.inviting import answer_invitation, choose_contact, invitations_waiting_for
from zhiyuan.domain.volunteers.models import InvitedHow, PhoneShown
from zhiyuan.domain.volunteers.pausing import pause, resume, standing_pause
from zhiyuan.domain.volunteers.queries import history_for, memberships_of, sharing_members
from zhiyuan.domain.volunteers.transferring import ask_transfer, transfers_asked_by, withdraw_transfer
from zhiyuan.web.access import BOTH, POST, volunteer
from zhiyuan.web.forms import Plain, refused_into
from zhiyuan.web.request import VolunteerRequest
from zhiyuan.web.volunteers.team_forms import ContactForm, MoveForm, PauseForm

HERE = "/me/teams/"


def _page(request: VolunteerRequest, *, contact: Plain | None = None, rest: Plain | None = None) -> HttpResponse:
    at, own = now(), request.volunteer
    chosen = {
        "invited_how": own.invited_how or InvitedHow.ASK,
        "phone_shown": own.phone_shown or PhoneShown.LEADERS,
    }
    pausing = standing_pause(own, local_day(at))
    context = {
        "section": "me",
        "invitations": invitations_waiting_for(own, local_day(at)),
        "history": history_for(own, request.person),
        "transfers": transfers_asked_by(own),
        "pause": pausing,
        "signups": next_signups(own, at) if pausing else [],
        "contact": contact or ContactForm(initial=chosen),
        "rest": rest or PauseForm(),
    }
    wrong = any(form and form.errors for form in (contact, rest))
    return render(request, "volunteers/own_teams.html", context, status=422 if wrong else 200)


@volunteer()
def own_teams(request: VolunteerRequest) -> HttpResponse:
    return _page(request)


@volunteer(*POST)
def contact(request: VolunteerRequest) -> HttpResponse:
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, contact=form)
    choose_contact(
        request.volunteer,
        invited_how=InvitedHow(form.cleaned_data["invited_how"]),
        phone_shown=PhoneShown(form.cleaned_data["phone_shown"]),
        by=request.person,
        at=now(),
    )
    messages.success(request, _("Kept."))
    return redirect(HERE)


@volunteer(*POST)
def rest(request: VolunteerRequest) -> HttpResponse:
    form = PauseForm(request.POST)
    if form.is_valid():
        with refused_into(form, "until"):
            pause(request.volunteer, form.cleaned_data["until"], by=request.person, at=now())
            messages.success(request, _("You pause. Nobody asks you meanwhile; what you signed up for stays."))
            return redirect(HERE)
    return _page(request, rest=form)


@volunteer(*POST)
def be_back(request: VolunteerRequest) -> HttpResponse:
    resume(request.volunteer, by=request.person, at=now())
    messages.success(request, _("Good that you are back. You are asked again."))
    return redirect(HERE)


@volunteer(*POST)
def answer(request: VolunteerRequest, public_id: str) -> HttpResponse:
    waiting = invitations_waiting_for(request.volunteer, local_day(now()))
    invitation = get_object_or_404(waiting, public_id=public_id)
    accepted = request.POST.get("what") == "accept"
    answer_invitation(invitation, accepted, by=request.person, at=now())
    told = _("You belong to the team now. Its activities come first on your page.")
    messages.success(request, told if accepted else _("Declined. The team's leader sees it."))
    return redirect(HERE)


@volunteer(*BOTH)
def move(request: VolunteerRequest, public_id: str) -> HttpResponse:
    membership = get_object_or_404(memberships_of(request.volunteer), team__public_id=public_id)
    form = MoveForm(request.POST or None, volunteer=request.volunteer, source=membership.team)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            target, why = form.cleaned_data["target"], form.cleaned_data["why"]
            ask_transfer(request.volunteer, membership.team, target, why, by=request.person, at=now())
            messages.success(request, _("Asked. The other team's leader answers; until then you stay where you are."))
            return redirect(HERE)
    context = {"section": "me", "form": form, "team": membership.team}
    return render(request, "volunteers/move.html", context, status=422 if form.errors else 200)


@volunteer(*POST)
def stay(request: VolunteerRequest, public_id: str) -> HttpResponse:
    transfer = get_object_or_404(transfers_asked_by(request.volunteer), public_id=public_id)
    withdraw_transfer(transfer, by=request.person, at=now())
    messages.success(request, _("Withdrawn. You stay in your team."))
    return redirect(HERE)


@volunteer()
def telephones(request: VolunteerRequest, public_id: str) -> HttpResponse:
    """The telephones that members of a team show to each other."""
    own = memberships_of(request.volunteer).values("team_id")
    team = get_object_or_404(teams(), pk__in=own, public_id=public_id)
    context = {"section": "teams", "team": team, "members": sharing_members(team)}
    return render(request, "teams/telephones.html", context)
