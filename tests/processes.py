"""Another process of the program, on the database of the tests. The test that starts one commits what it writes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parent.parent


def environment(**changed: str) -> dict[str, str]:
    """What it finds: this database, this clock."""
    name = connection.settings_dict["NAME"]
    address = f"sqlite:///{name}"
    if connection.vendor == "postgresql":
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    shift = str(round(settings.CLOCK_SHIFT_SECONDS))
    return {**os.environ, "DATABASE_URL": address, "ZHIYUAN_CLOCK_SHIFT_SECONDS": shift, **changed}


@contextmanager
def a_process(*words: str, **changed: str) -> Iterator[subprocess.Popen[str]]:
    """A Python of ours that runs beside the test; killed at the end if it is still there."""
    process = subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=environment(**changed), stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def elsewhere(code: str) -> str:
    """What these lines print in a process of their own."""
    begin = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
