"""`verify` finds what somebody changed past the guards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Model, QuerySet

from tests.cli.seeded import SeededCounty, lift_guards
from zhiyuan.domain.activities.models import Activity, ActivityState, Shift, SignUp
from zhiyuan.domain.hours.models import Confirmation, ServiceRecord
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.needs.models import Need, NeedState, Rating, TeamRecord, Transition, Verification
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Membership, TeamStrength


def _first[M: Model](rows: QuerySet[M]) -> M:
    return rows.order_by("pk")[:1].get()


def _change[M: Model](rows: QuerySet[M], **facts: Any) -> None:
    type(_first(rows))._default_manager.filter(pk=_first(rows).pk).update(**facts)


def _change_a_journal_line() -> None:
    JournalEntry.objects.filter(seq=2).update(facts={"count": 1})


def _cut_the_journal_off() -> None:
    JournalEntry.objects.order_by("-seq")[:1].get().delete()


def _give_a_minute() -> None:
    _change(ServiceRecord.objects.all(), minutes=F("minutes") + 1)


def _count_minutes_twice() -> None:
    record = _first(ServiceRecord.objects.all())
    record.pk, record.public_id, record.source = None, "0" * 16, "signup:invented"
    record.save(force_insert=True)


def _confirm_before_the_end() -> None:
    confirmation = _first(Confirmation.objects.select_related("record"))
    _change(Confirmation.objects.all(), confirmed_at=confirmation.record.starts_at)


def _give_hours_to_another() -> None:
    confirmation = _first(Confirmation.objects.all())
    known = (confirmation.person_id, confirmation.confirmed_by_id, confirmation.entered_by_id)
    other = _first(Person.objects.exclude(pk__in=known))
    _change(ServiceRecord.objects.filter(pk=confirmation.pk), person_id=other.pk)


def _take_a_place_that_nobody_holds() -> None:
    _change(Shift.objects.filter(taken__lt=F("places")), taken=F("taken") + 1)


def _be_in_two_places() -> None:
    left = SignUp.objects.filter(state=SignUp.State.CHECKED_OUT)
    mine = _first(left)
    times = {"starts_at": mine.starts_at, "ends_at": mine.ends_at}
    _change(left.exclude(shift=mine.shift), volunteer_id=mine.volunteer_id, **times)


def _move_a_sign_up() -> None:
    _change(SignUp.objects.all(), ends_at=F("ends_at") + timedelta(minutes=1))


def _forget_an_arrival() -> None:
    _change(SignUp.objects.filter(state=SignUp.State.CHECKED_OUT), checked_in_by=None)


def _invent_attendance() -> None:
    _change(SignUp.objects.filter(state=SignUp.State.CHECKED_OUT), checked_in_at=F("starts_at") + timedelta(minutes=10))


def _move_a_need() -> None:
    _change(Need.objects.filter(state=NeedState.SUBMITTED), state=NeedState.REJECTED)


def _lose_a_step() -> None:
    _first(Transition.objects.filter(need__state=NeedState.ACCEPTED, to_state=NeedState.VERIFIED)).delete()


def _send_unverified() -> None:
    _first(Verification.objects.filter(need__state=NeedState.ACCEPTED)).delete()


def _take_a_rating_away() -> None:
    _first(Rating.objects.filter(need__state=NeedState.RATED)).delete()


def _better_record() -> None:
    _change(TeamRecord.objects.all(), done=F("done") + 1)


def _leave_uncounted() -> None:
    _change(Membership.objects.all(), until="2026-01-01")


def _stronger_than_it_is() -> None:
    _change(TeamStrength.objects.all(), members=F("members") + 1)


def _call_off_what_was_promised() -> None:
    promised = Activity.objects.filter(need__state=NeedState.SCHEDULED)
    activity = _first(promised)
    SignUp.objects.filter(shift__activity=activity).update(state=SignUp.State.CANCELLED)
    Shift.objects.filter(activity=activity).update(taken=0)
    _change(promised, state=ActivityState.CANCELLED)


TAMPERING = (
    ("journal", _change_a_journal_line, "journal: chain"),
    ("journal", _cut_the_journal_off, "journal: chain"),
    ("ledger", _give_hours_to_another, "ledger: confirmations"),
    ("hours", _give_a_minute, "hours: whole minutes"),
    ("hours", _count_minutes_twice, "hours: no minute counts twice"),
    ("hours", _confirm_before_the_end, "hours: confirmed by another"),
    ("invariants", _take_a_place_that_nobody_holds, "activities: taken"),
    ("invariants", _be_in_two_places, "activities: nobody is in two places"),
    ("invariants", _move_a_sign_up, "activities: sign-ups have their shift's times"),
    ("invariants", _forget_an_arrival, "activities: states of those"),
    ("invariants", _invent_attendance, "activities: minutes are those of attendance"),
    ("invariants", _call_off_what_was_promised, "activities: requests with a date"),
    ("invariants", _move_a_need, "needs: state is where the steps lead"),
    ("invariants", _lose_a_step, "needs: state is where the steps lead"),
    ("invariants", _send_unverified, "needs: verified before"),
    ("invariants", _take_a_rating_away, "needs: rated is"),
    ("invariants", _better_record, "needs: records of teams"),
    ("invariants", _leave_uncounted, "volunteers: strength"),
    ("invariants", _stronger_than_it_is, "volunteers: strength"),
)


@pytest.mark.parametrize(("subject", "tamper", "named"), TAMPERING, ids=[tamper.__name__ for _, tamper, _ in TAMPERING])
def test_what_was_changed_past_the_guards_is_found(
    subject: str,
    tamper: Callable[[], None],
    named: str,
    county: SeededCounty,
    undone: None,
    capsys: pytest.CaptureFixture[str],
):
    lift_guards()
    tamper()

    with pytest.raises(CommandError):
        call_command("verify", subject)

    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith(f"BROKEN {named}")]


def test_a_guard_that_is_gone_is_missed(county: SeededCounty, undone: None, capsys: pytest.CaptureFixture[str]):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER journal_journalentry_keep_rows ON journal_journalentry")
        else:
            cursor.execute("DROP TRIGGER journal_journalentry_keep_update")

    with pytest.raises(CommandError):
        call_command("verify", "ledger")
    with pytest.raises(CommandError):
        call_command("doctor")

    assert "journal_journalentry_keep_" in capsys.readouterr().out
