from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyuan.engines.chain import GENESIS, Break, Link, first_break, link_hash

FACTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def a_chain(length, facts=None):
    links: list[Link] = []
    prev = GENESIS
    for seq in range(1, length + 1):
        fields: dict[str, Any] = {
            "seq": seq,
            "at": f"2026-11-24T01:00:0{seq % 10}.000000+00:00",
            "actor": "system",
            "action": "test.happened",
            "object": f"test:{seq}",
            "facts": facts or {},
            "prev": prev,
        }
        prev = link_hash(**fields)
        links.append(Link(**fields, hash=prev))
    return links


def break_in(links, head=None):
    last = head or links[-1]
    return first_break(links, head_seq=last.seq, head_hash=last.hash)


def test_a_whole_chain_holds():
    assert break_in(a_chain(5)) is None
    assert first_break([], head_seq=0, head_hash=GENESIS) is None


@pytest.mark.parametrize("field", ["at", "actor", "action", "object", "facts", "hash"])
def test_a_change_of_any_field_is_found_where_it_was_made(field):
    chain = a_chain(5)
    chain[2] = replace(chain[2], **{field: "changed"})

    assert break_in(chain) == Break(3, "changed")


def test_a_line_that_was_dropped_put_between_or_moved_is_found():
    chain = a_chain(5)

    assert break_in(chain[1:]) == Break(2, "gap")
    assert break_in([*chain[:2], *chain[3:]]) == Break(4, "gap")
    assert break_in([*chain[:2], chain[1], *chain[2:]]) == Break(2, "gap")
    assert break_in(chain[:4], head=chain[4]) == Break(4, "end is missing")
    assert first_break([], head_seq=5, head_hash=chain[4].hash) == Break(0, "end is missing")


def test_a_part_rewritten_with_right_hashes_does_not_meet_the_rest():
    chain, forged = a_chain(5), a_chain(3, {"minutes": 720})

    assert break_in([*forged, *chain[3:]]) == Break(4, "does not follow")


def test_a_hash_is_the_same_for_ever():
    fields: dict[str, Any] = {
        "seq": 1,
        "at": "2026-11-24T01:00:00.000000+00:00",
        "actor": "a",
        "action": "b",
        "object": "c:d",
    }

    found = link_hash(**fields, facts={"分": 90, "a": [None, True]}, prev=GENESIS)

    assert found == "87af4e6ca2942a51eb26b392ae5ced8ac926a7f0e45a959934529e7a0eccf6fa"


@given(FACTS, FACTS)
def test_different_facts_have_different_hashes(one, other):
    fields: dict[str, Any] = {"seq": 1, "at": "", "actor": "", "action": "", "object": "", "prev": GENESIS}

    same = link_hash(**fields, facts=one) == link_hash(**fields, facts=other)

    assert same == (repr(_sorted(one)) == repr(_sorted(other)))


def _sorted(facts):
    if isinstance(facts, dict):
        return {key: _sorted(facts[key]) for key in sorted(facts)}
    return [_sorted(fact) for fact in facts] if isinstance(facts, list) else facts
