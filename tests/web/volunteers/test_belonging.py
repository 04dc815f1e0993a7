"""Teams and pauses on a volunteer's own pages, invitations and members on the leader's."""

from datetime import timedelta

import pytest

from tests.build import NOW, TODAY, TUNZI, a_clerk, a_leader, a_person, a_team, a_volunteer, an_activity, an_office
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.activities.signup import sign_up
from zhiyuan.domain.volunteers.inviting import invite
from zhiyuan.domain.volunteers.models import Invitation, Membership, Pause, Transfer, Volunteer
from zhiyuan.domain.volunteers.transferring import ask_transfer

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def volunteer(client):
    volunteer = a_volunteer(name="郭晓禾")
    log_in(client, volunteer.person)
    return volunteer


# One's own ------------------------------------------------------------------------------------------------------------


def test_an_invitation_waits_on_my_page_and_is_answered_there(client, team, volunteer):
    invitation = invite(team, volunteer.number, by=a_leader(team), at=NOW)
    assert "马堡村分队邀请您加入" in client.get("/me/").content.decode()
    assert f"/me/invitations/{invitation.public_id}/" in client.get("/me/teams/").content.decode()

    client.post(f"/me/invitations/{invitation.public_id}/", {"what": "accept", "once": "k"})

    assert Membership.objects.get().team == team
    assert client.post(f"/me/invitations/{invitation.public_id}/", {"what": "accept", "once": "l"}).status_code == 404


def test_another_s_invitation_is_not_there(client, team, volunteer):
    invitation = invite(team, a_volunteer().number, by=a_leader(team), at=NOW)

    assert client.post(f"/me/invitations/{invitation.public_id}/", {"what": "accept", "once": "k"}).status_code == 404
    assert Invitation.objects.get().state == "open"


def test_who_may_invite_and_call_is_chosen(client, volunteer):
    client.post("/me/contact/", {"invited_how": "refuse", "phone_shown": "members", "once": "k"})

    kept = Volunteer.objects.get()
    assert (kept.invited_how, kept.phone_shown) == ("refuse", "members")
    assert client.post("/me/contact/", {"invited_how": "x", "phone_shown": "y", "once": "l"}).status_code == 422


def test_a_pause_is_begun_shows_what_stays_and_is_ended(client, team, volunteer):
    activity = an_activity(team, title="清扫积雪")
    sign_up(activity.shifts.get(), volunteer, by=volunteer.person, at=NOW, risk_version=1)

    client.post("/me/pause/", {"until": (TODAY + timedelta(days=30)).isoformat(), "once": "k"})
    assert "清扫积雪" in client.get("/me/teams/").content.decode()
    client.post("/me/resume/", {"once": "l"})

    assert Pause.objects.get().ended_on == TODAY
    past = client.post("/me/pause/", {"until": "2020-01-01", "once": "m"})
    assert (past.status_code, "已经过去" in past.content.decode()) == (422, True)


def test_moving_is_asked_for_and_taken_back(client, team, volunteer):
    other = a_team(name="屯字镇支队", area_code=TUNZI)
    Membership.objects.create(volunteer=volunteer, team=team, since=TODAY - timedelta(days=9))
    address = f"/me/teams/{team.public_id}/move/"
    assert client.post(address, {"once": "k"}).status_code == 422

    client.post(address, {"target": other.public_id, "why": "搬到镇上", "once": "l"})
    page = client.get("/me/teams/").content.decode()
    transfer = Transfer.objects.get()
    client.post(f"/me/moves/{transfer.public_id}/withdraw/", {"once": "m"})

    assert "转到屯字镇支队" in page
    assert Transfer.objects.get().state == "withdrawn"


def test_members_see_the_telephones_that_members_share(client, team, volunteer):
    address = f"/teams/{team.public_id}/telephones/"
    assert client.get(address).status_code == 404
    for shown, name in (("members", "何安"), ("leaders", "段平")):
        Volunteer.objects.filter(pk=a_volunteer(name=name, teams=(team,)).pk).update(phone_shown=shown)
    Membership.objects.create(volunteer=volunteer, team=team, since=TODAY)

    page = client.get(address).content.decode()

    assert ("何安" in page, "段平" in page) == (True, False)


# The leader's ---------------------------------------------------------------------------------------------------------


