"""Becoming a volunteer: five questions, a guardian under 18, nothing lost when something is wrong."""

import re
from datetime import timedelta

import pytest

from tests.build import COUNTY, MABAO, TUNZI, a_county, a_leader, a_team, a_volunteer
from tests.web.doors import log_in
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.people.models import GuardianConsent, Person
from zhiyuan.domain.volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
PHONE = "10000000777"


@pytest.fixture
def proved(client):
    """A visitor whose new telephone was proved."""
    a_county()
    client.post("/login/", {"phone": PHONE, "next": "/join/"})
    code = re.search(r"\d{6}", Message.objects.latest("pk").text)[0]
    answer = client.post("/login/code/", {"code": code})
    assert answer["Location"] == "/join/"
    return client


def answers(**changes):
    facts = {"name": "祁小满", "born_on": "1994-03-02", "village": MABAO, "consent": "on", "once": "k"}
    return {key: value for key, value in {**facts, **changes}.items() if value is not None}


def years_ago(years, days=0):
    today = local_day(now())
    return (today.replace(year=today.year - years) + timedelta(days=days)).isoformat()


def guardian(**changes):
    later = (local_day(now()) + timedelta(days=200)).isoformat()
    facts = {
        "minor": "1",
        "guardian_name": "祁大山",
        "guardian_phone": "100 0000 0778",
        "guardian_relation": "父亲",
        "guardian_until": later,
        "guardian_agrees": "on",
    }
    return {key: value for key, value in {**facts, **changes}.items() if value is not None}


def test_joining_begins_with_the_telephone(client):
    page = client.get("/join/")

    assert page.status_code == 200
    assert "/login/?next=/join/" in page.content.decode()
    assert client.post("/join/", answers()).status_code == 200
    assert Volunteer.objects.count() == 0


def test_five_answers_make_a_volunteer_who_is_signed_in(proved):
    answer = proved.post("/join/", answers())

    volunteer = Volunteer.objects.get()
    assert answer["Location"] == "/me/"
    assert (volunteer.person.name, volunteer.person.phone, volunteer.area_id) == ("祁小满", PHONE, MABAO)
    assert proved.session["_auth_user_id"] == str(volunteer.person_id)


def test_no_identity_number_is_asked_for(proved):
    page = proved.get("/join/").content.decode()

    assert "身份证号" not in page
    assert set(re.findall(r'for="id_(\w+)"', page)) == {"name", "born_on", "village", "consent"}


def test_a_form_sent_twice_makes_one_volunteer(proved):
    proved.post("/join/", answers())
    proved.post("/join/", answers())

    assert Volunteer.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", None),
        ("born_on", None),
        ("born_on", "never"),
        ("born_on", "2999-01-01"),
        ("born_on", "9999-12-31"),
        ("village", None),
        ("village", TUNZI),
        ("village", COUNTY),
        ("consent", None),
    ],
)
def test_a_slip_is_said_at_its_field_and_the_rest_is_kept(proved, field, value):
    answer = proved.post("/join/", answers(**{field: value}))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert Volunteer.objects.count() == 0
    page = answer.content.decode()
    if field != "name":
        assert 'value="祁小满"' in page
    if field != "village":
        assert f'<option value="{MABAO}" selected>' in page


def test_thirteen_shows_the_guardians_part_and_the_notice_for_children(proved):
    answer = proved.post("/join/", answers(born_on=years_ago(14, days=1)))

    assert answer.status_code == 422
    assert 'name="guardian_name"' in answer.content.decode()
    assert 'value="祁小满"' in answer.content.decode()
    assert "监护人决定" in answer.content.decode()
    assert Volunteer.objects.count() == 0


def test_fourteen_today_needs_no_guardian(proved):
    assert proved.post("/join/", answers(born_on=years_ago(14))).status_code == 302


def the_code_of(phone):
    return re.search(r"\d{6}", next(m for m in Message.objects.order_by("-pk") if m.phone == phone).text)[0]


def test_a_child_joins_when_the_guardian_answers_by_their_own_telephone(proved):
    answer = proved.post("/join/", answers(born_on=years_ago(13), **guardian(), next="/activities/"))

    assert answer["Location"].startswith("/join/guardian/")
    assert Volunteer.objects.count() == 0
    wrong = proved.post("/join/guardian/", {"code": "000000", "next": "/activities/"})
    assert wrong.status_code == 422
    answer = proved.post("/join/guardian/", {"code": the_code_of("10000000778"), "next": "/activities/"})
    assert answer["Location"] == "/activities/"
    consent = GuardianConsent.objects.get()
    assert (consent.guardian_name, consent.guardian_phone, consent.relation) == ("祁大山", "10000000778", "父亲")
    assert (consent.how, consent.person.name) == ("code", "祁小满")


def test_the_message_to_the_guardian_says_what_it_is_about_and_no_whole_name(proved):
    proved.post("/join/", answers(born_on=years_ago(13), **guardian()))

    text = Message.objects.latest("pk").text
    assert "祁**" in text
    assert "祁小满" not in text
    assert "监护人" in text


def test_a_guardian_whose_own_telephone_was_proved_is_not_asked_twice(proved):
    answer = proved.post("/join/", answers(born_on=years_ago(13), **guardian(guardian_phone=PHONE)))

    assert answer["Location"] == "/me/"
    assert GuardianConsent.objects.get().how == "code"


def test_nobody_comes_to_the_guardians_page_without_having_asked(proved):
    assert proved.get("/join/guardian/")["Location"] == "/join/"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("guardian_name", None),
        ("guardian_phone", None),
        ("guardian_phone", "12"),
        ("guardian_relation", None),
        ("guardian_until", None),
        ("guardian_until", "2020-01-01"),
        ("guardian_agrees", None),
    ],
)
def test_what_the_guardian_left_out_is_said_at_its_field(proved, field, value):
    answer = proved.post("/join/", answers(born_on=years_ago(13), **guardian(**{field: value})))

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'name="guardian_name"' in answer.content.decode()
    assert Person.objects.count() == 0


def test_an_adult_leaves_the_guardians_part_behind(proved):
    assert proved.post("/join/", answers(**guardian(guardian_name=None))).status_code == 302
    assert GuardianConsent.objects.count() == 0


def test_joining_goes_on_where_it_began(proved):
    assert proved.post("/join/", answers(next="/activities/"))["Location"] == "/activities/"


def test_joining_never_leads_elsewhere(proved):
    assert proved.post("/join/", answers(next="https://example.org/"))["Location"] == "/me/"


def test_a_volunteer_joins_only_once(client):
    log_in(client, a_volunteer().person)

    assert client.get("/join/")["Location"] == "/me/"


def test_a_leader_without_a_file_becomes_a_volunteer_by_two_answers(client):
    leader = a_leader(a_team())
    log_in(client, leader)
    assert client.get("/join/").status_code == 200

    missing = client.post("/join/", {"village": MABAO})
    assert list(missing.context["form"].errors) == ["consent"]

    assert client.post("/join/", {"village": MABAO, "consent": "on"})["Location"] == "/me/"
    assert leader.volunteer.area_id == MABAO
