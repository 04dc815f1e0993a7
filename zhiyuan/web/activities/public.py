"""What is on, for everybody; signing up and giving a place back, for volunteers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.fitting import Fit, reasons
from zhiyuan.domain.activities.models import Activity, ActivityState, Shift, SignUp
from zhiyuan.domain.activities.planning import obstacle_to_cancel_activity, obstacle_to_finish
from zhiyuan.domain.activities.queries import (
    Wanted,
    activities_visible,
    fitting_shifts,
    house_open_to,
    only_takeable,
    open_shifts_near,
    own_signup,
    own_signups,
    roster,
    wanted_shifts,
)
from zhiyuan.domain.activities.signup import (
    SignupObstacle,
    cancel_signup,
    obstacle_in,
    obstacle_to_cancel,
    shifts_with_facts,
    sign_up,
)
from zhiyuan.domain.areas.queries import lies_in, townships
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.looking import note_look
from zhiyuan.domain.needs.merging import households_of
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.organisations.queries import categories
from zhiyuan.domain.volunteers.models import Volunteer
from zhiyuan.web.access import POST, public, signed_in, volunteer
from zhiyuan.web.activities.forms import LeavingForm, ReasonForm
from zhiyuan.web.forms import Plain
from zhiyuan.web.request import Request, SignedInRequest, VolunteerRequest

A_PAGE = 30
# what the pill at the right already says, the row need not say again
SAID_BY_PILL = (SignupObstacle.FULL, SignupObstacle.STARTED)


def volunteer_of(request: Request) -> Volunteer | None:
    return getattr(request.person, "volunteer", None)


@dataclass(frozen=True)
class Row:
    """A shift in a list, and what it is to whoever looks."""

    shift: Shift
    obstacle: SignupObstacle | None = None
    fits: tuple[Fit, ...] = ()


def row_for(shift: Shift, volunteer: Volunteer | None, at: datetime) -> Row:
    if volunteer is None:
        return Row(shift)
    obstacle = obstacle_in(shift, volunteer, at=at)
    if obstacle:
        return Row(shift, None if obstacle in SAID_BY_PILL else obstacle)
    return Row(shift, None, tuple(reasons(shift, volunteer)[:2]))


@public()
def listing(request: Request) -> HttpResponse:
    at, volunteer, asked = now(), volunteer_of(request), request.GET
    places, kinds = list(townships()), list(categories())
    wanted = Wanted(
        township=_known(asked.get("township", ""), places),
        category=_known(asked.get("category", ""), kinds),
        words=asked.get("q", "")[:40],
        has_places=asked.get("places") == "1",
        this_week=asked.get("week") == "1",
    )
    shifts = wanted_shifts(wanted, at)
    takeable = volunteer is not None and asked.get("fit") == "1"
    if volunteer:
        shifts = shifts_with_facts(shifts, volunteer)
        shifts = only_takeable(shifts, volunteer, at) if takeable else shifts
    page = Paginator(shifts, A_PAGE).get_page(asked.get("page"))
    own = next((place for place in places if volunteer and lies_in(volunteer.area_id, place.code)), None)
    context = {
        "section": "activities",
        "page": page,
        "rows": [row_for(shift, volunteer, at) for shift in page],
        "wanted": wanted,
        "takeable": takeable,
        "townships": places,
        "categories": kinds,
        "township": next((place for place in places if place.code == wanted.township), None),
        "category": next((kind for kind in kinds if kind.code == wanted.category), None),
        "own_township": own,
        "volunteer": volunteer,
        "today": at,
    }
    return render(request, "activities/list.html", context)


def _known(key: str, offered: list[Any]) -> str:
    return key if any(one.pk == key for one in offered) else ""


@dataclass(frozen=True)
class WayOut:
    """The shortest way past an obstacle."""

    words: str | Promise
    href: str = ""


WAYS_OUT = {
    SignupObstacle.CLASH: WayOut(_("Look at what you signed up for"), "/me/"),
    SignupObstacle.NOT_TRAINED: WayOut(_("See your trainings, and ask your leader for the next one"), "/me/trainings/"),
    SignupObstacle.MISSING_SKILL: WayOut(_("Enter your skills and certificates"), "/me/skills/"),
    SignupObstacle.NOT_CONSENTED: WayOut(_("Read what is stored and why, and agree again"), "/me/consents/"),
    SignupObstacle.MINOR_NEEDS_CONSENT: WayOut(
        _("Let a parent or guardian agree, by a code to their telephone"), "/me/guardian/"
    ),
    SignupObstacle.UNACCOMPANIED: WayOut(
        _("See who may come along, or let the guardian name somebody"), "/me/guardian/"
    ),
    SignupObstacle.BIRTH_DATE_MISSING: WayOut(_("Add the birth date"), "/me/details/"),
    SignupObstacle.ID_NUMBER_MISSING: WayOut(_("Add the ID number; it rests encrypted"), "/me/details/"),
    SignupObstacle.SEX_MISSING: WayOut(_("Add it"), "/me/details/"),
    SignupObstacle.MINOR_DANGER: WayOut(_("Find something for your age"), "/activities/?fit=1"),
    SignupObstacle.TOO_YOUNG: WayOut(_("Find something for your age"), "/activities/?fit=1"),
}


@public()
def activity(request: Request, public_id: str) -> HttpResponse:
    activity = get_object_or_404(activities_visible(), public_id=public_id)
    return show_activity(request, activity, request.GET.get("shift", ""))


def show_activity(request: Request, activity: Activity, shift_key: str, **wrong: Plain) -> HttpResponse:
    """The whole page; with `leaving` or `cancelling`, that form as it was sent and what is wrong with it."""
    at, volunteer = now(), volunteer_of(request)
    planned = activity.shifts.order_by("starts_at", "pk")
    shifts = list(shifts_with_facts(planned, volunteer) if volunteer else planned)
    for planned_shift in shifts:
        planned_shift.activity = activity  # its team and area are at hand
    shift = _chosen(shifts, shift_key, volunteer, at)
    obstacle = obstacle_in(shift, volunteer, at=at) if volunteer else None
    signup = own_signup(volunteer, shift) if volunteer and vars(shift)["signed_up"] else None
    open_now = activity.state == ActivityState.PUBLISHED and shift.starts_at > at
    context = {
        "section": "activities",
        "activity": activity,
        "shift": shift,
        "others": [row_for(other, volunteer, at) for other in shifts if other != shift],
        "obstacle": obstacle,
        "way_out": WAYS_OUT.get(obstacle) if obstacle else None,
        "fits": reasons(shift, volunteer) if volunteer else [],
        "needed_skills": activity.needed_skills.all(),
        "needed_basics": activity.needed_basics.order_by("basic"),
        "signup": signup,
        "leaving": LeavingForm() if signup and obstacle_to_cancel(signup, at=at) is None else None,
        "open_now": open_now,
        "can_take": open_now and volunteer is not None and obstacle is None,
        "seats": range(shift.places) if shift.places <= 40 else (),
        "elsewhere": _elsewhere(activity, shift, volunteer, obstacle, open_now, at),
        "house_is_open": house_open_to(activity, request.person, at=at) is not None,
        "volunteer": volunteer,
        "today": at,
        **_leaders_part(request, activity, shift, at),
        **wrong,
    }
    return render(request, "activities/activity.html", context, status=422 if wrong else 200)


def _chosen(shifts: list[Shift], key: str, volunteer: Volunteer | None, at: datetime) -> Shift:
    """The shift that was asked for, or one's own, or the first that is still open."""
    asked = [shift for shift in shifts if shift.public_id == key]
    own = [shift for shift in shifts if volunteer and vars(shift)["signed_up"]]
    coming = [shift for shift in shifts if shift.starts_at > at]
    free = [shift for shift in coming if shift.places_left > 0]
    return [*asked, *own, *free, *coming, *shifts][0]


