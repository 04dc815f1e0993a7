"""The real server, as `./run demo` starts it: hashed static files, headers, one last place, kill -9."""

import http.client
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bench.clients import send_all
from bench.kills import on as kills_on
from bench.messages import on as messages_on
from bench.seats import sign_ups, signed_up
from bench.server import HOST, Server, a_server

DATABASE = "sqlite" if os.environ.get("ZHIYUAN_TEST_DATABASE", "sqlite") == "sqlite" else "postgresql"


@dataclass(frozen=True)
class Page:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with a_server(DATABASE) as server:
        server.inside("county")
        server.start()
        yield server


def get(server: Server, address: str, **headers: str) -> Page:
    connection = http.client.HTTPConnection(HOST, server.port, timeout=20)
    try:
        connection.request("GET", address, headers=headers)
        response = connection.getresponse()
        return Page(response.status, response.headers, response.read())
    finally:
        connection.close()


def test_the_home_page_is_served_with_a_strict_content_policy(server):
    page = get(server, "/")

    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = page.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]


def test_static_files_have_hashed_names_may_be_kept_for_ever_and_come_compressed(server):
    home = get(server, "/").body.decode()
    address = re.search(r"/static/css/look\.[0-9a-f]{12}\.css", home)
    assert address

    style = get(server, address.group(), **{"Accept-Encoding": "gzip, br"})

    assert style.status == 200
    assert style.headers["Content-Encoding"] == "br"
    assert "immutable" in style.headers["Cache-Control"]
    assert len(style.body) < len(get(server, address.group()).body) / 3


def test_every_static_file_that_the_home_page_names_is_there(server):
    named = set(re.findall(r'"(/static/[^"#]+)', get(server, "/").body.decode()))

    assert named
    assert [address for address in sorted(named) if get(server, address).status != 200] == []


def test_an_unknown_address_is_answered_by_a_page(server):
    page = get(server, "/nowhere/")

    assert page.status == 404
    assert b"</html>" in page.body


def test_the_server_says_that_it_lives(server):
    assert get(server, "/healthz").status == 200


def test_sixty_people_and_ten_places_make_ten_sign_ups(server):
    sessions = server.inside("crowd", "60")
    [shift] = server.inside("shifts", "1", "10")

    answers = send_all(server, sign_ups(shift, sessions), clients=16)

    assert [answer.status for answer in answers] == [302] * 60
    assert sum(signed_up(answer) for answer in answers) == 10
    assert server.inside("seats", shift["shift"]) == {"admitted": 10, "taken": 10, "told_full": 50}


@pytest.mark.long
def test_two_kills_lose_nothing_and_double_nothing():
    found = kills_on(DATABASE, kills=2, people=40)

    assert (found["lost"], found["duplicates"], found["refused"], found["verify"]) == (0, 0, 0, "clean")


@pytest.mark.long
def test_killed_workers_lose_no_message():
    found = messages_on(DATABASE, messages=200, kills=3)

    assert (found["delivered"], found["lost"], found["sent, by the database"]) == (200, 0, 200)
    assert found["duplicates"] <= 3
    assert found["longest passed over s"] <= 120
