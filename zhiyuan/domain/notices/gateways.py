"""Who carries an SMS: a county's gateway over HTTPS, or the sink of demo and test."""

import json
import urllib.request
from typing import Protocol

from django.conf import settings

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.notices.models import SinkMessage

GATEWAY_SECONDS = 5


class Gateway(Protocol):
    """Sends one text.

    `message_id` is the same in every try, so that a gateway can drop a repeat. Raises OSError when it fails.
    """

    def send(self, message_id: str, phone: str, text: str) -> None: ...


class Sink:
    def send(self, message_id: str, phone: str, text: str) -> None:
        SinkMessage.objects.get_or_create(message_id=message_id, defaults={"phone": phone, "text": text, "at": now()})


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Telephone, text and token go to the configured address and to no other."""

    def redirect_request(self, *args: object) -> None:
        return None


class HttpGateway:
    """A JSON POST with a bearer token; any 2xx answer is taken as accepted."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token

    def send(self, message_id: str, phone: str, text: str) -> None:
        body = json.dumps({"id": message_id, "to": phone, "text": text}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(self.address, data=body, headers=headers, method="POST")  # noqa: S310 settings allow https only
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=GATEWAY_SECONDS):
            return


def configured_gateway() -> Gateway:
    if settings.SMS_GATEWAY == "sink" and settings.SYNTHETIC:
        return Sink()
    return HttpGateway(settings.SMS_GATEWAY, settings.SMS_GATEWAY_TOKEN)
