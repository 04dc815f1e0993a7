"""What the machine watches beside imports, lint and types."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, get_commands
from django.urls import get_resolver

from zhiyuan.cli.catalogue import messages, missing
from zhiyuan.web.checks import every_route_declares_its_access, routes

ROOT = Path(settings.ROOT)
PACKAGE = ROOT / "zhiyuan"
# the map of docs/architecture.md: a room's foreign keys may point to rooms further down this list, and to itself
ROOMS = settings.ROOMS
SIDE_BY_SIDE = ({"volunteers", "residents"}, {"activities", "emergency", "collecting"})


def _sources(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for folder in folders:
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_foreign_keys_point_down_the_map():
    wrong = []
    for model in apps.get_models():
        room = model._meta.app_label
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or other is None or room not in ROOMS:
                continue
            there = other._meta.app_label
            if there != room and ROOMS.index(there) <= ROOMS.index(room):
                wrong.append(f"{model.__name__}.{field.name} → {there}")

    assert wrong == []


def test_doors_reach_rows_only_through_the_rooms_queries_and_verbs():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in _sources("web", "cli/management")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
    ]

    assert wrong == []


def test_areas_are_reached_by_range_and_never_by_startswith():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in _sources("domain", "web", "cli")
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg and node.arg.endswith(("__startswith", "__istartswith"))
    ]

    assert wrong == []


BANNED = {"mark_safe", "RawSQL", "extra", "SafeString.__new__"}


def test_nothing_bypasses_escaping_or_the_orm():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in _sources("domain", "web", "cli", "engines")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", None) in BANNED or getattr(node.func, "attr", None) in {"extra", "raw"})
    ]
    wrong += [
        str(path) for path in PACKAGE.rglob("*.html") if re.search(r"\|\s*safe\b|autoescape off", path.read_text())
    ]

    assert wrong == []


def test_pages_carry_no_inline_style_or_script():
    pattern = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    wrong = [
        f"{path.relative_to(ROOT)}: {match.group(0)!r}"
        for path in PACKAGE.rglob("*.html")
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]

    assert wrong == []


def test_every_route_declares_who_may_ask_and_how():
    assert get_resolver().url_patterns
    assert every_route_declares_its_access(None) == []
    assert [route.path for route in routes() if not route.methods] == []


def test_no_address_carries_a_row_number():
    assert [route.path for route in routes() if "<int:" in route.path and "pk" in route.path] == []


def test_every_room_says_what_it_is_for():
    rooms = [path.parent for path in (PACKAGE / "domain").glob("*/__init__.py")]

    assert [room.name for room in rooms if not ast.get_docstring(ast.parse((room / "__init__.py").read_text()))] == []


def test_every_room_and_command_stands_in_the_docs():
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    operating = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    own = [name for name, where in get_commands().items() if where in {"zhiyuan.cli", "zhiyuan.web"}]

    assert [room for room in ROOMS if (PACKAGE / "domain" / room).is_dir() and f"`{room}/`" not in architecture] == []
    assert [command for command in own if f"`{command}" not in operating] == []


def _obstacles() -> Iterator[tuple[str, str]]:
    """(class, value) of everything that can be refused."""
    for _path, tree in _sources("domain"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name.endswith("Obstacle"):
                for line in node.body:
                    if isinstance(line, ast.Assign) and isinstance(line.value, ast.Tuple):
                        yield node.name, ast.literal_eval(line.value.elts[0])


def test_every_refusal_has_one_meaning_and_stands_in_the_docs():
    found = list(_obstacles())
    values = [value for _name, value in found]
    text = (ROOT / "docs" / "refusals.md").read_text(encoding="utf-8")

    assert found
    assert sorted(values) == sorted(set(values))
    assert [value for value in values if f"`{value}`" not in text] == []


def test_every_text_is_translated():
    assert len(list(messages())) > 200
    assert missing() == []


# Numbers that could belong to somebody ------------------------------------------------------------------------------

MOBILE = re.compile(r"(?<![\d.])1[3-9]\d{9}(?![\d.])")
ID_NUMBER = re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])")
SKIPPED = {
    ".venv",
    ".tools",
    "node_modules",
    "var",
    ".git",
    "build",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    "requirements",
}


def _texts() -> Iterator[tuple[Path, str]]:
    for path in sorted(ROOT.rglob("*")):
        if path.is_file() and not SKIPPED & set(path.relative_to(ROOT).parts) and path.name != "package-lock.json":
            try:
                yield path, path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def _valid_id(number: str) -> bool:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    check = "10X98765432"[sum(int(d) * w for d, w in zip(number[:17], weights, strict=True)) % 11]
    return check == number[17].upper() and 1900 <= int(number[6:10]) <= 2030 and 1 <= int(number[10:12]) <= 12


def test_the_repository_holds_no_number_that_could_be_somebodys():
    phones, ids = [], []
    for path, text in _texts():
        phones += [f"{path.relative_to(ROOT)}: {m.group()}" for m in MOBILE.finditer(text)]
        ids += [
            f"{path.relative_to(ROOT)}: {m.group()}"
            for m in ID_NUMBER.finditer(text)
            if _valid_id(m.group()) and not m.group().startswith("999999")
        ]

    assert _valid_id("99999919900501001" + "10X98765432"[0]) in {True, False}
    assert phones == []
    assert ids == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
