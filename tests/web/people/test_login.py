"""Logging in by telephone and code, and the second factor of staff."""

import re

import pyotp
import pytest
from django.conf import settings as project
from django.db import connection

from tests.build import NOW, a_clerk, a_leader, a_person, a_team, a_volunteer
from tests.web.alike import told
from tests.web.doors import log_in
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.notices.models import Message, Notice
from zhiyuan.domain.people.login import check_factor, offer_factor
from zhiyuan.web.people.backend import FrameBackend

pytestmark = pytest.mark.django_db
UNKNOWN = "10000000999"


def code_sent():
    return re.search(r"\d{6}", Message.objects.latest("pk").text)[0]


def ask(client, phone, **extra):
    return client.post("/login/", {"phone": phone, **extra})


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_telephone_with_an_account_and_one_without_are_answered_alike(client):
    known = a_volunteer().person

    answers = []
    for phone in (known.phone, UNKNOWN):
        client.cookies.clear()
        first = told(ask(client, phone))
        page = told(client.get("/login/code/"))
        guess = told(client.post("/login/code/", {"code": wrong(code_sent())}))
        answers.append([_without_what_was_typed(*answer) for answer in (first, page, guess)])

    assert answers[0] == answers[1]
    assert Message.objects.count() == 2


def _without_what_was_typed(status, place, text):
    return status, place, re.sub(r'value="\d{6}"|100\W*\d*\*+\W*\d+', "TYPED", text)


def test_the_right_code_lets_in(client):
    volunteer = a_volunteer()
    ask(client, volunteer.person.phone)

    answer = client.post("/login/code/", {"code": code_sent()})

    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert volunteer.person.name in client.get("/more/").content.decode()


def test_a_telephone_may_be_typed_as_people_write_it(client):
    a_person(phone="10000000555")

    assert ask(client, "+86 100-0000 0555")["Location"] == "/login/code/"


def test_a_wrong_code_is_said_at_the_field(client):
    ask(client, a_volunteer().person.phone)

    answer = client.post("/login/code/", {"code": wrong(code_sent())})

    assert answer.status_code == 422
    assert answer.context["form"].errors["code"] == ["验证码不对或已过期。请看最新一条短信，或重新获取。"]


def test_a_code_works_once(client):
    phone = a_volunteer().person.phone
    ask(client, phone)
    code = code_sent()
    client.post("/login/code/", {"code": code})
    client.post("/logout/")

    answer = client.post("/login/code/", {"code": code})

    assert answer["Location"] == "/login/"


def test_the_code_page_without_a_telephone_goes_back(client):
    assert client.get("/login/code/")["Location"] == "/login/"


def test_what_is_no_telephone_is_said_and_kept(client):
    answer = ask(client, "12345")

    assert answer.status_code == 422
    assert 'value="12345"' in answer.content.decode()
    assert Message.objects.count() == 0


def test_nothing_typed_is_said(client):
    assert ask(client, "").status_code == 422
    ask(client, UNKNOWN)
    assert client.post("/login/code/", {"code": ""}).status_code == 422


def test_a_second_code_within_a_minute_is_refused_at_the_field(client):
    ask(client, UNKNOWN)

    answer = ask(client, UNKNOWN)

    assert answer.status_code == 422
    [said] = answer.context["form"].errors["phone"]
    assert re.fullmatch(r"获取得太频繁了。请在 \d\d:\d\d 之后再试。", said)
    assert Message.objects.count() == 1


def test_the_login_goes_on_where_it_began(client):
    person = a_volunteer().person
    assert client.get("/me/hours/")["Location"] == "/login/?next=%2Fme%2Fhours%2F"

    answer = ask(client, person.phone, next="/me/hours/")
    assert answer["Location"] == "/login/code/?next=%2Fme%2Fhours%2F"

    answer = client.post(answer["Location"], {"code": code_sent()})
    assert answer["Location"] == "/me/hours/"


@pytest.mark.parametrize("goal", ["https://example.org/", "//example.org/", "javascript:alert(1)", "/\\example.org"])
def test_the_login_never_leads_elsewhere(client, goal):
    ask(client, a_volunteer().person.phone, next=goal)

    answer = client.post("/login/code/", {"code": code_sent(), "next": goal})

    assert answer["Location"] == "/me/"


