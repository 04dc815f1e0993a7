"""What makes a function a verb: one transaction around all it writes, its journal lines among them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Protocol

from django.db import transaction

from zhiyuan.domain.foundation.undone import counting_again_when_undone
from zhiyuan.domain.journal.models import JournalEntry, JournalHead
from zhiyuan.engines.chain import GENESIS, link_hash


class Actor(Protocol):
    """Whoever acts: a person, or one of the program's own hands below."""

    @property
    def public_id(self) -> str: ...


class Identified(Protocol):
    @property
    def public_id(self) -> str: ...


@dataclass(frozen=True)
class Hand:
    """An actor who is no person: the program itself, or somebody who is not signed in."""

    public_id: str


SYSTEM = Hand("system")
ANONYMOUS = Hand("anonymous")


@dataclass(frozen=True)
class _Line:
    at: datetime
    actor: str
    action: str
    object: str
    facts: dict[str, Any]


_lines: ContextVar[list[_Line] | None] = ContextVar("lines", default=None)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction; inner units join the outermost one. Journal lines are chained last, just before the commit,
    so that the chain's one hot row is locked for as short as can be and always after every other row."""
    if _lines.get() is not None:
        yield
        return
    token = _lines.set([])
    try:
        with counting_again_when_undone(), transaction.atomic():
            yield
            _append(_lines.get() or [])
    finally:
        _lines.reset(token)


def verb[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Run the function as a unit of work."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with unit_of_work():
            return function(*args, **kwargs)

    return run


def record(by: Actor | None, action: str, thing: Identified | str, *, at: datetime, **facts: object) -> None:
    """Note what was done. Facts are ids and plain values that identify nobody by themselves."""
    lines = _lines.get()
    if lines is None:
        raise RuntimeError("record() belongs inside a verb")
    name = thing if isinstance(thing, str) else f"{type(thing).__name__.lower()}:{thing.public_id}"
    lines.append(_Line(at, (by or ANONYMOUS).public_id, action, name, facts))


def _append(lines: list[_Line]) -> None:
    if not lines:
        return
    head, _made = JournalHead.objects.select_for_update().get_or_create(pk=1, defaults={"seq": 0, "hash": GENESIS})
    entries = []
    for line in lines:
        fields = {
            "seq": head.seq + 1,
            "actor": line.actor,
            "action": line.action,
            "object": line.object,
            "facts": line.facts,
            "prev": head.hash,
        }
        at = line.at.astimezone(UTC)
        digest = link_hash(at=at.isoformat(timespec="microseconds"), **fields)  # type: ignore[arg-type]
        entries.append(JournalEntry(at=at, hash=digest, **fields))
        head.seq, head.hash = head.seq + 1, digest
    JournalEntry.objects.bulk_create(entries, batch_size=500)
    head.save(update_fields=["seq", "hash"])
