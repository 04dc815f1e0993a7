"""The steps that a clerk or dispatcher takes with the request that is open at the desk."""

from collections.abc import Callable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.needs.dispatching import dispatch_need, obstacle_to_dispatch, offer_need, recall_order
from zhiyuan.domain.needs.filing import answer_question, appeal_refusal, withdraw_need
from zhiyuan.domain.needs.keeping_apart import keep_apart, let_together, volunteer_named
from zhiyuan.domain.needs.merging import merge_needs, take_apart
from zhiyuan.domain.needs.models import Body, Need, NeedState, VerifyMethod
from zhiyuan.domain.needs.queries import needs_visible_to, next_need
from zhiyuan.domain.needs.rating import close_need, confirm_need, deny_need, finish_follow_up, rate_need
from zhiyuan.domain.needs.referring import note_referral_answer, refer_need
from zhiyuan.domain.needs.verifying import ask_requester, reject_need, verify_need
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.web.access import POST, staff
from zhiyuan.web.forms import Plain, refused_into
from zhiyuan.web.needs.desk import FILTERS, kept_query, need_of, show_need, wanted_of
from zhiyuan.web.needs.forms import ApartForm, RateForm, ReferForm, VerifyForm, WordsForm
from zhiyuan.web.request import SignedInRequest


def _step(
    request: SignedInRequest, public_id: str, form: Plain, name: str, act: Callable[[Need], object], said: str
) -> HttpResponse:
    """One step of a need by one form: done and said, or the form again with what is wrong."""
    need = need_of(request, public_id)
    if form.is_valid():
        with refused_into(form):
            act(need)
            messages.success(request, said % {"number": need.number})
            return redirect(f"/desk/{need.public_id}/{kept_query(request)}")
    return show_need(request, need_of(request, public_id), **{name: form})


def _by_words(
    request: SignedInRequest, public_id: str, name: str, verb: Callable[..., object], said: str
) -> HttpResponse:
    """A step by some words: a question, an answer, a reason."""
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
    said = _("The answer is noted. The clock runs again.")
    return _by_words(request, public_id, "answer_form", answer_question, said)


@staff(Permission.VERIFY_NEED, methods=POST)
def reject(request: SignedInRequest, public_id: str) -> HttpResponse:
    said = _("%(number)s is not taken. The reason was sent.")
    return _by_words(request, public_id, "reject_form", reject_need, said)


@staff(Permission.VERIFY_NEED, methods=POST)
def appeal(request: SignedInRequest, public_id: str) -> HttpResponse:
    said = _("The objection to %(number)s is noted. The desk above looks at it anew.")
    return _by_words(request, public_id, "appeal_form", appeal_refusal, said)


@staff(Permission.VERIFY_NEED, Permission.ENTER_NEED, methods=POST)
def withdraw(request: SignedInRequest, public_id: str) -> HttpResponse:
    said = _("%(number)s is withdrawn, as they said.")
    return _by_words(request, public_id, "withdraw_form", withdraw_need, said)


# Sending ------------------------------------------------------------------------------------------------------------


