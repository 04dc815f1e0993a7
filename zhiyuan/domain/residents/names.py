"""Names of residents as they are compared: sealed in their rows, found by keyed hashes."""

import re
import unicodedata

from zhiyuan.domain.foundation.sealed import blind_index


def compact_name(name: str) -> str:
    """Without spaces, and full-width signs as plain ones: 王 桂兰 and 王桂兰 are one name."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).lower()


def name_key(name: str) -> str:
    return blind_index(compact_name(name), "resident_name")


def family_key(name: str) -> str:
    """Of the first sign: the family name, or how a double one begins."""
    return blind_index(compact_name(name)[:1], "resident_family")


def is_part_of(one: str, other: str) -> bool:
    """Whether one name is the other, or a shorter form of it: 王桂兰 and 桂兰, 王桂兰 and 王桂兰奶奶."""
    one, other = compact_name(one), compact_name(other)
    return bool(one and other) and (one in other or other in one)
