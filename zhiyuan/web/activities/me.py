"""A volunteer's own page: what is next, the hours, what waits for them."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from zhiyuan.domain.activities.attendance import OPENS_BEFORE, counted_stretch
from zhiyuan.domain.activities.queries import (
    basics_missing_for,
    fitting_shifts,
    next_signups,
    own_missing_check_outs,
    signups_waiting_for_hours,
)
from zhiyuan.domain.activities.signup import obstacle_to_cancel
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.hours.queries import minutes_of, records_of
from zhiyuan.domain.needs.queries import needs_asked_by
from zhiyuan.domain.people.consents import consents_to_renew
from zhiyuan.domain.volunteers.basics import legal_basics
from zhiyuan.domain.volunteers.inviting import invitations_waiting_for
from zhiyuan.domain.volunteers.queries import memberships_of
from zhiyuan.web.access import volunteer
from zhiyuan.web.activities.forms import LeavingForm, LeftForm
from zhiyuan.web.activities.public import row_for
from zhiyuan.web.request import VolunteerRequest

RECORDS_A_PAGE = 40
ASKED_SHOWN = 3


@volunteer()
def my_page(request: VolunteerRequest) -> HttpResponse:
    at, own = now(), request.volunteer
    ahead = next_signups(own, at)
    first = ahead[0] if ahead else None
    context = {
        "section": "me",
        "volunteer": own,
        "next": first,
        "check_in_opens_at": first.starts_at - OPENS_BEFORE if first else None,
        "check_in_is_open": first is not None and first.starts_at - OPENS_BEFORE <= at,
        "leaving": LeavingForm() if first and obstacle_to_cancel(first, at=at) is None else None,
        "later": ahead[1:],
        "invitations": invitations_waiting_for(own, local_day(at)),
        "missing": [(signup, LeftForm.beginning_with(signup.ends_at)) for signup in own_missing_check_outs(own, at)],
        "waiting": [(signup, counted_stretch(signup)) for signup in signups_waiting_for_hours(own)],
        "without_skills": not own.volunteer_skills.exists(),
        "without_times": own.availability == 0,
        "fitting": [row_for(shift, own, at) for shift in fitting_shifts(own, at, 3)],
        "basics_known": sum(basic.known for basic in legal_basics(own)),
        "lacking": basics_missing_for(own, ahead),
        "renewing": consents_to_renew(request.person),
        "minutes": minutes_of(own),
        "records": records_of(own)[:5],
        "memberships": memberships_of(own),
        "asked": needs_asked_by(request.person)[:ASKED_SHOWN],
        "today": at,
    }
    return render(request, "me/me.html", context)


@volunteer()
def my_hours(request: VolunteerRequest) -> HttpResponse:
    page = Paginator(records_of(request.volunteer), RECORDS_A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "me", "page": page, "minutes": minutes_of(request.volunteer), "volunteer": request.volunteer}
    return render(request, "me/hours.html", context)
