"""./run manage doctor: what would not be safe to run with."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from zhiyuan.domain.foundation.database import database_faults


class Command(BaseCommand):
    help = "Looks at settings, database, guards and migrations; exit code 1 when there is something to mend."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(_faults())
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} things to mend.")
        self.stdout.write(f"Nothing to mend: mode {settings.MODE}, {connection.vendor}.")


def _faults() -> Iterator[str]:
    plan = MigrationExecutor(connection).loader.graph.leaf_nodes()
    open_ones = MigrationExecutor(connection).migration_plan(plan)
    yield from (f"The migration {migration} is not applied; run migrate." for migration, _back in open_ones)
    if not open_ones:
        yield from database_faults()
    for message in run_checks(include_deployment_checks=settings.PRODUCTION):
        yield f"{message.id}: {message.msg}"
    yield from _leftovers_of_a_demo()


def _leftovers_of_a_demo() -> Iterator[str]:
    if settings.PRODUCTION and (settings.DATA / "accounts.json").exists():
        yield f"{settings.DATA / 'accounts.json'} holds a demo's logins; take it away."
