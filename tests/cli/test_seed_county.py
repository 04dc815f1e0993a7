"""The demo county as it stands after seeding, small but whole."""

import json
import re
import stat
from collections import Counter
from pathlib import Path

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from tests.cli.seeded import PEOPLE, SeededCounty
from zhiyuan.cli.demo_county.accounts import CAST, accounts, person_of
from zhiyuan.domain.activities.models import Activity, ActivityState, Shift, SignUp
from zhiyuan.domain.activities.queries import coming_activities, next_signups, orders_to_answer, orders_to_plan
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.areas.queries import townships, villages
from zhiyuan.domain.foundation.database import missing_guards
from zhiyuan.domain.hours.confirming import obstacle_to_confirm
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.hours.queries import minutes_of, records_to_confirm
from zhiyuan.domain.needs.clocks import is_at_risk, is_overdue
from zhiyuan.domain.needs.models import Need, NeedState, Rating
from zhiyuan.domain.needs.proposing import proposals_for
from zhiyuan.domain.needs.queries import DeskWanted, desk_needs
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.models import Role, RoleGrant, Site, Team
from zhiyuan.domain.organisations.permissions import grants_of
from zhiyuan.domain.people.ages import is_minor
from zhiyuan.domain.people.models import GuardianConsent, Person
from zhiyuan.domain.residents.merging import with_twins
from zhiyuan.domain.residents.models import Resident, Wish
from zhiyuan.domain.volunteers.models import Membership, Volunteer
from zhiyuan.domain.volunteers.queries import found_by
from zhiyuan.web.demo.roles import DEMO_ROLES

SYNTHETIC_PHONE = re.compile(r"100\d{8}")


def test_the_same_seed_makes_the_same_county(county: SeededCounty):
    assert all(county.first)
    assert county.second == county.first


def test_behind_every_request_stands_a_resident_and_one_in_five_asks_again(county: SeededCounty):
    asked = Need.objects.count()
    asking = Counter(Need.objects.values_list("resident__phone_key", "resident__area_id"))

    assert not Need.objects.filter(resident=None).exists()
    assert not Need.objects.exclude(phone_key=F("resident__phone_key")).exists()
    assert 0.1 * asked < asked - len(asking) < 0.3 * asked
    assert Resident.objects.exclude(household=None).exists()
    assert with_twins(Resident.objects.all()).exists()
    assert {wish for one in Resident.objects.all() for wish in one.wish_list} == set(Wish)


def test_the_county_has_its_published_teams_sites_and_areas(county: SeededCounty):
    kinds = Counter(Team.objects.values_list("kind", flat=True))

    assert sum(kinds.values()) == 522
    assert {kind: kinds[kind] for kind in ("corps", "branch", "detachment", "direct", "special", "rescue")} == {
        "corps": 1,
        "branch": 19,
        "detachment": 221,
        "direct": 10,
        "special": 46,
        "rescue": 2,
    }
    assert Site.objects.count() == 277
    assert (townships().count(), villages().filter(counted=True).count()) == (19, 221)
    assert (Volunteer.objects.count(), county.counts["volunteers"]) == (PEOPLE, PEOPLE)


def test_every_state_of_needs_activities_and_sign_ups_is_there(county: SeededCounty):
    assert set(Need.objects.values_list("state", flat=True)) == set(NeedState.values)
    assert set(Activity.objects.values_list("state", flat=True)) == set(ActivityState.values)
    assert set(SignUp.objects.values_list("state", flat=True)) == set(SignUp.State.values)
    assert Rating.objects.exists()
    assert ServiceRecord.objects.filter(confirmation=None).exists()
    assert ServiceRecord.objects.exclude(confirmation=None).exists()


def test_some_needs_are_late_and_some_are_nearly_so(county: SeededCounty):
    needs = Need.objects.all()
    late, soon = (
        [need.pk for need in needs if is_overdue(need, county.at)],
        [need.pk for need in needs if is_at_risk(need, county.at)],
    )

    assert 0 < len(late) < len(needs) / 4
    assert 0 < len(soon) < len(needs) / 4


def test_there_are_shifts_to_come_with_and_without_places(county: SeededCounty):
    coming = Shift.objects.filter(starts_at__gt=county.at, activity__state=ActivityState.PUBLISHED)

    assert {(shift.taken == 0, shift.places_left == 0) for shift in coming} == {
        (True, False),
        (False, True),
        (False, False),
    }


def test_nobody_has_a_number_that_could_be_somebodys(county: SeededCounty):
    phones = [
        *Person.objects.values_list("phone", flat=True),
        *Need.objects.values_list("phone", flat=True),
        *GuardianConsent.objects.values_list("guardian_phone", flat=True),
        *Message.objects.values_list("phone", flat=True),
        *Team.objects.values_list("phone", flat=True),
        *Site.objects.values_list("phone", flat=True),
    ]

    assert len(phones) > PEOPLE
    assert [phone for phone in phones if not SYNTHETIC_PHONE.fullmatch(phone)] == []
    assert not Person.objects.exclude(id_number_key=None).exists()


def test_minors_have_a_guardians_consent_and_rescuers_are_grown_up(county: SeededCounty):
    today = county.at.date()
    minors = [person.pk for person in Person.objects.exclude(born_on=None) if is_minor(person, today)]
    rescuers = Membership.objects.filter(team__kind="rescue").select_related("volunteer__person")

    assert minors
    assert set(minors) == set(GuardianConsent.objects.filter(until__gte=today).values_list("person_id", flat=True))
    assert rescuers
    assert [one.pk for one in rescuers if is_minor(one.volunteer.person, today)] == []


