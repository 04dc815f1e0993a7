"""./run manage seed_county: the demo county, made once; again it says that it is there."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhiyuan.cli.demo_county.accounts import accounts, table_of, write_accounts
from zhiyuan.cli.demo_county.emptying import empty_database
from zhiyuan.cli.demo_county.population import VOLUNTEERS
from zhiyuan.cli.demo_county.progress import on_terminal
from zhiyuan.cli.demo_county.seeding import FEWEST_PEOPLE, SEED, holds_people, seed, seeded_counts
from zhiyuan.domain.foundation.clock import now


class Command(BaseCommand):
    help = "Makes the demo county: made-up people on the county's real areas. In demo and test mode only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--people", type=int, default=VOLUNTEERS, help=f"volunteers; {FEWEST_PEOPLE} at least")
        parser.add_argument("--seed", type=int, default=SEED, help="another number makes another county")
        parser.add_argument("--fresh", action="store_true", help="empty the database first")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SYNTHETIC:
            raise CommandError("Made-up people belong into demo and test only (ZHIYUAN_MODE).")
        if options["people"] < FEWEST_PEOPLE:
            raise CommandError(f"At least {FEWEST_PEOPLE} people, so that every village has somebody.")
        if options["fresh"]:
            empty_database()
        counts = seeded_counts()
        if counts:
            self.stdout.write(f"The demo county is there: {_listed(counts)}.")
        else:
            self._seed(options["people"], options["seed"])
        found = accounts()
        path = write_accounts(found)
        self.stdout.write(f"Logins (the code stands at /demo/messages/; all of it in {path}):\n{table_of(found)}")

    def _seed(self, people: int, number: int) -> None:
        if holds_people():
            raise CommandError("This database holds people already. Empty it with --fresh, or use another one.")
        begun = time.monotonic()
        counts = seed(people=people, seed=number, at=now(), watch=on_terminal)
        self.stdout.write(f"The demo county is made in {time.monotonic() - begun:.0f} s: {_listed(counts)}.")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())
