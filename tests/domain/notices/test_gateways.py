"""Two SMS providers that hang, fail, answer twice or lie: everybody is told, once, and within a minute."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from tests.build import NOW
from tests.domain.foundation.race import race
from tests.domain.notices.providers import Provider, a_provider
from zhiyuan.domain.notices.breaking import OPENS_AFTER, PAUSE, lets_through, note_failure, note_success
from zhiyuan.domain.notices.gateways import (
    Gateways,
    HttpGateway,
    MailGateway,
    Sink,
    configured_gateway,
    mail_is_carried,
)
from zhiyuan.domain.notices.models import Attempt, Breaker, Channel, Message, Outcome, SinkMessage
from zhiyuan.domain.notices.outbox import LEASE, MOST_TRIES, outbox_counts, post, post_message, send_due

pytestmark = pytest.mark.django_db
PHONE = "10000000017"


@pytest.fixture
def first() -> Iterator[Provider]:
    with a_provider() as provider:
        yield provider


@pytest.fixture
def second() -> Iterator[Provider]:
    with a_provider() as provider:
        yield provider


@pytest.fixture
def both(first, second) -> Gateways:
    return Gateways((first.gateway("first"), second.gateway("second")))


def texts(*words, expires_at=None):
    for word in words:
        post_message(PHONE, word, key=f"test:{word}", at=NOW, expires_at=expires_at)


def outcomes():
    return list(Attempt.objects.order_by("pk").values_list("gateway", "outcome"))


# One provider ---------------------------------------------------------------------------------------------------------


def test_a_message_goes_to_the_gateway_with_its_token_and_one_id_for_all_tries(first):
    texts("一")

    assert send_due(first.gateway(), at=NOW) == 1

    message = Message.objects.get()
    assert first.received == [("/sms", "Bearer token", {"id": message.public_id, "to": PHONE, "text": "一"})]
    assert (message.gateway, message.reference) == ("first", message.public_id)


@pytest.mark.parametrize(
    "behave",
    ["refuse", "forbid", "busy", "redirect", "redirect keeping", "hang", "drip", "hang up", "garbage", "list",
     "nothing", "no reference", "empty reference", "says no", "says error", "bad number"],
)  # fmt: skip
def test_whatever_the_gateway_does_wrong_is_a_try_that_ends_soon_and_goes_to_no_other_address(first, behave):
    first.behave = behave
    texts("一")
    began = time.monotonic()

    assert send_due(first.gateway(), at=NOW) == 0

    assert time.monotonic() - began < 2
    message = Message.objects.get()
    assert (message.state, message.tries, message.reference) == (Message.State.WAITING, 1, "")
    assert [path for path, _token, _body in first.received] == ["/sms"]


def test_a_gateway_that_is_not_there_is_a_try():
    texts("一")

    assert send_due(HttpGateway("http://127.0.0.1:9/sms", "token"), at=NOW) == 0

    assert outcomes() == [("first", Outcome.FAILED)]
    assert Message.objects.get().tries == 1


def test_a_gateway_that_answers_twice_told_the_person_once(first):
    first.behave = "twice"
    texts("一", "二")

    assert send_due(first.gateway(), at=NOW) == 2
    assert send_due(first.gateway(), at=NOW + LEASE) == 0

    assert first.told == ["一", "二"]


def test_a_repeat_carries_the_same_id_so_that_the_gateway_drops_it(first):
    first.behave = "takes it in silence"
    texts("一")

    send_due(first.gateway(), at=NOW)
    first.behave = "accept"
    send_due(first.gateway(), at=NOW + timedelta(seconds=20))

    assert len(first.received) == 2
    assert first.told == ["一"]
    assert outcomes() == [("first", Outcome.UNKNOWN), ("first", Outcome.ACCEPTED)]


def test_nothing_that_a_gateway_says_is_kept_or_logged(first, caplog):
    first.behave = "says error"
    texts("口令 246810")

    send_due(first.gateway(), at=NOW)

    assert [record.getMessage() for record in caplog.records] == ["message not accepted by the gateway"]
    assert not any("246810" in str(vars(record)) or "balance" in str(vars(record)) for record in caplog.records)
    assert Attempt.objects.get().fault == "said yes and no"


# Two providers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "behave",
    ["refuse", "forbid", "busy", "redirect", "hang", "drip", "hang up", "garbage", "nothing", "no reference",
     "says no", "bad number"],
)  # fmt: skip
def test_what_the_first_does_not_take_the_second_sends_in_the_same_round(first, second, both, behave):
    first.behave = behave
    texts("一", "二", "三", "四")

    assert send_due(both, at=NOW) == 4

    assert (first.told, second.told) == ([], ["一", "二", "三", "四"])
    assert set(Message.objects.values_list("state", "gateway", "sent_at")) == {(Message.State.SENT, "second", NOW)}


@pytest.mark.parametrize("behave", ["refuse", "hang", "garbage"])
def test_a_provider_that_fails_is_left_in_peace_and_new_messages_go_straight_to_the_second(first, second, both, behave):
    first.behave = behave
    texts("一", "二", "三", "四")
    send_due(both, at=NOW)
    assert len(first.received) == OPENS_AFTER

    texts("五")
    send_due(both, at=NOW + PAUSE - timedelta(seconds=1))

    assert len(first.received) == OPENS_AFTER
    assert second.told[-1] == "五"


def test_after_a_pause_one_message_tries_the_first_again_and_closes_the_breaker(first, second, both):
    first.behave = "refuse"
    texts("一", "二")
    send_due(both, at=NOW)
    first.behave = "accept"
    texts("三", "四")

    send_due(both, at=NOW + PAUSE)

    assert (first.told, second.told) == (["三", "四"], ["一", "二"])
    assert (Breaker.objects.get().failures, Breaker.objects.get().open_until) == (0, None)


def test_a_first_that_still_fails_is_asked_by_one_message_a_pause(first, second, both):
    first.behave = "refuse"
    texts("一", "二")
    send_due(both, at=NOW)
    texts("三", "四", "五")

    send_due(both, at=NOW + PAUSE)

    assert len(first.received) == OPENS_AFTER + 1
    assert second.told == ["一", "二", "三", "四", "五"]


def test_a_message_that_one_provider_took_goes_to_no_other(first, second, both):
    texts("一")

    send_due(both, at=NOW)
    first.behave = "refuse"
    for seconds in (20, 60, 3600):
        send_due(both, at=NOW + timedelta(seconds=seconds))

    assert (first.told, second.told) == (["一"], [])


def test_what_the_first_took_without_a_word_comes_twice_at_the_most(first, second, both):
    first.behave = "takes it in silence"
    second.behave = "refuse"
    texts("一")
    send_due(both, at=NOW)
    first.behave = second.behave = "accept"

    for seconds in (20, 60, 3600):
        send_due(both, at=NOW + timedelta(seconds=seconds))

    assert (first.told, second.told) == (["一"], [])  # the repeat went to the first, which drops it


def test_when_both_are_left_in_peace_messages_wait_and_spend_no_try(first, second, both):
    first.behave = second.behave = "refuse"
    texts("一", "二", "三")

    assert send_due(both, at=NOW) == 0

    assert list(Message.objects.order_by("pk").values_list("tries", "due_at"))[2] == (0, NOW + PAUSE)
    first.behave = "accept"
    assert send_due(both, at=NOW + PAUSE) == 3
    assert first.told == ["一", "二", "三"]


def test_an_hour_without_any_provider_parks_nothing_but_what_was_asked_five_times(first, second, both):
    first.behave = second.behave = "refuse"
    texts(*(str(n) for n in range(20)))

    for minute in range(60):
        while send_due(both, at=NOW + timedelta(minutes=minute)):
            pass
    assert outbox_counts()["waiting"] >= 20 - 60 // MOST_TRIES
    first.behave = "accept"
    send_due(both, at=NOW + timedelta(hours=2))

    assert first.told


@pytest.mark.parametrize("behave", ["hang", "refuse"])
def test_a_late_code_is_dropped_and_never_sent(first, second, both, behave):
    first.behave = second.behave = behave
    texts("口令", expires_at=NOW + timedelta(minutes=5))
    for seconds in (0, 20, 100):
        assert send_due(both, at=NOW + timedelta(seconds=seconds)) == 0
    first.behave = second.behave = "accept"

    for minutes in (5, 6, 60):
        assert send_due(both, at=NOW + timedelta(minutes=minutes)) == 0

    assert (first.told, second.told) == ([], [])
    assert outbox_counts()["expired"] == 1


def test_a_code_is_tried_again_while_it_is_good(first):
    first.behave = "refuse"
    texts("口令", expires_at=NOW + timedelta(minutes=5))
    send_due(first.gateway(), at=NOW)
    for seconds in (20, 100, 200):
        send_due(first.gateway(), at=NOW + timedelta(seconds=seconds))
    first.behave = "accept"

    send_due(first.gateway(), at=NOW + timedelta(seconds=260))

    assert first.told == ["口令"]


def test_a_code_that_failed_five_times_is_dropped_and_not_parked(first):
    first.behave = "bad number"
    texts("口令", expires_at=NOW + timedelta(minutes=5))

    for seconds in range(0, 300, 20):
        send_due(first.gateway(), at=NOW + timedelta(seconds=seconds))

    assert outbox_counts()["expired"] == 1
    assert len(first.received) == MOST_TRIES


def test_a_code_that_others_kept_waiting_is_looked_at_once_more_before_it_is_sent(first):
    first.behave = "hang"
    texts("慢")
    post_message(PHONE, "口令", key="code", at=NOW, expires_at=NOW + timedelta(milliseconds=100))

    send_due(first.gateway(), at=NOW)

    assert outbox_counts()["expired"] == 1
    assert [body["text"] for _path, _token, body in first.received] == ["慢"]


def test_a_number_that_is_refused_is_no_reason_to_ask_the_provider_less(first, second, both):
    first.behave = "bad number"
    texts("一", "二", "三")

    send_due(both, at=NOW)

    assert len(first.received) == 3
    assert not Breaker.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_all_processes_one_message_tries_a_provider_after_its_pause():
    for _time in range(OPENS_AFTER):
        note_failure("first", "status 500", at=NOW)
    let = []

    race([lambda: let.append(lets_through("first", at=NOW + PAUSE))] * 6)

    assert sorted(let) == [False] * 5 + [True]


def test_failures_count_only_in_a_row():
    note_failure("first", "status 500", at=NOW)
    note_success("first")
    note_failure("first", "status 500", at=NOW)

    assert lets_through("first", at=NOW)


# A request never waits ------------------------------------------------------------------------------------------------


def test_a_request_only_writes_a_row_whatever_the_providers_do(first, settings):
    first.behave = "hang"
    settings.SMS_GATEWAY = first.gateway().address

    answer = Client().post("/login/", {"phone": PHONE})

    assert answer.status_code == 302
    assert first.received == []
    assert outbox_counts()["waiting"] == 1


# Settings, mail, sink -------------------------------------------------------------------------------------------------


def test_demo_and_test_send_to_a_sink_that_can_be_read():
    texts("一")
    post(Message(key="mail", channel=Channel.EMAIL, address="li@example.org", text="二", due_at=NOW))

    assert send_due(configured_gateway(), at=NOW) == 2
    message = Message.objects.get(key="test:一")
    Sink().send(message.public_id, PHONE, "一")  # a repeat is dropped

    kept = SinkMessage.objects.order_by("pk")
    assert [(one.channel, one.phone, one.text) for one in kept] == [
        (Channel.SMS, PHONE, "一"),
        (Channel.EMAIL, "li@example.org", "二"),
    ]


def test_real_people_have_no_sink_and_no_mail_without_a_server(settings):
    settings.SYNTHETIC = False

    assert [type(gateway) for gateway in configured_gateway().sms] == [HttpGateway]
    assert configured_gateway().email == ()
    assert not mail_is_carried()


def test_a_second_gateway_is_asked_second(settings):
    settings.SMS_GATEWAY, settings.SMS_GATEWAY_2 = "https://one.example/", "https://two.example/"
    settings.SMS_GATEWAY_TOKEN, settings.SMS_GATEWAY_2_TOKEN = "eins", "zwei"

    assert configured_gateway().sms == (
        HttpGateway("https://one.example/", "eins", "first"),
        HttpGateway("https://two.example/", "zwei", "second"),
    )


def test_an_e_mail_goes_by_the_mail_server_with_an_id_that_a_repeat_shares(settings):
    settings.SMTP_URL = "smtp://mail.example"
    settings.DEFAULT_FROM_EMAIL = "zhiyuan@example.org"
    post(Message(key="mail", channel=Channel.EMAIL, address="li@example.org", text="二", due_at=NOW))

    assert configured_gateway().email == (MailGateway(),)
    send_due(configured_gateway(), at=NOW)

    message = Message.objects.get()
    (sent,) = mail.outbox
    assert (sent.to, sent.from_email, sent.body) == (["li@example.org"], "zhiyuan@example.org", "二")
    assert sent.extra_headers["Message-ID"] == message.reference == f"<{message.public_id}@example.org>"
