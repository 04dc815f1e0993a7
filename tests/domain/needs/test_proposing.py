"""Proposed teams in words: what speaks for them, what against; those that declined are left out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_category,
    a_dispatcher,
    a_leader,
    a_need,
    a_team,
    a_volunteer,
    order_of,
)
from zhiyuan.domain.needs.dispatching import dispatch_need, recall_order
from zhiyuan.domain.needs.models import DeclineReason, NeedState, TeamRecord, Urgency
from zhiyuan.domain.needs.proposing import judgement_of, proposals_for
from zhiyuan.domain.needs.serving import decline_order
from zhiyuan.domain.organisations.models import TeamKind
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db


MONDAY_MORNING, TUESDAY_EVENING, THURSDAY_AFTERNOON = 0, 5, 10


def a_strong_team(*, skills=(), free=None, **facts):
    """A team with one member, free in the cell `free` or always."""
    team = a_team(**facts)
    availability = {} if free is None else {"availability": 1 << free}
    a_volunteer(teams=(team,), skills=skills, **availability)
    recount(team)
    return team


def words_of(need, team, *, at=NOW):
    found = judgement_of(need, team, at=at)
    return [reason.words for reason in (*found.reasons, *found.warnings)]


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

    decline_order(order_of(need), DeclineReason.NOBODY_FREE, "没人", by=a_leader(team), at=NOW)

    assert proposals_for(need, at=NOW) == []


def test_a_judgement_begins_with_what_weighs_most_against_a_team():
    team = a_strong_team(name="孟坝村分队", area_code=MENGBA_VILLAGE)
    TeamRecord.objects.create(team=team, open_orders=9)
    empty = a_team(name="空队")

    assert judgement_of(a_need(), team, at=NOW).warnings[0].kind == "busy"
    assert judgement_of(a_need(), empty, at=NOW).warnings[0].kind == "no_members"


def test_a_team_whose_order_was_taken_back_is_not_proposed_again():
    team, by = a_strong_team(), a_dispatcher()
    need = dispatch_need(a_need(state=NeedState.VERIFIED), team, by=by, at=NOW)

    need = recall_order(need, "发错了", by=by, at=NOW)

    assert proposals_for(need, at=NOW) == []


def test_a_team_that_has_ended_is_not_proposed():
    a_strong_team(until=TODAY)

    assert proposals_for(a_need(state=NeedState.VERIFIED), at=NOW) == []


def test_every_fact_is_said_in_words_that_can_be_checked():
    a_category("haircut", skills=("hairdressing",))
    team = a_strong_team(skills=("hairdressing",), free=THURSDAY_AFTERNOON)
    team.categories.add(a_category("haircut"))
    TeamRecord.objects.create(team=team, open_orders=2, ratings=12, stars=58, done=2, declined=2)
    need = a_need(category="haircut", wanted_by=TODAY + timedelta(days=2))

    with translation.override("en"):
        found = judgement_of(need, team, at=NOW)

    assert [reason.words for reason in found.reasons] == [
        "of the same village",
        "1 can do it: hairdressing",
        "does this kind of service",
    ]
    assert [reason.words for reason in found.warnings] == ["declined 2 times", "2 open orders"]


@pytest.mark.parametrize(
    ("facts", "free", "fits"),
    [
        ({"wanted_by": TODAY + timedelta(days=2)}, THURSDAY_AFTERNOON, True),
        ({"wanted_by": TODAY + timedelta(days=1)}, THURSDAY_AFTERNOON, False),
        ({"urgency": Urgency.URGENT}, TUESDAY_EVENING, True),
        ({"urgency": Urgency.URGENT}, THURSDAY_AFTERNOON, False),
        ({"urgency": Urgency.NORMAL}, THURSDAY_AFTERNOON, True),
        ({"urgency": Urgency.NORMAL}, MONDAY_MORNING, False),
        ({"urgency": Urgency.PLANNED}, MONDAY_MORNING, True),
        ({"urgency": Urgency.URGENT, "wanted_by": TODAY - timedelta(days=1)}, TUESDAY_EVENING, True),
    ],
)
def test_somebody_must_be_free_on_the_day_that_was_named_or_soon_enough(facts, free, fits):
    need, team = a_need(**facts), a_strong_team(free=free)

    found = judgement_of(need, team, at=NOW)

    assert "free_then" in [reason.kind for reason in found.reasons] or not fits
    assert ("nobody_free" in [reason.kind for reason in found.warnings]) != fits


def test_whoever_is_free_this_morning_is_of_no_use_in_the_afternoon():
    need, team = a_need(wanted_by=TODAY), a_strong_team(free=3)

    with translation.override("en"):
        assert "1 free on Tuesday morning" in words_of(need, team)
        assert "nobody free then by their own plan" in words_of(need, team, at=NOW + timedelta(hours=4))


def test_proposals_cost_the_same_for_one_team_and_for_many():
    a_category("repair", skills=("repair", "driving"))
    need = a_need(state=NeedState.VERIFIED, category="repair")
    a_strong_team(name="0 队")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            found = proposals_for(need, at=NOW)
        return len(found), len(asked)

    one = queries()
    for number in range(1, 6):
        a_strong_team(name=f"{number} 队")

    assert (one, queries()) == ((1, 4), (3, 4))
