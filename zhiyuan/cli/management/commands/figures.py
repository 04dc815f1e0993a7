"""./run manage figures: every public figure with its as-of time."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from zhiyuan.domain.bulletin.figures import FIGURES, readings
from zhiyuan.domain.foundation.clock import now


class Command(BaseCommand):
    help = "Counts every public figure."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        found = readings(tuple(one.key for one in FIGURES), now())
        if options["json"]:
            rows = [
                {
                    "key": one.figure.key,
                    "value": one.value,
                    "unit": "minutes" if one.figure.in_minutes else str(one.figure.unit),
                    "as_of": one.at.isoformat(),
                    "meaning": str(one.figure.meaning),
                }
                for one in found
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for one in found:
            shown = one.value // 60 if one.figure.in_minutes else one.value
            at = timezone.localtime(one.at).strftime("%Y-%m-%d %H:%M")
            self.stdout.write(f"{one.figure.key:<14}{shown:>12,}  {at}  {one.figure.name}")
