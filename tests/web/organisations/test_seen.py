"""Who can see me, and who looked."""

from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_leader,
    a_need,
    a_person,
    a_team,
    a_volunteer,
    an_office,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.needs.looking import note_look
from zhiyuan.domain.needs.models import Look
from zhiyuan.domain.organisations.models import RoleGrant
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.queries import open_file, open_roster
from zhiyuan.web.organisations import seen

pytestmark = pytest.mark.django_db


def rename(person, name):
    Person.objects.filter(pk=person.pk).update(name=name)
    return person


def test_the_page_wants_a_login_and_serves_whoever_has_an_account(client):
    assert client.get("/me/seen/").status_code == 302

    log_in(client, a_person())
    page = client.get("/me/seen/").content.decode()

    assert "还没有人看过您的资料" in page
    assert "谁可以看您的志愿者档案" not in page


def test_office_holders_who_reach_me_stand_there_by_name_and_others_do_not(client):
    rename(an_office(COUNTY), "罗县")
    rename(a_clerk(TUNZI), "周屯")
    rename(a_clerk(MENGBA), "孙孟")
    team = a_team()
    rename(a_leader(team), "马队")
    rename(a_leader(a_team(name="别队")), "别队长")
    log_in(client, a_volunteer(area_code=MABAO, teams=(team,)).person)

    page = client.get("/me/seen/").content.decode()

    assert [name for name in ("罗县", "周屯", "马队", "孙孟", "别队长") if name in page] == ["罗县", "周屯", "马队"]


def test_each_look_at_file_request_and_team_is_told_with_name_and_role(client):
    team, clerk = a_team(), rename(a_clerk(TUNZI), "周屯")
    volunteer = a_volunteer(teams=(team,))
    need = a_need(person=volunteer.person, number="261124-0009")
    open_file(volunteer, by=clerk, at=NOW)
    note_look(need, Look.Capacity.DESK, by=clerk, at=NOW)
    open_roster(team, by=clerk, at=NOW)
    open_roster(team, by=clerk, at=NOW - timedelta(days=900))
    open_file(a_volunteer(), by=clerk, at=NOW)
    log_in(client, volunteer.person)

    response = client.get("/me/seen/")

    looks = response.context["looks"]
    assert [told.what for told in looks] == [
        "看了马堡村分队的队员名单", "看了您的求助 261124-0009", "看了您的志愿者档案",
    ]  # fmt: skip
    assert {(told.look.name, told.look.place) for told in looks} == {("周屯", "屯字镇")}
    assert "谁可以看您的求助" in response.content.decode()


def test_looks_come_in_pages_newest_first(client, monkeypatch):
    monkeypatch.setattr(seen, "A_PAGE", 2)
    clerk, volunteer = a_clerk(TUNZI), a_volunteer()
    for minute in range(5):
        open_file(volunteer, by=clerk, at=NOW + timedelta(minutes=minute))
    log_in(client, volunteer.person)

    first = client.get("/me/seen/")
    second = client.get(f"/me/seen/?before={first.context['older']}")

    minutes = [[told.look.at.minute for told in page.context["looks"]] for page in (first, second)]
    assert minutes == [[4, 3], [2, 1]]


def test_the_page_asks_as_often_for_much_as_for_little(client):
    clerk, team = a_clerk(TUNZI), a_team()
    a_leader(team)
    volunteer = a_volunteer(teams=(team,))
    open_file(volunteer, by=clerk, at=NOW)
    note_look(a_need(person=volunteer.person), Look.Capacity.DESK, by=clerk, at=NOW)
    log_in(client, volunteer.person)
    one = queries_of(client, "/me/seen/")
    for _count in range(3):
        note_look(a_need(person=volunteer.person), Look.Capacity.DESK, by=an_office(), at=NOW)
        open_file(volunteer, by=a_clerk(TUNZI), at=NOW)

    assert queries_of(client, "/me/seen/") == one <= 8
    assert RoleGrant.objects.filter(until__gte=TODAY).exists()
