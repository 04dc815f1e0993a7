"""Lists at the demo's size: queries, CPU of the program and of the database, and bytes a page."""

import json
import os

from bench.figures import Row, note, say, write_table
from bench.server import Server, a_server

PEOPLE = os.environ.get("BENCH_PEOPLE", "101000")
OPEN_ACTIVITIES = "3000"


def measure(*, write: bool) -> None:
    data = {"ZHIYUAN_DATA": folder} if (folder := os.environ.get("ZHIYUAN_DATA")) else {}
    with a_server(ZHIYUAN_MODE="demo", **data) as server:
        say(f"a demo county of {PEOPLE} people")
        server.manage("seed_county", "--people", PEOPLE)
        rows = weighed(server, "")
        say(f"{OPEN_ACTIVITIES} open activities more")
        server.inside("open_activities", OPEN_ACTIVITIES)
        rows += [{**row, "page": f"{row['page']}; {OPEN_ACTIVITIES} open"} for row in weighed(server, "activities")]
    if write:
        write_table("lists", rows)


def weighed(server: Server, word: str) -> list[Row]:
    lines = server.run("-m", "bench.weighing", word).splitlines()
    return [note("lists", json.loads(line)) for line in lines]
