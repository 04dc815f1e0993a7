"""./run manage forget_closed: erase the sealed names of accounts that were closed long enough ago."""

from typing import Any

from django.core.management.base import BaseCommand

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.people.closing import forget_closed


class Command(BaseCommand):
    help = "Erase the sealed names of closed accounts whose time is over. Run it once a day."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{forget_closed(at=now())} names erased.")
