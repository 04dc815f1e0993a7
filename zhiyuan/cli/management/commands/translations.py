"""./run manage translations: what is not translated; --merge puts translations in; --compile makes them usable."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhiyuan.cli.catalogue import compile_catalogue, missing, rewrite


class Command(BaseCommand):
    help = "Lists texts without a Chinese translation; exit code 1 when there are any."
    requires_system_checks: list[str] = []  # noqa: RUF012 as Django declares it

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--merge", type=Path, nargs="*", help="JSON files {English: Chinese}; contexts as “context|English”"
        )
        parser.add_argument("--compile", action="store_true", help="write the .mo file")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["merge"] is not None:
            added: dict[str, str | list[str]] = {}
            for path in options["merge"]:
                added.update(json.loads(path.read_text(encoding="utf-8")))
            rewrite(added)
        if options["compile"]:
            self.stdout.write(str(compile_catalogue().name))
            return
        lacking = missing()
        for name, found in lacking:
            self.stdout.write(f"{name}: {found}")
        if lacking:
            raise CommandError(f"{len(lacking)} texts are not translated.")
