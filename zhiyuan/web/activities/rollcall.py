"""Roll call on the spot: who is here, who left, the code for those who check in themselves, and the end."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.activities.attendance import (
    call_roll,
    check_out,
    check_out_everybody,
    code_changes_at,
    correct_check_out,
    obstacle_to_absence,
    obstacle_to_arrive,
    obstacle_to_leave,
    shift_code,
)
from zhiyuan.domain.activities.models import Activity, Shift, SignUp
from zhiyuan.domain.activities.planning import finish_activity, obstacle_to_finish
from zhiyuan.domain.activities.queries import activities_kept_by, roster, signups_kept_by
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.web.access import BOTH, POST, signed_in, staff
from zhiyuan.web.activities.forms import FinishForm, LeftForm
from zhiyuan.web.forms import refused_into
from zhiyuan.web.pictures import QrPicture
from zhiyuan.web.request import SignedInRequest

State = SignUp.State


@staff(Permission.TAKE_ATTENDANCE)
def roll_call(request: SignedInRequest, public_id: str) -> HttpResponse:
    at = now()
    activity = get_object_or_404(activities_kept_by(request.person), public_id=public_id)
    shifts = list(activity.shifts.order_by("starts_at", "pk"))
    shift = _present_shift(shifts, request.GET.get("shift", ""), at)
    shift.activity = activity
    people = roster(shift)
    for signup in people:
        signup.shift = shift
    code = shift_code(shift, at)
    context = {
        "section": "my-teams",
        "activity": activity,
        "shift": shift,
        "shifts": shifts,
        "expected": [signup for signup in people if signup.state == State.ADMITTED],
        "called": [signup for signup in people if signup.state != State.ADMITTED],
        "came": sum(signup.state in (State.CHECKED_IN, State.CHECKED_OUT) for signup in people),
        "all": len(people),
        "inside": sum(signup.state == State.CHECKED_IN for signup in people),
        "arrivable": {s.pk for s in people if obstacle_to_arrive(s, at=at) is None},
        "absentable": {s.pk for s in people if obstacle_to_absence(s, at=at) is None},
        "leavable": {s.pk for s in people if obstacle_to_leave(s, at=at) is None},
        "opening": next((o for s in people if (o := obstacle_to_arrive(s, at=at)) and s.state == State.ADMITTED), None),
        "can_finish": obstacle_to_finish(activity, at=at) is None,
        "code": f"{code[:3]} {code[3:]}",
        "code_changes_at": code_changes_at(at),
        "qr": QrPicture(request.build_absolute_uri(f"/check-in/?code={code}")),
        "today": at,
    }
    return render(request, "activities/roll_call.html", context)


def _present_shift(shifts: list[Shift], key: str, at: datetime) -> Shift:
    """The one that was asked for, or the one that runs or comes next, or the last."""
    asked = [shift for shift in shifts if shift.public_id == key]
    ahead = [shift for shift in shifts if shift.ends_at > at]
    return [*asked, *ahead, *shifts[-1:]][0]


@staff(Permission.TAKE_ATTENDANCE, methods=POST)
def attendance(request: SignedInRequest, public_id: str) -> HttpResponse:
    """One tap in the roll: present, absent, or gone."""
    signup = get_object_or_404(signups_kept_by(request.person), public_id=public_id)
    what = request.POST.get("what")
    if what == "out":
        check_out(signup, by=request.person, at=now())
    else:
        call_roll(signup, by=request.person, at=now(), present=what == "present")
    return _back_to_roll(signup.shift)


def _back_to_roll(shift: Shift) -> HttpResponse:
    return redirect(f"/activities/{shift.activity.public_id}/roll-call/?shift={shift.public_id}")


@staff(Permission.TAKE_ATTENDANCE, methods=POST)
def everybody_out(request: SignedInRequest, public_id: str) -> HttpResponse:
    activity = get_object_or_404(activities_kept_by(request.person), public_id=public_id)
    shift = get_object_or_404(activity.shifts.select_related("activity__team"), public_id=request.POST.get("shift", ""))
    count = check_out_everybody(shift, by=request.person, at=now())
    messages.success(request, _("%(count)s checked out.") % {"count": count})
    return _back_to_roll(shift)


@signed_in(*POST)
def left(request: SignedInRequest, public_id: str) -> HttpResponse:
    """When somebody left, told afterwards: by the leader, or by the volunteer."""
    signup = get_object_or_404(signups_kept_by(request.person), public_id=public_id)
    own = signup.volunteer.person_id == request.person.pk
    back = "/me/" if own else "/my-teams/"
    form = LeftForm(request.POST)
    if form.is_valid():
        with refused_into(form, "left"):
            correct_check_out(signup, form.left_at(signup.ends_at), by=request.person, at=now())
            messages.success(request, _("Put in. Somebody else confirms it."))
            return redirect(back)
    context = {"section": "me" if own else "my-teams", "signup": signup, "form": form, "own": own, "back": back}
    return render(request, "me/left.html", context, status=422)


@staff(Permission.TAKE_ATTENDANCE, methods=BOTH)
def finish(request: SignedInRequest, public_id: str) -> HttpResponse:
    at = now()
    activity = get_object_or_404(activities_kept_by(request.person), public_id=public_id)
    form = FinishForm(request.POST or None)
    if activity.need:
        form.for_request()
    else:
        del form.fields["left_over"]
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            finish_activity(activity, **form.cleaned_data, by=request.person, at=at)
            said = _("Finished. The hours stand on everybody's page and wait for another person's yes.")
            messages.success(request, said)
            return redirect(f"/activities/{activity.public_id}/")
    context = {
        "section": "my-teams",
        "activity": activity,
        "form": form,
        "obstacle": obstacle_to_finish(activity, at=at),
        **_tally(activity),
    }
    return render(request, "activities/finish.html", context, status=422 if form.errors else 200)


def _tally(activity: Activity) -> dict[str, list[SignUp]]:
    people = [signup for shift in activity.shifts.all() for signup in roster(shift)]
    names = {"complete": State.CHECKED_OUT, "inside": State.CHECKED_IN, "uncalled": State.ADMITTED}
    return {name: [signup for signup in people if signup.state == state] for name, state in names.items()}
