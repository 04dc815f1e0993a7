"""Guardians: what they allow, on the child's own page, on their own, and at the counter."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.activities.guarding import enter_guardian_consent, may_take_back, take_back_guardian_consent
from zhiyuan.domain.activities.models import Activity
from zhiyuan.domain.activities.queries import open_shifts_near
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.people.ages import ages_on, is_minor
from zhiyuan.domain.people.guardians import (
    Guardian,
    guarded_by,
    guardian_consent,
    guardian_consents_of,
    obstacle_to_guardian,
    obstacle_to_withdraw_guardian,
)
from zhiyuan.domain.people.models import GuardianConsent, Person
from zhiyuan.domain.volunteers.models import Volunteer
from zhiyuan.domain.volunteers.queries import volunteers_visible_to
from zhiyuan.web.access import BOTH, POST, signed_in, staff, volunteer
from zhiyuan.web.forms import refused_into
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.people import asking_guardians
from zhiyuan.web.people.forms import CodeForm, GuardianAtCounterForm, GuardianForm
from zhiyuan.web.request import SignedInRequest, VolunteerRequest

OFFERED = 12


def _choices(own: Volunteer) -> list[Activity]:
    """What is on near the child, each activity once."""
    shifts = open_shifts_near(own.area_id, now(), OFFERED)
    return list({shift.activity_id: shift.activity for shift in shifts}.values())


def _told(consents: list[GuardianConsent]) -> list[tuple[GuardianConsent, bool]]:
    """Each with whether it can still be taken back."""
    return [(consent, obstacle_to_withdraw_guardian(consent) is None) for consent in consents]


@volunteer(*BOTH)
def own(request: VolunteerRequest) -> HttpResponse:
    """What one's guardians allow; what one allows as a guardian; and asking a guardian by telephone."""
    person, at = request.person, now()
    minor = is_minor(person, local_day(at))
    form = GuardianForm(request.POST or None, choices=_choices(request.volunteer) if minor else ())
    if request.method == "POST" and not minor:
        raise Http404
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            guardian = form.guardian()
            if obstacle := obstacle_to_guardian(person, guardian, at=at):
                raise Refused(obstacle)
            if guardian.phone == person.phone:
                return _stored(request, request.volunteer, guardian)
            asking_guardians.ask(request, guardian, child=person.name)
            return redirect("/me/guardian/code/")
    context = {
        "section": "me",
        "minor": minor,
        "form": form,
        "ages": ages_on(local_day(at)),
        "consents": _told(list(guardian_consents_of(person))),
        "children": guarded_by(person),
    }
    return render(request, "people/own_guardian.html", context, status=422 if form.errors else 200)


def _stored(request: VolunteerRequest, own: Volunteer, guardian: Guardian) -> HttpResponse:
    enter_guardian_consent(own, guardian, by=request.person, at=now())
    asking_guardians.forget(request)
    messages.success(request, _("Stored. You can sign up on the days that it covers."))
    return redirect("/me/guardian/")


@volunteer(*BOTH)
def code(request: VolunteerRequest) -> HttpResponse:
    facts = asking_guardians.asked(request)
    if facts is None:
        return redirect("/me/guardian/")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form, "code"):
            return _stored(
                request,
                request.volunteer,
                asking_guardians.redeem(facts, form.cleaned_data["code"], place=request.client_place),
            )
    context = {"section": "me", "form": form, "asked": facts["guardian"], "back": "/me/guardian/"}
    return render(request, "people/guardian_code.html", context, status=422 if form.errors else 200)


@signed_in(*POST)
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    """By the guardian's own telephone, by the child's account, or by the clerk who keeps the file."""
    consent = guardian_consent(public_id)
    if consent is None or not may_take_back(consent, request.person):
        raise Http404
    take_back_guardian_consent(consent, by=request.person, at=now())
    messages.success(request, _("Taken back. It allows nothing more from this moment on."))
    return redirect(_back_from(consent, request.person))


def _back_from(consent: GuardianConsent, by: Person) -> str:
    if by.pk == consent.person_id or by.phone_key == consent.guardian_key:
        return "/me/guardian/"
    return f"/volunteers/{consent.person.volunteer.public_id}/guardians/"


@staff(Permission.ENTER_NEED, methods=BOTH)
def at_counter(request: SignedInRequest, public_id: str) -> HttpResponse:
    """A guardian stands before a clerk, or left a signed sheet."""
    volunteer = get_object_or_404(volunteers_visible_to(request.person), public_id=public_id)
    form = GuardianAtCounterForm(request.POST or None, choices=_choices(volunteer))
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            enter_guardian_consent(volunteer, form.guardian_at_counter(), by=request.person, at=now())
            messages.success(request, _("Stored."))
            return redirect(f"/volunteers/{public_id}/guardians/")
    context = {
        "section": "volunteers",
        "frame": frame_for(request),
        "volunteer": volunteer,
        "form": form,
        "minor": is_minor(volunteer.person, local_day(now())),
        "consents": _told(list(guardian_consents_of(volunteer.person))),
    }
    return render(request, "volunteers/guardians.html", context, status=422 if form.errors else 200)
