"""./run manage routes: every address, its methods and who may ask."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zhiyuan.web.checks import routes


class Command(BaseCommand):
    help = "Lists every address of the site with its methods and who may ask for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(routes())
        if options["json"]:
            rows = [
                {"path": one.path, "name": one.name, "methods": list(one.methods), "access": one.access}
                for one in found
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for one in found:
            self.stdout.write(f"{'|'.join(one.methods):<12}{one.path:<56}{one.access}")
