"""Proposed teams in words: what speaks for them, what against; those that declined are left out."""

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    a_category,
    a_leader,
    a_need,
    a_team,
    a_volunteer,
)
from zhiyuan.domain.needs.models import NeedState, TeamRecord
from zhiyuan.domain.needs.proposing import proposals_for, why_not
from zhiyuan.domain.needs.serving import decline_order
from zhiyuan.domain.organisations.models import TeamKind
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db


def a_strong_team(*, skills=(), **facts):
    team = a_team(**facts)
    a_volunteer(teams=(team,), skills=skills)
    recount(team)
    return team


def test_the_village_comes_before_the_township_and_others_are_not_asked():
    township = a_strong_team(name="屯字镇支队", area_code=TUNZI)
    village = a_strong_team(area_code=MABAO)
    a_strong_team(name="孟坝村分队", area_code=MENGBA_VILLAGE)

    proposals = proposals_for(a_need(state=NeedState.VERIFIED), at=NOW)

    assert [proposal.team for proposal in proposals] == [village, township]
    assert "same_village" in [reason.kind for reason in proposals[0].reasons]


def test_a_county_wide_team_is_asked_when_it_does_this():
    does = a_strong_team(name="巧手理发队", area_code=COUNTY, kind=TeamKind.SPECIAL)
    does.categories.add(a_category("haircut"))
    a_strong_team(name="别的队", area_code=COUNTY, kind=TeamKind.SPECIAL)

    proposals = proposals_for(a_need(state=NeedState.VERIFIED, category="haircut"), at=NOW)

    assert [proposal.team for proposal in proposals] == [does]


def test_a_needed_skill_outweighs_nearness_and_is_said():
    a_category("repair", skills=("repair",))
    near = a_strong_team(area_code=MABAO)
    able = a_strong_team(name="屯字镇支队", area_code=TUNZI, skills=("repair",))

    first, second = proposals_for(a_need(state=NeedState.VERIFIED, category="repair"), at=NOW)

    assert (first.team, second.team) == (able, near)
    assert "skilled" in [reason.kind for reason in first.reasons]
    assert "lacks_skill" in [reason.kind for reason in second.warnings]
    assert all(reason.words for reason in (*first.reasons, *second.warnings))


def test_a_team_that_declined_is_not_proposed_again():
    team = a_strong_team()
    need = a_need(state=NeedState.DISPATCHED, team=team)

    decline_order(need, "没人", by=a_leader(team), at=NOW)

    assert proposals_for(need, at=NOW) == []


def test_why_not_says_what_weighs_most_against_a_team():
    team = a_strong_team(name="孟坝村分队", area_code=MENGBA_VILLAGE)
    TeamRecord.objects.create(team=team, open_orders=9)
    empty = a_team(name="空队")

    assert why_not(a_need(), team, at=NOW).kind == "busy"
    assert why_not(a_need(), empty, at=NOW).kind == "no_members"


def test_proposals_cost_the_same_for_one_team_and_for_many(django_assert_max_num_queries):
    need = a_need(state=NeedState.VERIFIED)
    for number in range(6):
        a_strong_team(name=f"{number} 队")

    with django_assert_max_num_queries(6):
        assert len(proposals_for(need, at=NOW)) == 3
