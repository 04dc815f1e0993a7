"""Seeding as `./run demo` calls it, in processes and on a database file of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

type Manage = Callable[..., subprocess.CompletedProcess[str]]
SEED = ("seed_county", "--people", "300")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "ZHIYUAN_MODE": "demo", "ZHIYUAN_DATA": str(tmp_path)}


@pytest.fixture
def manage(environment: dict[str, str]) -> Manage:
    def run(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=settings.ROOT, env={**environment, **changed}, capture_output=True, text=True, check=False
        )

    return run


@pytest.mark.long
def test_killed_half_way_it_begins_anew_and_fresh_makes_another(
    manage: Manage, environment: dict[str, str], tmp_path: Path
):
    manage("migrate", "-v0")
    killed = subprocess.Popen(
        [sys.executable, "manage.py", "seed_county", "--people", "30000"], cwd=settings.ROOT, env=environment
    )
    log = tmp_path / "zhiyuan.sqlite3-wal"
    while killed.poll() is None and not (log.exists() and log.stat().st_size > 1_000_000):
        time.sleep(0.02)
    killed.kill()
    assert killed.wait() == -9

    made, again = manage(*SEED), manage(*SEED)
    fresh = manage(*SEED, "--fresh", "--seed", "5")

    assert (made.returncode, made.stdout.split(" in ")[0]) == (0, "The demo county is made")
    assert again.stdout.startswith("The demo county is there: 300 volunteers, 522 teams, 277 sites")
    assert (fresh.returncode, fresh.stdout.split(" in ")[0]) == (0, "The demo county is made")
    assert fresh.stdout.split(": ", 1)[1] != made.stdout.split(": ", 1)[1]
    assert manage("verify", "all").returncode == 0


def test_a_key_is_made_where_nothing_is_set_up_yet(manage: Manage):
    assert len(manage("keys", "new").stdout.strip()) >= 40
