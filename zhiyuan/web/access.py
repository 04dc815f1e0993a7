"""Every route says who may ask for it. A route that doesn't fails the build (see checks.py).

`@public`, `@signed_in`, `@volunteer`, `@staff(Permission.…)`, `@demo_only` also do what every view of the kind needs:
the login page instead of a refusal, the second factor, and one effect for a form that is sent twice (`once` in the
form).
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, Protocol, cast
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime

from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.journal.once import once
from zhiyuan.domain.journal.verbs import ANONYMOUS
from zhiyuan.domain.organisations.permissions import Permission, is_staff, may
from zhiyuan.web.request import Request


class View(Protocol):
    """A view that has declared its access."""

    access: str
    methods: tuple[str, ...]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


type Plain = Callable[..., HttpResponse]
GET = ("GET", "HEAD")
BOTH = ("GET", "HEAD", "POST")
POST = ("POST",)


def public(*methods: str) -> Callable[[Plain], View]:
    """Anybody may ask."""
    return _declared("public", methods or GET, lambda _request: None)


def signed_in(*methods: str) -> Callable[[Plain], View]:
    """Anybody with an account; others are sent to the login page and come back."""
    return _declared("signed in", methods or GET, _sign_in_first)


def volunteer(*methods: str) -> Callable[[Plain], View]:
    """Registered volunteers; an account without one is asked to register."""
    return _declared("volunteer", methods or GET, _volunteer_first)


def staff(*permissions: Permission, methods: tuple[str, ...] = GET) -> Callable[[Plain], View]:
    """Whoever holds one of the permissions anywhere; which rows they reach, queries and verbs say."""

    def gate(request: Request) -> HttpResponse | None:
        if (answer := _sign_in_first(request)) is not None:
            return answer
        if not any(may(request.person, permission) for permission in permissions):
            raise Http404
        return None

    names = " or ".join(permission.value for permission in permissions)
    return _declared(f"staff: {names}", methods, gate)


def demo_only(*methods: str) -> Callable[[Plain], View]:
    """Only where people are made up."""

    def gate(request: Request) -> HttpResponse | None:
        if not settings.SYNTHETIC:
            raise Http404
        return None

    return _declared("demo", methods or GET, gate)


def _declared(
    access: str, methods: tuple[str, ...], gate: Callable[[Request], HttpResponse | None]
) -> Callable[[Plain], View]:
    def declare(view: Plain) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            asked = cast(Request, request)
            response = gate(asked)
            if response is None:
                response = _once(asked, view, args, kwargs)
            patch_vary_headers(response, ("Cookie",))
            return response

        declared = cast(View, guarded)
        declared.access, declared.methods = access, methods
        return declared

    return declare


def _once(request: Request, view: Plain, args: Any, kwargs: Any) -> HttpResponse:
    """A form with a `once` key (or an Idempotency-Key header) has one effect, however often it is sent."""
    key = request.headers.get("Idempotency-Key") or (request.POST.get("once") if request.method == "POST" else None)
    if request.method != "POST" or not key:
        return view(request, *args, **kwargs)
    body = f"{request.path}\n{sorted((k, v) for k, v in request.POST.lists() if k != 'csrfmiddlewaretoken')}".encode()
    response: HttpResponse | None = None
    with once(request.person or ANONYMOUS, key[:64], body, at=now()) as call:
        if call.replayed:
            return HttpResponseRedirect(str(call.answer["location"]))
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect):  # something was done: keep where it led
            call.answer = {"location": response.url}
    if response is None:
        raise AssertionError("a call that was not replayed has an answer")
    return response


def _sign_in_first(request: Request) -> HttpResponse | None:
    if request.person is None:
        return redirect(f"/login/?{urlencode({'next': _way_back(request)})}")
    if is_staff(request.person) and not _factor_is_fresh(request):
        return redirect(f"/login/factor/?{urlencode({'next': _way_back(request)})}")
    return None


def _way_back(request: Request) -> str:
    """Where to go on after the login: the page itself, or the one whose form was sent."""
    if request.method in GET:
        return request.get_full_path()
    sent_from = urlsplit(request.headers.get("Referer", ""))
    if sent_from.netloc != request.get_host():
        return "/"
    return urlunsplit(("", "", sent_from.path or "/", sent_from.query, ""))


def _factor_is_fresh(request: Request) -> bool:
    """Staff show their second factor once in a working day."""
    shown_at = parse_datetime(request.session.get("factor_at", ""))
    return shown_at is not None and now() - shown_at < timedelta(seconds=settings.STAFF_SESSION_SECONDS)


def _volunteer_first(request: Request) -> HttpResponse | None:
    if (answer := _sign_in_first(request)) is not None:
        return answer
    if getattr(request.person, "volunteer", None) is None:
        return redirect("/join/")
    request.volunteer = request.person.volunteer  # type: ignore[union-attr, attr-defined]
    return None
