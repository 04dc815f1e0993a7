"""`periodic` and `worker`: the second as a process of its own, as it is started and ended."""

import signal
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from bench.provider import a_provider
from tests.processes import a_process
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.models import PeriodicWork
from zhiyuan.domain.foundation.periodic import all_work, schedule, standings
from zhiyuan.domain.notices.gateways import Sink
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.notices.outbox import LEASE, post_message, send_due

type Printed = pytest.CaptureFixture[str]


@pytest.mark.django_db
def test_the_status_names_all_work_and_is_an_error_when_some_fails(capsys: Printed):
    call_command("periodic", "status")
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [work.name for work in all_work()]

    schedule(all_work(), at=now())
    PeriodicWork.objects.filter(name="forget-codes").update(tries=3, last_error="OperationalError")

    with pytest.raises(CommandError, match=r"^Fails or is late: forget-codes\.$"):
        call_command("periodic", "status")
    assert "failed 3 times: OperationalError" in capsys.readouterr().out


@pytest.mark.django_db
def test_work_is_run_by_its_name(capsys: Printed):
    call_command("periodic", "run", "forget-codes")

    assert capsys.readouterr().out.startswith("forget-codes: 0 in 0.")
    assert PeriodicWork.objects.get(name="forget-codes").last_ok_at
    with pytest.raises(CommandError, match=r"Name one of need-clocks, .*forget-codes"):
        call_command("periodic", "run", "nothing")


@pytest.mark.django_db
def test_work_in_a_workers_hand_is_not_run_by_hand():
    schedule(all_work(), at=now())
    PeriodicWork.objects.update(lease_until=now().replace(year=2100), leased_by="another")

    with pytest.raises(CommandError, match="in a worker's hand"):
        call_command("periodic", "run", "forget-codes")


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_what_waits_and_does_what_is_due_until_it_is_told_to_stop():
    answer = threading.Event()
    post_message("10000000021", "第一条", key="one", at=now())

    with (
        a_provider(lambda: answer.wait(timeout=20)) as provider,
        a_process("manage.py", "worker", ZHIYUAN_SMS_GATEWAY=provider.address) as worker,
    ):
        assert worker.stdout.readline() == "At work.\n"
        assert provider.wait_for(1, within=20)
        worker.send_signal(signal.SIGTERM)  # with a message in hand
        answer.set()
        rest, _errors = worker.communicate(timeout=20)

    assert (worker.returncode, rest) == (0, "Stopped.\n")
    assert [delivery.text for delivery in provider.deliveries] == ["第一条"]
    assert Message.objects.get().state == Message.State.SENT
    assert [standing.late for standing in standings(at=now())] == [False] * len(all_work())


@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_message_is_sent_by_the_next_one_after_its_lease():
    never = threading.Event()
    post_message("10000000021", "第一条", key="one", at=now())

    with (
        a_provider(lambda: never.wait(timeout=3)) as provider,
        a_process("manage.py", "worker", ZHIYUAN_SMS_GATEWAY=provider.address) as worker,
    ):
        assert provider.wait_for(1, within=20)
        worker.kill()
        worker.wait()
    carrier = Sink()

    assert send_due(carrier, at=now() + LEASE - timedelta(seconds=20)) == 0
    assert send_due(carrier, at=now() + LEASE) == 1
