"""The ranking by hand, then against plain sorting, then turned and renamed."""

from dataclasses import replace
from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyuan.engines.matching import AGAINST, Candidate, Demand, Reason, Weights, Why, rank

MABAO, TUNZI, COUNTY, MENGBA = "621027103200", "621027103000", "621027000000", "621027102200"
THURSDAY = (9, 10, 11)
HAIRCUT = Demand(MABAO, "haircut", ("hairdressing",), cells=THURSDAY)


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


def free_in(**people):
    """Counts by cell: `free_in(c9=2, c10=5)`."""
    return tuple(people.get(f"c{cell}", 0) for cell in range(24))


def test_every_fact_is_a_reason_with_its_number_the_weightiest_first():
    [match] = rank(HAIRCUT, [a_candidate(ratings=5, stars=25)])

    assert match.reasons == (
        Reason(Why.SAME_VILLAGE, 40),
        Reason(Why.SKILLED, 25, 3, skill="hairdressing"),
        Reason(Why.DOES_THIS, 20),
        Reason(Why.FREE_THEN, 12, 5, cell=9),
        Reason(Why.WELL_RATED, 3.0, 5.0, times=5),
        Reason(Why.NO_OPEN_ORDERS, 0),
    )
    assert match.score == 100
    assert match.qualified


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"area": TUNZI}, Why.SAME_TOWNSHIP),
        ({"area": "621027103201"}, Why.SAME_TOWNSHIP),
        ({"area": COUNTY}, Why.COUNTY_WIDE),
        ({"area": MENGBA}, Why.OTHER_TOWNSHIP),
        ({"skilled": {}}, Why.LACKS_SKILL),
        ({"free": (0,) * 24}, Why.NOBODY_FREE),
        ({"members": 0}, Why.NO_MEMBERS),
        ({"open_orders": 1}, Why.BUSY),
        ({"declined": 2, "done": 1}, Why.OFTEN_DECLINES),
        ({"ratings": 4, "stars": 8}, Why.POORLY_RATED),
    ],
)
def test_what_speaks_against_a_team_costs_it_points(facts, why):
    good, bad = a_candidate(1), a_candidate(2, **facts)

    matches = rank(HAIRCUT, [bad, good])

    assert [match.candidate for match in matches] == [1, 2]
    assert matches[0].score > matches[1].score
    assert why in whys(matches[1])
    assert not whys(matches[0]) & AGAINST


def test_who_cannot_do_it_comes_after_all_who_can():
    near = a_candidate(1, skilled={})
    empty = a_candidate(2, members=0)
    far_and_busy = a_candidate(3, area=MENGBA, categories=frozenset(), free=(0,) * 24, open_orders=40)

    matches = rank(HAIRCUT, [near, empty, far_and_busy])

    assert [match.candidate for match in matches] == [3, 1, 2]
    assert [match.qualified for match in matches] == [True, False, False]
    assert matches[0].score < matches[1].score


def test_each_of_several_skills_is_told():
    demand = replace(HAIRCUT, skills=("hairdressing", "driving"))

    [match] = rank(demand, [a_candidate()])

    assert {(reason.why, reason.skill) for reason in match.reasons if reason.skill} == {
        (Why.SKILLED, "hairdressing"),
        (Why.LACKS_SKILL, "driving"),
    }
    assert not match.qualified


def test_the_time_that_is_told_is_the_one_when_most_are_free_and_of_several_the_soonest():
    [best] = rank(HAIRCUT, [a_candidate(free=free_in(c8=9, c9=1, c10=5, c11=5))])

    assert Reason(Why.FREE_THEN, 12, 5, cell=10) in best.reasons


def test_a_time_that_was_not_asked_for_does_not_count():
    [match] = rank(HAIRCUT, [a_candidate(free=free_in(c0=9, c23=9))])

    assert Why.NOBODY_FREE in whys(match)


