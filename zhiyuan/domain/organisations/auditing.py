"""Reading the journal, and proving that it is whole: for whoever audits the whole county."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.reading import entries_about, journal_break, latest_entries
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import Permission, may, require
from zhiyuan.domain.people.models import Person

WHOLE = "journal:whole"


def reads_journal(person: Person | None) -> bool:
    """An entry does not say where its object lies, so the journal is read for the whole county or not at all."""
    return may(person, Permission.READ_JOURNAL, area=settings.COUNTY_CODE)


def journal_visible_to(person: Person | None) -> QuerySet[JournalEntry]:
    """All entries, newest first, for whoever audits the county; none for others."""
    return latest_entries() if reads_journal(person) else latest_entries().none()


@verb
def prove_journal(*, by: Person, at: datetime) -> None:
    """Follow the chain from its first entry to its last, and note what came of it. Takes some seconds a million."""
    require(by, Permission.READ_JOURNAL, area=settings.COUNTY_CODE)
    last = latest_entries().first()
    broken = journal_break()
    where = {"broken_at": broken.seq, "fault": broken.fault} if broken else {}
    record(by, "journal.proved", WHOLE, at=at, entries=last.seq if last else 0, whole=broken is None, **where)


def last_proof() -> JournalEntry | None:
    """When somebody last followed the whole chain, and what came of it."""
    return entries_about(WHOLE).order_by("-seq").first()
