"""A team's members as its leader keeps them: invitations, moves, taking out; and the history on a volunteer's file."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import teams_of_permission
from zhiyuan.domain.volunteers.inviting import invitations_of, invite, masked_handle, withdraw_invitation
from zhiyuan.domain.volunteers.joining import take_out
from zhiyuan.domain.volunteers.queries import (
    history_for,
    member_of,
    memberships_of,
    open_file,
    volunteers_visible_to,
)
from zhiyuan.domain.volunteers.transferring import (
    answer_transfer,
    order_transfer,
    orders_transfers,
    transfers_waiting_at,
)
from zhiyuan.web.access import BOTH, POST, staff
from zhiyuan.web.forms import refused_into
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.request import SignedInRequest
from zhiyuan.web.volunteers.team_forms import InviteForm, OrderedMoveForm, ReasonForm

A_PAGE = 50


def _led(request: SignedInRequest, public_id: str) -> Team:
    return get_object_or_404(teams_of_permission(request.person, Permission.ANSWER_ORDER), public_id=public_id)


@staff(Permission.ANSWER_ORDER, methods=BOTH)
def invitations(request: SignedInRequest, public_id: str) -> HttpResponse:
    team, at = _led(request, public_id), now()
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form, "who"):
            invite(team, form.cleaned_data["who"], by=request.person, at=at)
            messages.success(request, _("Invited, if they are with us. Their answer will stand below."))
            return redirect(f"/teams/{public_id}/invitations/")
    page = Paginator(invitations_of(team, at), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "teams",
        "frame": frame_for(request),
        "team": team,
        "form": form,
        "page": page,
        "rows": [(one, one.State(one.state_on(local_day(at))), masked_handle(one.typed)) for one in page],
        "transfers": transfers_waiting_at(team),
    }
    return render(request, "teams/invitations.html", context, status=422 if form.errors else 200)


@staff(Permission.ANSWER_ORDER, methods=POST)
def withdraw(request: SignedInRequest, public_id: str, invitation_id: str) -> HttpResponse:
    team = _led(request, public_id)
    invitation = get_object_or_404(invitations_of(team, now()).select_related("team"), public_id=invitation_id)
    withdraw_invitation(invitation, by=request.person, at=now())
    messages.success(request, _("Withdrawn."))
    return redirect(f"/teams/{public_id}/invitations/")


@staff(Permission.ANSWER_ORDER, methods=POST)
def answer_move(request: SignedInRequest, public_id: str, transfer_id: str) -> HttpResponse:
    team = _led(request, public_id)
    transfer = get_object_or_404(transfers_waiting_at(team), public_id=transfer_id)
    accepted = request.POST.get("what") == "accept"
    answer_transfer(transfer, accepted, by=request.person, at=now())
    messages.success(request, _("Taken in from today on.") if accepted else _("Declined. The volunteer is told."))
    return redirect(f"/teams/{public_id}/invitations/")


@staff(Permission.ANSWER_ORDER, methods=BOTH)
def let_go(request: SignedInRequest, public_id: str, volunteer_id: str) -> HttpResponse:
    """Taking somebody out says why, so it has a page of its own."""
    team = _led(request, public_id)
    member = get_object_or_404(member_of(team, volunteer_id))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form, "reason"):
            take_out(member, team, form.cleaned_data["reason"], by=request.person, at=now())
            messages.success(request, _("No longer a member. They are told why."))
            return redirect(f"/teams/{public_id}/members/")
    context = {"section": "teams", "frame": frame_for(request), "team": team, "member": member, "form": form}
    return render(request, "teams/take_out.html", context, status=422 if form.errors else 200)


@staff(Permission.SEE_VOLUNTEERS, methods=BOTH)
def history(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Every team of a volunteer with its days, who began and ended it and why; the office moves people here."""
    volunteer = get_object_or_404(volunteers_visible_to(request.person), public_id=public_id)
    moves = orders_transfers(request.person, volunteer)
    form = OrderedMoveForm(request.POST or None, by=request.person, standing=memberships_of(volunteer))
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        with refused_into(form):
            order_transfer(
                volunteer, facts["source"], facts["target"], facts["on"], facts["why"], by=request.person, at=now()
            )
            messages.success(request, _("Moved. The volunteer is told."))
            return redirect(f"/volunteers/{public_id}/teams/")
    if request.method != "POST":
        open_file(volunteer, by=request.person, at=now())
    context = {
        "section": "volunteers",
        "frame": frame_for(request),
        "volunteer": volunteer,
        "history": history_for(volunteer, request.person),
        "form": form if moves else None,
    }
    return render(request, "volunteers/history.html", context, status=422 if form.errors else 200)
