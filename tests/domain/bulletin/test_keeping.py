"""A count is kept until something happens that may change it, and no longer."""

from itertools import count
from threading import Event, Thread

import pytest

from tests.build import NOW, a_person
from zhiyuan.domain.bulletin.keeping import kept
from zhiyuan.domain.journal.verbs import record, verb

pytestmark = pytest.mark.django_db


@verb
def happens(action):
    record(a_person(), action, "test:1", at=NOW)


@pytest.fixture
def counting():
    """Counts how often it is asked to count."""
    return count(1).__next__


def test_what_is_known_is_not_counted_again(counting):
    happens("hours.confirmed")

    assert [kept("n", counting), kept("n", counting)] == [1, 1]


def test_an_event_lets_it_be_counted_again_at_once(counting):
    happens("hours.confirmed")
    kept("n", counting)

    happens("hours.confirmed")

    assert kept("n", counting) == 2


def test_a_login_or_a_look_changes_no_figure(counting):
    happens("hours.confirmed")
    kept("n", counting)

    happens("person.logged_in")
    happens("need.viewed")

    assert kept("n", counting) == 1


def test_an_action_that_nobody_listed_counts_as_an_event(counting):
    happens("hours.confirmed")
    kept("n", counting)

    happens("something.new")

    assert kept("n", counting) == 2


def test_time_alone_lets_it_be_counted_again_after_five_minutes(counting, monkeypatch):
    happens("hours.confirmed")
    monkeypatch.setattr("zhiyuan.domain.bulletin.keeping.monotonic", lambda: 1000.0)
    kept("n", counting)
    monkeypatch.setattr("zhiyuan.domain.bulletin.keeping.monotonic", lambda: 1299.0)
    assert kept("n", counting) == 1

    monkeypatch.setattr("zhiyuan.domain.bulletin.keeping.monotonic", lambda: 1301.0)

    assert kept("n", counting) == 2


def test_an_empty_journal_keeps_nothing(counting):
    assert [kept("n", counting), kept("n", counting)] == [1, 2]


def test_names_are_kept_apart():
    happens("hours.confirmed")

    assert [kept("a", lambda: "a"), kept("b", lambda: "b")] == ["a", "b"]


def test_a_count_that_fails_is_tried_again(counting):
    happens("hours.confirmed")

    with pytest.raises(ZeroDivisionError):
        kept("n", lambda: 1 // 0)

    assert kept("n", counting) == 1


def test_who_asks_while_somebody_counts_gets_what_was_known(counting, monkeypatch):
    happens("hours.confirmed")
    kept("n", counting)
    begun, go_on = Event(), Event()

    def slowly():
        begun.set()
        go_on.wait(10)
        return "new"

    monkeypatch.setattr("zhiyuan.domain.bulletin.keeping._last_event", lambda: "another")
    other = Thread(target=kept, args=("n", slowly))
    other.start()
    begun.wait(10)

    assert kept("n", counting) == 1

    go_on.set()
    other.join()
    assert kept("n", counting) == "new"
