"""What the decorators of a view promise, tried on views of the tests' own."""

from datetime import timedelta

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client
from django.urls import path

from tests.build import a_dispatcher, a_leader, a_person, a_team, a_volunteer
from tests.domain.foundation.race import race
from tests.web.doors import log_in
from zhiyuan.config.urls import handler404, handler500  # noqa: F401 the addresses below are a site's, with its error pages
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.verbs import SYSTEM, record, verb
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.web.access import BOTH, POST, demo_only, public, signed_in, staff, volunteer
from zhiyuan.web.checks import every_route_declares_its_access, routes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.test_access")]


@verb
def act(what):
    record(SYSTEM, "test.happened", f"test:{what}", at=now())


def effects():
    return list(JournalEntry.objects.order_by("seq").values_list("object", flat=True))


@public(*BOTH)
def open_to_all(request):
    if request.method == "POST":
        what = request.POST.get("what", "")
        act(what)
        return HttpResponseRedirect(f"/done/{what}/") if what != "wrong" else HttpResponse("again", status=422)
    return HttpResponse("open")


@signed_in(*BOTH)
def for_known(request):
    return HttpResponse(request.person.public_id)


@volunteer()
def for_volunteers(request):
    return HttpResponse(request.volunteer.number)


@staff(Permission.DISPATCH_NEED, Permission.MANAGE_TEAMS)
def for_dispatchers(request):
    return HttpResponse("desk")


@staff(Permission.ANSWER_ORDER)
def for_leaders(request):
    return HttpResponse("team")


@demo_only(*POST)
def for_demo(request):
    return HttpResponse("demo")


def undeclared(request):
    return HttpResponse("anybody, anyhow")


DECLARED = [
    path("open/", open_to_all),
    path("known/", for_known),
    path("volunteers/", for_volunteers),
    path("desk/", for_dispatchers),
    path("team/", for_leaders),
    path("demo/", for_demo),
]
urlpatterns = DECLARED


class _Undeclared:
    """The same addresses, and one that does not say who may ask."""

    urlpatterns = [*DECLARED, path("secret/", undeclared, name="secret")]  # noqa: RUF012


# Who may ask ----------------------------------------------------------------------------------------------------------


def test_each_address_says_who_may_ask_and_how():
    assert [(route.path, route.access, route.methods) for route in routes()] == [
        ("/open/", "public", BOTH),
        ("/known/", "signed in", BOTH),
        ("/volunteers/", "volunteer", ("GET", "HEAD")),
        ("/desk/", "staff: dispatch_need or manage_teams", ("GET", "HEAD")),
        ("/team/", "staff: answer_order", ("GET", "HEAD")),
        ("/demo/", "demo", POST),
    ]
    assert every_route_declares_its_access(None) == []


def test_an_address_that_does_not_say_who_may_ask_does_not_start(settings):
    settings.ROOT_URLCONF = _Undeclared

    faults = every_route_declares_its_access(None)

    assert [(fault.id, fault.is_serious()) for fault in faults] == [("zhiyuan.E001", True)]
    assert "/secret/" in faults[0].msg


def test_whoever_is_not_signed_in_logs_in_first_and_comes_back(client):
    for address in ("/known/?a=1&b=2", "/volunteers/", "/desk/"):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/login/?next=%2F" + address.strip("/").split("/")[0])
    assert client.get("/known/?a=1&b=2")["Location"] == "/login/?next=%2Fknown%2F%3Fa%3D1%26b%3D2"


def test_whoever_sent_a_form_comes_back_to_the_form(client):
    sent = client.post("/known/", headers={"referer": "http://testserver/known/?a=1"})
    from_elsewhere = client.post("/known/", headers={"referer": "http://evil.example/known/"})

    assert sent["Location"] == "/login/?next=%2Fknown%2F%3Fa%3D1"
    assert from_elsewhere["Location"] == "/login/?next=%2F"


def test_an_account_without_a_volunteers_file_is_asked_to_join(client):
    log_in(client, a_person())

    assert client.get("/volunteers/")["Location"] == "/join/"


def test_volunteers_come_to_their_pages(client):
    someone = a_volunteer()
    log_in(client, someone.person)

    assert client.get("/volunteers/").content.decode() == someone.number


