"""Who carries messages: one or two SMS gateways over HTTPS, a mail server, or the sink of demo and test.

A gateway is trusted with nothing but its word that it took a message, and that word must name a reference. A try that
ends without an answer may have been taken all the same: the message then goes to the other gateway at once, because a
text that comes twice harms less than one that never comes. Every try carries the message's own id, so that a gateway
drops a repeat; whoever is told twice is told once by each gateway, never more.
"""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from smtplib import SMTPRecipientsRefused
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.notices.models import Channel, Outcome, SinkMessage

GATEWAY_SECONDS = 5.0
LONGEST_ANSWER = 64 * 1024
# the gateway lives and says no to this one message: no reason to ask it less
ABOUT_THE_MESSAGE = {400, 404, 409, 413, 422}


class NotAccepted(Exception):
    """A gateway did not say yes. `fault` is a word for the staff; it never quotes what the gateway answered."""

    def __init__(self, outcome: Outcome, fault: str) -> None:
        super().__init__(fault)
        self.outcome, self.fault = outcome, fault[:40]


class Gateway(Protocol):
    """Carries one message and returns its own reference for it; anything raised means that it did not say yes.

    `message_id` is the same in every try, so that a gateway can drop a repeat.
    """

    @property
    def name(self) -> str: ...

    def send(self, message_id: str, to: str, text: str) -> str: ...


@dataclass(frozen=True)
class Sink:
    channel: Channel = Channel.SMS
    name: str = "sink"

    def send(self, message_id: str, to: str, text: str) -> str:
        facts = {"channel": self.channel, "phone": to, "text": text, "at": now()}
        SinkMessage.objects.get_or_create(message_id=message_id, defaults=facts)
        return message_id


@dataclass(frozen=True)
class HttpGateway:
    """A JSON POST with a bearer token. Taken means: 2xx, and a JSON object with a `reference` and without an error.

    It follows no redirect: telephone, text and token go to the configured address and to no other. `seconds` are for
    the whole exchange, however slowly the other side speaks.
    """

    address: str
    token: str
    name: str = "first"
    seconds: float = GATEWAY_SECONDS

    def send(self, message_id: str, to: str, text: str) -> str:
        body = json.dumps({"id": message_id, "to": to, "text": text}).encode()
        return _reference(*self._post(body))

    def _post(self, body: bytes) -> tuple[int, bytes]:
        address = urlsplit(self.address)
        kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
        connection = kind(address.hostname or "", address.port, timeout=self.seconds)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        with contextlib.closing(connection):
            try:
                connection.connect()
            except OSError as error:  # nothing was said yet
                raise NotAccepted(Outcome.FAILED, "unreachable") from error
            try:
                with _cut_off_after(self.seconds, connection):
                    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
                    connection.request("POST", path, body, headers)
                    answer = connection.getresponse()
                    return answer.status, answer.read(LONGEST_ANSWER)
            except (OSError, HTTPException) as error:
                raise NotAccepted(Outcome.UNKNOWN, "no answer") from error


@contextlib.contextmanager
def _cut_off_after(seconds: float, connection: HTTPConnection) -> Iterator[None]:
    """A socket's own timeout begins anew with each byte; this one does not."""

    def cut(line: socket.socket) -> None:
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut, [connection.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _reference(status: int, body: bytes) -> str:
    """What the gateway calls the message it took."""
    if status in ABOUT_THE_MESSAGE:
        raise NotAccepted(Outcome.REFUSED, f"status {status}")
    if not 200 <= status < 300:
        raise NotAccepted(Outcome.FAILED, f"status {status}")
    try:
        answer = json.loads(body)
    except ValueError as error:
        raise NotAccepted(Outcome.UNKNOWN, "unreadable answer") from error
    said: dict[str, Any] = answer if isinstance(answer, dict) else {}
    if said.get("accepted") is False or said.get("error"):
        raise NotAccepted(Outcome.FAILED, "said yes and no")
    reference = said.get("reference")
    if isinstance(reference, bool) or not isinstance(reference, str | int) or reference == "":
        raise NotAccepted(Outcome.UNKNOWN, "no reference")
    return str(reference)[:80]


@dataclass(frozen=True)
class MailGateway:
    """The mail server of Django's settings. A repeat carries the same Message-ID, by which mail programs drop it."""

    name: str = "mail"

    def send(self, message_id: str, to: str, text: str) -> str:
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
        reference = f"<{message_id}@{domain}>"
        mail = EmailMessage(settings.SITE_NAME, text, to=[to], headers={"Message-ID": reference})
        try:
            mail.send()
        except SMTPRecipientsRefused as error:
            raise NotAccepted(Outcome.REFUSED, "recipient refused") from error
        except OSError as error:  # smtplib's other errors among them
            outcome = Outcome.UNKNOWN if isinstance(error, TimeoutError) else Outcome.FAILED
            raise NotAccepted(outcome, type(error).__name__) from error
        return reference


@dataclass(frozen=True)
class Gateways:
    """Who carries each channel, in the order in which they are asked."""

    sms: tuple[Gateway, ...]
    email: tuple[Gateway, ...] = ()

    def of(self, channel: str) -> tuple[Gateway, ...]:
        return self.email if channel == Channel.EMAIL else self.sms


def configured_gateway() -> Gateways:
    """The gateways of the settings."""
    return Gateways(tuple(_sms_gateways()), tuple(_mail_gateways()))


def _sms_gateways() -> Iterator[Gateway]:
    if settings.SMS_GATEWAY == "sink" and settings.SYNTHETIC:
        yield Sink()
    else:
        yield HttpGateway(settings.SMS_GATEWAY, settings.SMS_GATEWAY_TOKEN)
    if settings.SMS_GATEWAY_2:
        yield HttpGateway(settings.SMS_GATEWAY_2, settings.SMS_GATEWAY_2_TOKEN, "second")


def _mail_gateways() -> Iterator[Gateway]:
    if settings.SMTP_URL:
        yield MailGateway()
    elif settings.SYNTHETIC:
        yield Sink(Channel.EMAIL)


def mail_is_carried() -> bool:
    """Whether anybody can be told by e-mail here."""
    return any(_mail_gateways())
