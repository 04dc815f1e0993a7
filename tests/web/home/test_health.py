"""What watches the program: alive while the process is, ready while it may be served from."""

from datetime import timedelta

import pytest
from django.db import Error

from tests.build import NOW
from zhiyuan.domain.foundation.models import PeriodicWork
from zhiyuan.domain.foundation.periodic import all_work, schedule

pytestmark = pytest.mark.django_db


def test_it_is_alive_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_ready_when_the_database_answers_and_keeps_its_guards(client):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "faults": 0})


def test_a_missing_guard_makes_it_unready_and_tells_strangers_no_details(client, monkeypatch):
    monkeypatch.setattr("zhiyuan.web.home.health.database_faults", lambda: ["trigger journal_keep is missing"])

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "faults": 1}
    assert answer["Retry-After"] == "30"


def test_a_database_that_does_not_answer_makes_it_unready(client, monkeypatch):
    def away():
        raise Error

    monkeypatch.setattr("zhiyuan.web.home.health.database_faults", away)

    assert client.get("/readyz").status_code == 503


def test_work_that_nobody_has_done_for_long_is_said_and_pages_are_served_all_the_same(client):
    schedule(all_work(), at=NOW)
    PeriodicWork.objects.filter(name="forget-codes").update(since=NOW - timedelta(hours=12))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"status": "degraded", "faults": 0, "late_work": 1})
