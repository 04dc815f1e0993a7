"""`./run demo` on a fresh clone with empty caches: seconds to the first page, of which seeding, and memory."""

import http.client
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import Row, note, say, write_table
from bench.server import HOST, ROOT, free_port

LONGEST = 900  # seconds
PAGE_KB = os.sysconf("SC_PAGE_SIZE") / 1024
CACHES = ("UV_CACHE_DIR", "npm_config_cache", "PIP_CACHE_DIR", "XDG_CACHE_HOME")
OURS = ("ZHIYUAN_", "DATABASE_URL", "VIRTUAL_ENV", "PORT", "PYTHONPATH", "DJANGO_")


def measure(*, write: bool) -> None:
    with a_clone() as (clone, environment):
        rows = [
            note("demo", {"start": name, **start(clone, environment)}) for name in ("first, caches empty", "second")
        ]
    if write:
        write_table("demo", rows)


@contextmanager
def a_clone() -> Iterator[tuple[Path, dict[str, str]]]:
    """The repository as it is committed, and an environment in which no cache of ours can help."""
    folder = Path(tempfile.mkdtemp(prefix="zhiyuan-clone-"))
    clone = folder / "zhiyuan"
    say("cloning what is committed")
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    environment |= {name: str(folder / name) for name in CACHES}
    try:
        yield clone, environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Watch:
    """What the processes of one session use: looked at several times a second."""

    session: int
    peak_kb: float = 0
    now_kb: float = 0
    peak_at: str = ""
    seconds_of: dict[str, float] = field(default_factory=dict)
    _looked_at: float = field(default_factory=time.monotonic)

    def look(self) -> None:
        since, self._looked_at = time.monotonic() - self._looked_at, time.monotonic()
        self.now_kb, steps = 0, set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) != self.session:
                    continue
                self.now_kb += int((folder / "statm").read_text().split()[1]) * PAGE_KB
                steps.add(_step((folder / "cmdline").read_text()))
            except OSError:  # it has ended
                continue
        for step in steps - {""}:
            self.seconds_of[step] = self.seconds_of.get(step, 0) + since
        if self.now_kb > self.peak_kb:
            self.peak_kb, self.peak_at = self.now_kb, ", ".join(sorted(steps - {""}))


def _step(command: str) -> str:
    """What a process of `./run demo` is for."""
    words = command.split("\0")
    if "manage.py" in words:
        return words[words.index("manage.py") + 1]
    names = {"pip": "Python packages", "npm": "front end", "granian": "server"}
    return next(
        (step for name, step in names.items() if any(Path(word.split(" ")[0]).name == name for word in words[:3])), ""
    )


def start(clone: Path, environment: dict[str, str]) -> Row:
    port = free_port()
    begun = time.monotonic()
    process = subprocess.Popen(
        ["./run", "demo"],
        cwd=clone,
        env={**environment, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    watch = Watch(process.pid)
    try:
        while not answers(port):
            if process.poll() is not None or time.monotonic() - begun > LONGEST:
                raise RuntimeError(f"./run demo gave no page after {time.monotonic() - begun:.0f} s.")
            watch.look()
            time.sleep(0.2)
        seconds = time.monotonic() - begun
        for _number in range(50):
            answers(port)
        watch.look()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
    return {
        "seconds to the first page": round(seconds, 1),
        "of these seeding": round(watch.seconds_of.get("seed_county", 0), 1),
        "Python packages": round(watch.seconds_of.get("Python packages", 0), 1),
        "front end": round(watch.seconds_of.get("front end", 0), 1),
        "most memory MB": round(watch.peak_kb / 1024),
        "during": watch.peak_at,
        "serving MB": round(watch.now_kb / 1024),
    }


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        connection.request("GET", "/")
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return response.status == 200
    finally:
        connection.close()