def test_the_answer_to_an_invitation_says_nothing_about_who_is_registered(client, team):
    log_in(client, a_leader(team))
    address = f"/teams/{team.public_id}/invitations/"

    def told(who, key):
        answer = client.post(address, {"who": who, "once": key}, follow=True)
        return [str(message) for message in answer.context["messages"]]

    known = told(a_volunteer().person.phone, "k")
    assert known == told("10098765432", "l") == ["如果对方已登记，就会收到邀请。答复会显示在下面。"]
    page = client.get(address).content.decode()
    assert page.count("等答复") == 2
    assert "10098765432" not in page


def test_an_invitation_is_withdrawn(client, team):
    leader = a_leader(team)
    log_in(client, leader)
    invitation = invite(team, a_volunteer().number, by=leader, at=NOW)

    client.post(f"/teams/{team.public_id}/invitations/{invitation.public_id}/withdraw/", {"once": "k"})

    assert Invitation.objects.get().state == "withdrawn"


def test_a_member_is_taken_out_with_a_reason(client, team):
    log_in(client, a_leader(team))
    member = a_volunteer(name="郭晓禾", teams=(team,))
    address = f"/teams/{team.public_id}/members/{member.public_id}/take-out/"
    assert "郭晓禾" in client.get(address).content.decode()
    assert client.post(address, {"once": "k"}).status_code == 422

    assert client.post(address, {"reason": "搬走了", "once": "l"}).url == f"/teams/{team.public_id}/members/"

    assert Membership.objects.get().until == TODAY
    assert client.get(address).status_code == 404


def test_who_would_like_to_come_is_taken_in(client, team):
    other = a_team(name="屯字镇支队", area_code=TUNZI)
    volunteer = a_volunteer(name="郭晓禾", teams=(other,))
    transfer = ask_transfer(volunteer, other, team, "搬回村里", by=volunteer.person, at=NOW)
    log_in(client, a_leader(team))
    assert "搬回村里" in client.get(f"/teams/{team.public_id}/invitations/").content.decode()

    client.post(f"/teams/{team.public_id}/moves/{transfer.public_id}/", {"what": "accept", "once": "k"})

    assert Membership.objects.get(until=None).team == team


def test_the_leader_s_pages_are_for_leaders(client, team):
    addresses = [f"/teams/{team.public_id}/invitations/", f"/volunteers/{a_volunteer().public_id}/teams/"]
    log_in(client, a_person())

    assert [client.get(address).status_code for address in addresses] == [404, 404]


def test_a_hidden_telephone_is_not_on_the_leader_s_pages(client, team):
    member = a_volunteer(phone="10055556666", teams=(team,))
    pages = (f"/teams/{team.public_id}/members/", f"/volunteers/{member.public_id}/")
    log_in(client, a_leader(team))
    assert all("100 5555 6666" in client.get(page).content.decode() for page in pages)

    Volunteer.objects.update(phone_shown="in_charge")

    assert not any("100 5555 6666" in client.get(page).content.decode() for page in pages)
    log_in(client, a_clerk())
    assert "100 5555 6666" in client.get(pages[1]).content.decode()


def test_the_office_moves_somebody_on_the_history_page(client, team):
    other = a_team(name="屯字镇支队", area_code=TUNZI)
    volunteer = a_volunteer(teams=(team,))
    address = f"/volunteers/{volunteer.public_id}/teams/"
    log_in(client, a_clerk())
    assert "<form" not in client.get(address).content.decode().split("<main")[1]
    log_in(client, an_office())
    facts = {"source": team.public_id, "target": other.public_id, "on": TODAY.isoformat(), "why": "合并队伍"}

    client.post(address, {**facts, "once": "k"})

    assert Membership.objects.get(until=None).team == other
    assert "合并队伍" in client.get(address).content.decode()


def test_invitations_and_history_cost_the_same_for_one_and_for_many(client, team):
    leader = a_leader(team)
    log_in(client, leader)
    lists = {
        f"/teams/{team.public_id}/invitations/": lambda: invite(team, a_volunteer().number, by=leader, at=NOW),
        f"/teams/{team.public_id}/members/": lambda: a_volunteer(teams=(team,), skills=("driving",)),
    }
    for address, add in lists.items():
        add()
        one = queries_of(client, address)
        add()
        add()
        assert queries_of(client, address) == one
