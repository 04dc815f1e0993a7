"""./run manage outbox status: messages by state."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhiyuan.domain.notices.outbox import outbox_counts


class Command(BaseCommand):
    help = "How many messages wait, were sent, expired or were given up; exit code 1 when some were given up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["status"])

    def handle(self, *args: Any, **options: Any) -> None:
        counts = outbox_counts()
        for state, number in counts.items():
            self.stdout.write(f"{state:<9}{number:>10,}")
        if counts["parked"]:
            raise CommandError(f"{counts['parked']} messages were given up. Look at the gateway.")
