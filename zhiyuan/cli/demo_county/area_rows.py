"""The county's areas as the generators take them."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import zhiyuan.domain.areas

ZHENYUAN = Path(zhiyuan.domain.areas.__path__[0]) / "data" / "zhenyuan.csv"


class AreaRow(NamedTuple):
    code: str
    name: str
    level: str  # province, city, county, township, village
    parent_code: str
    kind: str = ""
    counted: bool = True

    @property
    def is_community(self) -> bool:
        return self.kind == "社区"


def read_area_rows(path: Path = ZHENYUAN) -> tuple[AreaRow, ...]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            AreaRow(
                code=row["code"],
                name=row["name"],
                level=row["level"],
                parent_code=row["parent_code"],
                kind=row["kind"],
                counted=row["in_published_count"] != "no",
            )
            for row in csv.DictReader(file)
        )


def county_of(areas: Iterable[AreaRow]) -> AreaRow:
    return next(area for area in areas if area.level == "county")


def townships_of(areas: Iterable[AreaRow]) -> list[AreaRow]:
    return [area for area in areas if area.level == "township"]


def villages_of(areas: Iterable[AreaRow]) -> list[AreaRow]:
    """Villages and communities with a committee of their own."""
    return [area for area in areas if area.level == "village" and area.counted]