def test_a_page_beyond_ones_role_is_not_there(client):
    for person in (a_person(), a_volunteer().person, a_leader(a_team())):
        log_in(client, person)
        assert client.get("/desk/").status_code == 404


def test_any_one_of_the_permissions_opens_the_page(client):
    log_in(client, a_dispatcher())

    assert client.get("/desk/").status_code == 200


def test_staff_show_their_second_factor_once_in_a_working_day(client, settings):
    log_in(client, a_dispatcher())
    session = client.session
    session["factor_at"] = (now() - timedelta(seconds=settings.STAFF_SESSION_SECONDS)).isoformat()
    session.save()

    assert client.get("/desk/")["Location"] == "/login/factor/?next=%2Fdesk%2F"
    assert client.get("/known/")["Location"] == "/login/factor/?next=%2Fknown%2F"

    session["factor_at"] = now().isoformat()
    session.save()
    assert client.get("/desk/").status_code == 200


@pytest.mark.parametrize("shown_at", ["", "nonsense"])
def test_a_session_without_a_factors_time_has_shown_none(client, shown_at):
    log_in(client, a_dispatcher())
    session = client.session
    session["factor_at"] = shown_at
    session.save()

    assert client.get("/desk/").status_code == 302


def test_leaders_of_teams_need_no_second_factor(client):
    log_in(client, a_leader(a_team()))
    session = client.session
    del session["factor_at"]
    session.save()

    assert client.get("/team/").content == b"team"


def test_what_only_the_demo_has_is_not_there_where_people_are_real(client, settings):
    assert client.post("/demo/").status_code == 200

    settings.SYNTHETIC = False

    assert client.post("/demo/").status_code == 404


def test_a_method_that_was_not_declared_is_not_allowed(client):
    assert client.post("/volunteers/").status_code == 405
    assert client.put("/open/").status_code == 405
    assert client.get("/demo/").status_code == 405
    assert client.get("/demo/")["Allow"] == "POST"


# One effect -----------------------------------------------------------------------------------------------------------


def test_a_form_sent_twice_has_one_effect_and_leads_to_the_same_page(client):
    first = client.post("/open/", {"what": "1", "once": "key"})
    second = client.post("/open/", {"what": "1", "once": "key"})

    assert (first["Location"], second["Location"]) == ("/done/1/", "/done/1/")
    assert effects() == ["test:1"]


def test_an_idempotency_key_in_the_header_does_the_same(client):
    for _ in range(2):
        response = client.post("/open/", {"what": "1"}, headers={"idempotency-key": "key"})
        assert response["Location"] == "/done/1/"

    assert effects() == ["test:1"]


def test_a_form_without_a_key_has_an_effect_each_time(client):
    client.post("/open/", {"what": "1"})
    client.post("/open/", {"what": "1"})

    assert effects() == ["test:1", "test:1"]


def test_a_used_key_does_not_carry_another_form(client):
    client.post("/open/", {"what": "1", "once": "key"})
    as_page = client.post("/open/", {"what": "2", "once": "key"})
    as_json = client.post("/open/", {"what": "2", "once": "key"}, headers={"accept": "application/json"})

    assert as_page.status_code == 409
    assert (as_json.status_code, as_json.json()["code"]) == (409, "key_reused")
    assert effects() == ["test:1"]


def test_a_form_with_something_wrong_changes_nothing_and_can_be_sent_again(client):
    assert client.post("/open/", {"what": "wrong", "once": "key"}).status_code == 422
    assert effects() == []

    assert client.post("/open/", {"what": "1", "once": "key"}).status_code == 302
    assert effects() == ["test:1"]


def test_nobody_is_led_where_anothers_form_led(client):
    client.post("/open/", {"what": "1", "once": "key"})
    log_in(client, a_person())

    client.post("/open/", {"what": "2", "once": "key"})

    assert effects() == ["test:1", "test:2"]


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_by_many_taps_at_once_has_one_effect():
    answers = race([lambda: Client().post("/open/", {"what": "1", "once": "key"})["Location"]] * 8)

    assert answers == ["/done/1/"] * 8
    assert effects() == ["test:1"]