def _elsewhere(
    activity: Activity,
    shift: Shift,
    volunteer: Volunteer | None,
    obstacle: SignupObstacle | None,
    open_now: bool,
    at: datetime,
) -> list[Row]:
    """When this one cannot be taken: what can. Nobody is left before a closed door."""
    if open_now and shift.places_left > 0 and obstacle in (None, SignupObstacle.SIGNED_UP):
        return []
    if obstacle is SignupObstacle.SIGNED_UP:
        return []
    if volunteer:
        return [row_for(other, volunteer, at) for other in fitting_shifts(volunteer, at, 3, but=activity)]
    nearby = open_shifts_near(activity.area_id, at, 4)
    return [Row(other) for other in nearby if other.activity_id != activity.pk][:3]


def _leaders_part(request: Request, activity: Activity, shift: Shift, at: datetime) -> dict[str, object]:
    team = activity.team
    if not may(request.person, Permission.TAKE_ATTENDANCE, team=team):
        return {}
    may_cancel = may(request.person, Permission.PLAN_ACTIVITY, team=team)
    return {
        "leads": True,
        "roster": roster(shift),
        "can_finish": obstacle_to_finish(activity, at=at) is None,
        "cancelling": cancelling_form() if may_cancel and obstacle_to_cancel_activity(activity) is None else None,
    }


def cancelling_form(data: QueryDict | None = None) -> ReasonForm:
    return ReasonForm(data, auto_id="cancelling_%s")  # a leader may have signed up too, with a reason of their own


@signed_in()
def house(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Who asked, where exactly and on which telephone: for those who come. Each look is noted, and the resident sees
    it."""
    activity, at = get_object_or_404(activities_visible(), public_id=public_id), now()
    capacity = house_open_to(activity, request.person, at=at)
    if capacity is None or activity.need is None:
        raise Http404
    households = households_of(activity.need)
    for need in households:
        note_look(need, capacity, by=request.person, at=at)
    context = {"section": "activities", "activity": activity, "households": households, "at": at}
    response = render(request, "activities/house.html", context)
    add_never_cache_headers(response)
    return response


@volunteer(*POST)
def sign_up_here(request: VolunteerRequest, public_id: str) -> HttpResponse:
    activity = get_object_or_404(activities_visible(), public_id=public_id)
    shift = get_object_or_404(activity.shifts, public_id=request.POST.get("shift", ""))
    seen = request.POST.get("risk_seen", "")
    sign_up(
        shift, request.volunteer, by=request.person, at=now(), risk_version=int(seen[:5]) if seen.isdecimal() else 0
    )
    messages.success(request, _("You are signed up. It is on your page, with the leader's telephone."))
    return redirect(f"/activities/{activity.public_id}/?shift={shift.public_id}")


@volunteer(*POST)
def give_back(request: VolunteerRequest, public_id: str) -> HttpResponse:
    own = own_signups(request.volunteer).exclude(state=SignUp.State.CANCELLED)
    shift = request.POST.get("shift", "")
    signup = get_object_or_404(own, shift__public_id=shift, shift__activity__public_id=public_id)
    form = LeavingForm(request.POST)
    if not form.is_valid():
        return show_activity(request, get_object_or_404(activities_visible(), public_id=public_id), shift, leaving=form)
    cancel_signup(signup, form.cleaned_data["reason"], by=request.person, at=now())
    messages.success(request, _("Your place is given back. Thank you for saying so in time."))
    return redirect(f"/activities/{public_id}/?shift={shift}")
