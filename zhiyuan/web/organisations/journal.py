"""What was done by whom: the journal's entries, newest first, and whether its chain is whole."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.auditing import journal_visible_to, last_proof, prove_journal, reads_journal
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.web.access import POST, staff
from zhiyuan.web.organisations.journal_words import ACTIONS
from zhiyuan.web.request import SignedInRequest

A_PAGE = 50
# where an object has a page of its own
PAGES = {
    "team": "/teams/",
    "site": "/sites/",
    "volunteer": "/volunteers/",
    "need": "/desk/",
    "resident": "/residents/",
    "activity": "/activities/",
    "servicerecord": "/hours/",
}


@dataclass(frozen=True)
class Line:
    """An entry, and the address of what it is about."""

    entry: JournalEntry
    href: str

    @property
    def action(self) -> str:
        return str(ACTIONS.get(self.entry.action, ""))

    @property
    def facts(self) -> list[tuple[str, object]]:
        return [(name, value) for name, value in self.entry.facts.items() if value not in (None, "")]


def _line(entry: JournalEntry) -> Line:
    kind, _colon, public_id = entry.object.partition(":")
    return Line(entry, f"{PAGES[kind]}{public_id}/" if kind in PAGES else "")


@staff(Permission.READ_JOURNAL)
def listing(request: SignedInRequest) -> HttpResponse:
    if not reads_journal(request.person):
        raise Http404
    wanted = {name: request.GET.get(name, "")[:64] for name in ("object", "action", "actor")}
    entries = _wanted(journal_visible_to(request.person), wanted, request.GET.get("before", ""))
    lines = [_line(entry) for entry in entries[: A_PAGE + 1]]
    context = {
        "section": "journal",
        "wanted": wanted,
        "lines": lines[:A_PAGE],
        "older": lines[A_PAGE - 1].entry.seq if len(lines) > A_PAGE else None,
        "is_later_page": bool(request.GET.get("before")),
        "proof": last_proof(),
    }
    return render(request, "journal/list.html", context)


def _wanted(entries: QuerySet[JournalEntry], wanted: dict[str, str], before: str) -> QuerySet[JournalEntry]:
    entries = entries.filter(**{name: value for name, value in wanted.items() if value})
    if before.isascii() and before.isdecimal() and len(before) < 19:
        entries = entries.filter(seq__lt=int(before))
    return entries


@staff(Permission.READ_JOURNAL, methods=POST)
def prove(request: SignedInRequest) -> HttpResponse:
    prove_journal(by=request.person, at=now())
    messages.success(request, _("The whole chain was followed from its first entry to its last."))
    return redirect("/journal/")
