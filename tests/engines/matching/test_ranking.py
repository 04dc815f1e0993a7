"""The ranking by hand, then against plain sorting, then turned and renamed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyuan.engines.matching import AGAINST, Candidate, Demand, Reason, Weights, Why, rank

MABAO, TUNZI, COUNTY, MENGBA = "621027103200", "621027103000", "621027000000", "621027102200"
HAIRCUT = Demand(MABAO, "haircut", ("hairdressing",), cell=9)


def a_candidate(key=1, **facts):
    usual = {
        "area": MABAO,
        "categories": frozenset({"haircut"}),
        "members": 10,
        "skilled": {"hairdressing": 3},
        "free": (5,) * 24,
    }
    return Candidate(key=key, **{**usual, **facts})


def whys(match):
    return {reason.why for reason in match.reasons}


def test_every_fact_is_a_reason_with_its_number():
    [match] = rank(HAIRCUT, [a_candidate(ratings=2, stars=10)])

    assert set(match.reasons) == {
        Reason(Why.SAME_VILLAGE),
        Reason(Why.DOES_THIS),
        Reason(Why.SKILLED, 3, "hairdressing"),
        Reason(Why.FREE_THEN, 5),
        Reason(Why.NO_OPEN_ORDERS),
        Reason(Why.WELL_RATED, 5.0),
    }
    assert match.score == pytest.approx(40 + 20 + 25 + 12 + 6 * ((10 + 4.3 * 5) / 7 - 4.3))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"area": TUNZI}, Why.SAME_TOWNSHIP),
        ({"area": COUNTY}, Why.COUNTY_WIDE),
        ({"area": MENGBA}, Why.OTHER_TOWNSHIP),
        ({"skilled": {}}, Why.LACKS_SKILL),
        ({"free": (0,) * 24}, Why.NOBODY_FREE),
        ({"members": 0}, Why.NO_MEMBERS),
        ({"open_orders": 3}, Why.BUSY),
        ({"declined": 2, "done": 1}, Why.OFTEN_DECLINES),
        ({"ratings": 4, "stars": 8}, Why.POORLY_RATED),
    ],
)
def test_what_speaks_against_a_team_costs_it_points(facts, why):
    good, bad = a_candidate(1), a_candidate(2, **facts)

    matches = rank(HAIRCUT, [bad, good])

    assert [match.candidate for match in matches] == [1, 2]
    assert why in whys(matches[1])
    assert not whys(matches[0]) & AGAINST


def test_one_declined_order_is_no_habit():
    [match] = rank(HAIRCUT, [a_candidate(declined=1)])

    assert Why.OFTEN_DECLINES not in whys(match)


def test_an_unknown_time_speaks_neither_way():
    [match] = rank(replace(HAIRCUT, cell=None), [a_candidate(free=(0,) * 24)])

    assert not whys(match) & {Why.FREE_THEN, Why.NOBODY_FREE}


def test_nobody_to_rank_is_no_fault():
    assert rank(HAIRCUT, []) == []


candidates = st.lists(
    st.builds(
        a_candidate,
        key=st.integers(1, 10_000),
        area=st.sampled_from([MABAO, TUNZI, COUNTY, MENGBA]),
        members=st.integers(0, 30),
        skilled=st.sampled_from([{}, {"hairdressing": 2}]),
        free=st.sampled_from([(), (0,) * 24, (4,) * 24]),
        open_orders=st.integers(0, 6),
        done=st.integers(0, 9),
        declined=st.integers(0, 9),
    ),
    max_size=12,
    unique_by=lambda candidate: candidate.key,
)


@given(candidates)
def test_it_is_the_plain_order_of_the_points(found):
    matches = rank(HAIRCUT, found)

    alone = {candidate.key: rank(HAIRCUT, [candidate])[0].score for candidate in found}
    assert [match.candidate for match in matches] == sorted(alone, key=lambda key: (-alone[key], key))


@given(candidates, st.randoms())
def test_the_order_of_asking_changes_nothing(found, chance):
    shuffled = list(found)
    chance.shuffle(shuffled)

    assert rank(HAIRCUT, shuffled) == rank(HAIRCUT, found)


@given(candidates)
def test_weights_are_what_decides(found):
    nothing = Weights(**dict.fromkeys(Weights.__dataclass_fields__, 0.0))

    assert [match.candidate for match in rank(HAIRCUT, found, nothing)] == sorted(one.key for one in found)
