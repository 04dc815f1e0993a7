"""kill -9 of workers while they send: every message arrives, and no more of them twice than workers were killed."""

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from bench.figures import Row, note, say, write_table
from bench.provider import Delivery, Provider, a_provider
from bench.server import DATABASES, ROOT, Server, a_server

MESSAGES, KILLS, WORKERS = 5000, 50, 2
LEASE_SECONDS = 60
LONGEST = 600  # seconds that anything may take before the measurement gives up


def measure(*, write: bool) -> None:
    rows = [note("messages", {"database": database, **on(database)}) for database in DATABASES]
    if write:
        write_table("messages", rows)


def on(database: str, *, messages: int = MESSAGES, kills: int = KILLS) -> Row:
    with a_provider() as provider, a_server(database) as server:
        say(f"{database}: {messages} messages, {kills} kills")
        server.inside("post_messages", str(messages))
        with Crew(server, provider) as crew:
            begun = time.monotonic()
            kill_at_random(crew, provider, messages, kills)
            last_kill = time.monotonic()
            wait_for_all(provider, messages)
            ended = time.monotonic()
            found = outbox_when_empty(server)
            crew.stop()
        return judged(provider.deliveries, found, messages, kills, (begun, last_kill, ended))


@dataclass
class Crew:
    """As many workers as there should be: one that is killed is started again. Each sends to an address of its own."""

    server: Server
    provider: Provider
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.workers = [self._start(which) for which in range(WORKERS)]
        return self

    def __exit__(self, *_error: object) -> None:
        for worker in self.workers:
            worker.kill()
            worker.wait()

    def _start(self, which: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "manage.py", "worker"]
        environment = {**self.server.environment, "ZHIYUAN_SMS_GATEWAY": f"{self.provider.address}{which}"}
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)

    def kill_who_sent_last(self) -> None:
        which = int(self.provider.deliveries[-1].path.lstrip("/"))
        self.workers[which].kill()
        self.workers[which].wait()
        self.workers[which] = self._start(which)

    def stop(self) -> None:
        """They are asked to end, and must end well."""
        for worker in self.workers:
            worker.terminate()
        if any(worker.wait(timeout=30) for worker in self.workers):
            raise RuntimeError("A worker that was asked to stop ended with an error.")


def kill_at_random(crew: Crew, provider: Provider, messages: int, kills: int) -> None:
    """Each time after some more deliveries, at any moment of a message's way, the worker that is just sending."""
    chance = random.Random(1124)
    for delivered in sorted(chance.sample(range(1, messages * 9 // 10), kills)):  # a tenth is left for after the last
        if not provider.wait_for(delivered, within=LONGEST):
            raise RuntimeError("The workers sent nothing more.")
        time.sleep(chance.uniform(0, 0.01))
        crew.kill_who_sent_last()


def wait_for_all(provider: Provider, messages: int) -> None:
    with provider.arrived:
        provider.arrived.wait_for(lambda: len(messages_in(provider.deliveries)) >= messages, timeout=LONGEST)


def outbox_when_empty(server: Server) -> dict[str, int]:
    """What was delivered just before a kill is not known to be sent: it goes out once more when its lease is over."""
    begun = time.monotonic()
    while time.monotonic() - begun < LONGEST:
        found: dict[str, int] = server.inside("messages")
        if not found["waiting"]:
            return found
        time.sleep(1)
    raise RuntimeError("The outbox was never empty.")


def messages_in(deliveries: Sequence[Delivery]) -> set[str]:
    return {delivery.message for delivery in deliveries}


def judged(
    deliveries: Sequence[Delivery], found: dict[str, int], messages: int, kills: int, moments: tuple[float, ...]
) -> Row:
    begun, last_kill, ended = moments
    delivered = messages_in(deliveries)
    sending = sum(delivery.at <= last_kill for delivery in deliveries)
    return {
        "messages": messages,
        "kills": kills,
        "delivered": len(delivered),
        "lost": messages - len(delivered),
        "duplicates": len(deliveries) - len(delivered),
        "sent, by the database": found["sent"],
        "longest passed over s": round(longest_passed_over(deliveries), 1),
        "aim s": 2 * LEASE_SECONDS,
        "messages/s until the last kill": round(sending / (last_kill - begun)),
        "seconds": round(ended - begun),
    }


def longest_passed_over(deliveries: Sequence[Delivery]) -> float:
    """How long the unluckiest message came after one that had stood behind it. They were posted in order of number."""
    first: dict[int, float] = {}
    for delivery in deliveries:
        first.setdefault(int(delivery.text.split()[1]), delivery.at)
    longest, earliest_behind = 0.0, float("inf")
    for number in sorted(first, reverse=True):
        longest = max(longest, first[number] - earliest_behind)
        earliest_behind = min(earliest_behind, first[number])
    return longest
