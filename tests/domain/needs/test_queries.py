"""Who sees which needs, in what order, found by what."""

from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_team,
    an_auditor,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.models import NeedState
from zhiyuan.domain.needs.queries import (
    DeskWanted,
    LookupObstacle,
    desk_counts,
    desk_needs,
    need_by_number,
    need_by_receipt,
    needs_asked_by,
    needs_visible_to,
    next_need,
    same_phone_needs,
)

pytestmark = pytest.mark.django_db


def test_whoever_works_for_a_place_sees_its_needs():
    own, other = a_need(), a_need(area_code=MENGBA_VILLAGE)

    def seen(person):
        return set(needs_visible_to(person))

    assert seen(a_clerk(MABAO)) == {own}
    assert seen(a_dispatcher(TUNZI)) == {own}
    assert seen(a_dispatcher(MENGBA)) == {other}
    assert seen(a_dispatcher(COUNTY)) == seen(an_auditor()) == {own, other}
    assert seen(a_leader(a_team())) == seen(a_person()) == seen(None) == set()


def test_late_needs_come_first_then_those_that_wait_for_the_requester_and_thanks_last():
    paused = a_need(state=NeedState.WAITING, due_at=None)
    fine = a_need(due_at=NOW + timedelta(hours=3))
    late = a_need(due_at=NOW - timedelta(hours=3))
    done = a_need(state=NeedState.DONE, team=a_team(), due_at=NOW - timedelta(days=3))

    assert list(desk_needs(a_dispatcher(), DeskWanted(), at=NOW)) == [late, fine, paused, done]


def test_what_has_ended_leaves_the_desk_and_is_still_found():
    ended = a_need(state=NeedState.WITHDRAWN, words="院子里的煤")
    dispatcher = a_dispatcher()

    assert list(desk_needs(dispatcher, DeskWanted(), at=NOW)) == []
    assert list(desk_needs(dispatcher, DeskWanted(words="院子"), at=NOW)) == [ended]
    assert list(desk_needs(dispatcher, DeskWanted(words=ended.number), at=NOW)) == [ended]
    assert list(desk_needs(dispatcher, DeskWanted(words=ended.number.replace("-", "")), at=NOW)) == [ended]
    assert list(desk_needs(dispatcher, DeskWanted(words="100 0000 0017"), at=NOW)) == [ended]
    assert list(desk_needs(a_dispatcher(MENGBA), DeskWanted(words=ended.number), at=NOW)) == []


@pytest.mark.parametrize(
    "wanted",
    [
        DeskWanted(state="verified"),
        DeskWanted(township=MENGBA),
        DeskWanted(urgency="urgent"),
        DeskWanted(overdue=True),
        DeskWanted(words="院子"),
    ],
)
def test_every_filter_leaves_what_it_names(wanted):
    a_need()
    found = a_need(
        area_code=MENGBA_VILLAGE if wanted.township else MABAO,
        words="院子里的煤" if wanted.words else "药",
        due_at=NOW - timedelta(minutes=1) if wanted.overdue else NOW + timedelta(hours=1),
        state=NeedState(wanted.state or "submitted"),
        urgency=wanted.urgency or "normal",
    )

    assert list(desk_needs(a_dispatcher(COUNTY), wanted, at=NOW)) == [found]


def test_counts_are_of_what_the_desk_shows():
    a_need(due_at=NOW - timedelta(hours=1))
    a_need(state=NeedState.VERIFIED)
    a_need(area_code=MENGBA_VILLAGE)
    a_need(state=NeedState.REJECTED)

    counts = {"all": 2, "overdue": 1, "escalated": 0, "submitted": 1, "verified": 1}
    assert desk_counts(a_dispatcher(), at=NOW) == counts


def test_after_sending_the_next_verified_need_opens():
    sent = a_need(state=NeedState.DISPATCHED, team=a_team())
    a_need(due_at=NOW - timedelta(hours=1))
    verified = a_need(state=NeedState.VERIFIED)

    assert next_need(a_dispatcher(), DeskWanted(), sent, at=NOW) == verified


def test_after_the_last_nothing_opens():
    sent = a_need(state=NeedState.DISPATCHED, team=a_team())
    a_need(state=NeedState.DISPATCHED, team=sent.team)

    assert next_need(a_dispatcher(), DeskWanted(), sent, at=NOW) is None


def test_a_receipt_is_its_own_permission():
    need = a_need()

    assert need_by_receipt(need.receipt_id) == need
    assert need_by_receipt(need.public_id) is None


def test_number_and_telephone_must_both_be_right():
    need = a_need(phone="10000000017")

    def found(number, phone):
        return need_by_number(number, phone, place="here", at=NOW)

    assert found(need.number, "100 0000 0017") == need
    assert found(need.number.replace("-", " "), "+86 100-0000-0017") == need
    assert found(need.number.replace("-", ""), "１００００００００１７") == need
    assert found(need.number, "10000000018") is None
    assert found("261124-9999", "10000000017") is None


def test_guessing_numbers_ends_after_twenty_tries():
    for _ in range(20):
        need_by_number("261124-0001", "10000000018", place="here", at=NOW)

    with pytest.raises(Refused) as refusal:
        need_by_number("261124-0001", "10000000018", place="here", at=NOW)
    assert refusal.value.obstacle == LookupObstacle.TOO_MANY
    assert need_by_number("261124-0001", "10000000018", place="elsewhere", at=NOW) is None


def test_one_sees_what_one_asked_for_oneself():
    person = a_person()
    own = a_need(person=person)
    a_need()

    assert list(needs_asked_by(person)) == [own]


def test_earlier_needs_of_the_same_telephone_are_seen_within_ones_area():
    need = a_need(phone="10000000017")
    earlier = a_need(phone="10000000017", state=NeedState.CLOSED, created_at=NOW - timedelta(days=9))
    a_need(phone="10000000017", area_code=MENGBA_VILLAGE)
    a_need(phone="10000000018")

    assert list(same_phone_needs(need, a_dispatcher())) == [earlier]
