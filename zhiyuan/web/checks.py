"""A route without declared access does not start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Route:
    """One address of the site."""

    path: str
    name: str
    access: str | None
    methods: tuple[str, ...]


def routes() -> Iterator[Route]:
    """All addresses with who may ask for them."""
    yield from _walk(get_resolver().url_patterns, "/")


def _walk(patterns: Sequence[URLPattern | URLResolver], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            view = pattern.callback
            yield Route(path, pattern.name or "", getattr(view, "access", None), getattr(view, "methods", ()))


@register()
def every_route_declares_its_access(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The route {route.path} does not say who may ask for it.",
            hint="Put @public, @signed_in, @volunteer, @staff(…) or @demo_only from zhiyuan.web.access on its view.",
            id="zhiyuan.E001",
        )
        for route in routes()
        if route.access is None
    ]
