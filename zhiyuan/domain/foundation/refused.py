"""The only exception that doors translate."""

from typing import Protocol


class Obstacle(Protocol):
    """What stands in the way: a member of a TextChoices; `value` for programs, `label` for people."""

    @property
    def value(self) -> str: ...
    @property
    def label(self) -> object: ...


class Refused(Exception):
    """A verb would not act; `obstacle` says why, `facts` fill the sentence's blanks (never personal data of others)."""

    def __init__(self, obstacle: Obstacle, **facts: object) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle
        self.facts = facts

    @property
    def sentence(self) -> str:
        text = str(self.obstacle.label)
        return text % self.facts if self.facts else text