@staff(Permission.DISPATCH_NEED, methods=POST)
def send(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Send to the chosen teams and open what waits next."""
    at, need = now(), need_of(request, public_id)
    wanted = request.POST.getlist("team")
    chosen = [get_object_or_404(Team, public_id=key) for key in wanted]
    for team in chosen:
        if obstacle := obstacle_to_dispatch(need, team):
            messages.error(request, str(obstacle.label) % {"state": NeedState(need.state).label})
            return redirect(f"/desk/{need.public_id}/{kept_query(request)}")
    sent = dispatch_need(need, *chosen, by=request.person, at=at)
    facts = {"number": sent.number, "team": pgettext("names", ", ").join(team.name for team in chosen)}
    messages.success(request, _("%(number)s was sent to %(team)s.") % facts, extra_tags=f"undo:{sent.public_id}")
    return redirect(_onward(request, sent))


@staff(Permission.DISPATCH_NEED, methods=POST)
def offer(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Open to be claimed by the township's teams, or by all of the county."""
    wide = request.POST.get("reach") == "county"
    offered = offer_need(need_of(request, public_id), wide=wide, by=request.person, at=now())
    facts = {"number": offered.number, "place": offered.offered_in}
    said = _("%(number)s can be claimed by the teams of %(place)s now.") % facts
    messages.success(request, said, extra_tags=f"undo:{offered.public_id}")
    return redirect(_onward(request, offered))


def _onward(request: SignedInRequest, dealt_with: Need) -> str:
    # whoever searched for one request goes on with the desk, not with the search
    following = next_need(request.person, replace(wanted_of(request), words=""), dealt_with, at=now())
    onward = f"{following.public_id}/" if following else ""
    return f"/desk/{onward}{kept_query(request, *FILTERS)}"


@staff(Permission.DISPATCH_NEED, methods=POST)
def recall(request: SignedInRequest, public_id: str) -> HttpResponse:
    said = _("The order was taken back. Choose another team.")
    return _by_words(request, public_id, "recall_form", recall_order, said)


# Other ways ---------------------------------------------------------------------------------------------------------


@staff(Permission.VERIFY_NEED, methods=POST)
def refer(request: SignedInRequest, public_id: str) -> HttpResponse:
    form = ReferForm(request.POST)

    def act(need: Need) -> None:
        facts = form.cleaned_data
        body, department = Body(facts["body"]), facts["department"]
        refer_need(need, body, facts["note"], department=department, by=request.person, at=now())

    said = _("%(number)s was passed on. It stays with us until there is an answer.")
    return _step(request, public_id, form, "refer_form", act, said)


@staff(Permission.VERIFY_NEED, methods=POST)
def referral_answered(request: SignedInRequest, public_id: str) -> HttpResponse:
    form = WordsForm(request.POST)
    theirs = request.POST.get("theirs") == "1"

    def act(need: Need) -> None:
        note_referral_answer(need, form.cleaned_data["words"], theirs=theirs, by=request.person, at=now())

    said = _("The answer to %(number)s is noted and was sent to the resident.")
    return _step(request, public_id, form, "referral_form", act, said)


@staff(Permission.VERIFY_NEED, methods=POST)
def merge(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Take the chosen requests together with the one that is open."""
    form = WordsForm(request.POST)
    chosen = needs_visible_to(request.person).filter(public_id__in=request.POST.getlist("need")[:50])

    def act(need: Need) -> None:
        merge_needs(need, chosen, form.cleaned_data["words"], by=request.person, at=now())

    said = _("They are dealt with together with %(number)s. Each household is told.")
    return _step(request, public_id, form, "merge_form", act, said)


@staff(Permission.VERIFY_NEED, methods=POST)
def part(request: SignedInRequest, public_id: str) -> HttpResponse:
    return _by_words(request, public_id, "part_form", take_apart, _("%(number)s stands by itself again."))


@staff(Permission.VERIFY_NEED, methods=POST)
def apart(request: SignedInRequest, public_id: str) -> HttpResponse:
    """Household and volunteer do not want each other; or it is good again."""
    form = ApartForm(request.POST)

    def act(need: Need) -> None:
        facts = form.cleaned_data
        volunteer = volunteer_named(facts["number"], by=request.person, at=now())
        if facts["together"]:
            let_together(need, volunteer, by=request.person, at=now())
        else:
            by_household = facts["side"] == ApartForm.HOUSEHOLD
            keep_apart(need, volunteer, facts["reason"], by_household=by_household, by=request.person, at=now())

    return _step(request, public_id, form, "apart_form", act, _("Noted. Neither of the two is told."))


# The end ------------------------------------------------------------------------------------------------------------


@staff(Permission.VERIFY_NEED, methods=POST)
def rate(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The resident's word by telephone, noted by the clerk."""
    form = RateForm(request.POST)

    def act(need: Need) -> None:
        rate_need(need, form.cleaned_data["stars"], form.cleaned_data["words"], by=request.person, at=now())

    return _step(request, public_id, form, "rate_form", act, _("The rating of %(number)s is noted."))


@staff(Permission.VERIFY_NEED, methods=POST)
def deny(request: SignedInRequest, public_id: str) -> HttpResponse:
    said = _("%(number)s is open again, one desk higher: they say that it was not done.")
    return _by_words(request, public_id, "deny_form", deny_need, said)


@staff(Permission.VERIFY_NEED, methods=POST)
def confirm(request: SignedInRequest, public_id: str) -> HttpResponse:
    """The resident said by telephone that it happened, and would rather not rate."""
    need = need_of(request, public_id)
    confirm_need(need, by=request.person, at=now())
    messages.success(request, _("%(number)s is confirmed; it counts as not rated.") % {"number": need.number})
    return redirect(f"/desk/{need.public_id}/{kept_query(request)}")


@staff(Permission.VERIFY_NEED, methods=POST)
def follow_up(request: SignedInRequest, public_id: str) -> HttpResponse:
    said = _("The follow-up of %(number)s is done.")
    return _by_words(request, public_id, "follow_up_form", finish_follow_up, said)


@staff(Permission.VERIFY_NEED, methods=POST)
def close(request: SignedInRequest, public_id: str) -> HttpResponse:
    need = need_of(request, public_id)
    close_need(need, by=request.person, at=now())
    messages.success(request, _("%(number)s is put away.") % {"number": need.number})
    return redirect(f"/desk/{need.public_id}/{kept_query(request)}")
