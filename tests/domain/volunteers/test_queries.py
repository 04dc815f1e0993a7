from datetime import timedelta

import pytest

from tests.build import (
    BAOCHENG,
    COUNTY,
    MABAO,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    a_category,
    a_clerk,
    a_leader,
    a_person,
    a_skill,
    a_team,
    a_volunteer,
    an_auditor,
    an_office,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.queries import teams
from zhiyuan.domain.volunteers.basics import legal_basics
from zhiyuan.domain.volunteers.joining import join_team
from zhiyuan.domain.volunteers.models import Credential, CredentialKind, Volunteer
from zhiyuan.domain.volunteers.queries import (
    FileObstacle,
    for_list,
    found_by,
    in_list_order,
    in_place,
    open_file,
    open_roster,
    person_for_role,
    volunteers_visible_to,
    with_member_counts,
    with_open_credentials,
    with_skill,
)

pytestmark = pytest.mark.django_db


def a_waiting_credential(volunteer):
    kind = CredentialKind.objects.get_or_create(code="rescuer", defaults={"skill": a_skill("first_aid")})[0]
    return Credential.objects.create(volunteer=volunteer, kind=kind, issuer="红十字会", number="1", created_at=NOW)


def test_staff_see_who_lives_in_their_areas_and_leaders_who_belongs_to_their_teams():
    team = a_team(area_code=COUNTY)
    here, there = a_volunteer(area_code=MABAO), a_volunteer(area_code=MENGBA_VILLAGE, teams=(team,))

    def seen_by(person):
        return set(volunteers_visible_to(person))

    assert seen_by(a_clerk(TUNZI)) == {here}
    assert seen_by(a_leader(team)) == {there}
    assert seen_by(an_auditor()) == {here, there}
    assert seen_by(a_person()) == seen_by(None) == set()


def test_who_left_a_team_is_no_longer_seen_by_its_leader():
    team = a_team()
    volunteer = a_volunteer(teams=(team,))
    volunteer.memberships.update(until=NOW.date())

    assert list(volunteers_visible_to(a_leader(team))) == []


def test_the_list_goes_village_by_village_in_the_order_of_joining():
    late, early = a_volunteer(area_code=MABAO), a_volunteer(area_code=MABAO)
    Volunteer.objects.filter(pk=early.pk).update(joined_at=NOW - timedelta(days=999))
    other = a_volunteer(area_code=MENGBA_VILLAGE)

    assert list(in_list_order(volunteers_visible_to(an_office()))) == [other, early, late]


def test_volunteers_are_found_by_name_number_and_whole_telephone():
    wanted = a_volunteer(name="郭晓禾", phone="10000000044")
    a_volunteer(name="郭春")

    for words in ("晓禾", wanted.number, wanted.number.lower(), "100 0000 0044"):
        assert list(found_by(Volunteer.objects.all(), words)) == [wanted]
    assert found_by(Volunteer.objects.all(), "郭").count() == 2
    for words in ("禾晓", "ZY00000000", "10000000045", "1000000004", "%", "'"):
        assert list(found_by(Volunteer.objects.all(), words)) == []


def test_the_list_narrows_by_skill_place_and_open_certificates():
    driver = a_volunteer(skills=("driving",), area_code=BAOCHENG)
    waiting = a_volunteer(area_code=MABAO)
    a_waiting_credential(waiting)
    everybody = Volunteer.objects.all()

    assert list(with_skill(everybody, a_skill("driving"))) == [driver]
    assert list(in_place(everybody, BAOCHENG)) == [driver]
    assert set(in_place(everybody, TUNZI)) == {driver, waiting}
    assert list(with_open_credentials(everybody)) == [waiting]
    assert {row.pk: row.credentials_wait for row in for_list(everybody)} == {driver.pk: False, waiting.pk: True}


def test_opening_a_file_or_a_roster_is_noted():
    clerk, volunteer, team = a_clerk(), a_volunteer(), a_team()

    open_file(volunteer, by=clerk, at=NOW)
    open_roster(team, by=clerk, at=NOW)

    noted = list(JournalEntry.objects.order_by("seq").values_list("action", "object", "actor"))
    assert noted == [
        ("volunteer.viewed", f"volunteer:{volunteer.public_id}", clerk.public_id),
        ("team.roster_viewed", f"team:{team.public_id}", clerk.public_id),
    ]


def test_whoever_opens_300_files_within_an_hour_is_stopped_and_nobody_else_is():
    clerk, colleague, volunteer = a_clerk(), a_clerk(), a_volunteer()
    for _file in range(300):
        open_file(volunteer, by=clerk, at=NOW)

    with pytest.raises(Refused) as refusal:
        open_file(volunteer, by=clerk, at=NOW)

    assert refusal.value.obstacle == FileObstacle.TOO_MANY_FILES
    open_file(volunteer, by=colleague, at=NOW)
    open_file(volunteer, by=clerk, at=NOW + timedelta(hours=1))


def test_who_gets_a_role_is_found_by_number_or_whole_telephone_alone():
    office, volunteer = an_office(), a_volunteer(name="郭晓禾", phone="10000000044")
    clerk = a_person(phone="10000000055")

    assert person_for_role(volunteer.number, by=office, at=NOW) == volunteer.person
    assert person_for_role("100 0000 0044", by=office, at=NOW) == volunteer.person
    assert person_for_role("10000000055", by=office, at=NOW) == clerk
    assert person_for_role("郭晓禾", by=office, at=NOW) is None


def test_nobody_learns_names_by_trying_numbers():
    office = an_office()
    for number in range(120):
        person_for_role(f"100000005{number % 100:02d}", by=office, at=NOW)

    with pytest.raises(Refused) as refusal:
        person_for_role("10000000044", by=office, at=NOW)

    assert refusal.value.obstacle == FileObstacle.TOO_MANY_LOOKUPS


def test_teams_carry_their_counted_members():
    team, empty = a_team(), a_team()
    volunteer = a_volunteer()
    join_team(volunteer, team, by=volunteer.person, at=NOW)
    empty.strength.delete()

    assert {row.pk: row.member_count for row in with_member_counts(teams())} == {team.pk: 1, empty.pk: 0}


def test_the_eight_legal_basics_are_each_known_or_missing():
    volunteer = a_volunteer(born_on=None, sex="f")

    missing = [str(basic.label) for basic in legal_basics(volunteer) if not basic.known]
    assert len(legal_basics(volunteer)) == 8
    assert len(missing) == 4  # birth date, ID number, skills, kinds of service

    volunteer.person.id_number_key = "x"
    volunteer.person.born_on = NOW.date()
    volunteer.volunteer_skills.create(skill=a_skill())
    volunteer.categories.add(a_category())
    assert [basic for basic in legal_basics(volunteer) if not basic.known] == []
