"""./run manage keys: make a key; see which ones have sealed what; see whether all of it opens."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhiyuan.domain.foundation.keyring import rows_by_key, shut_places


class Command(BaseCommand):
    help = "Keys of private fields. check: exit code 1 when a value does not open with the keys configured."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["new", "list", "check"])

    def handle(self, *args: Any, **options: Any) -> None:
        {"new": self._new, "list": self._list, "check": self._check}[options["what"]]()

    def _new(self) -> None:
        self.stdout.write(secrets.token_urlsafe(48))

    def _list(self) -> None:
        for (key_id, place), number in sorted(rows_by_key().items()):
            self.stdout.write(f"{key_id:<12}{place:<40}{number:>10,}")

    def _check(self) -> None:
        shut = shut_places()
        for place, number in sorted(shut.items()):
            self.stdout.write(f"{place}: {number:,} values do not open")
        if shut:
            raise CommandError("A key is missing in ZHIYUAN_SEALING_KEYS, or values were changed.")
        self.stdout.write("All sealed values open.")
