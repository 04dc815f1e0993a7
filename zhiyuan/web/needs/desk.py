"""The desk: what is late first, one request open beside the list, proposals with reasons, one key to send."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhiyuan.domain.areas.queries import townships
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.clocks import TIMED, is_at_risk, is_overdue
from zhiyuan.domain.needs.dispatching import dispatch_need, obstacle_to_dispatch, recall_order
from zhiyuan.domain.needs.filing import answer_question, file_need
from zhiyuan.domain.needs.models import OPEN, Door, Need, NeedState, Urgency, VerifyMethod
from zhiyuan.domain.needs.moving import may_move
from zhiyuan.domain.needs.proposing import Proposal, judgement_of, proposals_for
from zhiyuan.domain.needs.queries import (
    AT_DESK,
    DeskWanted,
    desk_counts,
    desk_needs,
    needs_visible_to,
    next_need,
    same_phone_needs,
    steps_of,
)
from zhiyuan.domain.needs.rating import close_need, confirm_need, obstacle_to_rate, rate_need
from zhiyuan.domain.needs.verifying import ask_requester, reject_need, verify_need
from zhiyuan.domain.needs.viewing import open_need
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.organisations.queries import found_teams, teams
from zhiyuan.domain.people.models import Person
from zhiyuan.web.access import BOTH, POST, staff
from zhiyuan.web.forms import Plain, refused_into
from zhiyuan.web.needs.forms import EntryForm, RateForm, VerifyForm, WordsForm
from zhiyuan.web.needs.steps import state_line
from zhiyuan.web.request import SignedInRequest

A_PAGE = 40
EARLIER = 5
FOUND_TEAMS = 8
ROUGH_FROM = 10 * 60  # minutes from which whole hours say enough
# how a request was verified while it was taken down: paper is handed over face to face
VERIFIED_AT = {Door.PHONE: VerifyMethod.PHONE, Door.VISIT: VerifyMethod.VISIT, Door.PAPER: VerifyMethod.VISIT}


@dataclass(frozen=True)
class Clock:
    """How a need stands with its time: a kind for shape and colour, minutes for words."""

    kind: str  # late, risk, ok, paused, thanks
    minutes: int = 0


def clock_of(need: Need, at: datetime) -> Clock:
    if need.state == NeedState.WAITING:
        return Clock("paused")
    if need.state not in TIMED or need.due_at is None:
        return Clock("thanks")
    minutes = abs(int((need.due_at - at) / timedelta(minutes=1)))
    if minutes >= ROUGH_FROM:
        minutes -= minutes % 60
    return Clock("late" if is_overdue(need, at) else "risk" if is_at_risk(need, at) else "ok", minutes)


def _wanted(request: SignedInRequest) -> DeskWanted:
    """The filters that stand in the address; unknown ones count for nothing."""
    asked = request.GET
    state, urgency, township = asked.get("state", ""), asked.get("urgency", ""), asked.get("township", "")
    return DeskWanted(
        state=state if state in NeedState.values else "",
        urgency=urgency if urgency in Urgency.values else "",
        township=township if len(township) == 12 and township.isascii() and township.isdigit() else "",
        words=asked.get("q", "")[:40],
        overdue=asked.get("overdue") == "1",
    )


FILTERS = ("state", "urgency", "township", "overdue")


def _query(request: SignedInRequest, *filters: str) -> str:
    """The filters again (all, the search too, when none is named), for links that must keep them."""
    kept = {name: request.GET[name] for name in filters or (*FILTERS, "q") if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _list(request: SignedInRequest, at: datetime) -> dict[str, Any]:
    wanted = _wanted(request)
    page = Paginator(desk_needs(request.person, wanted, at=at), A_PAGE).get_page(request.GET.get("page"))
    rows = [(need, clock_of(need, at)) for need in page]
    return {
        "section": "desk",
        "wanted": wanted,
        "kept": _query(request),
        "page": page,
        "groups": [
            (kind, [row for row in rows if row[1].kind in kinds])
            for kind, kinds in (
                ("late", ("late",)),
                ("risk", ("risk",)),
                ("ok", ("ok",)),
                ("rest", ("paused", "thanks")),
            )
        ],
        "counts": desk_counts(request.person, at=at),
        "at_desk": AT_DESK,
        "states": OPEN,
        "urgencies": list(Urgency),
        "townships": townships(),
        "may_enter": may(request.person, Permission.ENTER_NEED),
        "at": at,
    }


@staff(Permission.SEE_NEEDS)
def desk(request: SignedInRequest) -> HttpResponse:
    return render(request, "desk/desk.html", _list(request, now()))


@staff(Permission.ENTER_NEED, methods=BOTH)
def enter(request: SignedInRequest) -> HttpResponse:
    """A request by telephone, on a visit or on paper, entered without leaving the desk."""
    at = now()
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            need = file_need(form.facts(), door=form.door_chosen, by=request.person, at=at)
            if found := form.cleaned_data["verified"]:
                verify_need(need, VERIFIED_AT[form.door_chosen], found, by=request.person, at=at)
            messages.success(request, _("Entered. Read the number out: %(number)s") % {"number": need.number})
            return redirect(f"/desk/{need.public_id}/")
    return render(request, "desk/enter.html", {**_list(request, at), "form": form}, status=422 if form.errors else 200)


def _need(request: SignedInRequest, public_id: str) -> Need:
    return get_object_or_404(
        needs_visible_to(request.person).select_related("rating", "entered_by"), public_id=public_id
    )


@staff(Permission.SEE_NEEDS)
def one_need(request: SignedInRequest, public_id: str) -> HttpResponse:
    need = _need(request, public_id)
    open_need(need, by=request.person, at=now())
    return _show(request, need)


def _show(request: SignedInRequest, need: Need, **forms: Plain) -> HttpResponse:
    at, person = now(), request.person
    steps = list(steps_of(need))
    allowed = {p: may(person, p, area=need.area_id) for p in (Permission.VERIFY_NEED, Permission.DISPATCH_NEED)}
    verifies, sends = allowed[Permission.VERIFY_NEED], allowed[Permission.DISPATCH_NEED]
    can_send = sends and may_move(need, NeedState.DISPATCHED)
    context = {
        **_list(request, at),
        "need": need,
        "clock": clock_of(need, at),
        "line": state_line(need, steps),
        "steps": steps,
        "earlier": same_phone_needs(need, person)[:EARLIER],
        "can_verify": verifies and may_move(need, NeedState.VERIFIED) and need.state == NeedState.SUBMITTED,
        "can_ask": verifies and may_move(need, NeedState.WAITING),
        "can_answer": verifies and need.state == NeedState.WAITING,
        "can_reject": verifies and may_move(need, NeedState.REJECTED),
        "can_send": can_send,
        "can_recall": sends and need.state == NeedState.DISPATCHED,
        "can_rate": verifies and obstacle_to_rate(need) is None,
        "can_confirm": verifies and may_move(need, NeedState.CONFIRMED),
        "can_close": verifies and may_move(need, NeedState.CLOSED),
        "rating": getattr(need, "rating", None),
        "verify_form": VerifyForm(),
        "words_form": WordsForm(),
        "rate_form": RateForm(),
        **forms,
    }
    if can_send:
        context |= _proposals(request, need, at)
    wrong = any(form.errors for form in forms.values())
    return render(request, "desk/need.html", context, status=422 if wrong else 200)


def _proposals(request: SignedInRequest, need: Need, at: datetime) -> dict[str, Any]:
    """The best teams, and what speaks for and against others that the dispatcher looks for by name."""
    words = request.GET.get("team", "")[:30]
    others: list[Proposal] = []
    if words:
        others = [judgement_of(need, team, at=at) for team in found_teams(teams(), words)[:FOUND_TEAMS]]
    return {"proposals": proposals_for(need, at=at), "team_words": words, "others": others}


def _step(
    request: SignedInRequest, public_id: str, form: Plain, name: str, act: Callable[[Need], object], said: str
) -> HttpResponse:
    """One step of a need by one form: done and said, or the form again with what is wrong."""
    need = _need(request, public_id)
    if form.is_valid():
        with refused_into(form):
            act(need)
            messages.success(request, said % {"number": need.number})
            return redirect(f"/desk/{need.public_id}/{_query(request)}")
    return _show(request, _need(request, public_id), **{name: form})


class _ByWords(Protocol):
    """A verb that takes a need and some words: a question, an answer, a reason."""

    def __call__(self, need: Need, words: str, /, *, by: Person, at: datetime) -> Need: ...


def _by_words(request: SignedInRequest, public_id: str, name: str, verb: _ByWords, said: str) -> HttpResponse:
    form = WordsForm(request.POST)

    def act(need: Need) -> None:
        verb(need, form.cleaned_data["words"], by=request.person, at=now())

    return _step(request, public_id, form, name, act, said)


@staff(Permission.VERIFY_NEED, methods=POST)
def verify(request: SignedInRequest, public_id: str) -> HttpResponse:
    form = VerifyForm(request.POST)

    def act(need: Need) -> None:
        facts = form.cleaned_data
        verify_need(need, VerifyMethod(facts["method"]), facts["result"], by=request.person, at=now())

    return _step(request, public_id, form, "verify_form", act, _("%(number)s is verified. It can be sent now."))


@staff(Permission.VERIFY_NEED, methods=POST)
def ask_back(request: SignedInRequest, public_id: str) -> HttpResponse:
    said = _("The question to %(number)s was sent. The clock stands until there is an answer.")
    return _by_words(request, public_id, "ask_form", ask_requester, said)


@staff(Permission.ENTER_NEED, methods=POST)
def note_answer(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _by_words(
        request, public_id, "answer_form", answer_question, _("The answer is noted. The clock runs again.")
    )


@staff(Permission.VERIFY_NEED, methods=POST)
def reject(request: SignedInRequest, public_id: str) -> HttpResponse:
    said = _("%(number)s is not taken. The reason was sent.")
    return _by_words(request, public_id, "reject_form", reject_need, said)


@staff(Permission.DISPATCH_NEED, methods=POST)
def send(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Send to the chosen team and open what waits next."""
    at, need = now(), _need(request, public_id)
    team: Team = get_object_or_404(teams(), public_id=request.POST.get("team", ""))
    if obstacle := obstacle_to_dispatch(need, team):
        messages.error(request, str(obstacle.label) % {"state": NeedState(need.state).label})
        return redirect(f"/desk/{need.public_id}/{_query(request)}")
    sent = dispatch_need(need, team, by=request.person, at=at)
    facts = {"number": sent.number, "team": team.name}
    messages.success(request, _("%(number)s was sent to %(team)s.") % facts, extra_tags=f"undo:{sent.public_id}")
    # whoever searched for one request goes on with the desk, not with the search
    following = next_need(request.person, replace(_wanted(request), words=""), sent, at=at)
    onward = f"{following.public_id}/" if following else ""
    return redirect(f"/desk/{onward}{_query(request, *FILTERS)}")


