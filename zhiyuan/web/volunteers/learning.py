"""Trainings and the numbers of other platforms, on a volunteer's file and on their own pages; the lists behind them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.volunteers.models import Volunteer
from zhiyuan.domain.volunteers.numbers import (
    add_number,
    keep_platform,
    keep_training_kind,
    numbers_of,
    platforms,
    remove_number,
)
from zhiyuan.domain.volunteers.queries import open_file, volunteers_visible_to
from zhiyuan.domain.volunteers.training import (
    Training,
    enter_training,
    enters_training,
    learning_minutes,
    take_back_training,
    training_kinds,
    trainings_of,
)
from zhiyuan.web.access import BOTH, POST, staff, volunteer
from zhiyuan.web.forms import Plain, refused_into
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.request import Request, SignedInRequest, VolunteerRequest
from zhiyuan.web.volunteers.learning_forms import ListForm, NumberForm, TrainingForm

LISTS = "/volunteers/lists/"


def _page(request: Request, owner: Volunteer, *, own: bool, form: Plain | None, number: Plain | None) -> HttpResponse:
    context = {
        "section": "me" if own else "volunteers",
        "frame": "base.html" if own else frame_for(request),
        "own": own,
        "volunteer": owner,
        "trainings": trainings_of(owner),
        "minutes": learning_minutes(owner),
        "numbers": numbers_of(owner),
        "form": form,
        "number": number,
        "today": local_day(now()),
    }
    wrong = any(one and one.errors for one in (form, number))
    return render(request, "volunteers/learning.html", context, status=422 if wrong else 200)


def _added(form: NumberForm, owner: Volunteer, request: SignedInRequest) -> bool:
    with refused_into(form, "number"):
        add_number(owner, **form.cleaned_data, by=request.person, at=now())
        messages.success(request, _("Noted."))
        return True
    return False


@volunteer(*BOTH)
def own_trainings(request: VolunteerRequest) -> HttpResponse:
    number = NumberForm(request.POST or None)
    if request.method == "POST" and number.is_valid() and _added(number, request.volunteer, request):
        return redirect("/me/trainings/")
    return _page(request, request.volunteer, own=True, form=None, number=number)


@volunteer(*POST)
def remove_own_number(request: VolunteerRequest, public_id: str) -> HttpResponse:
    noted = get_object_or_404(numbers_of(request.volunteer), public_id=public_id)
    remove_number(noted, by=request.person, at=now())
    messages.success(request, _("Removed."))
    return redirect("/me/trainings/")


@staff(Permission.SEE_VOLUNTEERS, methods=BOTH)
def trainings(request: SignedInRequest, public_id: str) -> HttpResponse:
    owner = get_object_or_404(volunteers_visible_to(request.person), public_id=public_id)
    form = TrainingForm(request.POST or None) if enters_training(request.person, owner) else None
    keeps = may(request.person, Permission.ENTER_NEED, area=owner.area_id)
    if request.method != "POST":
        open_file(owner, by=request.person, at=now())
    elif form and form.is_valid():
        with refused_into(form):
            enter_training(owner, Training(**form.cleaned_data), by=request.person, at=now())
            messages.success(request, _("Entered."))
            return redirect(f"/volunteers/{public_id}/trainings/")
    return _page(request, owner, own=False, form=form, number=NumberForm() if keeps else None)


@staff(Permission.RECORD_TRAINING, methods=POST)
def take_back(request: SignedInRequest, public_id: str, training_id: str) -> HttpResponse:
    owner = get_object_or_404(volunteers_visible_to(request.person), public_id=public_id)
    entry = get_object_or_404(trainings_of(owner), public_id=training_id)
    take_back_training(entry, request.POST.get("why", ""), by=request.person, at=now())
    messages.success(request, _("Taken back by a line of its own."))
    return redirect(f"/volunteers/{public_id}/trainings/")


@staff(Permission.ENTER_NEED, methods=POST)
def note_number(request: SignedInRequest, public_id: str) -> HttpResponse:
    owner = get_object_or_404(volunteers_visible_to(request.person), public_id=public_id)
    number = NumberForm(request.POST)
    if number.is_valid() and _added(number, owner, request):
        return redirect(f"/volunteers/{public_id}/trainings/")
    return _page(request, owner, own=False, form=None, number=number)


@staff(Permission.MANAGE_SETTINGS, methods=BOTH)
def lists(request: SignedInRequest) -> HttpResponse:
    """The kinds of training and the platforms that files can name."""
    form = ListForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts, by = form.cleaned_data, request.person
        with refused_into(form, "code"):
            if facts["which"] == "platform":
                keep_platform(facts["code"], facts["name_zh"], facts["name_en"], by=by, at=now())
            else:
                keep_training_kind(**{k: v for k, v in facts.items() if k != "which"}, by=by, at=now())
            messages.success(request, _("Kept."))
            return redirect(LISTS)
    context = {
        "section": "volunteers",
        "frame": frame_for(request),
        "form": form,
        "kinds": training_kinds(),
        "platforms": platforms(),
    }
    return render(request, "volunteers/lists.html", context, status=422 if form.errors else 200)
