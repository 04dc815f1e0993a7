"""House and telephone are open while somebody comes and some days after; each look is noted and shown."""

from datetime import timedelta

import pytest

from tests.build import MABAO, NOW, TODAY, a_clerk, a_leader, a_need, a_team, a_volunteer
from zhiyuan.domain.foundation.limits import spend
from zhiyuan.domain.foundation.models import ParameterValue
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.needs.looking import LOOKS_AN_HOUR, LookingObstacle, Seen, house_is_open, looks_at, note_look
from zhiyuan.domain.needs.models import AT_TEAM, Look, NeedState
from zhiyuan.domain.needs.rating import deny_need

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize("state", NeedState)
def test_the_house_is_open_from_acceptance_on(state):
    merged_into = a_need() if state == NeedState.MERGED else None
    need = a_need(state=state, team=a_team(), merged_into=merged_into)

    assert house_is_open(need, at=NOW) == (state in AT_TEAM)


@pytest.mark.parametrize("state", [NeedState.DONE, NeedState.CONFIRMED, NeedState.RATED, NeedState.CLOSED])
@pytest.mark.parametrize(
    ("after", "is_open"), [(0 * DAY, True), (6.99 * DAY, True), (7 * DAY, False), (90 * DAY, False)]
)
def test_it_stays_open_for_seven_days_after_it_is_done(state, after, is_open):
    need = a_need(state=state, team=a_team(), done_at=NOW)

    assert house_is_open(need, at=NOW + after) is is_open


def test_a_county_says_for_how_many_days():
    ParameterValue.objects.create(
        name="need.address.days", value=2, since=TODAY, reason="试", set_by="system", set_at=NOW
    )
    need = a_need(state=NeedState.DONE, team=a_team(), done_at=NOW)

    assert [house_is_open(need, at=NOW + days * DAY) for days in (1, 1.99, 2)] == [True, True, False]


def test_it_closes_at_once_when_nobody_came():
    need = deny_need(a_need(state=NeedState.DONE, team=a_team(), done_at=NOW), "没人来", by=None, at=NOW)

    assert not house_is_open(need, at=NOW)


def test_every_look_is_noted_and_counted_for_the_resident():
    need, clerk, leader = a_need(), a_clerk(MABAO), a_leader(a_team())
    helper = a_volunteer(name="陈青原").person
    later = [NOW + timedelta(minutes=minutes) for minutes in (0, 5, 7, 9)]

    note_look(need, Look.Capacity.DESK, by=clerk, at=later[0])
    note_look(need, Look.Capacity.LEADER, by=leader, at=later[1])
    note_look(need, Look.Capacity.HELPER, by=helper, at=later[2])
    note_look(need, Look.Capacity.DESK, by=clerk, at=later[3])

    assert looks_at(need) == [
        Seen(clerk.name, Look.Capacity.DESK, 2, later[3]),
        Seen("陈青原", Look.Capacity.HELPER, 1, later[2]),
        Seen(leader.name, Look.Capacity.LEADER, 1, later[1]),
    ]
    assert looks_at(a_need()) == []
    entries = JournalEntry.objects.order_by("seq").values_list("actor", "action", "facts")
    assert entries[0] == (clerk.public_id, "need.viewed", {"capacity": "desk"})


def test_nobody_opens_requests_by_the_hundred():
    need, clerk = a_need(), a_clerk(MABAO)
    for _ in range(LOOKS_AN_HOUR.times):
        spend(LOOKS_AN_HOUR, clerk.public_id, at=NOW)

    with pytest.raises(Refused) as refusal:
        note_look(need, Look.Capacity.DESK, by=clerk, at=NOW)

    assert (LOOKS_AN_HOUR.times, refusal.value.obstacle) == (600, LookingObstacle.TOO_MANY)
    assert (Look.objects.count(), JournalEntry.objects.count()) == (0, 0)
    note_look(need, Look.Capacity.DESK, by=a_clerk(MABAO), at=NOW)
    note_look(need, Look.Capacity.DESK, by=clerk, at=NOW + timedelta(minutes=61))
