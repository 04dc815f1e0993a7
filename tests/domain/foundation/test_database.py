"""What the database keeps by itself, whoever writes to it."""

from datetime import timedelta
from functools import partial

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from tests.build import (
    NOW,
    TODAY,
    TOMORROW,
    a_need,
    a_person,
    a_service_record,
    a_shift,
    a_signup,
    a_team,
    a_volunteer,
    an_activity,
)
from tests.domain.foundation.race import race
from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.foundation.database import (
    OLDEST_SAFE_SQLITE,
    AppendOnly,
    assert_safe_database,
    database_faults,
    missing_guards,
)
from zhiyuan.domain.foundation.models import ParameterValue
from zhiyuan.domain.hours.models import Confirmation, ServiceRecord
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.verbs import SYSTEM, record, unit_of_work
from zhiyuan.domain.needs.models import Alarm, Look, Need, NeedState, Rating, Transition, Verification, VerifyMethod
from zhiyuan.domain.notices.models import Attempt, Message, Outcome
from zhiyuan.domain.people.models import PaperForm
from zhiyuan.domain.volunteers.models import TrainingKind, TrainingRecord

pytestmark = pytest.mark.django_db
APPEND_ONLY = [model for model in apps.get_models() if getattr(model, "append_only", False)]
postgresql_only = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's")
sqlite_only = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's")


def _write_journal():
    with unit_of_work():
        record(SYSTEM, "test.happened", "test:1", at=NOW)


def _write_rows():
    """One row in each append-only table."""
    _write_journal()
    team, volunteer, witness = a_team(), a_volunteer(), a_person()
    a_service_record(volunteer, team, confirmed_by=witness)
    need = a_need()
    Transition.objects.create(need=need, to_state=NeedState.SUBMITTED, at=NOW)
    Verification.objects.create(need=need, method=VerifyMethod.PHONE, by=witness, at=NOW, result="属实")
    Rating.objects.create(need=need, stars=5, at=NOW)
    Alarm.objects.create(need=need, kind=Alarm.Kind.WARNED, state=need.state, desk=need.desk, at=NOW)
    Look.objects.create(need=need, by=witness, capacity=Look.Capacity.DESK, at=NOW)
    PaperForm.objects.create(number="1", signed_on=TODAY, kept_at="柜", taken_by=witness, taken_at=NOW)
    kind = TrainingKind.objects.create(code="first_aid", name_zh="急救", name_en="First aid")
    TrainingRecord.objects.create(
        volunteer=volunteer, kind=kind, name="急救培训", content="心肺复苏", minutes=90, organiser="红十字会",
        held_on=TODAY, passed=True, entered_by=witness, entered_at=NOW,
    )  # fmt: skip
    ParameterValue.objects.create(name="test", value=1, since=TODAY, reason="试", set_by="system", set_at=NOW)
    message = Message.objects.create(key="test:1", phone="10000000017", text="试", due_at=NOW)
    Attempt.objects.create(message=message, gateway="first", outcome=Outcome.ACCEPTED, at=NOW)


def _run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def _statements(model):
    table, key = model._meta.db_table, model._meta.pk.column
    yield f"UPDATE {table} SET {key} = {key}"
    yield f"DELETE FROM {table}"
    yield f"INSERT INTO {table} SELECT * FROM {table} WHERE true ON CONFLICT ({key}) DO UPDATE SET {key} = 1"
    if connection.vendor == "postgresql":
        yield f"TRUNCATE {table} CASCADE"
    else:
        yield f"REPLACE INTO {table} SELECT * FROM {table}"
        yield f"UPDATE OR REPLACE {table} SET {key} = {key}"
        yield f"UPDATE OR IGNORE {table} SET {key} = {key} + 1"


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_rows_of_an_append_only_table_are_never_changed_or_taken_away(model):
    _write_rows()
    if connection.vendor == "postgresql":
        _run("SET CONSTRAINTS ALL IMMEDIATE")  # rows that still wait for their check would shield the table
    before = list(model.objects.order_by("pk").values())
    assert before

    for statement in _statements(model):
        with pytest.raises(IntegrityError, match="append-only"):
            _run(statement)

    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("unique", ["public_id", "source"])
