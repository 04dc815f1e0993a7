"""Writers of one process take turns in front of SQLite."""

import time
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from tests.clock import NOW
from zhiyuan.domain.foundation.models import RateBucket

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has its own line")


def a_bucket(key: str) -> RateBucket:
    return RateBucket.objects.create(key=key, window=1, spent=0, ends_at=NOW)


def in_threads(count: int, work) -> None:
    def run(number: int) -> None:
        try:
            work(number)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_nobody_who_writes_is_overtaken_for_long():
    waits = []

    def write_often(number: int) -> None:
        for turn in range(10):
            begun = time.monotonic()
            with transaction.atomic():
                waits.append(time.monotonic() - begun)
                for row in range(10):  # some milliseconds of work, so that the others queue up
                    a_bucket(f"{number} {turn} {row}")

    in_threads(4, write_often)

    assert RateBucket.objects.count() == 400
    assert max(waits) < 0.5


@transaction.atomic
def fail_half_way() -> None:
    a_bucket("undone")
    a_bucket("undone")


@pytest.mark.django_db(transaction=True)
def test_a_turn_is_passed_on_after_a_failure_and_after_a_closed_connection():
    def fail(number: int) -> None:
        with pytest.raises(IntegrityError):
            fail_half_way()

    def vanish(number: int) -> None:
        transaction.atomic().__enter__()
        a_bucket("gone")
        connection.close()

    in_threads(2, fail)
    in_threads(2, vanish)
    begun = time.monotonic()
    in_threads(1, lambda _number: a_bucket("kept"))

    assert time.monotonic() - begun < 2
    assert [bucket.key for bucket in RateBucket.objects.all()] == ["kept"]
