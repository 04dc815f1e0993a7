"""What a measurement hands out: a JSON line each on stdout, and with --write its table in docs/measurements.md."""

import json
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.server import ROOT

PAGE = ROOT / "docs" / "measurements.md"
type Row = dict[str, object]


def say(words: str) -> None:
    sys.stderr.write(f"==> {words}\n")


def note(measurement: str, row: Row) -> Row:
    sys.stdout.write(json.dumps({"measurement": measurement, **row}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return row


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of them does not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def write_table(measurement: str, rows: Sequence[Row]) -> None:
    """Put a table between the measurement's two marks on the page, with the day on which it was taken."""
    head = list(rows[0])
    lines = [head, ["---"] * len(head), *([str(row.get(name, "")) for name in head] for row in rows)]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    taken = f"Taken on {datetime.now(UTC):%Y-%m-%d}."
    begin, end = f"<!-- {measurement} -->", f"<!-- /{measurement} -->"
    pattern = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    text = PAGE.read_text(encoding="utf-8")
    if not pattern.search(text):
        raise RuntimeError(f"docs/measurements.md has no place {begin} … {end}.")
    PAGE.write_text(pattern.sub(lambda _match: f"{begin}\n{taken}\n\n{table}\n{end}", text), encoding="utf-8")
