from datetime import timedelta

import pytest

from tests.build import NOW
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.notices.login import ask_for_code
from zhiyuan.domain.notices.models import Attempt, Message, Outcome
from zhiyuan.domain.notices.outbox import LEASE, MOST_TRIES, outbox_counts, post_message, send_due
from zhiyuan.domain.people.login import LoginObstacle, redeem_code

pytestmark = pytest.mark.django_db
PHONE = "10000000017"
LATER = NOW + timedelta(hours=1)


class Carrier:
    """A gateway that remembers, and fails for the telephones it was told."""

    name = "carrier"

    def __init__(self, *broken: str) -> None:
        self.broken, self.sent = broken, list[str]()

    def send(self, message_id: str, to: str, text: str) -> str:
        if to in self.broken:
            raise ValueError("a gateway of its own kind")
        self.sent.append(text)
        return f"carried-{message_id}"


def post(text="一", *, phone=PHONE, key=None, **facts):
    post_message(phone, text, key=key or f"test:{text}", at=NOW, **facts)
    return Message.objects.get(key=key or f"test:{text}")


def test_what_is_due_is_sent_once_and_in_order():
    post("一")
    post("二")
    carrier = Carrier()

    assert send_due(carrier, at=NOW - timedelta(seconds=1)) == 0
    assert send_due(carrier, at=NOW) == 2
    assert send_due(carrier, at=LATER) == 0

    assert carrier.sent == ["一", "二"]
    assert outbox_counts() == {"waiting": 0, "sent": 2, "parked": 0, "expired": 0, "calling": 0}


def test_the_same_event_is_told_once():
    post("一", key="need:1")
    post("二", key="need:1")

    assert [message.text for message in Message.objects.all()] == ["一"]


def test_a_message_of_an_act_that_is_undone_is_never_sent():
    @verb
    def fail():
        post("一")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert outbox_counts()["waiting"] == 0


def test_a_message_too_late_is_dropped():
    post("一", expires_at=NOW + timedelta(minutes=5))
    carrier = Carrier()

    assert send_due(carrier, at=NOW + timedelta(minutes=5)) == 0

    assert carrier.sent == []
    assert outbox_counts()["expired"] == 1


def test_a_dead_sender_gives_its_messages_back_after_the_lease():
    class Dies:
        name = "dies"

        def send(self, message_id, to, text):
            raise KeyboardInterrupt

    post("一")
    with pytest.raises(KeyboardInterrupt):
        send_due(Dies(), at=NOW)
    carrier = Carrier()

    assert send_due(carrier, at=NOW + LEASE - timedelta(seconds=1)) == 0
    assert send_due(carrier, at=NOW + LEASE) == 1
    assert carrier.sent == ["一"]


def test_what_a_gateway_said_is_kept():
    message, bad = post("好"), post("坏", phone="10000000099")

    send_due(Carrier("10000000099"), at=NOW)

    message.refresh_from_db()
    kept = (message.state, message.gateway, message.reference, message.sent_at)
    assert kept == (Message.State.SENT, "carrier", f"carried-{message.public_id}", NOW)
    said = Attempt.objects.order_by("pk").values_list("message", "gateway", "outcome", "fault", "reference", "at")
    assert list(said) == [
        (message.pk, "carrier", Outcome.ACCEPTED, "", f"carried-{message.public_id}", NOW),
        (bad.pk, "carrier", Outcome.UNKNOWN, "ValueError", "", NOW),
    ]


def test_a_message_that_fails_five_times_is_parked():
    message, carrier = post("一"), Carrier(PHONE)

    waits = []
    at = NOW
    for _ in range(MOST_TRIES):
        assert send_due(carrier, at=at) == 0
        message.refresh_from_db()
        waits.append(int((message.due_at - at).total_seconds()))
        at = message.due_at

    assert waits == [20, 80, 320, 1280, 5120]
    assert outbox_counts() == {"waiting": 0, "sent": 0, "parked": 1, "expired": 0, "calling": 0}
    assert send_due(Carrier(), at=at) == 0


def test_one_message_that_fails_holds_up_no_other():
    for n in range(12):
        post(f"坏{n}", phone="10000000099")
    post("好")
    carrier = Carrier("10000000099")

    while not carrier.sent:
        send_due(carrier, at=NOW)

    assert carrier.sent == ["好"]
    assert outbox_counts()["waiting"] == 12


@pytest.mark.django_db(transaction=True)
def test_two_senders_share_the_work_without_sending_twice():
    for n in range(16):
        post(str(n))
    carrier = Carrier()

    race([lambda: send_due(carrier, at=NOW, most=4)] * 4)
    while send_due(carrier, at=NOW):
        pass

    assert sorted(carrier.sent, key=int) == [str(n) for n in range(16)]


def test_the_log_names_nobody(caplog):
    post("口令 246810")

    send_due(Carrier(PHONE), at=NOW)

    assert [record.getMessage() for record in caplog.records] == ["message not accepted by the gateway"]
    assert not any("246810" in str(vars(record)) or PHONE in str(vars(record)) for record in caplog.records)


# Login codes ----------------------------------------------------------------------------------------------------------


def _code_of(message):
    return next(
        word
        for word in message.text.replace("，", " ").replace(",", " ").split()
        if word.isdecimal() and len(word) == 6
    )


def test_a_login_code_waits_in_the_outbox_and_opens():
    challenge = ask_for_code("+86 100 0000 0017", place="127.0.0", at=NOW)

    message = Message.objects.get()
    assert (message.phone, message.expires_at) == (PHONE, NOW + timedelta(minutes=5))
    redeem_code(challenge, PHONE, _code_of(message), place="127.0.0", at=NOW)


def test_a_code_refused_for_its_limits_is_no_message():
    ask_for_code(PHONE, place="127.0.0", at=NOW)

    with pytest.raises(Refused) as refusal:
        ask_for_code(PHONE, place="127.0.0", at=NOW)

    assert refusal.value.obstacle == LoginObstacle.TOO_OFTEN
    assert Message.objects.count() == 1
