"""./run manage refusals: every reason for which a verb refuses, as the table of docs/refusals.md."""

import pkgutil
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import TextChoices
from django.utils import translation

import zhiyuan.domain

HEAD = """# Refusals

Every reason for which a verb may refuse. The code is for programs and never changes; the sentence is for people.
Made by `./run manage refusals > docs/refusals.md`.

| code | 中文 | English | room |
|---|---|---|---|"""


class Command(BaseCommand):
    help = "Prints all refusal codes with their sentences in both languages."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(HEAD)
        for obstacle in sorted(_obstacles(), key=lambda one: (_room(one), one.__name__)):
            for member in obstacle:
                chinese, english = (_in(language, member) for language in ("zh-hans", "en"))
                self.stdout.write(f"| `{member.value}` | {chinese} | {english} | `{_room(obstacle)}` |")


def _obstacles() -> set[type[TextChoices]]:
    found = set()
    for module in pkgutil.walk_packages(zhiyuan.domain.__path__, "zhiyuan.domain."):
        if ".migrations" not in module.name:
            for thing in vars(import_module(module.name)).values():
                if isinstance(thing, type) and issubclass(thing, TextChoices) and thing.__name__.endswith("Obstacle"):
                    found.add(thing)
    return found


def _room(obstacle: type[TextChoices]) -> str:
    return obstacle.__module__.split(".")[2]


def _in(language: str, member: TextChoices) -> str:
    with translation.override(language):
        return str(member.label)
