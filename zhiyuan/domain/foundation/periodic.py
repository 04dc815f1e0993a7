"""Work that comes round: on a schedule in the database, each piece under a lease, so that one worker at a time does it.

A worker that dies lets its lease run out, and the next one takes the work back. What fails is tried again, later and
later. All of it is read and written in short transactions; the work itself runs outside of them.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from zhiyuan.domain.foundation.ids import new_public_id
from zhiyuan.domain.foundation.models import PeriodicWork

log = logging.getLogger("zhiyuan.periodic")
SHORTEST_LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(minutes=1)  # after a failure; doubled with each further one
LONGEST_PAUSE = timedelta(hours=1)
INTERVALS_UNTIL_LATE = 10


@dataclass(frozen=True)
class Periodic:
    """`run(at)` returns how much it did. It must be safe to run twice: a worker may die after the work and before its
    outcome is written, and work that takes longer than its lease is taken for dead.
    """

    name: str
    label: str | Promise
    every: timedelta
    run: Callable[[datetime], int]


def all_work() -> tuple[Periodic, ...]:
    """What `config/periodic.py` lists. A setting names it, for no room and no door knows the configuration."""
    work: tuple[Periodic, ...] = import_string(settings.PERIODIC_WORK)
    return work


def schedule(works: Iterable[Periodic], *, at: datetime) -> None:
    """Put each on the schedule, due at once; a known one keeps its place and takes a changed interval over."""
    rows = [
        PeriodicWork(name=work.name, every_seconds=work.every.total_seconds(), since=at, due_at=at) for work in works
    ]
    PeriodicWork.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["name"], update_fields=["every_seconds"]
    )


def run_next(works: Iterable[Periodic], *, at: datetime) -> bool:
    """Run the piece that has been due the longest; whether there was one."""
    known = {work.name: work for work in works}
    rows = PeriodicWork.objects.in_bulk(list(known))
    if len(rows) < len(known):
        schedule(known.values(), at=at)
        rows = PeriodicWork.objects.in_bulk(list(known))
    due = sorted((row for row in rows.values() if is_free(row, at)), key=lambda row: row.due_at)
    return any(_run(known[row.name], row, at) for row in due)


def run_now(work: Periodic, *, at: datetime) -> bool:
    """Run a piece before its time; False when a worker has it in hand."""
    schedule([work], at=at)
    PeriodicWork.objects.filter(pk=work.name, due_at__gt=at).update(due_at=at)
    row = PeriodicWork.objects.get(pk=work.name)
    return is_free(row, at) and _run(work, row, at)


def is_free(row: PeriodicWork, at: datetime) -> bool:
    """Whether it is due and in nobody's hand. What is due further ahead than can be is of a clock that was put back."""
    furthest = at + max(timedelta(seconds=row.every_seconds), LONGEST_PAUSE)
    return not at < row.due_at <= furthest and (row.lease_until is None or row.lease_until <= at)


def is_late(row: PeriodicWork, at: datetime) -> bool:
    """Whether it has not been done for so long that something must be wrong."""
    every = timedelta(seconds=row.every_seconds)
    return at > (row.last_ok_at or row.since) + every + INTERVALS_UNTIL_LATE * every


def _run(work: Periodic, row: PeriodicWork, at: datetime) -> bool:
    """Take it under a lease, do it, write what came of it; False when another worker was quicker."""
    token = _lease(row, at)
    if token is None:
        return False
    began = time.monotonic()
    try:
        result = work.run(at)
    except Exception as error:
        log.exception("periodic work failed", extra={"work": work.name})
        pause = min(FIRST_PAUSE * 2 ** min(row.tries, 10), LONGEST_PAUSE)
        outcome = {"tries": row.tries + 1, "last_error": type(error).__name__[:80], "due_at": at + pause}
    else:
        outcome = {"tries": 0, "last_error": "", "due_at": at + work.every, "last_ok_at": at, "last_result": result}
    _write(row.name, token, {**outcome, "last_seconds": time.monotonic() - began})
    return True


@transaction.atomic
def _lease(row: PeriodicWork, at: datetime) -> str | None:
    """Ours from here on, if the row is still as it was read."""
    token = new_public_id()
    until = at + max(SHORTEST_LEASE, 5 * timedelta(seconds=row.last_seconds))
    unchanged = PeriodicWork.objects.filter(pk=row.pk, due_at=row.due_at, leased_by=row.leased_by)
    return token if unchanged.update(leased_by=token, lease_until=until) else None


@transaction.atomic
def _write(name: str, token: str, outcome: dict[str, object]) -> None:
    ours = PeriodicWork.objects.filter(pk=name, leased_by=token)
    if not ours.update(leased_by="", lease_until=None, **outcome):
        log.warning("periodic work took longer than its lease", extra={"work": name})


# What people see of it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A piece of work and how it stands; `row` is None until a worker has begun."""

    work: Periodic
    row: PeriodicWork | None
    at: datetime

    @property
    def every_minutes(self) -> int:
        return self.work.every // timedelta(minutes=1)

    @property
    def fails(self) -> bool:
        return self.row is not None and self.row.tries > 0

    @property
    def late(self) -> bool:
        return self.row is not None and is_late(self.row, self.at)

    @property
    def in_hand(self) -> bool:
        return self.row is not None and self.row.lease_until is not None and self.row.lease_until > self.at


def standings(*, at: datetime) -> list[Standing]:
    """All work in the order of its list. One query."""
    works = all_work()
    rows = PeriodicWork.objects.in_bulk([work.name for work in works])
    return [Standing(work, rows.get(work.name), at) for work in works]
