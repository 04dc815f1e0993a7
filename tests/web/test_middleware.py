"""What every request goes through, tried on views of the tests' own."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.test import Client, RequestFactory
from django.urls import path

from tests.build import a_dispatcher, a_person
from tests.web.alike import told
from tests.web.doors import log_in
from zhiyuan.config.urls import handler400, handler404, handler500  # noqa: F401 a site's error pages
from zhiyuan.domain.foundation.fields import TextObstacle
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.login import LoginObstacle
from zhiyuan.domain.people.models import Person
from zhiyuan.web.access import BOTH, public
from zhiyuan.web.middleware import _network_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.test_middleware")]


@public(*BOTH)
def echo(request):
    return JsonResponse({"get": dict(request.GET.lists()), "post": dict(request.POST.lists())})


@public(*BOTH)
def refuse(request):
    obstacle = {
        "often": Refused(LoginObstacle.TOO_OFTEN, time="08:30"),
        "long": Refused(TextObstacle.TEXT_TOO_LONG, most=40),
        "yours": Refused(AccessObstacle.NOT_YOURS),
    }
    raise obstacle[request.GET["why"]]


@public()
def absent(request):
    raise Http404("王奶奶 10000000017")


@public()
def broken(request):
    raise ValueError("王奶奶 10000000017")


@public()
def denied(request):
    raise PermissionDenied


@public()
def who(request):
    return HttpResponse(request.person.public_id if request.person else "nobody")


@public(*BOTH)
def go(request):
    return HttpResponseRedirect("/who/")


urlpatterns = [
    path("echo/", echo),
    path("refuse/", refuse),
    path("absent/", absent),
    path("broken/", broken),
    path("denied/", denied),
    path("who/", who),
    path("go/", go),
]


@pytest.fixture
def quiet_client():
    """Shows the page of an error as a visitor gets it."""
    return Client(raise_request_exception=False)


# Ids ------------------------------------------------------------------------------------------------------------------


def test_every_answer_has_an_id_of_its_own(quiet_client):
    answers = [quiet_client.get(address) for address in ("/who/", "/who/", "/absent/", "/broken/", "/nowhere/", "/go/")]

    ids = [answer["X-Request-ID"] for answer in answers]
    assert len(set(ids)) == 6
    assert {len(request_id) for request_id in ids} == {16}


def test_an_id_from_outside_is_not_taken(client):
    assert client.get("/who/", headers={"x-request-id": "mine"})["X-Request-ID"] != "mine"


def test_the_page_of_an_error_shows_the_id_and_nothing_of_what_happened(quiet_client):
    answer = quiet_client.get("/broken/")

    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()
    assert "10000000017" not in answer.content.decode()
    assert "10000000017" not in quiet_client.get("/absent/").content.decode()


# Text -----------------------------------------------------------------------------------------------------------------


def test_text_is_cleaned_before_any_view_sees_it(client):
    answer = client.post(
        "/echo/?q=%E7%8E%8B%00%E2%80%AE&e=e%CC%81", {"name": [" 王\u200b三 ", "a\x00b"], "k\u202e": "v"}
    )

    assert answer.json() == {"get": {"q": ["王"], "e": ["é"]}, "post": {"name": ["王三", "ab"], "k": ["v"]}}


def test_bytes_that_are_no_text_do_no_harm(client):
    assert client.get("/echo/?q=%ff%fe%ed%a0%80").status_code == 200
    broken = client.post("/echo/", b"name=%ff%ed%a0%80&x", content_type="application/x-www-form-urlencoded")
    assert broken.status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"a=1", "application/x-www-form-urlencoded; charset=nonsense"),
        ("&".join(f"f{n}=1" for n in range(500)).encode(), "application/x-www-form-urlencoded"),
        (b"words=" + b"x" * (1024 * 1024 + 1), "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_cannot_be_read_is_answered_and_not_an_error_of_ours(quiet_client, body, content_type):
    assert quiet_client.generic("POST", "/echo/", body, content_type).status_code in {200, 400, 413, 415}


# Refusals -------------------------------------------------------------------------------------------------------------


def test_a_refusal_is_said_where_one_came_from(client):
    answer = client.post("/refuse/?why=often", headers={"referer": "http://testserver/who/?a=1"})

    assert (answer.status_code, answer["Location"]) == (302, "http://testserver/who/?a=1")
    said = list(client.get("/echo/", headers={"referer": ""}).wsgi_request._messages)
    assert [message.extra_tags for message in said] == ["too_often"]


@pytest.mark.parametrize("referer", ["", "http://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_refusal_leads_to_no_other_site(client, referer):
    answer = client.post("/refuse/?why=long", headers={"referer": referer})

    assert answer.status_code == 409
    assert "40" in answer.content.decode()


def test_a_program_is_told_the_code_the_sentence_and_the_id(client):
    answer = client.post("/refuse/?why=long", headers={"accept": "application/json"})

    assert answer.status_code == 409
    body = answer.json()
    assert set(body) == {"code", "message", "request_id"}
    assert (body["code"], body["request_id"]) == ("text_too_long", answer["X-Request-ID"])
    assert "40" in body["message"]


def test_what_is_not_yours_and_what_is_not_there_are_answered_alike(client):
    foreign, absent_one, nowhere = (client.get(a) for a in ("/refuse/?why=yours", "/absent/", "/nowhere/"))

    assert foreign.status_code == 404
    assert told(foreign) == told(absent_one) == told(nowhere)


# People ---------------------------------------------------------------------------------------------------------------


def test_whoever_is_signed_in_is_known(client):
    person = a_person()
    assert client.get("/who/").content == b"nobody"

    log_in(client, person)

    assert client.get("/who/").content.decode() == person.public_id


def test_a_new_epoch_ends_every_session(client):
    person = a_person()
    log_in(client, person)

    Person.objects.filter(pk=person.pk).update(auth_epoch=1)

    assert client.get("/who/").content == b"nobody"
    Person.objects.filter(pk=person.pk).update(auth_epoch=0)
    assert client.get("/who/").content == b"nobody"  # ended, not paused


def test_a_session_that_never_said_its_epoch_is_none(client):
    log_in(client, a_person())
    session = client.session
    del session["epoch"]
    session.save()

    assert client.get("/who/").content == b"nobody"


def test_a_closed_account_is_signed_out(client):
    person = a_person()
    log_in(client, person)

    Person.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get("/who/").content == b"nobody"


@pytest.mark.parametrize(
    "address", ["/who/", "/absent/", "/refuse/?why=often", "/refuse/?why=yours", "/nowhere/", "/go/"]
)
def test_no_page_of_somebody_signed_in_is_kept_anywhere(client, address):
    log_in(client, a_dispatcher())

    answer = client.get(address)

    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_pages_differ_by_cookie(client):
    assert "Cookie" in client.get("/who/")["Vary"]


# Networks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.200", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1:2::3", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::3", "2001:db8:1:3::3", False),
        ("2001:db8:1::3", "2001:db8:2::3", False),
        ("2001:db8::1", "2001:0db8:0:0::2", True),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("::ffff:192.0.2.1", "::ffff:198.51.100.1", False),
        ("", "nonsense", True),
    ],
)
def test_limits_are_counted_for_a_network(one, other, same):
    networks = [_network_of(RequestFactory().get("/", REMOTE_ADDR=address)) for address in (one, other)]

    assert (networks[0] == networks[1]) is same


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.1, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 203.0.113.1, 198.51.100.1", "203.0.113.1"),
        (2, "198.51.100.1", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_only_our_own_proxies_are_believed(settings, proxies, forwarded, believed):
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": forwarded})

    assert _network_of(request) == _network_of(RequestFactory().get("/", REMOTE_ADDR=believed))


# Forged forms ---------------------------------------------------------------------------------------------------------


def test_a_form_without_its_token_is_refused_with_a_page_that_helps():
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/echo/", {"name": "王"})

    assert answer.status_code == 403
    assert answer["X-Request-ID"]
