"""Login by telephone and code for everybody; the second factor of staff."""

from typing import cast

import pyotp
from django.conf import settings
from django.contrib.auth import login as django_login
from django.contrib.auth import logout as django_logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.sealed import seal, unseal
from zhiyuan.domain.notices.login import ask_for_code
from zhiyuan.domain.organisations.permissions import is_staff
from zhiyuan.domain.people.login import (
    check_factor,
    factor_is_confirmed,
    note_login,
    offer_factor,
    person_with_phone,
    redeem_code,
)
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import masked_phone, normal_phone
from zhiyuan.web.access import BOTH, POST, public
from zhiyuan.web.forms import refused_into
from zhiyuan.web.home.preferences import way_back
from zhiyuan.web.people.forms import CodeForm, FactorForm, PhoneForm
from zhiyuan.web.pictures import QrPicture
from zhiyuan.web.request import Request

# telephones rest sealed in the session: its table is read by more hands than a person's file
PLACE = "session.phone"


def _onward(request: Request, path: str) -> str:
    """The next page of the login, which keeps where to go in the end."""
    goal = way_back(request)
    return path if goal in {"/", path} else f"{path}?{urlencode({'next': goal})}"


@public(*BOTH)
def ask(request: Request) -> HttpResponse:
    """A telephone with an account and one without are answered alike."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form, "phone"):
            phone = normal_phone(form.cleaned_data["phone"])
            challenge = ask_for_code(phone, place=request.client_place, at=now())
            request.session["challenge"], request.session["phone"] = challenge, seal(phone, PLACE)
            return redirect(_onward(request, "/login/code/"))
    context = {"section": "login", "form": form, "next": way_back(request)}
    return render(request, "people/login.html", context, status=422 if form.errors else 200)


@public(*BOTH)
def code(request: Request) -> HttpResponse:
    challenge, sealed = request.session.get("challenge"), request.session.get("phone")
    if not challenge or not sealed:
        return redirect(_onward(request, "/login/"))
    phone = unseal(sealed, PLACE)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form, "code"):
            redeem_code(challenge, phone, form.cleaned_data["code"], place=request.client_place, at=now())
            return _come_in(request, phone)
    context = {
        "section": "login",
        "form": form,
        "phone": masked_phone(phone),
        "synthetic": settings.SYNTHETIC,
        "next": way_back(request),
    }
    return render(request, "people/code.html", context, status=422 if form.errors else 200)


def _come_in(request: Request, phone: str) -> HttpResponse:
    """The telephone is proved: to one's pages, or on to the five questions."""
    goal = way_back(request)
    person = person_with_phone(phone)
    if person is None:
        request.session.pop("challenge", None)
        request.session["proved_phone"] = request.session.pop("phone")
        return redirect(_onward(request, "/join/"))
    sign_in(request, person)
    return redirect(goal if goal != "/" else first_page(person))


def sign_in(request: Request, person: Person) -> None:
    """Begin a session; the old one's key and what was in it are gone."""
    note_login(person, at=now())
    request.session.flush()
    django_login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session["epoch"] = person.auth_epoch


def first_page(person: Person) -> str:
    """Where somebody starts after the login."""
    if is_staff(person):
        return "/desk/"
    return "/me/" if hasattr(person, "volunteer") else "/more/"


def proved_phone(request: Request) -> str | None:
    """The telephone that this visitor has just proved and that has no account yet."""
    sealed = request.session.get("proved_phone")
    return unseal(cast(str, sealed), PLACE) if sealed else None


@public(*BOTH)
def factor(request: Request) -> HttpResponse:
    """Staff show their authenticator's code; the first time they set it up here."""
    person = request.person
    if person is None:
        return redirect(_onward(request, "/login/"))
    form = FactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form, "code"):
            check_factor(person, form.cleaned_data["code"], at=now())
            request.session.cycle_key()
            request.session["factor_at"] = now().isoformat()
            goal = way_back(request)
            return redirect(goal if goal != "/" else first_page(person))
    secret = "" if factor_is_confirmed(person) else offer_factor(person, at=now())
    address = (
        pyotp.TOTP(secret).provisioning_uri(name=person.public_id, issuer_name=settings.SITE_NAME) if secret else ""
    )
    context = {
        "section": "login",
        "form": form,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "qr": QrPicture(address) if address else None,
        "next": way_back(request),
    }
    return render(request, "people/factor.html", context, status=422 if form.errors else 200)


@public(*POST)
def leave(request: Request) -> HttpResponse:
    django_logout(request)
    return redirect("/")
