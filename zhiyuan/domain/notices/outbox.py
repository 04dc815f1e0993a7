"""The outbox: written with the act, sent afterwards, taken back from a dead sender, given up after five tries."""

import logging
import threading
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Count, Q

from zhiyuan.domain.notices.breaking import lets_through, next_chance, note_failure, note_success
from zhiyuan.domain.notices.gateways import Gateway, Gateways, NotAccepted, configured_gateway
from zhiyuan.domain.notices.models import Attempt, Message, Outcome

log = logging.getLogger("zhiyuan.notices")
LEASE = timedelta(seconds=60)
MOST_TRIES = 5
posted = threading.Event()  # something may be due: the sender need not wait for its next look
FIRST_WAIT = timedelta(seconds=20)


def post_message(phone: str, text: str, *, key: str, at: datetime, expires_at: datetime | None = None) -> None:
    """Put a text into the outbox, in the caller's transaction. The same key twice is one message."""
    post(Message(phone=phone, text=text, key=key, due_at=at, expires_at=expires_at))


def post(message: Message) -> None:
    """Put a message into the outbox, in the caller's transaction. The same key twice is one message."""
    Message.objects.bulk_create([message], ignore_conflicts=True)
    transaction.on_commit(posted.set)


def post_again(message: Message, *, at: datetime) -> None:
    """Give a parked message five more tries."""
    Message.objects.filter(pk=message.pk).update(state=Message.State.WAITING, tries=0, due_at=at, lease_until=None)
    transaction.on_commit(posted.set)


def send_due(gateways: Gateway | Gateways | None = None, *, at: datetime, most: int = 10) -> int:
    """Send what is due, no more than fits into a lease even when gateways hang; returns how many were sent. Several
    senders share the work without sending twice. One gateway given alone carries every channel.
    """
    began = monotonic()
    carriers = _all(gateways or configured_gateway())
    sent = 0
    for message in _lease(at, most):
        moment = at + timedelta(seconds=monotonic() - began)  # those before it may have kept it waiting
        if message.expires_at and message.expires_at <= moment:
            _close(message, Message.State.EXPIRED)
        elif _send(message, carriers.of(message.channel), at):
            sent += 1
    return sent


def _all(gateways: Gateway | Gateways) -> Gateways:
    return gateways if isinstance(gateways, Gateways) else Gateways((gateways,), (gateways,))


def _send(message: Message, gateways: tuple[Gateway, ...], at: datetime) -> bool:
    """Ask one gateway after the other until one says yes. A try counts only when one was asked."""
    asked = False
    for gateway in gateways:
        if lets_through(gateway.name, at=at):
            asked = True
            if _ask(gateway, message, at):
                return True
    if asked or not gateways:
        _try_later(message, at)
    else:
        due_at = next_chance([gateway.name for gateway in gateways], at=at)
        Message.objects.filter(pk=message.pk).update(due_at=due_at, lease_until=None)
    return False


def _ask(gateway: Gateway, message: Message, at: datetime) -> bool:
    try:
        reference = gateway.send(message.public_id, message.recipient, message.text) or ""
    except NotAccepted as answer:
        log.warning("message not accepted by the gateway", exc_info=True)
        _note_fault(gateway.name, message, answer, at)
    except Exception as error:  # whatever a gateway does wrong, one message never holds up the others
        log.warning("message not accepted by the gateway", exc_info=True)
        _note_attempt(gateway.name, message, Outcome.UNKNOWN, at, fault=type(error).__name__)
    else:
        _note_accepted(gateway.name, message, reference, at)
        return True
    return False


@transaction.atomic
def _note_accepted(gateway: str, message: Message, reference: str, at: datetime) -> None:
    _note_attempt(gateway, message, Outcome.ACCEPTED, at, reference=reference)
    _close(message, Message.State.SENT, sent_at=at, gateway=gateway, reference=reference)
    note_success(gateway)


@transaction.atomic
def _note_fault(gateway: str, message: Message, answer: NotAccepted, at: datetime) -> None:
    """A gateway that says no to one message lives; one that fails or stays silent is asked less."""
    _note_attempt(gateway, message, answer.outcome, at, fault=answer.fault)
    if answer.outcome == Outcome.REFUSED:
        note_success(gateway)
    else:
        note_failure(gateway, answer.fault, at=at)


def _note_attempt(gateway: str, message: Message, outcome: Outcome, at: datetime, **said: str) -> None:
    Attempt.objects.create(message=message, gateway=gateway, outcome=outcome, at=at, **said)


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


def _close(message: Message, state: Message.State, **facts: object) -> None:
    Message.objects.filter(pk=message.pk).update(state=state, lease_until=None, **facts)


def _try_later(message: Message, at: datetime) -> None:
    """Each wait is four times the last one, but never longer than half of what is left of a message's life."""
    tries = message.tries + 1
    wait = timedelta(seconds=5 * 4**tries)
    state = Message.State.WAITING
    if tries >= MOST_TRIES:
        over = message.expires_at is not None and message.expires_at <= at + wait
        state = Message.State.EXPIRED if over else Message.State.PARKED
    if message.expires_at is not None:
        wait = min(wait, max(FIRST_WAIT, (message.expires_at - at) / 2))
    Message.objects.filter(pk=message.pk).update(tries=tries, state=state, due_at=at + wait, lease_until=None)


def outbox_counts() -> dict[str, int]:
    """How many messages are in each state."""
    found = dict(Message.objects.values_list("state").annotate(n=Count("pk")).order_by("state"))
    return {state: found.get(state, 0) for state in Message.State.values}