@sqlite_only
def test_replace_cannot_take_a_row_away_by_another_of_its_unique_columns(unique):
    a_service_record(a_volunteer(), a_team(), source="signup:1", public_id="first")
    columns = [field.column for field in ServiceRecord._meta.concrete_fields if field.column != "id"]
    other = "source" if unique == "public_id" else "public_id"
    values = ", ".join("'other'" if column == other else f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)

    with pytest.raises(IntegrityError, match="append-only"):
        _run(f"REPLACE INTO hours_servicerecord ({names}) SELECT {values} FROM hours_servicerecord")


def test_every_append_only_model_has_its_guard_in_a_migration():
    guarded = {
        apps.get_model(room, operation.model_name)
        for (room, _name), migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()
        for operation in migration.operations
        if isinstance(operation, AppendOnly)
    }

    assert guarded == set(APPEND_ONLY)
    assert {JournalEntry, ServiceRecord, Confirmation, Transition, Verification, Rating} <= guarded


# One person is not in two places -------------------------------------------------------------------------------------


def _two_overlapping_shifts():
    activity = an_activity(a_team(), places=50)
    first = activity.shifts.get()
    half_way = TOMORROW + timedelta(hours=1)
    second = a_shift(activity, starts_at=half_way, ends_at=half_way + timedelta(hours=2), places=50)
    return first, second


@pytest.mark.django_db(transaction=True)
def test_of_two_overlapping_sign_ups_that_race_the_database_lets_in_exactly_one():
    first, second = _two_overlapping_shifts()
    volunteers = [a_volunteer() for _ in range(8)]

    for volunteer in volunteers:
        answers = race([partial(a_signup, first, volunteer), partial(a_signup, second, volunteer)])
        # PostgreSQL may find the two waiting for each other; then, too, it lets in exactly one
        assert sum(isinstance(answer, SignUp) for answer in answers) == 1
        assert sum(isinstance(answer, IntegrityError | OperationalError) for answer in answers) == 1

    assert SignUp.objects.count() == len(volunteers)


def test_shifts_that_touch_or_were_given_back_do_not_overlap():
    volunteer, activity = a_volunteer(), an_activity(a_team())
    first = activity.shifts.get()
    after = a_shift(activity, starts_at=first.ends_at, ends_at=first.ends_at + timedelta(hours=1))
    same_time = a_shift(activity, starts_at=first.starts_at, ends_at=first.ends_at)

    a_signup(same_time, volunteer, state=SignUp.State.CANCELLED)
    a_signup(first, volunteer)
    a_signup(after, volunteer)

    assert SignUp.objects.count() == 3


def test_a_place_taken_back_is_kept_apart_too():
    volunteer = a_volunteer()
    first, second = _two_overlapping_shifts()
    given_back = a_signup(first, volunteer, state=SignUp.State.CANCELLED)
    a_signup(second, volunteer)

    with pytest.raises(IntegrityError), transaction.atomic():
        SignUp.objects.filter(pk=given_back.pk).update(state=SignUp.State.ADMITTED)


def test_taken_places_never_pass_the_places():
    shift = an_activity(a_team(), places=1).shifts.get()
    a_signup(shift, a_volunteer())

    with pytest.raises(IntegrityError), transaction.atomic():
        a_signup(shift, a_volunteer())


# Who enters never confirms -------------------------------------------------------------------------------------------


def test_the_database_refuses_who_confirms_their_own_hours_or_entry():
    enterer, volunteer = a_person(), a_volunteer()
    for own in (enterer, volunteer.person):
        with pytest.raises(IntegrityError), transaction.atomic():
            a_service_record(volunteer, a_team(), entered_by=enterer, confirmed_by=own)


