"""A leader's work: orders to answer, activities to plan, what is coming, what is missing."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.activities.attendance import OPENS_BEFORE
from zhiyuan.domain.activities.planning import cancel_activity, publish_activity
from zhiyuan.domain.activities.queries import (
    activities_kept_by,
    coming_activities,
    needs_offered_to,
    needs_to_claim,
    orders_to_answer,
    orders_to_plan,
    orders_within_reach,
    past_activities,
    signups_to_correct,
    taken_within_reach,
)
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.hours.queries import records_to_confirm
from zhiyuan.domain.needs.models import Need, NeedState
from zhiyuan.domain.needs.serving import OrderObstacle, accept_order, claim_need, decline_order, hand_back
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import own_teams, teams_of_permission
from zhiyuan.web.access import BOTH, POST, staff
from zhiyuan.web.activities.forms import (
    DeclineForm,
    Initial,
    LeftForm,
    PlanForm,
    ShiftForm,
    blank_plan,
    plan_from_activity,
    plan_from_order,
    planned_shifts,
    shift_forms,
)
from zhiyuan.web.activities.public import cancelling_form, show_activity
from zhiyuan.web.forms import refused_into
from zhiyuan.web.request import Request, SignedInRequest

COPIES_OFFERED = 8
CLAIMS_SHOWN = 10


@staff(Permission.ANSWER_ORDER)
def my_teams(request: SignedInRequest) -> HttpResponse:
    at, person = now(), request.person
    open_ones = list(coming_activities(person))
    context = {
        "section": "my-teams",
        "teams": own_teams(person),
        "orders": orders_to_answer(person),
        "to_claim": needs_to_claim(person, CLAIMS_SHOWN),
        "to_plan": orders_to_plan(person),
        "over": [activity for activity in open_ones if activity.ends_at <= at],
        "running": [one for one in open_ones if one.starts_at - OPENS_BEFORE <= at < one.ends_at],
        "coming": [activity for activity in open_ones if activity.starts_at - OPENS_BEFORE > at],
        "missing": [(signup, LeftForm.beginning_with(signup.ends_at)) for signup in signups_to_correct(person, at)],
        "hours_waiting": records_to_confirm(person).count(),
        "now": at,
    }
    return render(request, "my_teams/my_teams.html", context)


@staff(Permission.ANSWER_ORDER, methods=POST)
def accept(request: SignedInRequest, public_id: str) -> HttpResponse:
    order = get_object_or_404(orders_within_reach(request.person), public_id=public_id)
    return _taken(request, accept_order(order, by=request.person, at=now()))


@staff(Permission.ANSWER_ORDER, methods=POST)
def claim(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take a request that is open to be claimed, for one of one's own teams."""
    team = get_object_or_404(teams_of_permission(request.person, Permission.ANSWER_ORDER), public_id=public_id)
    need = needs_offered_to(team).filter(public_id=request.POST.get("need", "")).first()
    if need is None:  # most often another team was quicker
        messages.error(request, OrderObstacle.NOT_OFFERED.label)
        return redirect("/my-teams/")
    return _taken(request, claim_need(need, team, by=request.person, at=now()))


def _taken(request: SignedInRequest, need: Need) -> HttpResponse:
    messages.success(request, _("Accepted. Now give it a time, and volunteers can sign up."))
    return redirect(f"/my-teams/{need.team.public_id}/plan/?order={need.public_id}" if need.team else "/my-teams/")


@staff(Permission.ANSWER_ORDER, methods=BOTH)
def decline(request: SignedInRequest, public_id: str) -> HttpResponse:
    """No to an order that waits for an answer, with one of a few reasons."""
    order = get_object_or_404(orders_within_reach(request.person), public_id=public_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            decline_order(order, form.why, form.cleaned_data["reason"], by=request.person, at=now())
            return _given_up(request, _("Declined. Nobody holds it against your team."))
    return _show_no(request, order.need, form)


@staff(Permission.ANSWER_ORDER, methods=BOTH)
def give_up(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Hand back what the team took, while nobody has served it yet."""
    need = get_object_or_404(taken_within_reach(request.person), public_id=public_id)
    form = DeclineForm(request.POST or None)
    form.fields["reason"].required = True
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            hand_back(need, form.why, form.cleaned_data["reason"], by=request.person, at=now())
            return _given_up(request, _("Handed back. The desk looks for another team; nobody holds it against yours."))
    return _show_no(request, need, form, taken=True)


def _given_up(request: SignedInRequest, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("/my-teams/")


def _show_no(request: SignedInRequest, need: Need, form: DeclineForm, *, taken: bool = False) -> HttpResponse:
    context = {"section": "my-teams", "need": need, "form": form, "taken": taken}
    return render(request, "my_teams/decline.html", context, status=422 if form.errors else 200)


@staff(Permission.PLAN_ACTIVITY, methods=BOTH)
def plan(request: SignedInRequest, public_id: str) -> HttpResponse:
    at, person = now(), request.person
    team = get_object_or_404(teams_of_permission(person, Permission.PLAN_ACTIVITY), public_id=public_id)
    need = _order_of(request, team)
    if request.method == "POST":
        form, shifts = PlanForm(request.POST, team=team, by=person, at=at), shift_forms(request.POST)
        # every shift is looked at, so that all that is wrong is said at once
        if all([form.is_valid(), *(shift.is_possible(at) for shift in shifts)]):
            with refused_into(form):
                activity = publish_activity(team, form.plan(planned_shifts(shifts), need), by=person, at=at)
                messages.success(request, _("Published. Volunteers can sign up now."))
                return redirect(f"/activities/{activity.public_id}/")
    else:
        facts, times = _initial(request, team, need, at)
        form, shifts = PlanForm(initial=facts, team=team, by=person, at=at), shift_forms(initials=times)
    context = {
        "section": "my-teams",
        "team": team,
        "need": need,
        "form": form,
        "shifts": shifts,
        "earlier": past_activities(team)[:COPIES_OFFERED],
        "today": local_day(at),
    }
    return render(request, "my_teams/plan.html", context, status=422 if form.errors or _wrong(shifts) else 200)


def _wrong(shifts: Sequence[ShiftForm]) -> bool:
    return any(shift.is_bound and shift.errors for shift in shifts)


def _order_of(request: Request, team: Team) -> Need | None:
    key = request.POST.get("order") or request.GET.get("order")
    if not key:
        return None
    taken = taken_within_reach(request.person).filter(team=team, state=NeedState.ACCEPTED)
    return get_object_or_404(taken, public_id=key)


def _initial(request: SignedInRequest, team: Team, need: Need | None, at: datetime) -> Initial:
    today = local_day(at)
    if need:
        return plan_from_order(need, request.person, today)
    if copied := request.GET.get("copy"):
        earlier = get_object_or_404(past_activities(team), public_id=copied)
        return plan_from_activity(earlier, today)
    facts, times = blank_plan(team, request.person, today)
    asked = {"title": request.GET.get("title", "")[:60], "category": request.GET.get("category", "")[:24]}
    return {**facts, **{name: value for name, value in asked.items() if value}}, times


@staff(Permission.PLAN_ACTIVITY, methods=POST)
def cancel(request: SignedInRequest, public_id: str) -> HttpResponse:
    activity = get_object_or_404(activities_kept_by(request.person), public_id=public_id)
    form = cancelling_form(request.POST)
    if not form.is_valid():
        return show_activity(request, activity, "", cancelling=form)
    cancel_activity(activity, form.cleaned_data["reason"], by=request.person, at=now())
    messages.success(request, _("Cancelled. Everybody who had signed up is told."))
    return redirect(f"/activities/{activity.public_id}/")
