"""The catalogue of translations: what the sources say, what is translated, and what is missing.

The sources are English; the catalogue holds the Chinese. Python's own gettext tools are no part of Python, so
messages are read with Babel and Django's own template reader, and compiled with Babel.
"""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PACKAGE = settings.ROOT / "zhiyuan"
PO = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_STRING = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL = re.compile(rf" (_|gettext|pgettext|ngettext|npgettext)\({_STRING}(?:, {_STRING})?(?:, {_STRING})?")

type Id = str | tuple[str, str]


def messages() -> Iterator[tuple[str, Id, str | None, int]]:
    """(file, message id, context, line) of every text in the sources that is marked for translation."""
    for path in sorted(PACKAGE.rglob("*.py")):
        with path.open("rb") as file:
            for line, function, found, _comments in extract_python(file, KEYWORDS, (), {}):
                yield from _from_call(str(path.relative_to(settings.ROOT)), str(function), found, line)
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        yield from _from_template(path)


def _from_call(name: str, function: str, found: object, line: int) -> Iterator[tuple[str, Id, str | None, int]]:
    parts = [part for part in (found if isinstance(found, tuple) else (found,)) if isinstance(part, str)]
    if not parts:
        return
    if function.startswith("ngettext") and len(parts) >= 2:
        yield name, (parts[0], parts[1]), None, line
    elif function.startswith("pgettext") and len(parts) >= 2:
        yield name, parts[1], parts[0], line
    else:
        yield name, parts[0], None, line


def _from_template(path: Path) -> Iterator[tuple[str, Id, str | None, int]]:
    name = str(path.relative_to(settings.ROOT))
    read = templatize(path.read_text(encoding="utf-8"), origin=name)
    for match in _CALL.finditer(read):
        line = read.count("\n", 0, match.start()) + 1
        function, *strings = match.groups()
        parts = tuple(ast.literal_eval(string) for string in strings if string)
        if function == "npgettext":
            yield name, (parts[1], parts[2]), parts[0], line
        else:
            yield from _from_call(name, function, parts, line)


def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def missing() -> list[tuple[str, Id]]:
    """Marked texts without a translation, with the file they stand in."""
    known = catalogue()
    lacking: dict[Id, str] = {}
    for name, found, context, _line in messages():
        entry = known.get(found if isinstance(found, str) else found[0], context)
        translated = entry is not None and (
            any(entry.string) if isinstance(entry.string, tuple) else bool(entry.string)
        )
        if not translated:
            lacking.setdefault(found, name)
    return [(name, found) for found, name in lacking.items()]


def rewrite(added: dict[str, str | list[str]]) -> None:
    """Write the catalogue anew: what the sources hold, translations kept, `added` ones put in."""
    known = catalogue() if PO.exists() else Catalog(locale="zh_Hans")
    fresh = Catalog(locale="zh_Hans", project="Zhiyuan", charset="utf-8", fuzzy=False)
    for name, found, context, _line in messages():
        first = found if isinstance(found, str) else found[0]
        entry = known.get(first, context)
        string = added.get(f"{context}|{first}" if context else first, entry.string if entry else "")
        if isinstance(found, tuple):
            forms = string if isinstance(string, list | tuple) else [string]
            fresh.add(found, tuple(str(form) for form in forms[:1]), locations=[(name, 0)], context=context)
        else:
            fresh.add(
                found,
                string[0] if isinstance(string, list | tuple) else string,
                locations=[(name, 0)],
                context=context,
            )
    out = BytesIO()
    write_po(out, fresh, sort_output=True, width=0, omit_header=False, include_lineno=False)
    text = re.sub(
        r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid[^:]*):.*\n',
        "",
        out.getvalue().decode(),
        flags=re.MULTILINE,
    )
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text(text, encoding="utf-8")


def compile_catalogue() -> Path:
    target = PO.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, catalogue())
    return target
