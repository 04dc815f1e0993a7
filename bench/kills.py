"""kill -9 of the server under load: nothing acknowledged is lost, and a retry of what nobody knows has one effect."""

import itertools
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.clients import Answer, Post, send, send_all
from bench.figures import Row, note, say, write_table
from bench.seats import sign_ups, signed_up
from bench.server import DATABASES, Server, a_server

KILLS, CLIENTS = 10, 12
PEOPLE, SHIFTS, PLACES = 150, 40, 5000


def measure(*, write: bool) -> None:
    rows = [note("kills", {"database": database, **on(database)}) for database in DATABASES]
    if write:
        write_table("kills", rows)


@dataclass
class Toll:
    """What clients were told over all kills, and what became of what they were not told."""

    kills: int = 0
    told: list[Post] = field(default_factory=list)  # acknowledged at once
    settled: list[Post] = field(default_factory=list)  # acknowledged to a retry
    refused: list[Answer] = field(default_factory=list)
    already_there: int = 0  # of the settled: written before the kill, never acknowledged
    restarts: list[float] = field(default_factory=list)


def on(database: str, *, kills: int = KILLS, people: int = PEOPLE) -> Row:
    with a_server(database) as server:
        say(f"{database}: {people} volunteers, {kills} kills")
        posts = things_to_do(server, people)
        chance, toll = random.Random(1124), Toll()
        server.start()
        for _number in range(kills):
            kill_once(server, posts, chance.uniform(0.8, 2.5), toll)
        found = server.inside("effects")
        server.stop()
        return {**judged(toll, found), "verify": verified(server, found)}


def things_to_do(server: Server, people: int) -> Iterator[Post]:
    """Sign-ups and requests in turn, each different from all others."""
    sessions = server.inside("crowd", str(people))
    signups = [
        post for shift in server.inside("shifts", str(SHIFTS), str(PLACES)) for post in sign_ups(shift, sessions)
    ]
    random.Random(47).shuffle(signups)  # shifts and people mixed, the same each time
    facts = server.inside("need_facts")
    for number, post in enumerate(signups):
        yield post
        yield request_for_help(number, facts)


def request_for_help(number: int, facts: dict[str, str]) -> Post:
    fields = {**facts, "name": "王奶奶", "phone": f"100{70000000 + number}", "words": f"第 {number} 个请求：买药。"}
    return Post("/ask/", fields, place=f"10.{number // 250 % 250}.{number % 250}.1")


def kill_once(server: Server, posts: Iterator[Post], after: float, toll: Toll) -> None:
    timer = threading.Timer(after, server.kill)
    timer.start()
    answers = send_all(server, itertools.islice(posts, 1000), clients=CLIENTS)
    timer.join()
    toll.kills += 1
    toll.restarts.append(server.start())
    before = server.inside("effects")
    for answer in answers:
        if answer.status:
            (toll.told.append(answer.post) if acknowledged(answer) else toll.refused.append(answer))
        else:
            toll.already_there += happened(before, answer.post)
            again = send(server, answer.post)
            (toll.settled.append(again.post) if acknowledged(again) else toll.refused.append(again))


def acknowledged(answer: Answer) -> bool:
    return signed_up(answer) if "shift" in answer.post.fields else answer.location.startswith("/r/")


def happened(found: dict[str, dict[str, int]], post: Post) -> int:
    """How often the database says that it happened."""
    if "shift" in post.fields:
        return found["signups"].get(f"{post.session} {post.fields['shift']}", 0)
    return found["needs"].get(post.fields["words"], 0)


def judged(toll: Toll, found: dict[str, dict[str, int]]) -> Row:
    counts = [happened(found, post) for post in [*toll.told, *toll.settled]]
    return {
        "kills": toll.kills,
        "acknowledged": len(toll.told),
        "lost": sum(count == 0 for count in counts),
        "duplicates": sum(count - 1 for count in counts if count),
        "outcome unknown": len(toll.settled),
        "of these written before the kill": toll.already_there,
        "settled by a retry": len(toll.settled),
        "refused": len(toll.refused),
        "slowest restart s": round(max(toll.restarts), 1),
    }


def verified(server: Server, found: dict[str, object]) -> str:
    server.manage("verify", "all")
    return "clean"
