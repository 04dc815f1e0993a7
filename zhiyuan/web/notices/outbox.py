"""The county's outbox: what is stuck, how the gateways do, what every kind of message says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.notices.gateways import configured_gateway
from zhiyuan.domain.notices.models import Channel, Message
from zhiyuan.domain.notices.outbox import outbox_counts
from zhiyuan.domain.notices.queries import any_message, oldest_waiting, parked_messages, standings
from zhiyuan.domain.notices.templates import Template, example_of, outline_of, template_named, templates
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.unsticking import minds_outbox, obstacle_to_unstick, take_to_call_list, try_again
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import masked_phone
from zhiyuan.web.access import POST, staff
from zhiyuan.web.request import SignedInRequest

A_PAGE = 50
MINDERS = (Permission.MANAGE_SETTINGS, Permission.DISPATCH_NEED)


# what went wrong, as gateways.py calls it; anything else is the class of an error
FAULTS = {
    "unreachable": gettext_lazy("cannot be reached"),
    "no answer": gettext_lazy("did not answer"),
    "unreadable answer": gettext_lazy("answered something unreadable"),
    "no reference": gettext_lazy("named no reference"),
    "said yes and no": gettext_lazy("said yes and no at once"),
    "recipient refused": gettext_lazy("refused the address"),
}


def fault_words(fault: str) -> str:
    """What a gateway did wrong, in the reader's language."""
    if fault in FAULTS:
        return str(FAULTS[fault])
    kind, _space, number = fault.partition(" ")
    if kind == "status":
        return _("answered with error %(number)s") % {"number": number}
    return _("failed in a way of its own") if fault else ""


class Unstick(Protocol):
    def __call__(self, message: Message, *, by: Person, at: datetime) -> None: ...


@dataclass(frozen=True)
class Stuck:
    """A parked message as the page shows it: to whom, but neither in full nor with its words."""

    message: Message
    recipient: str
    kind: str
    fault: str
    is_open: bool


def _stuck(message: Message, at: datetime) -> Stuck:
    template, language = template_named(message.template), get_language() or settings.LANGUAGE_CODE
    kind = outline_of(template, language) if template else ""
    fault = fault_words(getattr(message, "last_fault", None) or "")
    return Stuck(message, _masked(message), kind, fault, obstacle_to_unstick(message, at=at) is None)


def _masked(message: Message) -> str:
    if message.channel == Channel.EMAIL:
        name, _at, domain = message.address.partition("@")
        return f"{name[:1]}***@{domain}"
    return masked_phone(message.phone)


@staff(*MINDERS)
def overview(request: SignedInRequest) -> HttpResponse:
    _for_the_county(request)
    at = now()
    counts = outbox_counts()
    pages = Paginator(parked_messages(), A_PAGE)
    pages.count = counts[Message.State.PARKED]  # counted already
    page = pages.get_page(request.GET.get("page"))
    context = {
        "section": "outbox",
        "states": [(state, Message.State(state).label, number) for state, number in counts.items()],
        "oldest": oldest_waiting(at),
        "gateways": [(one, fault_words(one.fault)) for one in standings(configured_gateway(), at=at)],
        "page": page,
        "rows": [_stuck(message, at) for message in page],
    }
    return render(request, "notices/outbox.html", context)


def _for_the_county(request: SignedInRequest) -> None:
    if not minds_outbox(request.person):
        raise Http404


@staff(*MINDERS, methods=POST)
def again(request: SignedInRequest) -> HttpResponse:
    return _unstick(request, try_again, lambda: _("It is sent again now."))


@staff(*MINDERS, methods=POST)
def to_calls(request: SignedInRequest) -> HttpResponse:
    return _unstick(request, take_to_call_list, lambda: _("It stands on the call list now."))


def _unstick(request: SignedInRequest, verb: Unstick, said: Callable[[], str]) -> HttpResponse:
    _for_the_county(request)
    message = get_object_or_404(any_message(), public_id=request.POST.get("message", "")[:16])
    verb(message, by=request.person, at=now())
    messages.success(request, said())
    return redirect("/outbox/")


@dataclass(frozen=True)
class Kind:
    """A template with what it reads like in both languages."""

    template: Template
    chinese: str
    english: str


@staff(*MINDERS)
def kinds(request: SignedInRequest) -> HttpResponse:
    _for_the_county(request)
    rows = [Kind(one, example_of(one, "zh-hans"), example_of(one, "en")) for one in templates()]
    return render(request, "notices/templates.html", {"section": "outbox", "rows": rows})
