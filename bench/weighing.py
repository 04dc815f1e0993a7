"""Weighs pages inside the program: `python -m bench.weighing [WORD]` prints a JSON line for each page named so."""

import gzip
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import brotli  # type: ignore[import-untyped]
import django
from django.db import connection
from django.test import Client

RUNS = 20


@dataclass(frozen=True)
class Weighed:
    """A page and who looks at it; for a list what its items' addresses begin with, and the same list cut down."""

    name: str
    role: str
    address: str
    items: str = ""
    few: str = ""
    one_of_them: bool = False  # the page of one of its items instead


SNOW, HILL, CHEN = "%E9%9B%AA", "%E5%AD%9F%E5%9D%9D", "%E9%99%88%E9%9D%92"  # 雪, 孟坝, 陈青
PAGES = (
    Weighed("home", "visitor", "/"),
    Weighed("activities, visitor", "visitor", "/activities/", "/activities/", f"?week=1&q={SNOW}"),
    Weighed("activities, can I take it", "volunteer", "/activities/", "/activities/", f"?week=1&q={SNOW}"),
    Weighed(
        "activities, only what I can", "volunteer", "/activities/?fit=1", "/activities/", f"?fit=1&week=1&q={SNOW}"
    ),
    Weighed("one activity", "volunteer", "/activities/", "/activities/", one_of_them=True),
    Weighed("me", "volunteer", "/me/"),
    Weighed("my hours", "volunteer", "/me/hours/", "/hours/"),
    Weighed("my teams", "leader", "/my-teams/"),
    Weighed("hours to confirm", "leader", "/hours/", "/hours/"),
    Weighed("desk of a township", "dispatcher", "/desk/", "/desk/", f"?urgency=urgent&q={SNOW}"),
    Weighed("desk of the county", "county_dispatcher", "/desk/", "/desk/", f"?urgency=urgent&q={SNOW}"),
    Weighed("desk with a need", "dispatcher", "/desk/", "/desk/", one_of_them=True),
    Weighed("teams", "office", "/teams/", "/teams/", f"?q={HILL}"),
    Weighed("sites", "visitor", "/sites/", "/sites/", f"?q={HILL}"),
    Weighed("volunteers", "office", "/volunteers/", "/volunteers/", f"?q={CHEN}"),
)


@dataclass
class Asked:
    """The queries of one request."""

    queries: list[tuple[str, Any]] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self.queries.append((sql, params))
        return execute(sql, params, many, context)


@contextmanager
def asking() -> Iterator[Asked]:
    asked = Asked()
    with connection.execute_wrapper(asked):
        yield asked


def as_role(role: str) -> Client:
    client = Client(headers={"accept-language": "zh-CN"}, raise_request_exception=False)
    if role != "visitor":
        client.post("/demo/role/", {"role": role})
    return client


def weigh(page: Weighed) -> dict[str, object]:
    client = as_role(page.role)
    address = an_item(client, page) if page.one_of_them else page.address
    cold = queries_of(client, address)
    with asking() as asked:
        response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} was answered with {response.status_code}.")
    body = response.content
    whole = cpu_ms(lambda: client.get(address))
    database = cpu_ms(lambda: replay(asked.queries))
    return {
        "page": page.name,
        "rows": len(items_in(body, page)) if page.items else "",
        "queries": cold,
        **cut_down(client, page),
        "app CPU ms": round(whole - database, 1),
        "database CPU ms": round(database, 1),
        "KB": round(len(body) / 1024, 1),
        "gzip KB": round(len(gzip.compress(body, 6)) / 1024, 1),
        "brotli KB": round(len(brotli.compress(body, quality=4)) / 1024, 1),
    }


def cut_down(client: Client, page: Weighed) -> dict[str, object]:
    """The same list with few rows asks as many questions, or one of them depends on how many there are."""
    if not page.few:
        return {"fewer rows": "", "queries then": ""}
    address = page.address.split("?")[0] + page.few
    return {"fewer rows": len(items_in(client.get(address).content, page)), "queries then": queries_of(client, address)}


def items_in(body: bytes, page: Weighed) -> set[bytes]:
    return set(re.findall(rf'href="({page.items}[0-9a-z]{{16}}/)'.encode(), body))


def an_item(client: Client, page: Weighed) -> str:
    return min(items_in(client.get(page.address).content, page)).decode()


def queries_of(client: Client, address: str) -> int:
    with asking() as asked:
        client.get(address)
    return len(asked.queries)


def replay(queries: list[tuple[str, Any]]) -> None:
    """The same questions once more, with all their rows, past the models."""
    with connection.cursor() as cursor:
        for sql, params in queries:
            if sql.lstrip().upper().startswith("SELECT"):
                cursor.execute(sql, params)
                cursor.fetchall()


def cpu_ms(work: Callable[[], object]) -> float:
    """This process's CPU for one go, the warm middle of many."""
    work()
    taken = []
    for _number in range(RUNS):
        begun = time.process_time()
        work()
        taken.append((time.process_time() - begun) * 1000)
    return sorted(taken)[RUNS // 2]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyuan.config.settings")
    django.setup()
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    for page in PAGES:
        if word in page.name:
            sys.stdout.write(json.dumps(weigh(page), ensure_ascii=False) + "\n")
            sys.stdout.flush()
