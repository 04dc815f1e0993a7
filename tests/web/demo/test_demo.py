"""Stepping into a role, and reading what the sink received; only where people are made up."""

import pytest
from django.test import Client

from tests.build import COUNTY, MABAO, TUNZI, a_county, a_grant, a_person, a_team, a_volunteer
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.notices.models import SinkMessage
from zhiyuan.domain.organisations.models import Role
from zhiyuan.web.demo.roles import DEMO_ROLES, demo_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts():
    """The demo's people as seed_county writes them."""
    branches = {
        "leader": (Role.LEADER, {"team": a_team()}),
        "clerk": (Role.CLERK, {"area_code": MABAO}),
        "dispatcher": (Role.DISPATCHER, {"area_code": TUNZI}),
        "county_dispatcher": (Role.DISPATCHER, {"area_code": COUNTY}),
        "office": (Role.OFFICE, {"area_code": COUNTY}),
        "auditor": (Role.AUDITOR, {"area_code": COUNTY}),
    }
    a_volunteer(phone=demo_role("volunteer").phone)
    for key, (role, branch) in branches.items():
        a_grant(a_person(phone=demo_role(key).phone), role, **branch)


def step(client, role):
    return client.post("/demo/role/", {"role": role})


@pytest.mark.parametrize("role", [role.key for role in DEMO_ROLES if role.phone])
def test_each_role_is_stepped_into_with_its_second_factor_shown(client, accounts, role):
    answer = step(client, role)

    assert answer["Location"] == demo_role(role).start
    assert client.session["demo_role"] == role
    assert client.get("/more/").context["person"].phone == demo_role(role).phone


def test_stepping_out_makes_a_visitor_again(client, accounts):
    step(client, "office")

    assert step(client, "visitor")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_role_changes_hands_with_a_new_session(client, accounts):
    step(client, "office")
    before = client.cookies["sessionid"].value

    step(client, "clerk")

    assert client.cookies["sessionid"].value != before


def test_a_role_that_is_none_is_not_there(client, accounts):
    assert step(client, "emperor").status_code == 404


def test_a_county_without_the_demos_people_has_no_roles(client):
    assert step(client, "office").status_code == 404


def test_a_role_is_never_stepped_into_by_a_link(client, accounts):
    assert client.get("/demo/role/?role=office").status_code == 405
    assert "_auth_user_id" not in client.session


def test_a_role_is_stepped_into_only_from_our_own_pages(accounts):
    answer = Client(enforce_csrf_checks=True).post("/demo/role/", {"role": "office"})

    assert answer.status_code == 403


def test_the_sink_is_read_newest_first(client):
    SinkMessage.objects.create(message_id="1", phone="10000000801", text="先到的", at=now())
    SinkMessage.objects.create(message_id="2", phone="10000000802", text="后到的", at=now())

    page = client.get("/demo/messages/").content.decode()

    assert page.index("后到的") < page.index("先到的")
    assert "100 0000 0802" in page


def test_where_people_are_real_there_is_neither(client, accounts, settings):
    settings.SYNTHETIC = False

    assert step(client, "office").status_code == 404
    assert client.get("/demo/messages/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_bar_offers_every_role_and_says_which_one_it_is(client, accounts, settings):
    settings.MODE = "demo"
    a_county()

    page = client.get("/").content.decode()
    assert [role.key for role in DEMO_ROLES if f'value="{role.key}"' not in page] == []
    assert "您现在是：访客" in page

    step(client, "auditor")
    assert "您现在是：审计员" in client.get("/help/").content.decode()


def test_there_is_no_bar_where_people_are_real(client):
    assert "zy-demobar" not in client.get("/help/").content.decode()
