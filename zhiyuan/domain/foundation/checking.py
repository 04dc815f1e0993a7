"""What a check of stored facts says: how much it looked at, and what it found wrong."""

from collections.abc import Iterable
from dataclasses import dataclass

from zhiyuan.domain.foundation.database import missing_guards, wanted_guards


@dataclass(frozen=True)
class Check:
    """One thing that must always hold. `wrong` names what breaks it, by public ids and never by people's names."""

    name: str
    looked_at: int
    wrong: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.wrong


def check(name: str, looked_at: int, wrong: Iterable[object]) -> Check:
    return Check(name, looked_at, tuple(str(one) for one in wrong))


def guards_are_there() -> Check:
    """The triggers, constraints and indexes that the migrations made."""
    return check("guards in the database", len(set(wanted_guards())), missing_guards())
