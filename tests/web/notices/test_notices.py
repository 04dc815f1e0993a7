"""One's own messages, how they come, the call list and the county's outbox, as pages."""

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
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.notices.breaking import note_failure
from zhiyuan.domain.notices.models import Attempt, CallEntry, Message, Notice, Outcome, Ways
from zhiyuan.domain.notices.outbox import outbox_counts
from zhiyuan.domain.notices.telling import Template, tell
from zhiyuan.domain.people.models import Person

pytestmark = pytest.mark.django_db
PLAIN = Template("test.page", "%(what)s")


@pytest.fixture(autouse=True)
def county():
    a_county()


@pytest.fixture
def person(client):
    person = a_person(name="李知行")
    log_in(client, person)
    return person


@pytest.fixture
def as_person(client):
    def become(person: Person) -> Person:
        log_in(client, person)
        return person

    return become


def notice(person, words="您的单子有了回音", *, key=None, href="", at=NOW):
    tell(person, PLAIN, {"what": words}, key=key or words, at=at, href=href)
    return Notice.objects.get(person=person, key=key or words)


def parked(count=1, **facts):
    for number in range(count):
        message = Message.objects.create(
            key=f"m{number}", phone="10000000017", text="悄悄话", due_at=NOW, state=Message.State.PARKED,
            template="login.code", area=MABAO, **facts,
        )  # fmt: skip
        Attempt.objects.create(message=message, gateway="first", outcome=Outcome.FAILED, fault="status 503", at=NOW)
    return message


def an_entry(key="1", **facts):
    facts = {"area": MABAO, "name": "王奶奶", "phone": "09341234567", "words": "明天有人上门", "at": NOW, **facts}
    return CallEntry.objects.create(key=key, **facts)


# One's own ------------------------------------------------------------------------------------------------------------


def test_my_messages_stand_newest_first_and_are_counted_in_the_frame(client, person):
    notice(person, "先说的")
    notice(person, "后说的", at=NOW + timedelta(minutes=1))
    notice(a_person(), "别人的")

    page = client.get("/messages/").content.decode()

    assert page.index("后说的") < page.index("先说的")
    assert "别人的" not in page
    assert '<b class="zy-dot">2<' in page


def test_opening_a_message_marks_it_read_and_leads_to_its_page(client, person):
    one, other = notice(person, href="/me/"), notice(person, "没有去处")

    assert client.post(f"/messages/{one.public_id}/open/").headers["Location"] == "/me/"
    assert client.post(f"/messages/{other.public_id}/open/").headers["Location"] == "/messages/"

    assert not Notice.objects.filter(read_at=None).exists()
    assert "zy-dot" not in client.get("/messages/").content.decode()


def test_a_foreign_message_is_not_there(client, person):
    foreign = notice(a_person())

    assert client.post(f"/messages/{foreign.public_id}/open/").status_code == 404
    assert Notice.objects.filter(read_at=None).exists()


def test_all_are_read_at_once(client, person):
    notice(person, "一")
    notice(person, "二")

    client.post("/messages/read/")

    assert not Notice.objects.filter(read_at=None).exists()


def test_messages_are_for_who_is_signed_in(client):
    for address in ("/messages/", "/messages/settings/"):
        assert client.get(address).headers["Location"].startswith("/login/")


def test_ways_are_chosen_on_a_page_and_kept(client, person):
    said = {"email": "on", "address": "li@example.org", "call": "on", "at_night": "on", "language": "en"}

    answer = client.post("/messages/settings/", said)

    kept, told = Ways.objects.get(person=person), Person.objects.get(pk=person.pk)
    assert answer.status_code == 302
    assert (kept.sms, kept.email, kept.call, kept.at_night, kept.address) == (False, True, True, True, "li@example.org")
    assert told.language == "en"
    assert 'value="li@example.org"' in client.get("/messages/settings/").content.decode()


@pytest.mark.parametrize("address", ["", "li@", "li@example.org\nBcc: wang@example.org"])
def test_an_e_mail_address_that_is_none_is_shown_at_its_field(client, person, address):
    answer = client.post("/messages/settings/", {"email": "on", "address": address, "language": "zh-hans"})

    assert answer.status_code == 422
    assert "id_address_error" in answer.content.decode()
    assert not Ways.objects.exists()


def test_without_a_mail_server_nobody_is_offered_e_mail(client, person, settings):
    settings.SYNTHETIC = False

    assert 'name="email"' not in client.get("/messages/settings/").content.decode()


def test_my_messages_cost_the_same_for_one_and_for_many(client, person):
    notice(person)
    few = queries_of(client, "/messages/")
    for number in range(40):
        notice(person, f"第 {number} 条")

    assert queries_of(client, "/messages/") == few <= 8


