"""Whether the journal is whole."""

from zhiyuan.domain.foundation.checking import Check, check
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.reading import journal_break


def chain_holds() -> Check:
    """Each line's hash covers its facts and the line before; nothing is missing at the end."""
    found = journal_break()
    return check("journal: chain", JournalEntry.objects.count(), [found] if found else [])
