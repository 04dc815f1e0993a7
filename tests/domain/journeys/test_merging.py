"""Two files of one person: nothing is lost, no minute counts twice, and the undoing is exact."""

from datetime import date, timedelta

import pytest

from tests.build import (
    MENGBA,
    NOW,
    TODAY,
    TOMORROW,
    TUNZI,
    YESTERDAY,
    a_category,
    a_clerk,
    a_deputy,
    a_leader,
    a_need,
    a_person,
    a_service_record,
    a_signup,
    a_skill,
    a_team,
    a_volunteer,
    an_activity,
    an_office,
)
from tests.web.test_walls import snapshot
from zhiyuan.domain.activities.checking import activity_checks
from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.checking import hours_checks, ledger_checks
from zhiyuan.domain.hours.confirming import reverse, with_day_minutes
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.hours.queries import minutes_of, records_of, records_visible_to
from zhiyuan.domain.journeys.merging import (
    MergeObstacle,
    files_to_merge,
    merge,
    merges_visible_to,
    obstacle_to_undo,
    possible_duplicates,
    undo_merge,
)
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.checking import strengths_are_counted
from zhiyuan.domain.volunteers.credentials import add_credential
from zhiyuan.domain.volunteers.models import Credential, CredentialKind, Membership, Volunteer
from zhiyuan.domain.volunteers.pausing import pause
from zhiyuan.domain.volunteers.queries import found_by, memberships_of, volunteers_visible_to
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db
WHY = "本人到场，两个号都是他"


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


@pytest.fixture
def teams():
    return [a_team(name="马堡村分队"), a_team(name="屯字镇支队", area_code=TUNZI)]


@pytest.fixture
def office():
    return an_office()


@pytest.fixture
def kept(teams):
    return a_volunteer(teams=teams[:1], skills=("driving",))


@pytest.fixture
def away(teams):
    """With one of everything, some of it the same as the file that stays."""
    away = a_volunteer(teams=teams, skills=("driving", "cooking"))
    away.categories.set([a_category("repair")])
    kind = CredentialKind.objects.create(code="aid", name_zh="救护员证", name_en="First aid", skill=a_skill("aid"))
    add_credential(away, kind, "红十字会", "1", None, by=away.person, at=NOW)
    pause(away, None, by=away.person, at=NOW)
    a_signup(an_activity(teams[0]).shifts.get(), away)
    a_service_record(away, teams[1], minutes=90)
    a_need(person=away.person)
    for team in teams:
        recount(team)
    return away


def merged(kept, away, by):
    return merge(kept, away, WHY, by=by, at=NOW)


def test_nothing_is_lost(kept, away, teams, office):
    record = ServiceRecord.objects.get()

    merged(kept, away, office)

    assert [one.team for one in memberships_of(kept)] == teams
    assert sorted(kept.skills.values_list("code", flat=True)) == ["cooking", "driving"]
    assert [one.code for one in kept.categories.all()] == ["repair"]
    assert Credential.objects.get().volunteer == SignUp.objects.get().volunteer == kept
    assert list(records_of(kept)) == [record]
    assert minutes_of(kept).provisional == 90
    assert list(records_visible_to(kept.person)) == [record]
    assert list(kept.person.needs.all())


def test_the_record_itself_is_not_touched_and_all_checks_hold(kept, away, office):
    before = ServiceRecord.objects.values().get()

    merged(kept, away, office)

    assert ServiceRecord.objects.values().get() == before
    checks = [*ledger_checks(), *hours_checks(), strengths_are_counted()]
    checks += [one for one in activity_checks() if "attendance" not in one.name]
    assert [one.name for one in checks if not one.holds] == []


def test_the_file_that_went_is_found_by_its_number_and_telephone_and_logs_in_no_more(kept, away, office):
    merged(kept, away, office)

    seen = volunteers_visible_to(office)
    for words in (kept.number, away.number, away.person.phone):
        assert list(found_by(seen, words)) == [kept]
    assert list(seen) == [kept]
    assert not Person.objects.get(pk=away.person_id).is_active


def test_undone_every_row_is_as_before(kept, away, office):
    before = snapshot()
    done = merged(kept, away, office)
    assert snapshot() != before

    undo_merge(done, by=office, at=NOW + timedelta(days=1))

    after = snapshot()
    del after["volunteers_merge"], before["volunteers_merge"]
    assert after == before
    assert refusal_of(undo_merge, done, by=office, at=NOW) == MergeObstacle.NOT_MERGED


def test_what_was_changed_since_is_not_undone_by_halves(kept, away, office):
    done = merged(kept, away, office)
    Membership.objects.filter(volunteer=kept, until=None).update(until=TODAY, volunteer=a_volunteer())

    assert obstacle_to_undo(done) == MergeObstacle.CHANGED_SINCE
    assert refusal_of(undo_merge, done, by=office, at=NOW) == MergeObstacle.CHANGED_SINCE


