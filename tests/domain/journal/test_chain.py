from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from tests.build import NOW, a_person
from tests.domain.foundation.race import race
from zhiyuan.domain.journal.models import JournalEntry, JournalHead
from zhiyuan.domain.journal.reading import entries_about, journal_break, latest_entries
from zhiyuan.domain.journal.verbs import ANONYMOUS, SYSTEM, record, unit_of_work, verb
from zhiyuan.engines.chain import GENESIS, Break

pytestmark = pytest.mark.django_db


@verb
def act(name="test:1", *, times=1, by=SYSTEM, **facts):
    for _ in range(times):
        record(by, "test.happened", name, at=NOW, **facts)


def test_each_line_covers_the_one_before_it():
    person = a_person()
    act("test:1", by=person, minutes=90, words="一二", nested={"b": [1, None], "a": 1.5})
    act("test:2", by=None)

    first, second = JournalEntry.objects.order_by("seq")
    head = JournalHead.objects.get()
    assert (first.seq, first.prev, first.actor, first.object) == (1, GENESIS, person.public_id, "test:1")
    assert (second.seq, second.prev, second.actor) == (2, first.hash, ANONYMOUS.public_id)
    assert (head.seq, head.hash) == (2, second.hash)
    assert journal_break() is None


def test_a_line_says_who_what_when_and_about_which_thing():
    person = a_person()
    with unit_of_work():
        record(person, "person.changed", person, at=NOW, until="2026-12-31")
    act("test:2")

    entry = entries_about(f"person:{person.public_id}").get()
    assert (entry.action, entry.at, entry.facts) == ("person.changed", NOW, {"until": "2026-12-31"})
    assert [line.seq for line in latest_entries()] == [2, 1]


def test_an_act_that_is_undone_leaves_no_line():
    @verb
    def fail():
        act()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert JournalEntry.objects.count() == 0
    assert journal_break() is None


def test_a_line_outside_of_a_verb_is_a_mistake_of_ours():
    with pytest.raises(RuntimeError, match="inside a verb"):
        record(SYSTEM, "test.happened", "test:1", at=NOW)


def test_verbs_inside_a_verb_join_its_transaction():
    @verb
    def outer():
        act("test:1")
        assert JournalEntry.objects.count() == 0  # chained last, before the commit
        act("test:2")

    outer()

    assert list(JournalEntry.objects.order_by("seq").values_list("object", flat=True)) == ["test:1", "test:2"]


# Somebody with the database's own password ---------------------------------------------------------------------------


def _past_the_guards(*statements):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE journal_journalentry DISABLE TRIGGER USER")
        else:
            for what in ("update", "delete", "insert"):
                cursor.execute(f"DROP TRIGGER journal_journalentry_keep_{what}")
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'another'",
        "action = 'test.other'",
        "object = 'test:9'",
        "facts = '{\"minutes\": 720}'",
        "at = '2020-01-01 00:00:00+00:00'",
        "hash = 'f'",
    ],
)
def test_a_changed_line_is_found(change):
    act(times=3, minutes=90)

    _past_the_guards(f"UPDATE journal_journalentry SET {change} WHERE seq = 2")

    assert journal_break() == Break(2, "changed")


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM journal_journalentry WHERE seq = 1", Break(2, "gap")),
        ("DELETE FROM journal_journalentry WHERE seq = 2", Break(3, "gap")),
        ("DELETE FROM journal_journalentry WHERE seq = 3", Break(2, "end is missing")),
        ("DELETE FROM journal_journalentry", Break(0, "end is missing")),
        ("UPDATE journal_journalentry SET prev = 'f' WHERE seq = 3", Break(3, "does not follow")),
    ],
)
def test_a_line_that_is_missing_is_found(statement, fault):
    act(times=3)

    _past_the_guards(statement)

    assert journal_break() == fault


def test_a_line_written_past_the_chain_is_found():
    act(times=2)
    last = JournalEntry.objects.get(seq=2)

    JournalEntry.objects.create(
        seq=3, at=NOW, actor="x", action="test.forged", object="test:1", prev=last.hash, hash="f" * 64
    )

    assert journal_break() == Break(3, "changed")


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_keep_one_chain():
    answers = race([partial(act, f"test:{n}", times=3) for n in range(8)])

    assert answers == [None] * 8
    assert list(JournalEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 25))
    assert journal_break() is None
    runs = list(JournalEntry.objects.order_by("seq").values_list("object", flat=True))
    assert all(len(set(runs[at : at + 3])) == 1 for at in range(0, 24, 3))


def test_moments_are_chained_to_the_microsecond_in_any_zone():
    with unit_of_work():
        record(SYSTEM, "test.happened", "test:1", at=NOW + timedelta(microseconds=123456))

    assert journal_break() is None
