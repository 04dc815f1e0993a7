"""./run manage outbox status: messages by state, and how the gateways do."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.notices.gateways import configured_gateway
from zhiyuan.domain.notices.outbox import outbox_counts
from zhiyuan.domain.notices.queries import Standing, standings


class Command(BaseCommand):
    help = "How many messages wait, were sent, expired or were given up; exit code 1 when some were given up."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["status"])

    def handle(self, *args: Any, **options: Any) -> None:
        counts = outbox_counts()
        for state, number in counts.items():
            self.stdout.write(f"{state:<9}{number:>10,}")
        for standing in standings(configured_gateway(), at=now()):
            self.stdout.write(f"gateway {standing.gateway}: {self._words(standing)}")
        if counts["parked"]:
            raise CommandError(f"{counts['parked']} messages were given up. Look at the gateways, and at /outbox/.")

    def _words(self, standing: Standing) -> str:
        if standing.breaker is None or not standing.breaker.failures:
            return "takes messages"
        fate = "left in peace" if standing.is_open else "asked on"
        return f"{standing.breaker.failures} failures in a row ({standing.fault}), {fate}"
