"""What every request goes through: an id, clean text, the person who asks, refusals turned into sentences."""

import logging
import secrets
from collections.abc import Callable
from ipaddress import ip_address
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.text import clean_text
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.models import Person
from zhiyuan.web.request import Request

log = logging.getLogger("zhiyuan.web")
type Answer = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Names the request, for the log and for whoever calls about an error."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast(Request, request)
        asked.request_id = secrets.token_hex(8)
        asked.client_place = _network_of(request)
        response = self.get_response(request)
        response["X-Request-ID"] = asked.request_id
        return response


def _network_of(request: HttpRequest) -> str:
    """The asker's network, for limits: /24 of IPv4, /64 of IPv6. Only our own proxies are believed."""
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if settings.TRUSTED_PROXIES and len(forwarded) >= settings.TRUSTED_PROXIES:
        address = forwarded[-settings.TRUSTED_PROXIES]
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    found = getattr(found, "ipv4_mapped", None) or found
    return found.packed[: 3 if found.version == 4 else 8].hex()


class CleanInputMiddleware:
    """Every text that arrives is cleaned once, before any form or search sees it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _cleaned(request.POST)  # type: ignore[assignment]
        return self.get_response(request)


def _cleaned(values: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True)
    for key, entries in values.lists():
        clean.setlist(clean_text(key), [clean_text(entry) for entry in entries])
    clean._mutable = False  # noqa: SLF001 as Django leaves it
    return clean


class PersonMiddleware:
    """`request.person`: who is signed in, unless closed or signed out everywhere since."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast(Request, request)
        asked.person = request.user if isinstance(request.user, Person) else None
        if asked.person and (not asked.person.is_active or request.session.get("epoch") != asked.person.auth_epoch):
            logout(request)
            asked.person = None
        response = self.get_response(request)
        if asked.person is not None:  # refusals and errors too: no page of theirs is kept for the next at this screen
            add_never_cache_headers(response)
        return response


class RefusedMiddleware:
    """The one place where a refusal becomes a page: 404 for what is not yours, else a message where you came from."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        if error.obstacle is AccessObstacle.NOT_YOURS:  # absent and foreign are answered alike
            return render(request, "404.html", status=404)
        if "application/json" in request.headers.get("Accept", ""):
            asked = cast(Request, request)
            body = {"code": error.obstacle.value, "message": error.sentence, "request_id": asked.request_id}
            return JsonResponse(body, status=409)
        messages.error(request, error.sentence, extra_tags=error.obstacle.value)
        back = request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(back, {request.get_host()}):
            return redirect(back)
        return render(request, "refused.html", {"sentence": error.sentence}, status=409)
