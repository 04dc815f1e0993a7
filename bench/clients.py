"""Clients: threads that send forms over HTTP as browsers do, each with a connection of its own."""

import http.client
import secrets
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from urllib.parse import urlencode

from bench.server import HOST, Server

TOKEN = secrets.token_hex(16)  # one for cookie and form, as a browser has it


@dataclass(frozen=True)
class Post:
    """A form that is sent; sent again it is the same, key and all."""

    address: str
    fields: dict[str, str]
    session: str = ""  # nobody is signed in without one
    place: str = "10.0.0.1"
    once: str = field(default_factory=lambda: secrets.token_urlsafe(18))


@dataclass(frozen=True)
class Answer:
    post: Post
    status: int  # 0: the connection broke, nobody knows what happened
    location: str
    seconds: float


def send(server: Server, post: Post) -> Answer:
    """One form, over a connection of its own."""
    with closing(http.client.HTTPConnection(HOST, server.port, timeout=60)) as connection:
        return _send(server, post, connection)


def _send(server: Server, post: Post, connection: http.client.HTTPConnection) -> Answer:
    body = urlencode({**post.fields, "once": post.once, "csrfmiddlewaretoken": TOKEN})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={TOKEN}" + (f"; sessionid={post.session}" if post.session else ""),
        "Referer": f"http://{HOST}:{server.port}/",
        "X-Forwarded-For": post.place,
    }
    begun = time.perf_counter()
    try:
        connection.request("POST", post.address, body, headers)
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return Answer(post, 0, "", time.perf_counter() - begun)
    return Answer(post, response.status, response.headers.get("Location", ""), time.perf_counter() - begun)


def send_all(server: Server, posts: Iterable[Post], *, clients: int) -> list[Answer]:
    """Each client takes the next form when its last one is answered, and stops at the first broken connection."""
    waiting: SimpleQueue[Post] = SimpleQueue()
    for post in posts:
        waiting.put(post)
    answers: list[Answer] = []
    ready = threading.Barrier(clients)

    def client() -> None:
        connection = http.client.HTTPConnection(HOST, server.port, timeout=60)
        ready.wait()
        while True:
            try:
                answer = _send(server, waiting.get_nowait(), connection)
            except Empty:
                break
            answers.append(answer)
            if not answer.status:
                break
        connection.close()

    threads = [threading.Thread(target=client) for _number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
