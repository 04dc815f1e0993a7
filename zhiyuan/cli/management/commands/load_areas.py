"""./run manage load_areas PATH: a county's areas from a CSV file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhiyuan.domain.areas.changing import load_areas
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import SYSTEM


class Command(BaseCommand):
    help = "Loads areas; loading again changes only what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = load_areas(options["path"], by=SYSTEM, at=now())
        except OSError as error:
            raise CommandError(f"{options['path']} cannot be read: {error.strerror}.") from error
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{count:,} areas loaded.")
