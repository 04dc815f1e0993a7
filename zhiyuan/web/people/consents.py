"""What somebody agrees to, purpose by purpose: one button gives it, the same button takes it back."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.people.consents import (
    CONSENT_TEXTS,
    ConsentObstacle,
    ConsentText,
    consent_history,
    give_consent,
    obstacle_to_give,
    obstacle_to_withdraw,
    standing_consents,
    withdraw_consent,
)
from zhiyuan.domain.people.models import Consent, Person, Purpose
from zhiyuan.web.access import POST, signed_in
from zhiyuan.web.home.preferences import way_back
from zhiyuan.web.request import SignedInRequest


@dataclass(frozen=True)
class Row:
    """One purpose as the page shows it."""

    purpose: Purpose
    text: ConsentText
    standing: Consent | None
    changed: bool
    obstacle: ConsentObstacle | None


def _rows(person: Person, at: datetime) -> list[Row]:
    standing = standing_consents(person)
    rows = []
    for purpose, text in CONSENT_TEXTS.items():
        own = standing.get(purpose)
        changed = own is not None and own.version != text.version
        asks = own is None or changed
        stands_in_the_way = (
            obstacle_to_give(person, purpose, text.version, at=at) if asks else obstacle_to_withdraw(person, purpose)
        )
        rows.append(Row(purpose, text, own, changed, stands_in_the_way))
    return rows


@signed_in()
def consents(request: SignedInRequest) -> HttpResponse:
    context = {
        "section": "me",
        "rows": _rows(request.person, now()),
        "history": consent_history(request.person),
        "leaving": ConsentObstacle.MEANS_LEAVING,
    }
    return render(request, "people/consents.html", context)


@signed_in(*POST)
def decide(request: SignedInRequest, purpose: str) -> HttpResponse:
    if purpose not in Purpose.values:
        raise Http404
    person, wanted = request.person, Purpose(purpose)
    if request.POST.get("what") == "give":
        give_consent(person, wanted, version=request.POST.get("version", ""), by=person, at=now())
        messages.success(request, _("You agree. You can take it back here at any time."))
    else:
        withdraw_consent(person, wanted, by=person, at=now())
        messages.success(request, _("Taken back. It holds from this moment."))
    goal = way_back(request)
    return redirect(goal if goal != "/" else "/me/consents/")
