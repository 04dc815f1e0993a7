"""Taking out, and moving between teams: dated, with who and why."""

from datetime import timedelta

import pytest

from tests.build import MENGBA, NOW, TODAY, TUNZI, a_leader, a_person, a_team, a_volunteer, an_office
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.volunteers.joining import JoiningObstacle, join_team, leave_team, take_out
from zhiyuan.domain.volunteers.models import Membership, TeamStrength, Transfer
from zhiyuan.domain.volunteers.queries import history_for, membership_history
from zhiyuan.domain.volunteers.transferring import (
    TransferObstacle,
    answer_transfer,
    ask_transfer,
    order_transfer,
    transfers_asked_by,
    transfers_waiting_at,
    withdraw_transfer,
)

pytestmark = pytest.mark.django_db
MOVED_HOUSE = "搬家了"


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


@pytest.fixture
def source():
    return a_team(name="马堡村分队")


@pytest.fixture
def target():
    return a_team(name="孟坝镇支队", area_code=MENGBA)


@pytest.fixture
def volunteer(source):
    return a_volunteer(teams=(source,))


def told():
    return [message.text for message in Message.objects.order_by("pk")]


def test_whoever_is_taken_out_is_told_why_and_the_days_stay(source, volunteer):
    leader = a_leader(source)

    take_out(volunteer, source, "长期联系不上", by=leader, at=NOW)

    [membership] = membership_history(volunteer)
    assert (membership.until, membership.ended_by, membership.why) == (TODAY, leader, "长期联系不上")
    assert TeamStrength.objects.get(team=source).members == 0
    assert "长期联系不上" in told()[0]
    assert refusal_of(take_out, volunteer, source, "又一次", by=leader, at=NOW) == JoiningObstacle.NOT_A_MEMBER


def test_taking_out_wants_a_reason_and_a_leader(source, target, volunteer):
    assert refusal_of(take_out, volunteer, source, " ", by=a_leader(source), at=NOW) == JoiningObstacle.NO_REASON
    for stranger in (a_leader(target), a_person()):
        assert refusal_of(take_out, volunteer, source, "不来", by=stranger, at=NOW) == AccessObstacle.NOT_YOURS
    assert Membership.objects.get().until is None


def test_joining_and_leaving_say_who(source):
    volunteer = a_volunteer()
    join_team(volunteer, source, by=volunteer.person, at=NOW - timedelta(days=3))
    leave_team(volunteer, source, by=volunteer.person, at=NOW)

    [membership] = membership_history(volunteer)
    assert (membership.began_by, membership.ended_by, membership.why) == (volunteer.person, volunteer.person, None)


def test_a_move_takes_place_on_the_day_when_the_other_leader_says_yes(source, target, volunteer):
    leader = a_leader(target)

    transfer = ask_transfer(volunteer, source, target, MOVED_HOUSE, by=volunteer.person, at=NOW)
    assert list(transfers_waiting_at(target)) == list(transfers_asked_by(volunteer)) == [transfer]
    assert [one.team for one in membership_history(volunteer)] == [source]
    answer_transfer(transfer, True, by=leader, at=NOW + timedelta(days=1))

    on = TODAY + timedelta(days=1)
    now, before = membership_history(volunteer)
    assert (now.team, now.since, now.until, now.began_by, now.why) == (target, on, None, leader, MOVED_HOUSE)
    assert (before.team, before.until, before.ended_by) == (source, on, leader)
    assert [TeamStrength.objects.get(team=team).members for team in (source, target)] == [0, 1]
    assert "有人想从马堡村分队转到孟坝镇支队" in told()[0]
    assert "从马堡村分队转到孟坝镇支队" in told()[1]


def test_a_declined_move_changes_nothing_and_the_volunteer_is_told(source, target, volunteer):
    transfer = ask_transfer(volunteer, source, target, MOVED_HOUSE, by=a_leader(source), at=NOW)

    answer_transfer(transfer, False, by=a_leader(target), at=NOW)

    assert [(one.team, one.until) for one in membership_history(volunteer)] == [(source, None)]
    assert "您仍在马堡村分队" in told()[0]
    assert refusal_of(answer_transfer, transfer, True, by=a_leader(target), at=NOW) == TransferObstacle.ANSWERED


def test_a_wish_to_move_is_taken_back_by_its_people_alone(source, target, volunteer):
    transfer = ask_transfer(volunteer, source, target, MOVED_HOUSE, by=volunteer.person, at=NOW)

    assert refusal_of(withdraw_transfer, transfer, by=a_leader(target), at=NOW) == AccessObstacle.NOT_YOURS
    withdraw_transfer(transfer, by=volunteer.person, at=NOW)

    assert Transfer.objects.get().state == Transfer.State.WITHDRAWN
    assert ask_transfer(volunteer, source, target, MOVED_HOUSE, by=volunteer.person, at=NOW)


def test_what_stands_in_the_way_of_a_move(source, target, volunteer):
    own = {"by": volunteer.person, "at": NOW}

    assert refusal_of(ask_transfer, volunteer, source, target, " ", **own) == TransferObstacle.NO_REASON
    assert refusal_of(ask_transfer, volunteer, source, source, "想", **own) == JoiningObstacle.ALREADY_MEMBER
    assert refusal_of(ask_transfer, volunteer, target, source, "想", **own) == JoiningObstacle.NOT_A_MEMBER
    ask_transfer(volunteer, source, target, MOVED_HOUSE, **own)
    assert refusal_of(ask_transfer, volunteer, source, target, "想", **own) == TransferObstacle.ASKED_ALREADY
    assert refusal_of(ask_transfer, a_volunteer(teams=(source,)), source, target, "想", **own) == (
        AccessObstacle.NOT_YOURS
    )


def test_the_office_moves_people_within_its_branch_from_a_day_on(source, target, volunteer):
    on, office = TODAY - timedelta(days=5), an_office()

    order_transfer(volunteer, source, target, on, "村里合并队伍", by=office, at=NOW)

    now, before = membership_history(volunteer)
    assert (now.team, now.since, before.until, before.ended_by) == (target, on, on, office)
    assert (now.why, before.why) == ("村里合并队伍", "村里合并队伍")


def test_the_office_moves_nobody_out_of_its_branch_or_out_of_time(source, target, volunteer):
    at = {"at": NOW}

    assert refusal_of(order_transfer, volunteer, source, target, TODAY, "合", by=an_office(TUNZI), **at) == (
        AccessObstacle.NOT_YOURS
    )
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=300)):
        assert refusal_of(order_transfer, volunteer, source, target, day, "合", by=an_office(), **at) == (
            TransferObstacle.BAD_DAY
        )
    assert refusal_of(order_transfer, volunteer, source, target, TODAY, "", by=an_office(), **at) == (
        TransferObstacle.NO_REASON
    )


def test_another_team_s_leader_reads_the_days_and_not_the_reason(source, target, volunteer):
    take_out(volunteer, source, "长期联系不上", by=a_leader(source), at=NOW)
    join_team(volunteer, target, by=volunteer.person, at=NOW)

    def reasons(person):
        return [why for one, why in history_for(volunteer, person) if one.team == source]

    assert reasons(a_leader(target)) == [""]
    assert reasons(a_leader(source)) == reasons(volunteer.person) == reasons(an_office()) == ["长期联系不上"]
