"""./run manage accounts: the demo's logins."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhiyuan.cli.demo_county.accounts import accounts, as_json, table_of


class Command(BaseCommand):
    help = "Lists who can log in to the demo, with telephones and the secrets of second factors as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs, second factors too")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SYNTHETIC:
            raise CommandError("Only a demo has logins that can be shown.")
        found = accounts()
        if not found:
            raise CommandError("There is no demo county here yet: seed_county makes one.")
        self.stdout.write(as_json(found) if options["json"] else table_of(found))
