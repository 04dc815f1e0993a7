"""Closing an account: what goes, what stays, who still sees it; and taking one's data along."""

import json
from datetime import date, timedelta

import pytest

from tests.build import (
    MABAO,
    NOW,
    TODAY,
    TOMORROW,
    TUNZI,
    YESTERDAY,
    a_clerk,
    a_leader,
    a_need,
    a_person,
    a_service_record,
    a_signup,
    a_team,
    a_volunteer,
    an_activity,
    an_auditor,
    an_office,
)
from zhiyuan.domain.activities.models import Shift, SignUp
from zhiyuan.domain.activities.signup import sign_up
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journeys.leaving import ClosingObstacle, close_account, obstacle_to_close
from zhiyuan.domain.journeys.own_data import download_own_data, own_data
from zhiyuan.domain.people.closing import forget_closed
from zhiyuan.domain.people.login import person_with_phone
from zhiyuan.domain.people.models import ClosedAccount, GuardianConsent, Person
from zhiyuan.domain.people.registering import register_person
from zhiyuan.domain.volunteers.models import Membership, TeamStrength, Volunteer, VolunteerSkill
from zhiyuan.domain.volunteers.queries import found_by, open_file, volunteers_visible_to

pytestmark = pytest.mark.django_db
PHONE = "10000000555"


@pytest.fixture
def leaver():
    """Somebody with a place, a team, a record, a skill, and an identity number."""
    team = a_team()
    volunteer = a_volunteer(
        name="郭晓禾", phone=PHONE, teams=(team,), skills=("driving",), id_number="99", id_number_key="k"
    )
    a_service_record(volunteer, team)
    sign_up(an_activity(team).shifts.get(), volunteer, by=volunteer.person, at=YESTERDAY, risk_version=1)
    return volunteer


def close(volunteer, at=NOW):
    return close_account(volunteer.person, by=volunteer.person, at=at)


def test_everything_that_names_them_goes_and_the_records_stay(leaver):
    GuardianConsent.objects.create(
        person=leaver.person, guardian_name="祁大山", guardian_phone="10000000778", guardian_key="g",
        relation="父亲", since=TODAY, until=TODAY, given_at=NOW,
    )  # fmt: skip

    close(leaver)

    person = Person.objects.get(pk=leaver.person_id)
    assert (person.name, person.phone, person.phone_key, person.id_number, person.id_number_key) == (
        "郭**", "", None, "", None,
    )  # fmt: skip
    assert (person.born_on, person.sex, person.is_active, person.auth_epoch) == (None, "", False, 1)
    guardian = GuardianConsent.objects.get()
    assert (guardian.guardian_name, guardian.guardian_phone, guardian.guardian_key) == ("祁**", "", None)
    assert not person.consents.filter(withdrawn_at=None).exists()
    assert not VolunteerSkill.objects.filter(volunteer=leaver).exists()
    assert ServiceRecord.objects.get().volunteer == leaver


def test_places_and_teams_are_given_back_and_counted(leaver):
    close(leaver)

    assert SignUp.objects.get().state == "cancelled"
    assert Shift.objects.get().taken == 0
    assert Membership.objects.get().until == TODAY
    assert TeamStrength.objects.get().members == 0
    entry = JournalEntry.objects.get(action="person.closed")
    assert entry.facts == {"places": 1, "teams": 1, "records": 1}
    assert "郭晓禾" not in str(list(JournalEntry.objects.values()))


def test_the_telephone_is_free_again_at_once(leaver):
    close(leaver)

    assert person_with_phone(PHONE) is None
    assert register_person(
        name="郭晓禾", phone=PHONE, born_on=date(1990, 1, 1), consents=True, guardian=None, by=None, at=NOW
    )


def test_ordinary_staff_find_them_no_longer_and_the_auditor_sees_that_records_exist(leaver):
    clerk, office, auditor = a_clerk(TUNZI), an_office(), an_auditor()
    for person in (clerk, office, auditor):
        assert leaver in volunteers_visible_to(person)

    close(leaver)

    for person in (clerk, office):
        assert list(volunteers_visible_to(person)) == []
    assert list(volunteers_visible_to(auditor)) == [leaver]
    assert list(found_by(Volunteer.objects.all(), "晓禾")) == []
    assert list(found_by(Volunteer.objects.all(), PHONE)) == []


def test_what_stands_in_the_way(leaver):
    team = a_team()
    leader, in_charge = a_leader(team), a_person()
    an_activity(team, in_charge=in_charge)
    inside = a_signup(
        an_activity(team, starts_at=NOW).shifts.get(), a_volunteer(), state="checked_in", checked_in_at=NOW,
        checked_in_by=leader, checked_in_method="roll_call",
    ).volunteer.person  # fmt: skip

    assert obstacle_to_close(leader, at=NOW) == ClosingObstacle.HOLDS_ROLE
    assert obstacle_to_close(in_charge, at=NOW) == ClosingObstacle.IN_CHARGE
    assert obstacle_to_close(inside, at=NOW) == ClosingObstacle.INSIDE
    assert obstacle_to_close(leaver.person, at=NOW) is None
    close(leaver)
    with pytest.raises(Refused) as refusal:
        close(leaver)
    assert refusal.value.obstacle == ClosingObstacle.CLOSED


def test_a_shift_that_was_served_still_gets_its_minutes_after_closing(leaver):
    close(leaver, at=TOMORROW + timedelta(days=1))

    assert SignUp.objects.get().state == "admitted"  # begun: nothing of what was is undone


def test_the_name_rests_sealed_until_its_day_and_is_then_erased(leaver):
    closed = close(leaver)
    assert (closed.name, closed.kept_until) == ("郭晓禾", TODAY + timedelta(days=1095))

    assert forget_closed(at=NOW + timedelta(days=1095)) == 0
    assert forget_closed(at=NOW + timedelta(days=1096)) == 1
    assert forget_closed(at=NOW + timedelta(days=1096)) == 0

    assert ClosedAccount.objects.get().name == ""


# Own data ------------------------------------------------------------------------------------------------------------


def test_ones_data_are_all_ones_own_and_nobody_elses(leaver):
    stranger = a_volunteer(name="孟外人", phone="10000000999")
    a_service_record(stranger, a_team())
    a_need(person=leaver.person, words="水管裂了", area_code=MABAO)
    a_need(person=stranger.person, words="别人的话", area_code=MABAO)
    open_file(leaver, by=a_clerk(TUNZI), at=NOW)

    data = own_data(leaver.person)

    assert (data["person"]["name"], data["person"]["telephone"], data["person"]["id_number"]) == ("郭晓禾", PHONE, "99")
    assert {key: len(data[key]) for key in ("consents", "sign_ups", "service_records", "needs_asked")} == {
        "consents": 1, "sign_ups": 1, "service_records": 1, "needs_asked": 1,
    }  # fmt: skip
    assert data["volunteer"]["skills"] == ["技能driving"] or data["volunteer"]["skills"] == ["driving"]
    assert len(data["looks_at_my_file"]) == 1
    text = json.dumps(data, ensure_ascii=False)
    for secret in ("孟外人", "10000000999", "别人的话", stranger.number):
        assert secret not in text


def test_taking_data_along_is_noted(leaver):
    assert download_own_data(leaver.person, at=NOW) == own_data(leaver.person)

    assert JournalEntry.objects.get(action="person.data_downloaded").actor == leaver.person.public_id


def test_somebody_without_a_file_has_data_too():
    data = own_data(a_person())

    assert data["volunteer"] is None
    assert data["sign_ups"] == []
