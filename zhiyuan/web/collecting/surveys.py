"""Surveys: made and read by staff, answered by anybody who has the address."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.collecting.models import Survey
from zhiyuan.domain.collecting.queries import choices_of, survey_by_form, surveys_kept_by, wanted_in
from zhiyuan.domain.collecting.surveys import answer_survey, is_open, make_needs, make_survey
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.organisations.menu import menu_of
from zhiyuan.domain.organisations.models import MenuItem
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.organisations.queries import teams
from zhiyuan.web.access import BOTH, POST, public, staff
from zhiyuan.web.collecting.forms import AnswerForm, PaperForm, SurveyForm
from zhiyuan.web.forms import refused_into
from zhiyuan.web.pictures import QrPicture
from zhiyuan.web.request import Request, SignedInRequest

A_PAGE = 50
TEAMS_SHOWN = 5
FORTNIGHT = 14


@staff(Permission.VERIFY_NEED, Permission.MANAGE_SITES)
def listing(request: SignedInRequest) -> HttpResponse:
    page = Paginator(surveys_kept_by(request.person), A_PAGE).get_page(request.GET.get("page"))
    today = local_day(now())
    context = {"section": "surveys", "page": page, "rows": [(survey, is_open(survey, today)) for survey in page]}
    return render(request, "collecting/surveys.html", context)


@staff(Permission.VERIFY_NEED, Permission.MANAGE_SITES, methods=BOTH)
def make(request: SignedInRequest) -> HttpResponse:
    at = now()
    today = local_day(at)
    initial = {"opens_on": today, "closes_on": today.fromordinal(today.toordinal() + FORTNIGHT)}
    form = SurveyForm(request.POST or None, by=request.person, items=menu_of(on=today), initial=initial)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            survey = make_survey(form.facts(), by=request.person, at=at)
            messages.success(request, _("The survey is ready. Pass its address on, or print the code."))
            return redirect(f"/surveys/{survey.public_id}/")
    return render(
        request, "collecting/survey_new.html", {"section": "surveys", "form": form}, status=422 if form.errors else 200
    )


def _survey(request: SignedInRequest, public_id: str) -> Survey:
    return get_object_or_404(surveys_kept_by(request.person), public_id=public_id)


@staff(Permission.VERIFY_NEED, Permission.MANAGE_SITES)
def one(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Counts first, item by item and village by village; below them single ticks to make needs of."""
    survey = _survey(request, public_id)
    item, area = request.GET.get("item", "")[:24], request.GET.get("area", "")[:12]
    area = area if len(area) == 12 and area.isascii() and area.isdigit() else ""
    page = Paginator(choices_of(survey, item=item, area=area), A_PAGE).get_page(request.GET.get("page"))
    address = request.build_absolute_uri(f"/s/{survey.form_id}/")
    wanted = wanted_in(survey)
    chosen = next((row.item for row in wanted if row.item.code == item), None)
    context = {
        "section": "surveys",
        "survey": survey,
        "open_now": is_open(survey, local_day(now())),
        "wanted": wanted,
        "item": chosen,
        "area": area,
        "page": page,
        "address": address,
        "qr": QrPicture(address),
        "enters": may(request.person, Permission.ENTER_NEED, area=survey.area_id),
        "plans": _plans(request, survey, chosen) if chosen else [],
    }
    return render(request, "collecting/survey.html", context)


def _plans(request: SignedInRequest, survey: Survey, item: MenuItem) -> list[dict[str, Any]]:
    """Teams of the place that give this kind of help, with the page on which each would plan it."""
    near = teams().filter(in_area(survey.area_id), categories=item.category).order_by("path")[:TEAMS_SHOWN]
    facts = urlencode({"title": f"{survey.title}：{item}"[:60], "category": item.category_id})
    return [
        {
            "team": team,
            "address": f"/my-teams/{team.public_id}/plan/?{facts}",
            "own": may(request.person, Permission.PLAN_ACTIVITY, team=team),
        }
        for team in near
    ]


@staff(Permission.ENTER_NEED, methods=POST)
def turn_into_needs(request: SignedInRequest, public_id: str) -> HttpResponse:
    survey = _survey(request, public_id)
    ticked = request.POST.getlist("choice")[:A_PAGE]
    made = make_needs(survey, choices_of(survey).filter(public_id__in=ticked), by=request.person, at=now())
    said = ngettext("%(n)s request was made.", "%(n)s requests were made.", len(made))
    messages.success(request, said % {"n": len(made)})
    return redirect(f"/surveys/{survey.public_id}/")


@staff(Permission.ENTER_NEED, methods=BOTH)
def paper(request: SignedInRequest, public_id: str) -> HttpResponse:
    """An answer that came on paper, entered by a clerk; the next sheet follows at once."""
    survey = _survey(request, public_id)
    form = PaperForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            answer_survey(survey, form.facts(), by=request.person, at=now())
            messages.success(request, _("Entered. The next sheet, please."))
            return redirect(f"/surveys/{survey.public_id}/paper/")
    context = {"section": "surveys", "survey": survey, "form": form}
    return render(request, "collecting/paper.html", context, status=422 if form.errors else 200)


@public(*BOTH)
def answer(request: Request, form_id: str) -> HttpResponse:
    """The form that residents open by its address or code."""
    survey, at = survey_by_form(form_id), now()
    if survey is None:
        raise Http404
    form = AnswerForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            answer_survey(survey, form.facts(), by=None, at=at, place=request.client_place)
            return redirect(f"/s/{survey.form_id}/?done=1")
    context = {
        "section": "ask",
        "survey": survey,
        "form": form,
        "open_now": is_open(survey, local_day(at)),
        "done": request.GET.get("done") == "1",
    }
    return render(request, "collecting/answer.html", context, status=422 if form.errors else 200)
