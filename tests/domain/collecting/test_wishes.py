"""A small wish from the telling to the dated note."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.build import (
    MABAO,
    MENGBA,
    NOW,
    TODAY,
    TUNZI,
    a_category,
    a_clerk,
    a_dispatcher,
    a_person,
    a_wish,
    an_auditor,
    an_office,
    area,
)
from zhiyuan.domain.collecting.models import Wish, WishState
from zhiyuan.domain.collecting.queries import (
    wishes_claimed_by,
    wishes_in_state,
    wishes_readable_by,
    wishes_to_approve,
)
from zhiyuan.domain.collecting.wishes import (
    WishFacts,
    WishObstacle,
    approve_wish,
    claim_wish,
    end_wish,
    fulfil_wish,
    give_wish_back,
    may_see_house,
    open_house,
    remind_of_wishes,
    tell_wish,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db
S = WishState


def facts(**changes):
    said = {"words": "想要一双棉鞋", "for_whom": "小明", "name": "王小明", "phone": "10000000017", "area": area(MABAO)}
    return WishFacts(**{**said, "category": a_category(), "address": "二组", **changes})


def refused(act, *args, by, **said):
    with pytest.raises(Refused) as refusal:
        act(*args, by=by, at=NOW, **said)
    return refusal.value.obstacle


def test_a_wish_is_hidden_and_sealed_until_the_desk_approves_it():
    wish = tell_wish(facts(), by=None, at=NOW, place="net")
    clerk = a_clerk()

    assert list(wishes_in_state(S.PROPOSED)) == list(wishes_readable_by(None)) == []
    assert list(wishes_to_approve(clerk)) == [wish]
    assert list(wishes_to_approve(a_clerk(MENGBA))) == []
    approve_wish(wish, by=clerk, at=NOW)
    assert list(wishes_in_state(S.OPEN)) == list(wishes_readable_by(None)) == [wish]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, address FROM collecting_wish")
        row = " ".join(cursor.fetchone())
    assert not [secret for secret in ("王小明", "10000000017", "二组") if secret in row]


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"words": " "}, WishObstacle.NO_WORDS),
        ({"name": ""}, WishObstacle.NO_NAME),
        ({"for_whom": " "}, WishObstacle.NO_NAME),
    ],
)
def test_a_slip_is_named(changes, obstacle):
    assert refused(tell_wish, facts(**changes), by=None) == obstacle


def test_a_wish_is_at_home_in_a_village():
    assert refused(tell_wish, facts(area=area(TUNZI)), by=None) == WishObstacle.NOT_HERE


def test_a_flood_from_one_telephone_is_stopped_and_the_desk_goes_on():
    for _time in range(3):
        tell_wish(facts(), by=None, at=NOW)

    assert refused(tell_wish, facts(), by=None) == WishObstacle.TOO_MANY
    assert tell_wish(facts(), by=a_clerk(), at=NOW).state == S.PROPOSED


@pytest.mark.parametrize("who", [an_office, an_auditor, a_person, lambda: a_clerk(MENGBA)])
def test_only_the_desk_of_its_place_approves_and_ends(who):
    wish, by = a_wish(state=S.PROPOSED), who()

    assert refused(approve_wish, wish, by=by) == AccessObstacle.NOT_YOURS
    assert refused(end_wish, wish, "重复", by=by) == AccessObstacle.NOT_YOURS


def test_a_wish_is_claimed_for_a_team_and_fulfilled_with_a_dated_note():
    wish, person = a_wish(), a_person()

    claim_wish(wish, "县人社局党支部", by=person, at=NOW)
    assert list(wishes_claimed_by(person)) == [wish]
    fulfil_wish(wish, TODAY, "鞋送到了", "谢谢叔叔", by=person, at=NOW)

    wish.refresh_from_db()
    assert (wish.state, wish.claimed_for, wish.fulfilled_on) == (S.FULFILLED, "县人社局党支部", TODAY)
    assert list(wishes_claimed_by(person)) == []
    actions = JournalEntry.objects.filter(object=f"wish:{wish.public_id}").order_by("seq")
    assert [entry.action for entry in actions] == ["wish.claimed", "wish.fulfilled"]


def test_a_wish_is_claimed_by_one():
    wish = a_wish()
    claim_wish(wish, "", by=a_person(), at=NOW)

    assert refused(claim_wish, wish, "", by=a_person()) == WishObstacle.NOT_NOW


def test_minors_do_not_open_other_peoples_houses():
    assert refused(claim_wish, a_wish(), "", by=a_person(born_on=date(2012, 1, 1))) == WishObstacle.ADULTS


def test_what_was_claimed_may_be_given_back():
    person = a_person()
    wish = a_wish(state=S.CLAIMED, claimed_by=person, claimed_for="某队")

    give_wish_back(wish, by=person, at=NOW)

    wish.refresh_from_db()
    assert (wish.state, wish.claimed_by, wish.claimed_for) == (S.OPEN, None, "")
    assert refused(give_wish_back, wish, by=a_clerk()) == WishObstacle.NOT_NOW


def test_a_stranger_neither_fulfils_nor_gives_back():
    wish, stranger = a_wish(state=S.CLAIMED), a_person()

    assert refused(fulfil_wish, wish, TODAY, "送了", by=stranger) == AccessObstacle.NOT_YOURS
    assert refused(give_wish_back, wish, by=stranger) == AccessObstacle.NOT_YOURS


def test_the_note_has_words_and_a_day_that_has_come():
    person = a_person()
    wish = a_wish(state=S.CLAIMED, claimed_by=person)

    assert refused(fulfil_wish, wish, TODAY, " ", by=person) == WishObstacle.SILENT
    assert refused(fulfil_wish, wish, TODAY + timedelta(days=1), "送了", by=person) == WishObstacle.LATER
    assert refused(end_wish, wish, " ", by=a_clerk()) == WishObstacle.SILENT


def test_what_is_fulfilled_moves_no_more():
    wish, clerk = a_wish(state=S.FULFILLED), a_clerk()

    assert refused(approve_wish, wish, by=clerk) == WishObstacle.NOT_NOW
    assert refused(end_wish, wish, "重复", by=clerk) == WishObstacle.NOT_NOW
    assert refused(fulfil_wish, wish, TODAY, "送了", by=clerk) == WishObstacle.NOT_NOW


def test_the_desk_ends_a_wish_with_its_reason():
    wish = end_wish(a_wish(), "孩子已经有了", by=a_dispatcher(), at=NOW)

    assert (wish.state, wish.note) == (S.ENDED, "孩子已经有了")
    assert list(wishes_readable_by(None)) == []


def test_the_house_is_for_whoever_claims_it_until_then_and_for_the_desk_and_each_look_is_written_down():
    person, clerk = a_person(), a_clerk()
    wish = a_wish(state=S.CLAIMED, claimed_by=person)

    open_house(wish, by=person, at=NOW)
    open_house(wish, by=clerk, at=NOW)

    assert JournalEntry.objects.filter(action="wish.house_viewed").count() == 2
    for stranger in (a_person(), a_clerk(MENGBA), an_office()):
        assert refused(open_house, wish, by=stranger) == AccessObstacle.NOT_YOURS
    fulfil_wish(wish, TODAY, "送到了", by=person, at=NOW)
    assert not may_see_house(person, Wish.objects.get())


def test_whoever_opens_houses_by_the_dozen_is_stopped():
    person = a_person()
    wish = a_wish(state=S.CLAIMED, claimed_by=person)
    for _time in range(60):
        open_house(wish, by=person, at=NOW)

    assert refused(open_house, wish, by=person) == WishObstacle.TOO_MANY_LOOKS


def test_whoever_claimed_long_ago_is_reminded_once_a_fortnight():
    long_ago = NOW - timedelta(days=15)
    a_wish(state=S.CLAIMED, claimed_at=long_ago)
    a_wish(state=S.CLAIMED, claimed_at=NOW)
    a_wish(state=S.FULFILLED, claimed_at=long_ago)

    assert [remind_of_wishes(NOW), remind_of_wishes(NOW), remind_of_wishes(NOW + timedelta(days=14))] == [1, 0, 2]
    assert Message.objects.count() == 3
