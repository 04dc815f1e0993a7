"""./run manage verify: proves what must always hold, one line a check."""

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhiyuan.domain.activities.checking import activity_checks
from zhiyuan.domain.foundation.checking import Check, guards_are_there
from zhiyuan.domain.hours.checking import hours_checks, ledger_checks
from zhiyuan.domain.journal.checking import chain_holds
from zhiyuan.domain.needs.checking import need_checks
from zhiyuan.domain.residents.checking import resident_checks
from zhiyuan.domain.volunteers.checking import strengths_are_counted

SUBJECTS: dict[str, Callable[[], list[Check]]] = {
    "journal": lambda: [chain_holds()],
    "ledger": lambda: [guards_are_there(), *ledger_checks()],
    "hours": hours_checks,
    "invariants": lambda: [*activity_checks(), *need_checks(), *resident_checks(), strengths_are_counted()],
}
EXAMPLES = 5


class Command(BaseCommand):
    help = "Checks stored facts; exit code 1 when anything does not hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subject", choices=[*SUBJECTS, "all"])

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = SUBJECTS if options["subject"] == "all" else (options["subject"],)
        checks = [one for subject in wanted for one in SUBJECTS[subject]()]
        for one in checks:
            self.stdout.write(_line(one))
        if broken := [one for one in checks if not one.holds]:
            raise CommandError(f"{len(broken)} of {len(checks)} checks do not hold.")


def _line(one: Check) -> str:
    if one.holds:
        return f"ok     {one.name} ({one.looked_at:,})"
    examples = ", ".join(one.wrong[:EXAMPLES]) + (" …" if len(one.wrong) > EXAMPLES else "")
    return f"BROKEN {one.name}: {len(one.wrong):,} of {one.looked_at:,}: {examples}"
