"""./run manage periodic status | run NAME: the work that comes round."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.periodic import Standing, all_work, run_now, standings


class Command(BaseCommand):
    help = "How the work that comes round stands; exit code 1 when some fails or is late. `run` does one at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["status", "run"])
        parser.add_argument("name", nargs="?", help="with run: which one")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "run":
            self._run(options["name"])
            return
        found = standings(at=now())
        for standing in found:
            self.stdout.write(_line(standing))
        if wrong := [standing.work.name for standing in found if standing.fails or standing.late]:
            raise CommandError(f"Fails or is late: {', '.join(wrong)}.")

    def _run(self, name: str | None) -> None:
        work = next((work for work in all_work() if work.name == name), None)
        if work is None:
            raise CommandError(f"Name one of {', '.join(work.name for work in all_work())}.")
        if not run_now(work, at=now()):
            raise CommandError(f"{name} is in a worker's hand.")
        row = next(standing.row for standing in standings(at=now()) if standing.work.name == name)
        if row is None or row.last_error:
            raise CommandError(f"{name} failed{f' with {row.last_error}' if row else ''}; the log says where.")
        self.stdout.write(f"{name}: {row.last_result:,} in {row.last_seconds:.2f} s.")


def _line(standing: Standing) -> str:
    row = standing.row
    if row is None:
        return f"{standing.work.name:<24}never begun"
    last = f"{timezone.localtime(row.last_ok_at):%Y-%m-%d %H:%M}" if row.last_ok_at else "never"
    state = "in hand" if standing.in_hand else f"next {timezone.localtime(row.due_at):%Y-%m-%d %H:%M}"
    fault = f"  failed {row.tries} times: {row.last_error}" if standing.fails else "  late" if standing.late else ""
    return f"{standing.work.name:<24}last {last:<17}{row.last_seconds:>8.2f} s  {state}{fault}"
