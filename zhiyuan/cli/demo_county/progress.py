"""What is being written, and how far: a bar for each large table, on a terminal only."""

from collections.abc import Collection, Iterator
from typing import Protocol

from tqdm import tqdm


class Watch(Protocol):
    """Hands a table's rows on one by one, and shows how many are through."""

    def __call__[Row](self, name: str, rows: Collection[Row]) -> Iterator[Row]: ...


def unwatched[Row](name: str, rows: Collection[Row]) -> Iterator[Row]:
    return iter(rows)


def on_terminal[Row](name: str, rows: Collection[Row]) -> Iterator[Row]:
    bar = tqdm(rows, desc=f"{name:<12}", unit="", leave=False, disable=None, mininterval=0.2)
    return iter(bar)
