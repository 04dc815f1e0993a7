"""The small commands: what they print, and exit codes that tell the truth."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.build import COUNTY, MABAO, NOW, a_person, a_team, area
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.notices.breaking import note_failure
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.notices.outbox import post_message
from zhiyuan.domain.organisations.models import RoleGrant
from zhiyuan.domain.people.models import ClosedAccount
from zhiyuan.web.checks import routes

type Printed = pytest.CaptureFixture[str]


@pytest.mark.django_db
def test_areas_are_loaded_from_a_file(tmp_path: Path, capsys: Printed):
    path = tmp_path / "areas.csv"
    path.write_text("code,name,level,parent_code\n620000000000,甘肃省,province,\n", encoding="utf-8")

    call_command("load_areas", str(path))

    assert capsys.readouterr().out == "1 areas loaded.\n"
    assert Area.objects.get().name == "甘肃省"


@pytest.mark.django_db
def test_a_file_with_a_wrong_line_loads_nothing(tmp_path: Path):
    path = tmp_path / "areas.csv"
    path.write_text("code,name,level,parent_code\n62,甘肃省,province,\n", encoding="utf-8")

    with pytest.raises(CommandError, match="2"):
        call_command("load_areas", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_areas", str(tmp_path / "nothing.csv"))

    assert not Area.objects.exists()


@pytest.mark.django_db
def test_sealed_names_are_erased_when_their_time_is_over(capsys: Printed):
    person, today = a_person(), local_day(now())
    ClosedAccount.objects.create(person=person, closed_at=now(), name="郭晓禾", kept_until=today - timedelta(days=1))

    call_command("forget_closed")

    assert capsys.readouterr().out == "1 names erased.\n"
    assert ClosedAccount.objects.get().name == ""


@pytest.mark.django_db
def test_the_first_officer_is_appointed(capsys: Printed):
    person = a_person(phone="10000000021")
    area(COUNTY)

    call_command("appoint", "100 0000 0021", "office", area=COUNTY)

    grant = RoleGrant.objects.get()
    assert (grant.person, grant.role, grant.area_id, grant.granted_by) == (person, "office", COUNTY, None)
    assert grant.until == local_day(now()) + timedelta(days=365)
    assert JournalEntry.objects.get(action="role.granted").actor == "system"
    assert str(grant.until) in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("10000000022", "office", "--area", COUNTY), "Nobody has registered"),
        (("123", "office", "--area", COUNTY), "11"),
        (("10000000021", "office", "--area", "999999000000"), "no area"),
        (("10000000021", "leader", "--team", "nothing"), "no team"),
        (("10000000021", "leader", "--area", COUNTY), "."),
        (("10000000021", "office", "--area", COUNTY, "--days", "400"), "."),
        (("10000000021", "office"), "required"),
    ],
)
def test_a_wrong_appointment_is_refused(arguments: tuple[str, ...], why: str):
    a_person(phone="10000000021")
    area(COUNTY)

    with pytest.raises(CommandError, match=why):
        call_command("appoint", *arguments)

    assert not RoleGrant.objects.exists()


@pytest.mark.django_db
def test_a_leader_is_appointed_for_a_team():
    a_person(phone="10000000021")
    team = a_team(area_code=MABAO)

    call_command("appoint", "10000000021", "leader", team=team.public_id)

    assert RoleGrant.objects.get().team == team


@pytest.mark.django_db
def test_the_outbox_is_counted_and_given_up_messages_are_an_error(capsys: Printed):
    post_message("10000000021", "您好", key="one", at=NOW)

    call_command("outbox", "status")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["waiting", "1"]
    assert lines[-1] == "gateway sink: takes messages"
    for _time in range(2):
        note_failure("sink", "no answer", at=now())
    Message.objects.update(state=Message.State.PARKED)
    with pytest.raises(CommandError, match="1 messages were given up"):
        call_command("outbox", "status")
    assert "gateway sink: 2 failures in a row (no answer), left in peace" in capsys.readouterr().out


@pytest.mark.django_db
def test_keys_are_listed_by_what_they_have_sealed(capsys: Printed):
    a_person(phone="10000000021")
    a_person(phone="10000000022")

    call_command("keys", "list")

    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [["test1", "people_person.phone", "2"]]


@pytest.mark.django_db
def test_a_value_that_no_longer_opens_is_found(settings, capsys: Printed):
    a_person(phone="10000000021")
    call_command("keys", "check")
    assert capsys.readouterr().out == "All sealed values open.\n"

    settings.SEALING_KEYS = "other:" + "k" * 20 + "x" * 20

    with pytest.raises(CommandError):
        call_command("keys", "check")
    assert capsys.readouterr().out == "people_person.phone: 1 values do not open\n"


def test_a_new_key_is_long_and_never_the_same(capsys: Printed):
    call_command("keys", "new")
    call_command("keys", "new")

    first, second = capsys.readouterr().out.split()
    assert first != second
    assert len(first) >= 40


@pytest.mark.django_db
def test_the_doctor_finds_nothing_in_a_test_database(capsys: Printed):
    call_command("doctor")

    assert capsys.readouterr().out.startswith("Nothing to mend: mode test")


@pytest.mark.django_db
def test_every_figure_is_counted_with_its_time(capsys: Printed):
    area(COUNTY)

    call_command("figures", "--json")

    found = {row["key"]: row for row in json.loads(capsys.readouterr().out)}
    assert found["volunteers"]["value"] == 0
    assert found["hours"]["unit"] == "minutes"
    assert all(row["as_of"] and row["meaning"] for row in found.values())
    call_command("figures")
    assert len(capsys.readouterr().out.splitlines()) == len(found)


def test_every_route_is_listed_with_who_may_ask(capsys: Printed):
    call_command("routes", "--json")

    listed = json.loads(capsys.readouterr().out)
    assert [row["path"] for row in listed] == [route.path for route in routes()]
    assert all(row["access"] and row["methods"] for row in listed)
    call_command("routes")
    assert len(capsys.readouterr().out.splitlines()) == len(listed)


@pytest.mark.django_db
def test_there_are_no_logins_without_a_demo_and_none_in_production(settings):
    with pytest.raises(CommandError, match="no demo county"):
        call_command("accounts")
    settings.SYNTHETIC = False
    with pytest.raises(CommandError, match="Only a demo"):
        call_command("accounts")
