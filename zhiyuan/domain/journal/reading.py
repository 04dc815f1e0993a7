"""Reading the journal, and proving that it is whole."""

from collections.abc import Iterator
from datetime import UTC

from django.db.models import QuerySet

from zhiyuan.domain.journal.models import JournalEntry, JournalHead
from zhiyuan.engines.chain import GENESIS, Break, Link, first_break


def entries_about(object_name: str) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(object=object_name).order_by("seq")


def latest_entries() -> QuerySet[JournalEntry]:
    return JournalEntry.objects.order_by("-seq")


def _links() -> Iterator[Link]:
    for entry in JournalEntry.objects.order_by("seq").iterator(chunk_size=5000):
        yield Link(
            seq=entry.seq,
            at=entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            actor=entry.actor,
            action=entry.action,
            object=entry.object,
            facts=entry.facts,
            prev=entry.prev,
            hash=entry.hash,
        )


def journal_break() -> Break | None:
    """The first place where the journal's chain does not hold; None when it is whole."""
    head = JournalHead.objects.filter(pk=1).first()
    return first_break(_links(), head_seq=head.seq if head else 0, head_hash=head.hash if head else GENESIS)
