"""What must be true before the first request is served, and what runs beside the requests."""

from threading import Event

from django.conf import settings

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.database import assert_safe_database
from zhiyuan.domain.foundation.periodic import all_work, schedule
from zhiyuan.domain.notices.working import start_hands


def check_and_start() -> None:
    """Refuse to serve on a database that could lose or corrupt what it acknowledged; then start the worker's hands.

    Work stands on the schedule even where none are started: it is then seen to be late when nobody does it.
    """
    assert_safe_database()
    schedule(all_work(), at=now())
    if settings.WORK_IN_WEB_PROCESS:
        start_hands(Event())
