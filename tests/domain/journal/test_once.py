from datetime import timedelta
from threading import Event

import pytest

from tests.build import NOW, a_person
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.models import Call
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.once import CALLS_KEPT, CallObstacle, forget_calls, once
from zhiyuan.domain.journal.verbs import ANONYMOUS, SYSTEM, Hand, record

pytestmark = pytest.mark.django_db


def send(key="key", body=b"body", *, by=ANONYMOUS, answer="/there/"):
    """As a door does it: act, and keep where it led. Returns (answer, replayed)."""
    with once(by, key, body, at=NOW) as call:
        if not call.replayed:
            record(by, "test.happened", "test:1", at=NOW)
            call.answer = {"location": answer} if answer else {}
    return call.answer, call.replayed


def effects():
    return JournalEntry.objects.count()


def test_a_call_sent_twice_happens_once_and_is_answered_alike():
    assert send() == ({"location": "/there/"}, False)
    assert send(answer="/elsewhere/") == ({"location": "/there/"}, True)

    assert effects() == 1


def test_another_body_under_a_used_key_is_refused():
    send()

    with pytest.raises(Refused) as refusal:
        send(body=b"other")

    assert refusal.value.obstacle == CallObstacle.KEY_REUSED
    assert effects() == 1


def test_keys_belong_to_whoever_sends_them():
    send(by=a_person())
    send(by=Hand("another"))

    assert effects() == 2


def test_a_call_without_an_answer_did_nothing_and_leaves_the_key_free():
    send(answer="")
    assert (effects(), Call.objects.count()) == (0, 0)

    assert send() == ({"location": "/there/"}, False)


def test_a_call_that_fails_leaves_the_key_free_and_nothing_done():
    def fail():
        with once(SYSTEM, "key", b"body", at=NOW) as call:
            record(SYSTEM, "test.happened", "test:1", at=NOW)
            call.answer = {"location": "/there/"}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert (effects(), Call.objects.count()) == (0, 0)
    assert send(by=SYSTEM) == ({"location": "/there/"}, False)


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_have_one_effect_and_twenty_equal_answers():
    answers = race([send] * 20)

    once_done, replayed = ({"location": "/there/"}, False), ({"location": "/there/"}, True)
    assert answers.count(once_done) == 1
    assert answers.count(replayed) == 19
    assert effects() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waited_for_a_call_that_failed_does_the_work():
    inside = Event()

    def fails():
        with once(SYSTEM, "key", b"body", at=NOW):
            inside.set()
            raise ZeroDivisionError

    def waits():
        inside.wait(5)
        return send(by=SYSTEM)

    failed, waited = race([fails, waits])

    assert isinstance(failed, ZeroDivisionError)
    assert waited == ({"location": "/there/"}, False)
    assert effects() == 1


def test_keys_are_kept_as_long_as_the_county_says_and_a_week_at_least():
    Call.objects.create(actor="a", key="k", body_sha256="", at=NOW)

    assert forget_calls(NOW + timedelta(days=7)) == 0
    assert forget_calls(NOW + timedelta(days=7, seconds=1)) == 1
    assert CALLS_KEPT.least == 7