@pytest.mark.parametrize("copied", ["person", "entered_by"])
def test_a_confirmation_cannot_lie_about_whose_record_it_confirms(copied):
    enterer, stranger = a_person(), a_person()
    entry = a_service_record(a_volunteer(), a_team(), entered_by=enterer)
    facts = {"person": entry.person, "entered_by": enterer, "confirmed_by": enterer, copied: stranger}
    if copied == "person":
        facts["confirmed_by"] = entry.person

    with pytest.raises(IntegrityError, match="differs from"), transaction.atomic():
        Confirmation.objects.create(record=entry, confirmed_at=NOW, **facts)


# What is checked at start ---------------------------------------------------------------------------------------------


def test_a_migrated_database_lacks_no_guard():
    assert missing_guards() == []


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("needs_rating_keep_update", "DROP TRIGGER needs_rating_keep_update"),
        ("activities_signup_no_overlap_insert", "DROP TRIGGER activities_signup_no_overlap_insert"),
        ("needs_need_fts_update", "DROP TRIGGER needs_need_fts_update"),
    ],
)
@sqlite_only
def test_a_guard_that_got_lost_on_sqlite_is_missed(name, lost):
    _run(lost)

    assert missing_guards() == [name]
    with pytest.raises(ImproperlyConfigured, match=f"The guard {name} is missing"):
        assert_safe_database()


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("needs_rating_keep_rows", "DROP TRIGGER needs_rating_keep_rows ON needs_rating"),
        ("needs_rating_keep_table", "ALTER TABLE needs_rating DISABLE TRIGGER needs_rating_keep_table"),
        ("activities_signup_no_overlap", "ALTER TABLE activities_signup DROP CONSTRAINT activities_signup_no_overlap"),
        ("needs_need_grams", "DROP INDEX needs_need_grams"),
    ],
)
@postgresql_only
def test_a_guard_that_got_lost_on_postgresql_is_missed(name, lost):
    _run(lost)

    assert missing_guards() == [name]


@postgresql_only
def test_postgresql_that_may_lose_acknowledged_work_is_a_fault():
    assert database_faults() == []

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        faults = database_faults()

    assert faults == ["PostgreSQL runs with synchronous_commit=off and can lose acknowledged work."]


@sqlite_only
def test_sqlite_is_new_enough_and_keeps_what_it_acknowledged():
    assert database_faults() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        assert tuple(map(int, cursor.fetchone()[0].split("."))) >= OLDEST_SAFE_SQLITE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("unsafe", "safe", "fault"),
    [
        ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL", "SQLite runs with synchronous=1; it must be 2."),
        ("PRAGMA foreign_keys=OFF", "PRAGMA foreign_keys=ON", "SQLite runs with foreign_keys=0; it must be 1."),
    ],
)
@sqlite_only
def test_sqlite_that_may_lose_acknowledged_work_is_a_fault(unsafe, safe, fault):
    with connection.cursor() as cursor:
        cursor.execute(unsafe)
        try:
            assert database_faults() == [fault]
        finally:
            cursor.execute(safe)


@sqlite_only
def test_an_sqlite_with_the_corruption_race_is_a_fault(monkeypatch):
    monkeypatch.setattr("zhiyuan.domain.foundation.database.OLDEST_SAFE_SQLITE", (99, 0, 0))

    assert [fault[:7] for fault in database_faults()] == ["SQLite "]


@sqlite_only
def test_a_transaction_is_a_writer_from_its_start():
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def _point_at_nothing():
    with transaction.atomic():
        Need.objects.filter(pk=a_need().pk).update(team_id=10**9)
        connection.check_constraints()


def test_a_foreign_key_to_nothing_is_refused():
    with pytest.raises(IntegrityError):
        _point_at_nothing()