def test_a_file_merged_twice_over_is_still_found(kept, away, office):
    last = a_volunteer()
    merged(kept, away, office)

    done = merge(last, kept, WHY, by=office, at=NOW)

    assert minutes_of(last).provisional == 90
    assert list(found_by(Volunteer.objects.filter(merged_into=None), away.number)) == [last]
    undo_merge(done, by=office, at=NOW)
    assert minutes_of(kept).provisional == 90


# What stands in the way -----------------------------------------------------------------------------------------------


def test_no_minute_counts_twice_by_merging(kept, away, teams, office):
    twice = a_service_record(kept, teams[0], starts_at=YESTERDAY + timedelta(minutes=30))
    assert refusal_of(merge, kept, away, WHY, by=office, at=NOW) == MergeObstacle.MINUTES_TWICE

    reverse(twice, "记了两次", by=office, at=NOW)

    merged(kept, away, office)
    assert minutes_of(kept).provisional == 90


def test_the_minutes_of_a_day_are_those_of_both_files(kept, away, teams, office):
    a_service_record(kept, teams[0], starts_at=YESTERDAY + timedelta(minutes=90), minutes=400)
    merged(kept, away, office)

    assert {one.day_minutes for one in with_day_minutes(ServiceRecord.objects.all())} == {490}


def test_two_places_at_one_time_are_not_merged(kept, away, teams, office):
    a_signup(an_activity(teams[1], starts_at=TOMORROW + timedelta(hours=1)).shifts.get(), kept)

    assert refusal_of(merge, kept, away, WHY, by=office, at=NOW) == MergeObstacle.SAME_SHIFT


@pytest.mark.parametrize(
    ("facts_kept", "facts_away", "obstacle"),
    [
        ({"id_number_key": "a"}, {"id_number_key": "b"}, MergeObstacle.OTHER_ID_NUMBER),
        ({}, {"id_number_key": "b"}, MergeObstacle.KEEP_THE_OTHER),
        ({}, {"born_on": date(1980, 1, 1)}, MergeObstacle.OTHER_BIRTH_DATE),
    ],
)
def test_what_says_that_these_are_two_people(office, facts_kept, facts_away, obstacle):
    kept, away = a_volunteer(**facts_kept), a_volunteer(**facts_away)

    assert refusal_of(merge, kept, away, WHY, by=office, at=NOW) == obstacle


def test_a_role_is_ended_before_its_holder_s_file_goes(kept, teams, office):
    holder = a_deputy(teams[0])
    away = Volunteer.objects.create(person=holder, area=kept.area, joined_at=NOW)

    assert refusal_of(merge, kept, away, WHY, by=office, at=NOW) == MergeObstacle.HAS_ROLES


def test_a_file_is_not_merged_with_itself_or_twice_or_without_a_reason(kept, away, office):
    at = {"by": office, "at": NOW}
    assert refusal_of(merge, kept, kept, WHY, **at) == MergeObstacle.SAME_FILE
    assert refusal_of(merge, kept, away, " ", **at) == MergeObstacle.NO_REASON
    merged(kept, away, office)
    assert refusal_of(merge, a_volunteer(), away, WHY, **at) == MergeObstacle.ALREADY_MERGED


def test_only_an_office_whose_branch_holds_both_merges_and_undoes(kept, teams):
    elsewhere = a_volunteer(area_code=MENGBA)
    for person in (a_clerk(TUNZI), a_leader(teams[0]), an_office(TUNZI), a_person()):
        assert refusal_of(merge, kept, elsewhere, WHY, by=person, at=NOW) == AccessObstacle.NOT_YOURS
    done = merged(kept, a_volunteer(), an_office(TUNZI))
    assert refusal_of(undo_merge, done, by=an_office(MENGBA), at=NOW) == AccessObstacle.NOT_YOURS
    assert list(merges_visible_to(an_office(MENGBA))) == []
    assert list(files_to_merge(a_clerk(TUNZI))) == []


# Finding them ---------------------------------------------------------------------------------------------------------


def test_the_same_name_and_birth_date_are_shown_as_a_pair_within_the_branch(office):
    one, two = (a_volunteer(name="郭晓禾", born_on=date(1991, 2, 3)) for _ in range(2))
    a_volunteer(name="郭晓禾", born_on=date(1991, 2, 4))
    a_volunteer(name="郭晓禾", born_on=None)
    a_volunteer(name="郭晓禾", born_on=None)

    assert [(found, found.twin) for found in possible_duplicates(office)] == [(one, two.public_id)]
    assert list(possible_duplicates(an_office(MENGBA))) == []
    merged(one, two, office)
    assert list(possible_duplicates(office)) == []