def test_every_team_is_led_by_one_of_its_members(county: SeededCounty):
    led = set(RoleGrant.objects.filter(role=Role.LEADER).values_list("team_id", "person_id"))

    assert {team for team, _person in led} == set(Team.objects.values_list("pk", flat=True))
    assert led <= set(Membership.objects.values_list("team_id", "volunteer__person_id"))


def test_everything_that_must_hold_holds(county: SeededCounty, capsys: pytest.CaptureFixture[str]):
    call_command("verify", "all")

    assert "BROKEN" not in capsys.readouterr().out
    assert missing_guards() == []


def test_search_finds_volunteers_and_new_rows_too(county: SeededCounty):
    assert [one.person.name for one in found_by(Volunteer.objects.all(), "慕小雨")] == ["慕小雨"]


# The stage ----------------------------------------------------------------------------------------------------------


def test_the_leader_finds_orders_a_roll_call_and_hours_to_confirm(county: SeededCounty):
    leader = person_of("leader")
    running = [one for one in coming_activities(leader) if one.starts_at <= county.at < one.ends_at]
    waiting = [record for record in records_to_confirm(leader) if obstacle_to_confirm(record, leader) is None]

    assert orders_to_answer(leader).count() >= 2
    assert orders_to_plan(leader).count() >= 1
    assert running
    assert waiting


def test_the_volunteer_has_a_next_shift_and_both_kinds_of_hours(county: SeededCounty):
    volunteer = Volunteer.objects.get(person=person_of("volunteer"))
    minutes = minutes_of(volunteer)

    assert next_signups(volunteer, county.at)
    assert minutes.confirmed > 0
    assert minutes.provisional > 0


def test_clerk_and_dispatcher_find_work_some_of_it_late(county: SeededCounty):
    for key, state in (("clerk", NeedState.SUBMITTED), ("dispatcher", NeedState.VERIFIED)):
        waiting = list(desk_needs(person_of(key), DeskWanted(state=state), at=county.at))

        assert is_overdue(waiting[0], county.at)
        assert not is_overdue(waiting[-1], county.at)
        assert proposals_for(waiting[-1], at=county.at)


def test_the_cast_holds_the_roles_that_it_says(county: SeededCounty):
    held = {one.key: {grant.role for grant in grants_of(person_of(one.key))} for one in CAST}

    assert held == {one.key: set() if one.role == "volunteer" else {Role(one.role)} for one in CAST}
    assert {role.phone for role in DEMO_ROLES if role.phone} <= {one.phone for one in CAST}
    assert {(role.key, role.phone) for role in DEMO_ROLES if role.phone} <= {(one.key, one.phone) for one in CAST}


# The command --------------------------------------------------------------------------------------------------------


def test_seeding_again_changes_nothing_and_asks_little(
    county: SeededCounty, settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    settings.DATA = tmp_path

    with CaptureQueriesContext(connection) as queries:
        call_command("seed_county")

    assert "The demo county is there" in capsys.readouterr().out
    assert len(queries) <= 5
    assert Volunteer.objects.count() == PEOPLE


def test_the_accounts_are_written_for_their_owner_alone(county: SeededCounty, settings, tmp_path: Path):
    settings.DATA = tmp_path

    call_command("seed_county", verbosity=0)

    path = tmp_path / "accounts.json"
    written = json.loads(path.read_text(encoding="utf-8"))["accounts"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [account["key"] for account in written] == [one.key for one in CAST]
    assert all(account["name"] and account["branch"] and account["start"] for account in written)


def test_staff_have_a_confirmed_second_factor_and_volunteers_none(county: SeededCounty):
    by_role = {account.key: account.totp_secret for account in accounts()}

    assert {key for key, secret in by_role.items() if secret} == {
        one.key for one in CAST if one.role in {"clerk", "dispatcher", "office", "auditor"}
    }
    assert all(len(pyotp.TOTP(secret).now()) == 6 for secret in by_role.values() if secret)
    assert not RoleGrant.objects.filter(person__second_factor__confirmed_at=None, person__second_factor__isnull=False)


def test_the_logins_are_listed_for_people_and_for_programs(county: SeededCounty, capsys: pytest.CaptureFixture[str]):
    call_command("accounts")
    shown = capsys.readouterr().out
    call_command("accounts", "--json")

    assert [line.split()[0] for line in shown.splitlines()] == [one.phone for one in CAST]
    assert [one["phone"] for one in json.loads(capsys.readouterr().out)["accounts"]] == [one.phone for one in CAST]


def test_production_takes_no_made_up_people(county: SeededCounty, settings):
    settings.SYNTHETIC = False

    with pytest.raises(CommandError, match="demo and test only"):
        call_command("seed_county", "--fresh")

    assert Volunteer.objects.count() == PEOPLE


def test_too_few_people_are_refused(county: SeededCounty):
    with pytest.raises(CommandError, match="At least 300"):
        call_command("seed_county", "--people", "299")


@pytest.mark.django_db
def test_a_database_with_other_people_is_left_alone():
    Person.objects.create(name="李知行", created_at="2026-01-01T00:00Z")

    with pytest.raises(CommandError, match="holds people already"):
        call_command("seed_county")

    assert (Person.objects.count(), Area.objects.count()) == (1, 0)
