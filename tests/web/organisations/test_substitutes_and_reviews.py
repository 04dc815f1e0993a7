"""One's own roles, substitutes, and roles that are looked at again."""

from datetime import timedelta

import pytest

from tests.build import MENGBA, NOW, TODAY, TUNZI, a_clerk, a_grant, a_person, a_team, a_volunteer, an_office
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.organisations.models import Role, RoleGrant
from zhiyuan.domain.organisations.permissions import GRANTS
from zhiyuan.domain.organisations.substituting import name_substitute
from zhiyuan.web.organisations.role_words import roles_in_words

pytestmark = pytest.mark.django_db
UNTIL = (TODAY + timedelta(days=7)).isoformat()
SOON = TODAY + timedelta(days=10)


def typed(volunteer, **more):
    return {"who": volunteer.number, "since": TODAY.isoformat(), "until": UNTIL, "holder_away": "on", **more}


def test_a_clerk_sees_the_substitutes_masked_name_before_anything_is_given(client):
    clerk, volunteer = a_clerk(TUNZI), a_volunteer(name="郭晓禾")
    address = f"/roles/{clerk.role_grants.get().public_id}/substitute/"
    log_in(client, clerk)

    first = client.post(address, typed(volunteer))

    assert "郭**" in first.content.decode()
    assert RoleGrant.objects.count() == 1
    assert client.post(address, typed(volunteer, seen=volunteer.number)).status_code == 302
    substitute = RoleGrant.objects.get(person=volunteer.person)
    assert (substitute.role, substitute.holder_away) == ("clerk", True)
    assert "郭晓禾" in client.get("/me/roles/").content.decode()


def test_another_number_than_the_one_seen_is_shown_first_again(client):
    clerk, seen, other = a_clerk(TUNZI), a_volunteer(), a_volunteer(name="何安")
    log_in(client, clerk)

    answer = client.post(f"/roles/{clerk.role_grants.get().public_id}/substitute/", typed(other, seen=seen.number))

    assert "何*" in answer.content.decode()
    assert RoleGrant.objects.count() == 1


def test_a_refused_substitute_and_an_unknown_number_stand_at_the_form(client):
    clerk, volunteer = a_clerk(TUNZI), a_volunteer()
    address = f"/roles/{clerk.role_grants.get().public_id}/substitute/"
    log_in(client, clerk)

    late = client.post(address, typed(volunteer, seen=volunteer.number, until="2028-01-01"))
    unknown = client.post(address, {**typed(volunteer), "who": "ZY00000000"})

    assert (late.status_code, unknown.status_code) == (422, 422)
    assert "代岗不能长过岗位本身" in late.content.decode()


def test_others_roles_have_no_page_to_name_a_substitute(client):
    role = a_grant(a_person(), Role.CLERK, area_code=MENGBA)
    for person in (a_clerk(TUNZI), an_office(TUNZI), a_person()):
        log_in(client, person)
        assert client.get(f"/roles/{role.public_id}/substitute/").status_code == 404


def test_the_holder_ends_the_substitute_and_nobody_else_finds_it(client):
    clerk, stranger = a_clerk(TUNZI), a_clerk(TUNZI)
    role = name_substitute(
        clerk.role_grants.get(), a_person(), since=TODAY, until=SOON, holder_away=False, by=clerk, at=NOW
    )
    log_in(client, stranger)
    assert client.post(f"/me/roles/{role.public_id}/end/").status_code == 404

    log_in(client, clerk)
    assert client.post(f"/me/roles/{role.public_id}/end/").status_code == 302
    role.refresh_from_db()
    assert role.ended_at is not None


def test_ones_roles_say_what_they_may_do_and_cost_few_queries(client):
    clerk = a_clerk(TUNZI)
    log_in(client, clerk)
    one = queries_of(client, "/me/roles/")
    a_grant(clerk, Role.LEADER, team=a_team())
    a_grant(clerk, Role.CLERK, area_code=MENGBA)

    assert queries_of(client, "/me/roles/") == one <= 8
    assert "替居民登记求助" in client.get("/me/roles/").content.decode()


def test_every_role_is_told_by_what_the_table_grants():
    words = {role: (may_do, note) for role, may_do, note in roles_in_words()}

    assert words.keys() == GRANTS.keys()
    assert words[Role.GRID_WORKER][0] == "替居民登记求助"
    assert words[Role.GRID_WORKER][1]
    assert words[Role.SOCIAL_WORKER][1]


def test_social_and_grid_workers_are_granted_for_an_area(client):
    volunteer = a_volunteer()
    log_in(client, an_office(TUNZI))

    for role in ("social_worker", "grid_worker"):
        said = {"who": volunteer.number, "role": role, "area": TUNZI, "team": "", "until": SOON.isoformat()}
        assert client.post("/roles/new/", said).status_code == 302
    assert sorted(volunteer.person.role_grants.values_list("role", flat=True)) == ["grid_worker", "social_worker"]


def test_a_role_that_is_due_is_kept_or_ended_in_one_click(client):
    kept = a_grant(a_person(name="郭晓禾"), Role.CLERK, area_code=TUNZI, until=SOON)
    ended = a_grant(a_person(name="何安"), Role.CLERK, area_code=TUNZI, until=SOON)
    log_in(client, an_office(TUNZI))
    page = client.get("/roles/due/").content.decode()
    assert "郭晓禾" in page
    assert "/roles/due/" in client.get("/roles/").content.decode()

    client.post(f"/roles/{kept.public_id}/keep/")
    answer = client.post(f"/roles/{ended.public_id}/end/", {"from": "due"})

    assert answer["Location"] == "/roles/due/"
    kept.refresh_from_db()
    assert kept.until == TODAY + timedelta(days=365)
    assert "没有待复核的岗位" in client.get("/roles/due/").content.decode()


def test_the_due_list_asks_as_often_for_three_as_for_one(client):
    a_grant(a_person(), Role.CLERK, area_code=TUNZI, until=SOON)
    log_in(client, an_office(TUNZI))
    one = queries_of(client, "/roles/due/")
    a_grant(a_person(), Role.LEADER, team=a_team(), until=SOON)
    a_grant(a_person(), Role.CLERK, area_code=TUNZI, until=SOON)

    assert queries_of(client, "/roles/due/") == one <= 8


def test_a_clerk_reviews_nothing(client):
    role = a_grant(a_person(), Role.CLERK, area_code=TUNZI, until=SOON)
    log_in(client, a_clerk(TUNZI))

    assert client.get("/roles/due/").status_code == 404
    assert client.post(f"/roles/{role.public_id}/keep/").status_code == 404