@staff(Permission.DISPATCH_NEED, methods=POST)
def recall(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _by_words(
        request, public_id, "recall_form", recall_order, _("The order was taken back. Choose another team.")
    )


@staff(Permission.VERIFY_NEED, methods=POST)
def rate(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The resident's word by telephone, noted by the clerk."""
    form = RateForm(request.POST)

    def act(need: Need) -> None:
        rate_need(need, form.cleaned_data["stars"], form.cleaned_data["words"], by=request.person, at=now())

    return _step(request, public_id, form, "rate_form", act, _("The rating of %(number)s is noted."))


@staff(Permission.VERIFY_NEED, methods=POST)
def confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The resident said by telephone that it happened, and would rather not rate."""
    need = _need(request, public_id)
    confirm_need(need, by=request.person, at=now())
    messages.success(request, _("%(number)s is confirmed; it counts as not rated.") % {"number": need.number})
    return redirect(f"/desk/{need.public_id}/{_query(request)}")


@staff(Permission.VERIFY_NEED, methods=POST)
def close(request: SignedInRequest, public_id: str) -> HttpResponse:
    need = _need(request, public_id)
    close_need(need, by=request.person, at=now())
    messages.success(request, _("%(number)s is put away.") % {"number": need.number})
    return redirect(f"/desk/{need.public_id}/{_query(request)}")
