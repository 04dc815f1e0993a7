"""Text is cleaned once, the same for every door and both databases."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

# Surrogates, C0 and C1 controls but tab and line feed, bidi marks and overrides, zero-width signs, BOM, non-characters.
_UNWANTED = re.compile(
    "[\ud800-\udfff\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
_WORDS = re.compile(rf"{_HAN.pattern}+|(?:(?!{_HAN.pattern})[^\W_])+")  # 2026年 is two runs: a search for 年 finds it
MOST_GRAMS = 32  # of one search: a pasted page would be more than the databases' parsers take


def clean_text(text: str) -> str:
    """NFC, without surrogates, controls, bidi overrides or zero-width signs; line ends as \\n; outer space gone."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _UNWANTED.search(text):
        text = _UNWANTED.sub("", text)
    return unicodedata.normalize("NFC", text).strip()


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    for run in _WORDS.findall(unicodedata.normalize("NFKC", text).lower()):
        yield run, bool(_HAN.match(run))


def grams(*texts: str) -> str:
    """What a search finds a row by: Han text in single characters and pairs, other words whole; parted by spaces.

    Names and words of Chinese mostly have two characters, which trigram indexes never find.
    """
    found: dict[str, None] = {}
    for text in texts:
        for run, han in _runs(text):
            if han:
                found.update(dict.fromkeys(run))
                found.update(dict.fromkeys(a + b for a, b in pairwise(run)))
            else:
                found[run] = None
    return " ".join(found)


def wanted_grams(text: str) -> list[str]:
    """The grams that a row must have, all of them, to be found by this text; a trailing `*` asks for a beginning."""
    wanted: dict[str, None] = {}
    for run, han in _runs(text):
        if han:
            wanted.update(dict.fromkeys([a + b for a, b in pairwise(run)] or [run]))
        else:
            wanted[run + "*"] = None
    return list(wanted)[:MOST_GRAMS]