# The call list --------------------------------------------------------------------------------------------------------


def test_a_clerk_works_through_the_call_list_of_the_township(client, as_person):
    clerk, entry = as_person(a_clerk(TUNZI)), an_entry()
    an_entry("2", area=MENGBA, name="孟奶奶")

    page = client.get("/calls/").content.decode()
    assert ("王奶奶" in page, "明天有人上门" in page, "孟奶奶" in page) == (True, True, False)
    client.post(f"/calls/{entry.public_id}/", {"outcome": "not_reached"})
    assert "没打通" in client.get("/calls/").content.decode()
    client.post(f"/calls/{entry.public_id}/", {"outcome": "reached"})

    entry.refresh_from_db()
    assert (entry.reached, entry.tries, entry.called_by) == (True, 2, clerk)
    assert "王奶奶" not in client.get("/calls/").content.decode()
    assert "王奶奶" in client.get("/calls/?done=1").content.decode()


def test_who_may_only_look_gets_no_buttons(client, as_person):
    entry = an_entry()
    as_person(an_auditor())

    assert f"/calls/{entry.public_id}/" not in client.get("/calls/").content.decode()
    assert client.post(f"/calls/{entry.public_id}/", {"outcome": "reached"}).status_code == 404


def test_a_call_list_is_not_there_for_others_and_for_unknown_outcomes(client, as_person):
    entry = an_entry()
    as_person(a_person())
    assert client.get("/calls/").status_code == 404
    as_person(a_clerk(MENGBA))
    assert client.post(f"/calls/{entry.public_id}/", {"outcome": "reached"}).status_code == 404
    as_person(a_clerk(TUNZI))
    assert client.post(f"/calls/{entry.public_id}/", {"outcome": "perhaps"}).status_code == 404


def test_the_call_list_costs_the_same_for_one_and_for_many(client, as_person):
    clerk = as_person(a_clerk(TUNZI))
    an_entry()
    few = queries_of(client, "/calls/")
    for number in range(60):
        an_entry(f"more {number}", called_by=clerk, called_at=NOW, tries=1)

    assert queries_of(client, "/calls/") == few <= 8


# The outbox -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [an_office, lambda: a_dispatcher(COUNTY)])
def test_whoever_minds_the_outbox_sees_what_is_stuck_but_not_whom_or_what(client, as_person, who):
    as_person(who())
    parked()
    for _time in range(2):
        note_failure("sink", "status 503", at=NOW)

    page = client.get("/outbox/").content.decode()

    assert "100****0017" in page
    assert "返回错误 503" in page
    assert "停用到" in page
    assert ("10000000017" in page, "悄悄话" in page) == (False, False)


@pytest.mark.parametrize("address", ["/outbox/", "/outbox/templates/"])
def test_the_outbox_is_not_there_for_a_township(client, as_person, address):
    for person in (a_dispatcher(TUNZI), an_office(TUNZI), a_clerk(COUNTY), a_person()):
        as_person(person)
        assert client.get(address).status_code == 404


def test_a_stuck_message_is_tried_again_or_taken_to_the_call_list(client, as_person):
    as_person(an_office())
    parked(2)
    first, second = Message.objects.order_by("pk")

    client.post("/outbox/again/", {"message": first.public_id})
    client.post("/outbox/to-calls/", {"message": second.public_id})

    assert outbox_counts() == {"waiting": 1, "sent": 0, "parked": 0, "expired": 0, "calling": 1}
    assert CallEntry.objects.get().words == "悄悄话"
    for address in ("/outbox/again/", "/outbox/to-calls/"):
        assert client.post(address, {"message": "none"}).status_code == 404
        assert client.post(address, {"message": first.public_id}).status_code == 409


def test_a_township_unsticks_nothing(client, as_person):
    as_person(a_dispatcher(TUNZI))
    message = parked()

    for address in ("/outbox/again/", "/outbox/to-calls/"):
        assert client.post(address, {"message": message.public_id}).status_code == 404
    assert outbox_counts()["parked"] == 1


def test_the_outbox_costs_the_same_for_one_and_for_many(client, as_person):
    as_person(an_office())
    parked()
    few = queries_of(client, "/outbox/")
    for number in range(60):
        Message.objects.create(
            key=f"more {number}", phone="10000000017", text="一", due_at=NOW, state=Message.State.PARKED
        )

    assert queries_of(client, "/outbox/") == few <= 8


def test_every_template_stands_on_a_page_in_both_languages(client, as_person):
    as_person(an_office())

    page = client.get("/outbox/templates/").content.decode()

    assert "login.code" in page
    assert page.count("246810") == 4  # of two kinds of codes, in two languages
