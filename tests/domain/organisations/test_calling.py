"""Who is called, by whom, and what becomes of messages that no gateway takes."""

from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    NOW,
    TUNZI,
    a_clerk,
    a_county,
    a_dispatcher,
    a_person,
    an_auditor,
    an_office,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.notices.models import CallEntry, Channel, Message
from zhiyuan.domain.organisations.calling import (
    CallObstacle,
    call_visible_to,
    called_visible_to,
    calls_visible_to,
    note_call,
)
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.organisations.unsticking import StuckObstacle, minds_outbox, take_to_call_list, try_again

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def county():
    a_county()


def an_entry(key="1", *, area=MABAO, **facts):
    facts = {"name": "王奶奶", "phone": "09341234567", "words": "明天有人上门", "at": NOW, **facts}
    return CallEntry.objects.create(key=key, area=area, **facts)


def a_parked_message(**facts):
    facts = {"key": "m", "phone": "10000000017", "text": "明天有人上门", "due_at": NOW, "area": MABAO, **facts}
    return Message.objects.create(**{"state": Message.State.PARKED, "tries": 5, "template": "need.done", **facts})


def obstacle(verb, *args, **facts):
    with pytest.raises(Refused) as refusal:
        verb(*args, **facts)
    return refusal.value.obstacle


# The call list --------------------------------------------------------------------------------------------------------


def test_staff_see_whom_to_call_in_their_area_and_what_is_urgent_first():
    first, second = an_entry("1"), an_entry("2", at=NOW + timedelta(minutes=1))
    urgent = an_entry("3", at=NOW + timedelta(minutes=2), urgent=True)
    foreign, counties = an_entry("4", area=MENGBA), an_entry("5", area=COUNTY)
    an_entry("6", expires_at=NOW)
    an_entry("7", reached=True, called_at=NOW)

    assert list(calls_visible_to(a_clerk(TUNZI), at=NOW)) == [urgent, first, second]
    assert set(calls_visible_to(an_office(), at=NOW)) == {urgent, first, second, foreign, counties}
    assert list(calls_visible_to(a_person(), at=NOW)) == []
    assert call_visible_to(a_clerk(TUNZI), foreign.public_id) is None


def test_a_call_that_reached_them_ends_it_and_one_that_did_not_keeps_it():
    entry, clerk = an_entry(), a_clerk(TUNZI)

    note_call(entry, reached=False, by=clerk, at=NOW)
    assert list(calls_visible_to(clerk, at=NOW)) == [entry]
    note_call(entry, reached=True, by=clerk, at=LATER)

    assert list(calls_visible_to(clerk, at=NOW)) == []
    (kept,) = called_visible_to(clerk)
    assert (kept.tries, kept.called_at, kept.called_by, kept.reached) == (2, LATER, clerk, True)
    noted = JournalEntry.objects.filter(action="call.noted").order_by("seq")
    assert [entry.facts for entry in noted] == [{"reached": False}, {"reached": True}]


def test_a_call_is_noted_once_it_is_due_and_only_by_staff_of_the_area():
    entry, over = an_entry("1"), an_entry("2", expires_at=LATER)

    for stranger in (a_clerk(MENGBA), an_auditor(), an_office(), a_person()):
        assert obstacle(note_call, entry, reached=True, by=stranger, at=NOW) == AccessObstacle.NOT_YOURS
    note_call(entry, reached=True, by=a_dispatcher(TUNZI), at=NOW)
    assert obstacle(note_call, entry, reached=False, by=a_clerk(TUNZI), at=NOW) == CallObstacle.REACHED
    assert obstacle(note_call, over, reached=True, by=a_clerk(TUNZI), at=LATER) == CallObstacle.OVER


# Stuck messages -------------------------------------------------------------------------------------------------------


def test_the_countys_office_and_dispatchers_mind_the_outbox():
    assert [minds_outbox(person) for person in (an_office(COUNTY), a_dispatcher(COUNTY))] == [True, True]
    others = (None, a_person(), a_dispatcher(TUNZI), an_office(TUNZI), a_clerk(COUNTY), an_auditor())
    assert [minds_outbox(person) for person in others] == [False] * 6


def test_a_stuck_message_gets_five_more_tries():
    message, office = a_parked_message(), an_office()

    try_again(message, by=office, at=LATER)

    message.refresh_from_db()
    assert (message.state, message.tries, message.due_at) == (Message.State.WAITING, 0, LATER)
    assert JournalEntry.objects.get(action="message.tried_again").object == f"message:{message.public_id}"


def test_a_stuck_message_is_told_by_telephone_instead():
    person = a_person(name="李知行")
    message = a_parked_message(person=person, channel=Channel.EMAIL, address="li@example.org", phone=person.phone)

    take_to_call_list(message, by=a_dispatcher(COUNTY), at=LATER)

    (entry,) = calls_visible_to(a_clerk(TUNZI), at=LATER)
    assert (entry.name, entry.phone, entry.words) == ("李知行", person.phone, "明天有人上门")
    message.refresh_from_db()
    assert message.state == Message.State.CALLING


@pytest.mark.parametrize("verb", [try_again, take_to_call_list])
def test_only_what_is_stuck_and_still_holds_is_unstuck_and_only_by_who_minds_the_outbox(verb):
    message = a_parked_message()
    assert obstacle(verb, message, by=a_dispatcher(TUNZI), at=NOW) == AccessObstacle.NOT_YOURS

    Message.objects.update(expires_at=LATER)
    assert obstacle(verb, message, by=an_office(), at=LATER) == StuckObstacle.TOO_LATE
    verb(message, by=an_office(), at=NOW)
    assert obstacle(verb, message, by=an_office(), at=NOW) == StuckObstacle.MOVED_ON
