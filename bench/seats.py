"""500 people want one of 50 places, through the real server, at 1, 8, 32 and 100 clients."""

import time

from bench.clients import Answer, Post, send_all
from bench.figures import Row, note, quantile, say, write_table
from bench.server import DATABASES, Server, a_server

PEOPLE, PLACES = 500, 50
CLIENTS = (1, 8, 32, 100)


def measure(*, write: bool) -> None:
    rows = [row for database in DATABASES for row in on(database)]
    if write:
        write_table("seats", rows)


def on(database: str) -> list[Row]:
    with a_server(database) as server:
        say(f"{database}: {PEOPLE} volunteers")
        sessions = server.inside("crowd", str(PEOPLE))
        shifts = server.inside("shifts", str(len(CLIENTS) + 1), str(PLACES))
        server.start()
        send_all(server, sign_ups(shifts.pop(), sessions[: PLACES // 2]), clients=4)  # every thread has started
        return [
            note("seats", {"database": database, **race(server, shift, sessions, clients)})
            for shift, clients in zip(shifts, CLIENTS, strict=True)
        ]


def sign_ups(shift: dict[str, str], sessions: list[str]) -> list[Post]:
    address = f"/activities/{shift['activity']}/sign-up/"
    return [Post(address, {"shift": shift["shift"], "risk_seen": "1"}, session) for session in sessions]


def race(server: Server, shift: dict[str, str], sessions: list[str], clients: int) -> Row:
    server.inside("forget_messages")
    cpu, database_cpu, begun = server.cpu_seconds(), server.database_cpu_seconds(), time.perf_counter()
    answers = send_all(server, sign_ups(shift, sessions), clients=clients)
    seconds = time.perf_counter() - begun
    cpu, database_cpu = server.cpu_seconds() - cpu, server.database_cpu_seconds() - database_cpu
    found = server.inside("seats", shift["shift"])
    taken = [answer for answer in answers if signed_up(answer)]
    waits = [answer.seconds * 1000 for answer in answers]
    return {
        "clients": clients,
        "admitted": found["admitted"],
        "told so": len(taken),
        "told full": found["told_full"],
        "5xx or broken": sum(answer.status == 0 or answer.status >= 500 for answer in answers),
        "CPU ms a request, server": round(cpu * 1000 / len(answers), 1),
        "of the database": round(database_cpu * 1000 / len(answers), 1) if server.database_pid else "within",
        "p50 ms": round(quantile(waits, 0.5)),
        "p95 ms": round(quantile(waits, 0.95)),
        "max ms": round(max(waits)),
        "requests/s": round(len(answers) / seconds),
    }


def signed_up(answer: Answer) -> bool:
    """Whether the answer says yes: it leads to the shift. A no leads back to where the form was."""
    return answer.status == 302 and f"?shift={answer.post.fields['shift']}" in answer.location
