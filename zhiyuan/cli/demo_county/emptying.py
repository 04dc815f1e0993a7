"""Empties the demo's database for a fresh beginning."""

from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection


def empty_database() -> None:
    """Take everything away, guards and all, and migrate anew. The caller has made sure that this is a demo."""
    if connection.vendor == "sqlite":
        connection.close()
        file = Path(connection.settings_dict["NAME"])
        for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            part.unlink(missing_ok=True)
    else:
        for app in apps.get_app_configs():
            if (Path(app.path) / "migrations").is_dir():
                call_command("migrate", app.label, "zero", verbosity=0)
    call_command("migrate", verbosity=0)
