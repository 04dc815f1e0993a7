"""A hash chain over records: each hash covers the one before, so that nothing can be changed, dropped
or put between.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """One record as it was chained. `at` is ISO 8601 in UTC; `facts` is anything that JSON can hold."""

    seq: int
    at: str
    actor: str
    action: str
    object: str
    facts: Any
    prev: str
    hash: str


@dataclass(frozen=True)
class Break:
    """Where a chain does not hold, and how it shows."""

    seq: int
    fault: str


def link_hash(*, seq: int, at: str, actor: str, action: str, object: str, facts: Any, prev: str) -> str:
    """SHA-256 (hex) over the canonical JSON of all fields, the hash before it included."""
    body = json.dumps([seq, at, actor, action, object, facts, prev], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def first_break(links: Iterable[Link], *, head_seq: int, head_hash: str) -> Break | None:
    """The first place where the chain is broken; None when it holds from its start to the head. O(n), one pass."""
    seq, prev = 0, GENESIS
    for link in links:
        if link.seq != seq + 1:
            return Break(link.seq, "gap")
        if link.prev != prev:
            return Break(link.seq, "does not follow")
        wanted = link_hash(
            seq=link.seq,
            at=link.at,
            actor=link.actor,
            action=link.action,
            object=link.object,
            facts=link.facts,
            prev=prev,
        )
        if link.hash != wanted:
            return Break(link.seq, "changed")
        seq, prev = link.seq, link.hash
    if (seq, prev) != (head_seq, head_hash):
        return Break(seq, "end is missing")
    return None
