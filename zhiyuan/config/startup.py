"""What must be true before the first request is served, and what runs beside the requests."""

from django.conf import settings

from zhiyuan.domain.foundation.database import assert_safe_database
from zhiyuan.domain.notices.outbox import start_sender_thread


def check_and_start() -> None:
    """Refuse to serve on a database that could lose or corrupt what it acknowledged; then start the outbox sender."""
    assert_safe_database()
    if settings.OUTBOX_IN_WEB_PROCESS:
        start_sender_thread()
