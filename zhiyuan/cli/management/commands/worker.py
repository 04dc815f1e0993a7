"""./run manage worker: sends the outbox and does the work that comes round, beside the web processes."""

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.database import assert_safe_database
from zhiyuan.domain.foundation.periodic import all_work, schedule
from zhiyuan.domain.notices.working import start_hands

ENDING = {signal.SIGTERM, signal.SIGINT}


class Command(BaseCommand):
    help = "Works until SIGTERM or Ctrl+C, then finishes what it has in hand. Any number of them share the work."
    requires_system_checks = ()  # they read every page's address; what a worker needs is looked at below

    def handle(self, *args: Any, **options: Any) -> None:
        assert_safe_database()
        schedule(all_work(), at=now())
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # the hands inherit it: only this thread hears the signal
        stopped = Event()
        hands = start_hands(stopped)
        self.stdout.write("At work.")
        self.stdout.flush()
        signal.sigwait(ENDING)
        stopped.set()
        for hand in hands:
            hand.join()
        self.stdout.write("Stopped.")
