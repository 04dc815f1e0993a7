"""The receipt: whose turn it is, what was said, and the resident's own acts. Its address is the permission."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from zhiyuan.domain.activities.queries import activity_for
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.clocks import is_overdue
from zhiyuan.domain.needs.filing import (
    answer_question,
    appeal_refusal,
    obstacle_to_appeal,
    obstacle_to_withdraw,
    withdraw_need,
)
from zhiyuan.domain.needs.looking import looks_at
from zhiyuan.domain.needs.models import Need, NeedState
from zhiyuan.domain.needs.moving import may_move
from zhiyuan.domain.needs.queries import last_referral, need_by_number, need_by_receipt, steps_of
from zhiyuan.domain.needs.rating import confirm_need, deny_need, obstacle_to_rate, rate_need
from zhiyuan.web.access import BOTH, POST, public
from zhiyuan.web.forms import Plain, refused_into
from zhiyuan.web.needs.forms import FollowForm, RateForm, WordsForm, overtaken
from zhiyuan.web.needs.steps import spoken_receipt, state_line, story_of, whose_turn
from zhiyuan.web.pictures import QrPicture
from zhiyuan.web.request import Request

# stages of which the resident is told until when; a visit has its own day, and nobody is pressed for thanks
SAID_BY_WHEN = (
    NeedState.SUBMITTED,
    NeedState.VERIFIED,
    NeedState.DISPATCHED,
    NeedState.OFFERED,
    NeedState.ACCEPTED,
    NeedState.REFERRED,
)
# by which of the page's marks each form is shown
SHOWN_BY = {
    "answer_form": "can_answer",
    "withdraw_form": "can_withdraw",
    "appeal_form": "can_appeal",
    "deny_form": "can_confirm",
    "rate_form": "can_rate",
}


@public(*BOTH)
def follow(request: Request) -> HttpResponse:
    """By number and telephone; a wrong number and a wrong telephone are answered alike."""
    form = FollowForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        with refused_into(form):
            need = need_by_number(facts["number"], facts["phone"], place=request.client_place, at=now())
            if need is not None:
                return redirect(f"/r/{need.receipt_id}/")
            form.add_error(None, _("No request has this number and this telephone together. Please compare both."))
    return render(request, "needs/follow.html", {"section": "ask", "form": form}, status=422 if form.errors else 200)


def _need_of(receipt_id: str) -> Need:
    need = need_by_receipt(receipt_id)
    if need is None:
        raise Http404
    return need


@public()
def receipt(request: Request, receipt_id: str) -> HttpResponse:
    return _show(request, _need_of(receipt_id))


def _show(request: Request, need: Need, **forms: Plain) -> HttpResponse:
    """The receipt; `forms` are those that were sent and have something wrong."""
    at, work = now(), need.merged_into or need
    state = NeedState(work.state)
    steps, own = list(steps_of(work)), list(steps_of(need))
    context = {
        "section": "ask",
        "need": need,
        "work": work,
        "line": state_line(work, steps),
        "turn": whose_turn(need),
        "spoken": spoken_receipt(need),
        "due_at": work.due_at if state in SAID_BY_WHEN else None,
        "overdue": is_overdue(work, at),
        "story": story_of(work, steps, for_resident=True, joined=work != need),
        "last": own[-1] if own else None,
        "activity": activity_for(work),
        "referral": last_referral(work),
        "looks": looks_at(need),
        "question": own[-1].reason if own and need.state == NeedState.WAITING else "",
        "can_withdraw": may_move(need, NeedState.WITHDRAWN) and obstacle_to_withdraw(need) is None,
        "can_appeal": obstacle_to_appeal(need) is None,
        "can_confirm": may_move(need, NeedState.CONFIRMED),
        "can_answer": need.state == NeedState.WAITING,
        "can_rate": obstacle_to_rate(need) is None,
        "rate_form": RateForm(),
        "words_form": WordsForm(),
        "rating": getattr(need, "rating", None),
        "follow_up": getattr(need, "follow_up", None),
        "qr": QrPicture(request.build_absolute_uri(f"/r/{need.receipt_id}/")),
        "at": at,
        **forms,
    }
    shown = {name: context[mark] for name, mark in SHOWN_BY.items()}
    context["overtaken"] = overtaken(need, forms, shown)
    wrong = any(form.errors for form in forms.values())
    response = render(request, "needs/receipt.html", context, status=422 if wrong else 200)
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex"  # the address leaves no trace elsewhere: referrers go to this host alone
    return response


def _by_words(request: Request, receipt_id: str, name: str, verb: Callable[..., object]) -> HttpResponse:
    """A step of the resident by some words; the page again, when they are missing."""
    need, form = _need_of(receipt_id), WordsForm(request.POST)
    if form.is_valid():
        with refused_into(form):
            verb(need, form.cleaned_data["words"], by=None, at=now())
            return redirect(f"/r/{receipt_id}/")
    return _show(request, _need_of(receipt_id), **{name: form})


@public(*POST)
def answer(request: Request, receipt_id: str) -> HttpResponse:
    return _by_words(request, receipt_id, "answer_form", answer_question)


@public(*POST)
def withdraw(request: Request, receipt_id: str) -> HttpResponse:
    return _by_words(request, receipt_id, "withdraw_form", withdraw_need)


@public(*POST)
def appeal(request: Request, receipt_id: str) -> HttpResponse:
    """The resident objects to a refusal."""
    return _by_words(request, receipt_id, "appeal_form", appeal_refusal)


@public(*POST)
def deny(request: Request, receipt_id: str) -> HttpResponse:
    """The resident says that it was not done."""
    return _by_words(request, receipt_id, "deny_form", deny_need)


@public(*POST)
def confirm(request: Request, receipt_id: str) -> HttpResponse:
    """It happened; the resident would rather not rate."""
    confirm_need(_need_of(receipt_id), by=None, at=now())
    return redirect(f"/r/{receipt_id}/")


@public(*POST)
def rate(request: Request, receipt_id: str) -> HttpResponse:
    need, form = _need_of(receipt_id), RateForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        with refused_into(form):
            rate_need(need, facts["stars"], facts["words"], by=None, at=now())
            return redirect(f"/r/{receipt_id}/")
    return _show(request, _need_of(receipt_id), rate_form=form)