def test_a_new_session_begins_with_the_login(client):
    volunteer = a_volunteer()
    ask(client, volunteer.person.phone)
    before = client.cookies["sessionid"].value

    client.post("/login/code/", {"code": code_sent()})

    assert client.cookies["sessionid"].value != before
    assert "challenge" not in client.session


def test_the_telephone_rests_sealed_in_the_session(client):
    ask(client, UNKNOWN)

    assert UNKNOWN not in str(dict(client.session))


def test_whoever_was_signed_out_everywhere_is_out(client):
    volunteer = a_volunteer()
    log_in(client, volunteer.person)
    assert client.get("/me/times/").status_code == 200

    volunteer.person.auth_epoch += 1
    volunteer.person.save()

    assert client.get("/me/times/").status_code == 302


def test_a_closed_account_stays_out(client):
    person = a_volunteer().person
    person.is_active = False
    person.save()
    ask(client, person.phone)

    answer = client.post("/login/code/", {"code": code_sent()})

    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session


def test_logging_out_is_a_form_and_ends_the_session(client):
    log_in(client, a_volunteer().person)

    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/"
    assert client.get("/me/times/").status_code == 302


def test_login_pages_are_not_kept_by_browsers_once_signed_in(client):
    log_in(client, a_volunteer().person)

    assert "no-store" in client.get("/more/")["Cache-Control"]


# The second factor ----------------------------------------------------------------------------------------------------


def without_factor(client, person):
    log_in(client, person)
    session = client.session
    del session["factor_at"]
    session.save()


def test_staff_set_up_their_authenticator_before_they_see_anything(client):
    clerk = a_clerk()
    without_factor(client, clerk)
    assert client.get("/desk/")["Location"] == "/login/factor/?next=%2Fdesk%2F"

    page = client.get("/login/factor/?next=/desk/")

    secret = page.context["secret"].replace(" ", "")
    assert "<path" in page.content.decode()
    answer = client.post("/login/factor/?next=/desk/", {"code": pyotp.TOTP(secret).at(now())})
    assert answer["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_the_secret_is_shown_once_only(client):
    clerk = a_clerk()
    secret = offer_factor(clerk, at=now())
    check_factor(clerk, pyotp.TOTP(secret).at(now()), at=now())
    without_factor(client, clerk)

    page = client.get("/login/factor/")

    assert page.context["secret"] == ""
    assert secret not in page.content.decode().replace(" ", "")


def test_a_wrong_factor_is_said_at_the_field(client):
    clerk = a_clerk()
    secret = offer_factor(clerk, at=now())
    without_factor(client, clerk)

    answer = client.post("/login/factor/", {"code": wrong(pyotp.TOTP(secret).at(now()))})

    assert answer.status_code == 422
    assert "factor_at" not in client.session


def test_the_factor_gives_the_session_a_new_key(client):
    clerk = a_clerk()
    secret = offer_factor(clerk, at=now())
    without_factor(client, clerk)
    before = client.session.session_key

    client.post("/login/factor/", {"code": pyotp.TOTP(secret).at(now())})

    assert client.cookies["sessionid"].value != before


def test_nobody_shows_a_factor_without_a_login(client):
    assert client.get("/login/factor/")["Location"] == "/login/"


def test_a_team_leader_needs_no_authenticator(client):
    leader = a_leader(a_team())
    without_factor(client, leader)

    assert client.get("/volunteers/").status_code == 200


def test_the_code_itself_is_stored_nowhere_but_in_the_message(client):
    ask(client, UNKNOWN)
    code = code_sent()

    with connection.cursor() as cursor:
        cursor.execute("SELECT code_hash, phone_key FROM people_logincode")
        assert code not in str(cursor.fetchall())
    assert project.SITE_NAME in Message.objects.get().text


def test_who_a_session_belongs_to_comes_with_the_number_of_their_new_messages_by_one_query(
    django_assert_num_queries,
):
    person = a_person()
    Notice.objects.create(person=person, key="1", template="test", words="一", at=NOW)
    Notice.objects.create(person=person, key="2", template="test", words="二", at=NOW, read_at=NOW)
    closed = a_person(is_active=False)

    with django_assert_num_queries(1):
        found = FrameBackend().get_user(person.pk)

    assert (found, found.unread) == (person, 1)
    assert FrameBackend().get_user(closed.pk) is None
    assert FrameBackend().get_user(0) is None
