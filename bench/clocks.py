"""The clocks of 50,000 needs: what a tick costs when few, many or very many ring, and the desk over them."""

from bench.figures import note, say, write_table
from bench.lists import weighed
from bench.server import DATABASES, a_server

NEEDS = "50000"
PEOPLE = "2000"
RINGING = ("0", "60", "1000", "5000")


def measure(*, write: bool) -> None:
    ticks, desks = [], []
    for database in DATABASES:
        with a_server(database, ZHIYUAN_MODE="demo") as server:
            say(f"{NEEDS} needs with clocks on {database}")
            server.manage("seed_county", "--people", PEOPLE)
            server.inside("needs_with_clocks", NEEDS)
            for ringing in RINGING:
                facts = server.inside("tick_with", ringing)
                ticks.append(note("clocks", {"database": database, "open needs": int(NEEDS), **facts}))
            desks += [{"database": database, **row} for row in weighed(server, "desk")]
    if write:
        write_table("clocks", ticks)
        write_table("desk", desks)
