"""Comparing two answers by what they tell, without what every answer has of its own."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from zhiyuan.domain.people.phones import masked_phone, spaced_phone

HEADERS = {"Content-Type", "Cache-Control", "Vary", "Retry-After"}
QUERIES_MORE_OR_LESS = 1
_OF_ITS_OWN = re.compile(r'name="(?:csrfmiddlewaretoken|once)" value="[^"]*"')


def told(answer: Any) -> tuple[int, str, str]:
    """Status, where it leads, and text: without the request's id, its address and the keys of its forms."""
    address = answer.wsgi_request.get_full_path()
    text = _OF_ITS_OWN.sub("", answer.content.decode()).replace(answer["X-Request-ID"], "")
    place = answer.get("Location", "")
    for written in sorted({address, escape(address), quote(address), quote(address, safe="")}, key=len, reverse=True):
        text, place = text.replace(written, "HERE"), place.replace(written, "HERE")
    return answer.status_code, place, text


@dataclass(frozen=True)
class Walk:
    """What somebody does at a door, one answer after another, and the words that are theirs alone: a telephone, a
    code. They may be read in the answers; nothing else may differ.
    """

    steps: Callable[[], Iterable[Any]]
    own: Callable[[], Iterable[str]]


def alike(first: Walk, second: Walk) -> None:
    """Both walks are told the same at each step, write as many rows to the same tables and ask about as many queries:
    nobody learns from an answer, or from how long it takes, whom the program knows.

    Let a third person walk before, so that rows which all share, such as a limit's for the whole county, stand there
    for both.
    """
    one, other = _walked(first), _walked(second)
    for number, (told_one, told_other) in enumerate(zip(one.told, other.told, strict=True)):
        assert told_one == told_other, f"step {number}: {told_one}\nand not alike: {told_other}"
    assert one.written == other.written, f"{one.written} and {other.written}"
    assert abs(one.queries - other.queries) <= QUERIES_MORE_OR_LESS, f"{one.queries} and {other.queries} queries"


@dataclass(frozen=True)
class _Walked:
    told: list[tuple[int, str, str, dict[str, str]]]
    written: dict[str, int]
    queries: int


def _walked(walk: Walk) -> _Walked:
    before = _rows()
    with CaptureQueriesContext(connection) as asked:
        answers = list(walk.steps())
    written = {table: count - before[table] for table, count in _rows().items() if count != before[table]}
    return _Walked([_but_for(walk.own(), answer) for answer in answers], written, len(asked))


def _but_for(own: Iterable[str], answer: Any) -> tuple[int, str, str, dict[str, str]]:
    status, place, text = told(answer)
    words = [form for word in own for form in (word, spaced_phone(word), masked_phone(word))]
    for word in sorted(set(words), key=len, reverse=True):
        text = text.replace(word, "OWN")
    headers = {name: value for name, value in answer.headers.items() if name in HEADERS}
    return status, place, text, headers | {"Set-Cookie": " ".join(sorted(answer.cookies))}


def _rows() -> dict[str, int]:
    return {model._meta.db_table: model._default_manager.count() for model in apps.get_models()}
