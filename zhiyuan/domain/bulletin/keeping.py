"""Counting is dear, and most visits come between two events: a count is kept until something may have changed it.

Measured with 101,000 volunteers and 200,000 service records on SQLite: 0.4 s to count what the home page shows, 1 ms to
find that it still holds.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any, cast

from zhiyuan.domain.journal.models import JournalEntry

# What changes no figure. Every other action, known here or not, lets all of them be counted anew.
QUIET = (
    "credential.added",
    "factor.confirmed",
    "factor.offered",
    "need.viewed",
    "person.details_told",
    "person.logged_in",
    "shift.sign_up_cancelled",
    "shift.signed_up",
    "signup.checked_in",
    "signup.checked_out",
    "team.roster_viewed",
    "volunteer.availability_set",
    "volunteer.categories_chosen",
    "volunteer.skills_chosen",
    "volunteer.viewed",
)
KEPT_SECONDS = 300  # for what changes by time alone: an activity that begins, a year that passes


@dataclass(frozen=True)
class _Count:
    value: Any
    last: str
    at: float


_counts: dict[str, _Count] = {}
_counting: defaultdict[str, Lock] = defaultdict(Lock)


def kept[T](name: str, count: Callable[[], T]) -> T:
    """What was counted under this name since the last event, or else is counted now.

    A count is this process's, but the last event is read from the journal: whoever did something sees it counted.
    One thread counts; those who ask meanwhile get what was known before.
    """
    last = _last_event()
    if last is None:
        return count()
    known = _counts.get(name)
    if known and known.last == last and monotonic() - known.at < KEPT_SECONDS:
        return cast(T, known.value)
    if not _counting[name].acquire(blocking=known is None):
        return cast(T, cast(_Count, known).value)
    try:
        value = count()
        _counts[name] = _Count(value, last, monotonic())
    finally:
        _counting[name].release()
    return value


def _last_event() -> str | None:
    """The hash of the newest line that may have changed a figure; unlike its number, it is used only once."""
    return JournalEntry.objects.exclude(action__in=QUIET).order_by("-seq").values_list("hash", flat=True).first()
