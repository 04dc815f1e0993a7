"""Very many rows at once: cleaned and sealed like any other, and under every guard."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from tests.build import NOW, a_need, a_person, a_team, a_volunteer, an_activity, area
from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.foundation.database import (
    bulk_insert,
    missing_guards,
    next_key,
    search_indexes_filled_afterwards,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.needs.models import Transition
from zhiyuan.domain.organisations.models import RoleGrant, Team
from zhiyuan.domain.people.models import GuardianConsent, Person
from zhiyuan.domain.volunteers.models import TeamStrength

pytestmark = pytest.mark.django_db
PERSON = ("id", "public_id", "password", "name", "phone", "phone_key", "created_at")


def _person(key: int, name: str = "陈青原") -> tuple[object, ...]:
    return key, f"{key:016d}", "!", name, f"1000000{key:04d}", f"{key:064d}", NOW


def test_rows_are_cleaned_and_sealed_and_take_their_defaults():
    bulk_insert(Person, PERSON, [_person(7, " 陈青\u202e原 ")])

    person = Person.objects.get()
    assert (person.pk, person.name, person.phone, person.created_at) == (7, "陈青原", "10000000007", NOW)
    assert (person.language, person.is_active, person.id_number, person.id_number_key) == ("zh-hans", True, "", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM people_person")
        assert "10000000007" not in cursor.fetchone()[0]


def test_text_that_is_too_long_is_refused_on_both_databases():
    with pytest.raises(Refused):
        bulk_insert(Person, PERSON, [_person(7, "长" * 41)])


def test_the_next_row_of_a_verb_goes_on_counting():
    bulk_insert(Person, PERSON, [_person(next_key(Person) + number) for number in range(3)])

    after = a_person(phone="10000009999")

    assert after.pk == max(Person.objects.exclude(pk=after.pk).values_list("pk", flat=True)) + 1
    assert next_key(Person) == after.pk + 1


def test_json_dates_and_nothing_at_all():
    team = a_team()
    TeamStrength.objects.all().delete()
    bulk_insert(TeamStrength, ("team_id", "members", "skills", "free"), [(team.pk, 1, {"driving": 1}, [1] * 24)])
    bulk_insert(RoleGrant, ("public_id",), [])

    assert TeamStrength.objects.get().skills == {"driving": 1}
    assert not RoleGrant.objects.exists()


def test_a_unique_default_is_never_shared():
    with pytest.raises(ValueError, match="public_id"):
        bulk_insert(Person, ("name", "created_at"), [("陈青原", NOW)])


def test_nobody_is_put_in_two_places():
    volunteer, team = a_volunteer(), a_team()
    activity = an_activity(team)
    shift = activity.shifts.get()
    fields = ("public_id", "shift_id", "volunteer_id", "signed_up_at", "risk_version", "starts_at", "ends_at")
    times = (NOW, 1, shift.starts_at, shift.ends_at)
    other = an_activity(team, starts_at=activity.starts_at + timedelta(minutes=30)).shifts.get()
    overlapping = [("a" * 16, shift.pk, volunteer.pk, *times), ("b" * 16, other.pk, volunteer.pk, *times)]

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert(SignUp, fields, overlapping)

    assert not SignUp.objects.exists()


def test_a_period_that_runs_backward_is_refused():
    fields = ("public_id", "person_id", "guardian_name", "guardian_phone", "relation", "since", "until", "given_at")
    row = ("a" * 16, a_person().pk, "段建国", "10000000031", "父亲", NOW.date(), NOW.date() - timedelta(days=1), NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert(GuardianConsent, fields, [row])


def test_what_is_append_only_stays_so():
    need = a_need()
    fields = ("id", "need_id", "from_state", "to_state", "at")
    bulk_insert(Transition, fields, [(1, need.pk, "", "submitted", NOW)])

    with pytest.raises(IntegrityError), transaction.atomic():
        bulk_insert(Transition, fields, [(1, need.pk, "", "verified", NOW)])


def test_a_search_finds_what_came_while_its_index_waited():
    place = area()

    with transaction.atomic(), search_indexes_filled_afterwards():
        row = ("a" * 16, "马堡村分队", "detachment", "000001", place.pk, "屯字镇人民政府", grams("马堡村分队"))
        fields = ("public_id", "name", "kind", "path", "area_id", "supervising_body", "grams")
        bulk_insert(Team, fields, [row])
    a_team(name="包城村分队")

    assert [team.name for team in Team.objects.filter(grams__match="马堡")] == ["马堡村分队"]
    assert [team.name for team in Team.objects.filter(grams__match="包城")] == ["包城村分队"]
    assert missing_guards() == []
