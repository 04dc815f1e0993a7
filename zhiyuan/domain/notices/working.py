"""The hands beside the requests: one sends the outbox, one does the work that comes round.

They are threads of the web process in the embedded mode, and of `./run manage worker` otherwise; any number of
processes share the work by leases. Two hands, so that a gateway that hangs holds up no clock, and long work no code.
"""

import logging
from collections.abc import Callable
from threading import Event, Thread

from django.db import close_old_connections, connection

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.periodic import all_work, run_next
from zhiyuan.domain.notices.outbox import posted, send_due

log = logging.getLogger("zhiyuan.worker")
IDLE_SECONDS = 1


def start_hands(stopped: Event) -> list[Thread]:
    """Both at work until `stopped`; each then finishes what it has in hand."""
    return [_start("outbox", _send, posted, stopped), _start("periodic", _do_periodic, Event(), stopped)]


def _send() -> bool:
    """One text at a time, so that a worker that is killed or told to stop has no more than that one in hand; after
    one that failed several, so that those behind it do not rest with us.
    """
    return send_due(at=now(), most=1) > 0 or send_due(at=now()) > 0


def _do_periodic() -> bool:
    return run_next(all_work(), at=now())


def _start(name: str, do: Callable[[], bool], called: Event, stopped: Event) -> Thread:
    thread = Thread(target=_keep_on, args=(do, called, stopped), name=name, daemon=True)
    thread.start()
    return thread


def _keep_on(do: Callable[[], bool], called: Event, stopped: Event) -> None:
    """Do it again and again; when there is nothing, rest until called, a second at the most."""
    while not stopped.is_set():
        called.clear()
        try:
            busy = do()
        except Exception:
            log.exception("a worker's hand rests for a moment")
            busy = False
        finally:
            close_old_connections()
        if not busy:
            called.wait(timeout=IDLE_SECONDS)
    connection.close()
