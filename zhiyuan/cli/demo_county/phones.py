"""Telephones that nobody has: 100 and eight digits. Each use has a stretch of its own, so that none is given twice."""

from enum import IntEnum

_STRETCH = 10_000_000  # numbers a use
_STEP = 6_180_339  # has no factor in common with the stretch, so that every number comes up once


class Use(IntEnum):
    """The first digit after 100. Those that begin with 100 0 are left to accounts and tests."""

    VOLUNTEER = 1
    RESIDENT = 2
    GUARDIAN = 3
    STAFF = 4
    OFFICE = 8


def synthetic_phone(use: Use, index: int) -> str:
    """The telephone number of the `index`-th person of a use; up to ten million each."""
    if not 0 <= index < _STRETCH:
        raise ValueError(f"no telephone number is left for {use.name} {index}")
    turned = (index + use * 1_357_911) * _STEP % _STRETCH  # else a child and its guardian would share seven digits
    return f"100{use:d}{turned:07d}"
