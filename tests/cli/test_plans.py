"""The plans behind the demo county: plain values."""

from collections import Counter
from datetime import date

import pytest

from zhiyuan.cli.demo_county.area_rows import read_area_rows, townships_of, villages_of
from zhiyuan.cli.demo_county.codes import CATEGORY_CODES, SKILL_CODES
from zhiyuan.cli.demo_county.need_tables import WEIGHTS, WORDS
from zhiyuan.cli.demo_county.organisation_plan import plan_teams
from zhiyuan.cli.demo_county.phones import Use, synthetic_phone
from zhiyuan.cli.demo_county.population import RESIDENTS, apportion, people_of, settle
from zhiyuan.cli.demo_county.site_plan import plan_sites
from zhiyuan.engines.identity import credit_code_fault

AREAS = read_area_rows()
DAY = date(2026, 11, 24)


def test_shares_sum_to_the_total():
    assert apportion(10, [1, 1, 1], least=1) == [4, 3, 3]
    assert apportion(2, [1, 1, 1], least=1) == [1, 1, 0]


def test_no_telephone_is_given_twice():
    phones = [synthetic_phone(use, index) for use in Use for index in range(20_000)]

    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("100") and len(phone) == 11 and phone[3] != "0" for phone in phones)
    with pytest.raises(ValueError, match="no telephone number is left"):
        synthetic_phone(Use.STAFF, 10_000_000)


def test_the_county_has_its_published_people():
    villages = settle(AREAS, seed=1)

    assert (len(villages), len(townships_of(AREAS)), len(villages_of(AREAS))) == (221, 19, 221)
    assert (sum(v.residents for v in villages), sum(v.volunteers for v in villages)) == (RESIDENTS, 101_000)


def test_another_seed_makes_another_county():
    villages = settle(AREAS, seed=1, volunteers=300)
    first, again, other = (people_of(villages, seed=seed, on=DAY) for seed in (1, 1, 2))

    assert first == again
    assert [one.name for one in first] != [one.name for one in other]


def test_minors_have_guardians_and_nobody_is_under_twelve():
    people = people_of(settle(AREAS, seed=1, volunteers=5_000), seed=1, on=DAY)

    assert min(one.born_on for one in people).year > 1940
    assert max(one.born_on for one in people) <= DAY.replace(year=DAY.year - 12)
    adult_since = DAY.replace(year=DAY.year - 18)
    assert {bool(one.guardian) for one in people if one.born_on > adult_since} == {True}
    assert {bool(one.guardian) for one in people if one.born_on <= adult_since} == {False}


def test_a_name_is_shared_by_few():
    names = Counter(one.name for one in people_of(settle(AREAS, seed=1, volunteers=5_000), seed=1, on=DAY))

    assert names.most_common(1)[0][1] < 25


def test_teams_and_sites_refer_to_what_stands_before_them():
    teams = plan_teams(AREAS, seed=1)
    keys = [team.key for team in teams]

    assert len(set(keys)) == len(keys) == 522
    assert all(team.parent_key is None or keys.index(team.parent_key) < at for at, team in enumerate(teams))
    assert all(team.guide_key is None or team.guide_key in keys for team in teams)
    assert [team.credit_code for team in teams if team.credit_code and credit_code_fault(team.credit_code)] == []
    assert all(team.credit_code or team.supervising_body for team in teams)
    assert {site.team_key for site in plan_sites(AREAS, seed=1)} <= set(keys)


def test_every_kind_of_service_has_words_skills_and_a_team():
    teams = plan_teams(AREAS, seed=1)

    assert set(WORDS) == set(WEIGHTS) == set(CATEGORY_CODES)
    assert {category for team in teams for category in team.categories} == set(CATEGORY_CODES)
    people = people_of(settle(AREAS, seed=1), seed=1, on=DAY)
    assert {skill for one in people for skill in one.skills} == set(SKILL_CODES)
