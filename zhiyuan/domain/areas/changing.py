"""Areas are loaded, renamed and merged; old names and codes stay resolvable."""

import csv
import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area, AreaAlias, Level, level_of_code
from zhiyuan.domain.areas.queries import lies_in
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import Actor, record, verb

LEVELS = {
    "province": Level.PROVINCE,
    "city": Level.CITY,
    "county": Level.COUNTY,
    "township": Level.TOWNSHIP,
    "village": Level.VILLAGE,
}


class AreaObstacle(TextChoices):
    NOT_A_TREE = "not_a_tree", _("Line %(line)s: parent %(code)s is not in the file or above. List parents first.")
    BAD_CODE = "bad_code", _("Line %(line)s: “%(code)s” is not a 12-digit code.")
    BAD_LEVEL = (
        "bad_level",
        _("Line %(line)s: unknown level “%(code)s”. Use province, city, county, township or village."),
    )
    WRONG_LEVEL = "wrong_level", _("Line %(line)s: the zeros of “%(code)s” say another level than the line does.")
    BAD_POINT = "bad_point", _("Line %(line)s: “%(code)s” is no latitude or longitude in degrees.")
    AREA_ENDED = "area_ended", _("This area has already ended.")
    SUCCESSOR_ENDED = "successor_ended", _("The area that takes over must be another one that still stands.")
    OTHER_LEVEL = "other_level", _("An area can only be merged into one of the same level.")


@verb
def load_areas(path: Path, *, by: Actor, at: datetime) -> int:
    """Load a tree of areas from the CSV form of docs/operating.md; loading again changes only what differs.

    Returns how many areas the file holds.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = _read(file)
    known = {area.code: area for area in Area.objects.all()}
    aliases: list[AreaAlias] = []
    for line, row in enumerate(rows, start=2):
        area = _area_from(row, known, line)
        known[area.code] = area
        if row.get("mca_code") and row["mca_code"] != area.code:
            aliases.append(AreaAlias(area=area, name=area.name, code=row["mca_code"], source="mca"))
    loaded = [known[row["code"]] for row in rows]
    changing = [
        field.name for field in Area._meta.concrete_fields if field.name not in {"code", "since", "until", "successor"}
    ]
    for level in Level:
        Area.objects.bulk_create(
            [area for area in loaded if area.level == level],
            batch_size=500,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=changing,
        )
    AreaAlias.objects.filter(area__in=[a.area_id for a in aliases], source="mca").delete()
    AreaAlias.objects.bulk_create(aliases, batch_size=500)
    record(by, "areas.loaded", f"areas:{loaded[0].code if loaded else ''}", at=at, count=len(loaded))
    return len(loaded)


def _read(file: Iterable[str]) -> list[dict[str, str]]:
    """The lines of a CSV file; a column that a line or the whole file lacks is empty."""
    wanted = dict.fromkeys(("code", "name", "level", "parent_code"), "")
    lines = csv.DictReader(file, restval="")
    return [wanted | {column: (text or "").strip() for column, text in line.items() if column} for line in lines]


def _area_from(row: dict[str, str], known: dict[str, Area], line: int) -> Area:
    code, above = row["code"], row["parent_code"]
    if not (len(code) == 12 and code.isascii() and code.isdigit()):
        raise Refused(AreaObstacle.BAD_CODE, line=line, code=code)
    if row["level"] not in LEVELS:
        raise Refused(AreaObstacle.BAD_LEVEL, line=line, code=row["level"])
    level, parent = LEVELS[row["level"]], known.get(above)
    if level != level_of_code(code):
        raise Refused(AreaObstacle.WRONG_LEVEL, line=line, code=code)
    # all that lies in an area is a range of codes, so a parent must hold its children's codes
    if level != Level.PROVINCE and not (parent and lies_in(code, parent.code)):
        raise Refused(AreaObstacle.NOT_A_TREE, line=line, code=above)
    return Area(
        code=code,
        name=row["name"],
        official_name=row.get("stat_name") or row["name"],
        place=f"{parent.name} {row['name']}" if parent and level == Level.VILLAGE else row["name"],
        level=level,
        kind=row.get("kind", ""),
        parent=parent,
        latitude=_degrees(row.get("lat", ""), line),
        longitude=_degrees(row.get("lon", ""), line),
        point_source=row.get("coord_source", ""),
        counted=row.get("in_published_count", "yes") != "no",
    )


def _degrees(text: str, line: int) -> float | None:
    if not text:
        return None
    if not (re.fullmatch(r"-?\d{1,3}(\.\d+)?", text) and abs(float(text)) <= 180):
        raise Refused(AreaObstacle.BAD_POINT, line=line, code=text)
    return float(text)


@verb
def rename_area(area: Area, name: str, *, by: Actor, at: datetime, on: date) -> Area:
    """Give an area a new name from a day on; the old one stays findable as an alias."""
    area = Area.objects.select_for_update(of=("self",)).select_related("parent").get(pk=area.pk)
    AreaAlias.objects.get_or_create(area=area, name=area.name, code=area.code, source="renamed", until=on)
    area.place = area.place.removesuffix(area.name) + name
    area.name = area.official_name = name
    area.save(update_fields=["name", "official_name", "place"])
    for village in Area.objects.filter(parent=area, level=Level.VILLAGE):
        village.place = f"{name} {village.name}"
        village.save(update_fields=["place"])
    record(by, "area.renamed", f"area:{area.code}", at=at, on=on.isoformat())
    return area


@verb
def end_area(area: Area, successor: Area, *, by: Actor, at: datetime, on: date) -> Area:
    """Merge an area into another from a day on.

    Its code still resolves: to itself before that day, then to the successor.
    """
    area = Area.objects.select_for_update().get(pk=area.pk)
    if area.until:
        raise Refused(AreaObstacle.AREA_ENDED)
    if successor.until or successor.pk == area.pk:  # else codes could lead round in a circle
        raise Refused(AreaObstacle.SUCCESSOR_ENDED)
    if area.level != successor.level:
        raise Refused(AreaObstacle.OTHER_LEVEL)
    area.until, area.successor = on, successor
    area.save(update_fields=["until", "successor"])
    record(by, "area.ended", f"area:{area.code}", at=at, successor=successor.code, on=on.isoformat())
    return area
