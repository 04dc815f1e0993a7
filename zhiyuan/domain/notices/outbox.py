"""The outbox: written with the act, sent afterwards, taken back from a dead sender, given up after five tries."""

import logging
import threading
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Q

from zhiyuan.domain.notices.gateways import Gateway
from zhiyuan.domain.notices.models import Message

log = logging.getLogger("zhiyuan.notices")
LEASE = timedelta(seconds=60)
MOST_TRIES = 5
posted = threading.Event()  # something may be due: the sender need not wait for its next look


def post_message(phone: str, text: str, *, key: str, at: datetime, expires_at: datetime | None = None) -> None:
    """Put a text into the outbox, in the caller's transaction. The same key twice is one message."""
    Message.objects.get_or_create(
        key=key, defaults={"phone": phone, "text": text, "due_at": at, "expires_at": expires_at}
    )
    transaction.on_commit(posted.set)


def send_due(gateway: Gateway, *, at: datetime, most: int = 10) -> int:
    """Send what is due, no more than fits into a lease; returns how many were sent. Several senders share
    the work without sending twice.
    """
    sent = 0
    for message in _lease(at, most):
        if message.expires_at and message.expires_at <= at:
            _close(message, Message.State.EXPIRED)
            continue
        try:
            gateway.send(message.public_id, message.phone, message.text)
        except Exception:  # whatever a gateway does wrong, one message never holds up the others
            log.warning("message not accepted by the gateway", exc_info=True)
            _try_later(message, at)
        else:
            _close(message, Message.State.SENT, sent_at=at)
            sent += 1
    return sent


def _lease(at: datetime, most: int) -> list[Message]:
    """Take messages for a minute; a sender that dies gives them back by letting the minute pass."""
    with transaction.atomic():
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        due = Message.objects.select_for_update(skip_locked=True).filter(
            free, state=Message.State.WAITING, due_at__lte=at
        )
        messages = list(due.order_by("due_at", "pk")[:most])
        Message.objects.filter(pk__in=[m.pk for m in messages]).update(lease_until=at + LEASE)
    return messages


def _close(message: Message, state: Message.State, *, sent_at: datetime | None = None) -> None:
    Message.objects.filter(pk=message.pk).update(state=state, sent_at=sent_at, lease_until=None)


def _try_later(message: Message, at: datetime) -> None:
    tries = message.tries + 1
    state = Message.State.PARKED if tries >= MOST_TRIES else Message.State.WAITING
    due_at = at + timedelta(seconds=5 * 4**tries)
    Message.objects.filter(pk=message.pk).update(tries=tries, state=state, due_at=due_at, lease_until=None)


def outbox_counts() -> dict[str, int]:
    """How many messages are in each state."""
    found = dict(Message.objects.values_list("state").annotate(n=Count("pk")).order_by("state"))
    return {state: found.get(state, 0) for state in Message.State.values}
