"""SMS providers on this machine that behave as real ones do on bad days."""

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from zhiyuan.domain.notices.gateways import HttpGateway

SECONDS = 0.2  # how long a test waits for a provider that hangs


class Provider(ThreadingHTTPServer):
    """`behave` says how it answers; `received` is what it was asked, `told` what people's telephones show.

    It drops a repeat by its id, as `docs/operating.md` asks of a provider.
    """

    daemon_threads = True

    def __init__(self, behave: str = "accept") -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.behave = behave
        self.received = list[tuple[str, str, dict[str, str]]]()
        self.texts = dict[str, str]()
        self.given_up = threading.Event()

    @property
    def told(self) -> list[str]:
        return list(self.texts.values())

    def gateway(self, name: str = "first", *, seconds: float = SECONDS) -> HttpGateway:
        return HttpGateway(f"http://127.0.0.1:{self.server_port}/sms", "token", name, seconds)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A sender that gave up waiting is no news."""


STATUS = {"refuse": 500, "forbid": 403, "redirect": 302, "redirect keeping": 307, "bad number": 422, "busy": 429}
WORDS = {
    "garbage": b"<html>welcome</html>",
    "list": b"[1]",
    "nothing": b"",
    "no reference": b"{}",
    "empty reference": b'{"reference": ""}',
    "says no": b'{"accepted": false, "reference": "r"}',
    "says error": b'{"error": "balance", "reference": "r"}',
}


class _Answer(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        provider, behave = self.server, self.server.behave
        provider.received.append((self.path, self.headers["Authorization"], body))
        if behave in {"accept", "twice", "takes it in silence"}:
            provider.texts.setdefault(body["id"], body["text"])
        if behave in {"hang", "takes it in silence"}:
            provider.given_up.wait(timeout=10)
        elif behave == "drip":
            self._drip()
        elif behave != "hang up":
            for _time in range(2 if behave == "twice" else 1):
                self._say(STATUS.get(behave, 202), WORDS.get(behave, json.dumps({"reference": body["id"]}).encode()))

    def _say(self, status: int, words: bytes) -> None:
        self.send_response(status)
        if status in {302, 307}:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def _drip(self) -> None:
        """A sign now and then, so that no single wait is long."""
        while not self.server.given_up.wait(timeout=0.02):
            self.wfile.write(b"H")
            self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base class's name
        """Quiet."""


@contextlib.contextmanager
def a_provider(behave: str = "accept") -> Iterator[Provider]:
    with Provider(behave) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.given_up.set()
            server.shutdown()
            thread.join()
