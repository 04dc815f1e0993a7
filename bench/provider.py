"""An SMS provider on this machine that takes every message and remembers when each arrived."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Delivery:
    message: str  # its id, the same in every try
    text: str
    path: str  # of the address it was sent to
    at: float  # seconds of the monotonic clock


class Provider(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__((HOST, 0), _Counter)
        self.deliveries: list[Delivery] = []
        self.arrived = threading.Condition()
        self.meanwhile = meanwhile

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}/"

    def wait_for(self, deliveries: int, *, within: float) -> bool:
        """Whether so many have arrived in time, repeats among them."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.deliveries) >= deliveries, timeout=within)

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that was killed is no news."""


class _Counter(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.arrived:
            self.server.deliveries.append(Delivery(body["id"], body["text"], self.path, time.monotonic()))
            self.server.arrived.notify_all()
        self.server.meanwhile()
        answer = json.dumps({"reference": body["id"]}).encode()
        self.send_response(202)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class's name
        """Quiet."""


@contextmanager
def a_provider(meanwhile: Callable[[], object] = lambda: None) -> Iterator[Provider]:
    """`meanwhile` is called between a message's arrival and its answer."""
    with Provider(meanwhile) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
