"""The work that comes round by itself: for the office of the whole county, who calls for help when it stands still."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.periodic import standings
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.people.models import Person
from zhiyuan.web.access import staff
from zhiyuan.web.request import SignedInRequest


def sees_what_runs(person: Person | None) -> bool:
    return may(person, Permission.MANAGE_SETTINGS, area=settings.COUNTY_CODE)


@staff(Permission.MANAGE_SETTINGS)
def running(request: SignedInRequest) -> HttpResponse:
    if not sees_what_runs(request.person):
        raise Http404
    at = now()
    found = standings(at=at)
    wrong = [standing for standing in found if standing.fails or standing.late]
    context = {"section": "running", "standings": found, "wrong": len(wrong), "at": at}
    return render(request, "running/running.html", context)
