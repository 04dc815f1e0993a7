"""Small wishes: told by anybody, approved by the desk, claimed and fulfilled by whoever is signed in."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.areas.queries import townships
from zhiyuan.domain.collecting.models import Wish, WishState
from zhiyuan.domain.collecting.queries import (
    wishes_claimed_by,
    wishes_in_state,
    wishes_readable_by,
    wishes_to_approve,
)
from zhiyuan.domain.collecting.wishes import (
    approve_wish,
    claim_wish,
    end_wish,
    fulfil_wish,
    give_wish_back,
    may_moderate,
    may_see_house,
    obstacle_to_claim,
    open_house,
    tell_wish,
)
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.web.access import BOTH, POST, public, signed_in, staff
from zhiyuan.web.collecting.forms import ClaimForm, FulfilForm, ReasonForm, WishForm
from zhiyuan.web.forms import Plain, refused_into
from zhiyuan.web.organisations.teams import frame_for, known
from zhiyuan.web.request import Request, SignedInRequest

A_PAGE = 30
FULFILLED_SHOWN = 6


@public()
def listing(request: Request) -> HttpResponse:
    places = list(townships())
    township = known(request.GET.get("township", ""), [place.code for place in places])
    open_ones = wishes_in_state(WishState.OPEN, township=township)
    context = {
        "section": "wishes",
        "frame": frame_for(request),
        "page": Paginator(open_ones, A_PAGE).get_page(request.GET.get("page")),
        "fulfilled": wishes_in_state(WishState.FULFILLED, township=township)[:FULFILLED_SHOWN],
        "mine": wishes_claimed_by(request.person) if request.person else [],
        "townships": places,
        "township": township,
        "approves": may(request.person, Permission.VERIFY_NEED),
    }
    return render(request, "collecting/wishes.html", context)


@public(*BOTH)
def tell(request: Request) -> HttpResponse:
    form = WishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            tell_wish(form.facts(), by=request.person, at=now(), place=request.client_place)
            messages.success(request, _("Thank you. The desk calls first; then the wish stands on the list."))
            return redirect("/wishes/")
    context = {"section": "wishes", "frame": frame_for(request), "form": form}
    return render(request, "collecting/wish_new.html", context, status=422 if form.errors else 200)


@staff(Permission.VERIFY_NEED)
def to_approve(request: SignedInRequest) -> HttpResponse:
    page = Paginator(wishes_to_approve(request.person), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "collecting/wishes_to_approve.html", {"section": "wishes", "page": page})


def _wish(request: Request, public_id: str) -> Wish:
    return get_object_or_404(wishes_readable_by(request.person), public_id=public_id)


@public()
def one(request: Request, public_id: str) -> HttpResponse:
    return _show(request, _wish(request, public_id))


def _show(request: Request, wish: Wish, **forms: Plain) -> HttpResponse:
    at, person = now(), request.person
    claims = bool(person and wish.claimed_by_id == person.pk and wish.state == WishState.CLAIMED)
    desk = may_moderate(person, wish)
    obstacle = obstacle_to_claim(wish, person, at=at) if person and wish.state == WishState.OPEN else None
    context = {
        "section": "wishes",
        "frame": frame_for(request),
        "wish": wish,
        "claims": claims,
        "desk": desk,
        "house": may_see_house(person, wish),
        "can_claim": wish.state == WishState.OPEN and obstacle is None,
        "obstacle": obstacle,
        "can_note": (claims or desk) and wish.state == WishState.CLAIMED,
        "can_end": desk and wish.state in (WishState.PROPOSED, WishState.OPEN, WishState.CLAIMED),
        "claim_form": ClaimForm(),
        "reason_form": ReasonForm(),
        "fulfil_form": FulfilForm(initial={"day": local_day(at)}),
        **forms,
    }
    return render(request, "collecting/wish.html", context, status=422 if forms else 200)


@signed_in()
def house(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Name, telephone and house; every look is written down."""
    wish = _wish(request, public_id)
    open_house(wish, by=request.person, at=now())
    context = {"section": "wishes", "frame": frame_for(request), "wish": wish}
    return render(request, "collecting/wish_house.html", context)


@staff(Permission.VERIFY_NEED, methods=POST)
def approve(request: SignedInRequest, public_id: str) -> HttpResponse:
    approve_wish(_wish(request, public_id), by=request.person, at=now())
    messages.success(request, _("Approved. Everybody can read and claim it now."))
    return redirect("/wishes/approve/")


@staff(Permission.VERIFY_NEED, methods=POST)
def end(request: SignedInRequest, public_id: str) -> HttpResponse:
    wish, form = _wish(request, public_id), ReasonForm(request.POST)
    if form.is_valid():
        with refused_into(form):
            end_wish(wish, form.cleaned_data["reason"], by=request.person, at=now())
            messages.success(request, _("The wish is off the list."))
            return redirect(f"/wishes/{public_id}/")
    return _show(request, _wish(request, public_id), reason_form=form)


@signed_in(*POST)
def claim(request: SignedInRequest, public_id: str) -> HttpResponse:
    wish, form = _wish(request, public_id), ClaimForm(request.POST)
    if form.is_valid():
        with refused_into(form):
            claim_wish(wish, form.cleaned_data["claimed_for"], by=request.person, at=now())
            messages.success(request, _("It is yours. Call before you go."))
            return redirect(f"/wishes/{public_id}/")
    return _show(request, _wish(request, public_id), claim_form=form)


@signed_in(*POST)
def give_back(request: SignedInRequest, public_id: str) -> HttpResponse:
    give_wish_back(_wish(request, public_id), by=request.person, at=now())
    messages.success(request, _("Given back. It stands open again."))
    return redirect(f"/wishes/{public_id}/")


@signed_in(*POST)
def fulfil(request: SignedInRequest, public_id: str) -> HttpResponse:
    wish, form = _wish(request, public_id), FulfilForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        with refused_into(form):
            fulfil_wish(wish, said["day"], said["note"], said["thanks"], by=request.person, at=now())
            messages.success(request, _("Noted. Thank you."))
            return redirect(f"/wishes/{public_id}/")
    return _show(request, _wish(request, public_id), fulfil_form=form)
