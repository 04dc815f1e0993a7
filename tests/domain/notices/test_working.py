"""The worker's two hands, as threads: they go on after a failure, and neither holds up the other."""

import threading
from datetime import timedelta

import pytest

from bench.provider import a_provider
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.models import PeriodicWork
from zhiyuan.domain.foundation.periodic import Periodic
from zhiyuan.domain.notices.outbox import outbox_counts, post_message
from zhiyuan.domain.notices.working import start_hands

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, LONG = "10000000017", 20
LISTED: list[Periodic] = []


@pytest.fixture
def start(settings):
    """Starts both hands on a provider's address and one piece of work; they have ended when the test has."""
    stopped, hands = threading.Event(), []

    def begin(address, run=lambda _at: 0):
        settings.SMS_GATEWAY = address
        settings.PERIODIC_WORK = f"{__name__}.LISTED"
        LISTED[:] = [Periodic("sweep", "sweep", timedelta(hours=1), run)]
        hands.extend(start_hands(stopped))

    yield begin
    stopped.set()
    for hand in hands:
        hand.join(timeout=LONG)
    assert [hand.is_alive() for hand in hands] == [False, False]


def test_what_is_posted_is_sent_without_waiting_for_the_next_look(start):
    done = threading.Event()
    with a_provider() as provider:
        start(provider.address, lambda _at: done.set() or 1)
        assert done.wait(timeout=LONG)

        post_message(PHONE, "第一条", key="one", at=now())

        assert provider.wait_for(1, within=LONG)


def test_a_gateway_that_hangs_holds_up_no_work_that_comes_round(start):
    answer, done = threading.Event(), threading.Event()
    post_message(PHONE, "第一条", key="one", at=now())
    with a_provider(lambda: answer.wait(timeout=LONG)) as provider:
        start(provider.address, lambda _at: (provider.wait_for(1, within=LONG), done.set()) and 1)

        assert done.wait(timeout=LONG)  # while the text is on its way
        answer.set()


def test_long_work_holds_up_no_text(start):
    sent = threading.Event()
    with a_provider(sent.set) as provider:
        start(provider.address, lambda _at: int(sent.wait(timeout=LONG)))

        post_message(PHONE, "第一条", key="one", at=now())

        assert sent.wait(timeout=LONG)


def test_work_whose_row_has_gone_comes_back_to_the_schedule(start):
    tries, done = [], threading.Event()

    def run(at):
        tries.append(at)
        if len(tries) == 1:
            PeriodicWork.objects.all().delete()
            raise ZeroDivisionError
        done.set()
        return 1

    with a_provider() as provider:
        start(provider.address, run)

        assert done.wait(timeout=LONG)
    assert outbox_counts()["waiting"] == 0
