"""The desk: what is late first, one request open beside the list, proposals with reasons, one key to send."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from zhiyuan.domain.areas.queries import townships
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.clocks import is_at_risk, is_overdue
from zhiyuan.domain.needs.filing import file_need, obstacle_to_appeal, obstacle_to_withdraw
from zhiyuan.domain.needs.keeping_apart import kept_apart_from
from zhiyuan.domain.needs.looking import looks_at, note_look
from zhiyuan.domain.needs.merging import MAY_TAKE_IN, alike
from zhiyuan.domain.needs.models import OPEN, Door, Look, Need, NeedState, Turn, Urgency, VerifyMethod
from zhiyuan.domain.needs.moving import may_move
from zhiyuan.domain.needs.proposing import Proposal, judgement_of, proposals_for
from zhiyuan.domain.needs.queries import (
    AT_DESK,
    DeskWanted,
    desk_counts,
    desk_needs,
    last_referral,
    merged_with,
    needs_visible_to,
    orders_of,
    same_phone_needs,
    steps_of,
)
from zhiyuan.domain.needs.rating import obstacle_to_close, obstacle_to_rate
from zhiyuan.domain.needs.verifying import verify_need
from zhiyuan.domain.organisations.permissions import Permission, may
from zhiyuan.domain.organisations.queries import found_teams, teams, villages_of_permission
from zhiyuan.domain.people.models import Person
from zhiyuan.web.access import BOTH, staff
from zhiyuan.web.forms import Plain, refused_into
from zhiyuan.web.needs.forms import ApartForm, EntryForm, RateForm, ReferForm, VerifyForm, WordsForm, overtaken
from zhiyuan.web.needs.steps import state_line, story_of
from zhiyuan.web.request import SignedInRequest

A_PAGE = 40
EARLIER = 5
FOUND_TEAMS = 8
ALIKE_SHOWN = 8
PASSED_ON = (NeedState.REFERRED, NeedState.CLOSED, NeedState.VERIFIED)
UNSERVED = (NeedState.REJECTED, NeedState.WITHDRAWN, NeedState.MERGED)
BEFORE_MERGING = (NeedState.SUBMITTED, NeedState.WAITING)
ROUGH_FROM = 10 * 60  # minutes from which whole hours say enough
# by which of the page's marks each form of a step is shown
SHOWN_BY = {
    "verify_form": "can_verify",
    "ask_form": "can_ask",
    "answer_form": "can_answer",
    "reject_form": "can_reject",
    "appeal_form": "can_appeal",
    "withdraw_form": "can_withdraw",
    "recall_form": "can_recall",
    "refer_form": "can_refer",
    "referral_form": "can_note_referral",
    "merge_form": "can_take_in",
    "part_form": "can_take_apart",
    "apart_form": "can_keep_apart",
    "rate_form": "can_rate",
    "deny_form": "can_deny",
    "follow_up_form": "can_follow_up",
}
# how a request was verified while it was taken down: paper is handed over face to face
VERIFIED_AT = {
    Door.PHONE: VerifyMethod.PHONE,
    Door.VISIT: VerifyMethod.VISIT,
    Door.PAPER: VerifyMethod.VISIT,
    Door.SOCIAL_WORKER: VerifyMethod.VISIT,
}


@dataclass(frozen=True)
class Clock:
    """How a need stands with its time: a kind for shape and colour, minutes for words."""

    kind: str  # late, risk, ok, paused, thanks, over
    minutes: int = 0


def clock_of(need: Need, at: datetime) -> Clock:
    if need.turn == Turn.REQUESTER:
        return Clock("paused")
    if need.state in UNSERVED:
        return Clock("over")
    if need.turn != Turn.OURS or need.due_at is None:
        return Clock("thanks")
    minutes = abs(int((need.due_at - at) / timedelta(minutes=1)))
    if minutes >= ROUGH_FROM:
        minutes -= minutes % 60
    return Clock("late" if is_overdue(need, at) else "risk" if is_at_risk(need, at) else "ok", minutes)


def wanted_of(request: SignedInRequest) -> DeskWanted:
    """The filters that stand in the address; unknown ones count for nothing."""
    asked = request.GET
    state, urgency, township = asked.get("state", ""), asked.get("urgency", ""), asked.get("township", "")
    return DeskWanted(
        state=state if state in NeedState.values else "",
        urgency=urgency if urgency in Urgency.values else "",
        township=township if len(township) == 12 and township.isascii() and township.isdigit() else "",
        words=asked.get("q", "")[:40],
        overdue=asked.get("overdue") == "1",
        escalated=asked.get("escalated") == "1",
    )


FILTERS = ("state", "urgency", "township", "overdue", "escalated")


def kept_query(request: SignedInRequest, *filters: str) -> str:
    """The filters again (all, the search too, when none is named), for links that must keep them."""
    kept = {name: request.GET[name] for name in filters or (*FILTERS, "q") if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _list(request: SignedInRequest, at: datetime) -> dict[str, Any]:
    wanted = wanted_of(request)
    page = Paginator(desk_needs(request.person, wanted, at=at), A_PAGE).get_page(request.GET.get("page"))
    rows = [(need, clock_of(need, at)) for need in page]
    return {
        "section": "desk",
        "wanted": wanted,
        "kept": kept_query(request),
        "page": page,
        "groups": [
            (kind, [row for row in rows if row[1].kind in kinds])
            for kind, kinds in (
                ("late", ("late",)),
                ("risk", ("risk",)),
                ("ok", ("ok",)),
                ("rest", ("paused", "thanks", "over")),
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


@staff(Permission.SEE_NEEDS, Permission.ENTER_NEED)
def desk(request: SignedInRequest) -> HttpResponse:
    return render(request, "desk/desk.html", _list(request, now()))


@staff(Permission.ENTER_NEED, methods=BOTH)
def enter(request: SignedInRequest) -> HttpResponse:
    """A request by telephone, on a visit or on paper, entered without leaving the desk."""
    at = now()
    form = EntryForm(request.POST or None, initial=_left_over(request))
    form.limit_to(villages_of_permission(request.person, Permission.ENTER_NEED))
    if not may(request.person, Permission.VERIFY_NEED):
        del form.fields["verified"]
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            need = file_need(form.facts(), door=form.door_chosen, by=request.person, at=at)
            if found := form.cleaned_data.get("verified"):
                verify_need(need, VERIFIED_AT[form.door_chosen], found, by=request.person, at=at)
            messages.success(request, _("Entered. Read the number out: %(number)s") % {"number": need.number})
            return redirect(f"/desk/{need.public_id}/")
    return render(request, "desk/enter.html", {**_list(request, at), "form": form}, status=422 if form.errors else 200)


def _left_over(request: SignedInRequest) -> dict[str, Any]:
    """What a team said is left to do, as the beginning of a new request of the same household."""
    earlier = needs_visible_to(request.person).filter(public_id=request.GET.get("from", "")).first()
    if earlier is None:
        return {}
    kept = ("category", "address", "name", "phone", "proxy_name", "proxy_relation", "proxy_phone", "mandate", "risk")
    return {**{name: getattr(earlier, name) for name in kept}, "village": earlier.area_id, "words": earlier.left_over}


def need_of(request: SignedInRequest, public_id: str) -> Need:
    beside = ("rating", "follow_up", "entered_by", "merged_into", "resident__merged_into")
    return get_object_or_404(needs_visible_to(request.person).select_related(*beside), public_id=public_id)


@staff(Permission.SEE_NEEDS, Permission.ENTER_NEED)
def one_need(request: SignedInRequest, public_id: str) -> HttpResponse:
    need = need_of(request, public_id)
    note_look(need, Look.Capacity.DESK, by=request.person, at=now())
    return show_need(request, need)


def show_need(request: SignedInRequest, need: Need, **forms: Plain) -> HttpResponse:
    """The list with one need open beside it; `forms` are those that were sent and have something wrong."""
    at, person, state = now(), request.person, NeedState(need.state)
    steps = list(steps_of(need))
    verifies = may(person, Permission.VERIFY_NEED, area=need.area_id)
    sends = may(person, Permission.DISPATCH_NEED, area=need.area_id)
    context = {
        **_list(request, at),
        "need": need,
        "clock": clock_of(need, at),
        "line": state_line(need, steps),
        "story": story_of(need, steps),
        "orders": list(orders_of(need)),
        "referral": last_referral(need) if state in PASSED_ON else None,
        "merged": merged_with(need, person) if state not in BEFORE_MERGING else (),
        "looks": looks_at(need),
        "rating": getattr(need, "rating", None),
        "follow_up": getattr(need, "follow_up", None),
        "earlier": same_phone_needs(need, person)[:EARLIER],
        **_steps_open(need, person, verifies=verifies, sends=sends),
        **_blank_forms(),
        **forms,
    }
    if verifies:
        context["apart"] = kept_apart_from(need)
    if verifies and state in MAY_TAKE_IN:
        found = alike(need, needs_visible_to(person), at=at)[:ALIKE_SHOWN]
        context["alike"] = [(one, may_move(one, NeedState.MERGED)) for one in found]
        context["can_take_in"] = any(free for _one, free in context["alike"])
        context["may_follow"] = may_move(need, NeedState.MERGED)
    if context["can_send"]:
        context |= _proposals(request, need, at)
    shown = {name: context.get(mark) for name, mark in SHOWN_BY.items()}
    context |= {"overtaken": overtaken(need, forms, shown), "chosen": request.POST.getlist("need")}
    wrong = any(form.errors for form in forms.values())
    return render(request, "desk/need.html", context, status=422 if wrong else 200)


def _steps_open(need: Need, person: Person, *, verifies: bool, sends: bool) -> dict[str, bool]:
    """Which buttons the page shows; the verbs ask the same again. Who took it down speaks for the resident."""
    state = NeedState(need.state)
    follow_up = getattr(need, "follow_up", None)
    speaks = verifies or (need.entered_by_id == person.pk and may(person, Permission.ENTER_NEED))
    return {
        "can_verify": verifies and state == NeedState.SUBMITTED,
        "can_ask": verifies and may_move(need, NeedState.WAITING),
        "can_answer": speaks and state == NeedState.WAITING,
        "can_reject": verifies and may_move(need, NeedState.REJECTED),
        "can_refer": verifies and may_move(need, NeedState.REFERRED),
        "can_note_referral": verifies and state == NeedState.REFERRED,
        "can_take_apart": verifies and state == NeedState.MERGED,
        "can_send": sends and (may_move(need, NeedState.DISPATCHED) or state == NeedState.DISPATCHED),
        "can_offer": sends and may_move(need, NeedState.OFFERED),
        "can_recall": sends and state in (NeedState.DISPATCHED, NeedState.OFFERED),
        "can_rate": verifies and obstacle_to_rate(need) is None,
        "can_confirm": verifies and may_move(need, NeedState.CONFIRMED),
        "can_deny": verifies and state == NeedState.DONE,
        "can_appeal": verifies and obstacle_to_appeal(need) is None,
        "can_follow_up": verifies and follow_up is not None and follow_up.done_at is None,
        "can_close": verifies and obstacle_to_close(need) is None,
        "can_keep_apart": verifies and need.turn != Turn.OVER,
        "can_withdraw": speaks and may_move(need, NeedState.WITHDRAWN) and obstacle_to_withdraw(need) is None,
    }


def _blank_forms() -> dict[str, Plain]:
    return {
        "verify_form": VerifyForm(),
        "words_form": WordsForm(),
        "rate_form": RateForm(),
        "refer_form": ReferForm(),
        "apart_form": ApartForm(),
    }


def _proposals(request: SignedInRequest, need: Need, at: datetime) -> dict[str, Any]:
    """The best teams, and what speaks for and against others that the dispatcher looks for by name."""
    words = request.GET.get("team", "")[:30]
    others: list[Proposal] = []
    if words:
        others = [judgement_of(need, team, at=at) for team in found_teams(teams(), words)[:FOUND_TEAMS]]
    return {"proposals": proposals_for(need, at=at), "team_words": words, "others": others}
