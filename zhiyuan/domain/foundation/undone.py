"""What counts even when the work around it is undone: a try at a code, a call against a limit.

A guess that is answered with a refusal rolls its transaction back; without this the guess would never have happened.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

type Count = Callable[[], object]

_counts: ContextVar[list[Count] | None] = ContextVar("counts", default=None)


def count_even_if_undone(count: Count) -> None:
    """Count once more if the unit of work around us is rolled back. The caller has counted once already."""
    counts = _counts.get()
    if counts is not None:
        counts.append(count)


@contextmanager
def counting_again_when_undone() -> Iterator[None]:
    """Goes around the transaction, so that the counts are repeated after it was rolled back."""
    counts: list[Count] = []
    token = _counts.set(counts)
    try:
        yield
    except BaseException:
        for count in counts:
            count()
        raise
    finally:
        _counts.reset(token)
