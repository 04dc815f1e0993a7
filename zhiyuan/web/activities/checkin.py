"""Checking in and out by the code on the leader's screen: typed, or opened from the picture of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.activities.attendance import (
    check_in_by_code,
    check_out_by_code,
    counted_stretch,
    own_shifts_now,
)
from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.activities.queries import next_signups
from zhiyuan.domain.foundation.clock import now
from zhiyuan.web.access import BOTH, volunteer
from zhiyuan.web.activities.forms import CodeForm
from zhiyuan.web.forms import refused_into
from zhiyuan.web.request import VolunteerRequest
from zhiyuan.web.templatetags.zhiyuan import clock, duration


@volunteer(*BOTH)
def check_in(request: VolunteerRequest) -> HttpResponse:
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")[:12]})
    if request.method == "POST" and form.is_valid():
        with refused_into(form, "code"):
            _take(request, form.cleaned_data["code"])
            return redirect("/check-in/")
    at = now()
    here = list(own_shifts_now(request.volunteer, at))
    context = {
        "section": "check-in",
        "form": form,
        "here": here,
        "inside": any(signup.state == SignUp.State.CHECKED_IN for signup in here),
        "next": next(iter(next_signups(request.volunteer, at)), None),
        "today": at,
    }
    return render(request, "me/check_in.html", context, status=422 if form.errors else 200)


def _take(request: VolunteerRequest, code: str) -> None:
    if request.POST.get("what") == "out":
        signup = check_out_by_code(request.volunteer, code, at=now())
        stretch = counted_stretch(signup)
        told = _("Checked out. %(time)s will be counted when the leader finishes and somebody confirms.")
        messages.success(request, told % {"time": duration(stretch.minutes if stretch else 0)})
    else:
        signup = check_in_by_code(request.volunteer, code, at=now())
        told = _("Checked in at %(time)s. Check out here when you leave.")
        messages.success(request, told % {"time": clock(signup.checked_in_at or now())})