@pytest.mark.parametrize("free", [(), (0,) * 24])
def test_an_unknown_time_speaks_neither_way(free):
    [match] = rank(replace(HAIRCUT, cells=()), [a_candidate(free=free)])

    assert not whys(match) & {Why.FREE_THEN, Why.NOBODY_FREE}


def test_one_declined_order_is_no_habit_and_costs_nothing():
    never, once = rank(HAIRCUT, [a_candidate(1), a_candidate(2, declined=1)])

    assert once.reasons == never.reasons
    assert once.score == never.score


def test_few_ratings_move_a_team_little():
    def points(ratings, stars):
        [match] = rank(HAIRCUT, [a_candidate(ratings=ratings, stars=stars)])
        return match.score

    unrated = points(0, 0)

    assert points(1, 1) > points(20, 20)
    assert points(20, 100) > points(1, 5) > unrated
    assert points(6, 24) == unrated


def test_nobody_to_rank_is_no_fault():
    assert rank(HAIRCUT, []) == []


candidates = st.lists(
    st.builds(
        a_candidate,
        key=st.integers(1, 10_000),
        area=st.sampled_from([MABAO, TUNZI, COUNTY, MENGBA]),
        categories=st.sampled_from([frozenset(), frozenset({"haircut"})]),
        members=st.integers(0, 30),
        skilled=st.sampled_from([{}, {"hairdressing": 2}]),
        free=st.sampled_from([(), (0,) * 24, (4,) * 24]),
        open_orders=st.integers(0, 6),
        done=st.integers(0, 9),
        declined=st.integers(0, 9),
        ratings=st.just(3),
        stars=st.integers(3, 15),
    ),
    max_size=12,
    unique_by=lambda candidate: candidate.key,
)


def before(first, second):
    """By the words of the rule: who can do it first, then more points, then the smaller key."""
    if first.qualified != second.qualified:
        return -1 if first.qualified else 1
    if first.score != second.score:
        return -1 if first.score > second.score else 1
    return -1 if first.candidate < second.candidate else 1


@given(candidates)
def test_it_is_the_order_that_comparing_each_with_each_gives(found):
    alone = [rank(HAIRCUT, [candidate])[0] for candidate in found]

    assert rank(HAIRCUT, found) == sorted(alone, key=cmp_to_key(before))


@given(candidates)
def test_all_that_counts_is_told_and_weighs_as_it_says(found):
    for match in rank(HAIRCUT, found):
        assert match.score == pytest.approx(sum(reason.points for reason in match.reasons))
        assert all(reason.points >= 0 for reason in match.reasons if reason.good)
        assert all(reason.points <= 0 for reason in match.reasons if not reason.good)


@given(candidates, st.randoms())
def test_the_order_of_asking_changes_nothing(found, chance):
    shuffled = list(found)
    chance.shuffle(shuffled)

    assert rank(HAIRCUT, shuffled) == rank(HAIRCUT, found)


@given(candidates)
def test_other_keys_in_the_same_order_change_nothing_else(found):
    renamed = [replace(candidate, key=candidate.key * 3 + 7) for candidate in found]

    after = [(match.candidate, match.score, match.reasons) for match in rank(HAIRCUT, renamed)]
    assert after == [(match.candidate * 3 + 7, match.score, match.reasons) for match in rank(HAIRCUT, found)]


@given(candidates)
def test_a_rival_never_turns_the_order_of_two_others(found):
    whole = [match.candidate for match in rank(HAIRCUT, found)]

    assert [match.candidate for match in rank(HAIRCUT, found[1:])] == [key for key in whole if key != key_of(found[:1])]


def key_of(one):
    return one[0].key if one else None


@given(candidates)
def test_weights_are_what_decides_among_those_who_can(found):
    nothing = Weights(**dict.fromkeys(Weights.__dataclass_fields__, 0.0))

    matches = rank(HAIRCUT, found, nothing)

    assert [match.candidate for match in matches if match.qualified] == sorted(
        match.candidate for match in matches if match.qualified
    )
    assert {match.score for match in matches} <= {0.0}
