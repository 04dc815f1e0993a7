"""What I agree to, my guardians, all about me, and leaving: one's own pages."""

import json
import re
from datetime import date, timedelta

import pytest

from tests.build import (
    MENGBA,
    TUNZI,
    a_clerk,
    a_leader,
    a_person,
    a_service_record,
    a_team,
    a_volunteer,
    an_activity,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.people.consents import agrees
from zhiyuan.domain.people.models import Consent, GuardianConsent, Person, Purpose
from zhiyuan.domain.volunteers.basics import Asked

pytestmark = pytest.mark.django_db
FATHER = "10000000778"


def a_child(years=12, **facts):
    today = local_day(now())
    return a_volunteer(name="祁小满", born_on=today.replace(year=today.year - years, day=1), **facts)


def later(days=60):
    return (local_day(now()) + timedelta(days=days)).isoformat()


def said(**facts):
    return {"name": "祁大山", "phone": FATHER, "relation": "父亲", "until": later(), **facts}


def coming(team, **facts):
    return an_activity(team, starts_at=now() + timedelta(days=3), **facts)


# What I agree to -----------------------------------------------------------------------------------------------------


def test_each_purpose_is_given_and_taken_back_by_one_button(client):
    person = a_volunteer().person
    log_in(client, person)

    page = client.get("/me/consents/").content.decode()
    assert page.count('value="give"') == len(Purpose) - 1
    client.post("/me/consents/photographs/", {"what": "give", "version": "2026-11"})
    assert agrees(person, Purpose.PHOTOGRAPHS)
    assert client.get("/me/consents/").content.decode().count('value="withdraw"') == 1
    client.post("/me/consents/photographs/", {"what": "withdraw"})

    assert not agrees(person, Purpose.PHOTOGRAPHS)


def test_taking_back_the_service_consent_leads_to_closing(client):
    log_in(client, a_volunteer().person)

    page = client.get("/me/consents/").content.decode()

    assert 'href="/me/close/"' in page
    assert client.post("/me/consents/service/", {"what": "withdraw"}).status_code in {302, 409}
    assert Consent.objects.get().withdrawn_at is None


def test_a_purpose_that_is_none_is_not_there(client):
    log_in(client, a_volunteer().person)

    assert client.post("/me/consents/blood/", {"what": "give"}).status_code == 404


def test_a_changed_text_waits_on_ones_page_until_it_is_answered(client):
    volunteer = a_volunteer()
    Consent.objects.create(person=volunteer.person, purpose="photographs", version="2019-01", given_at=now())
    log_in(client, volunteer.person)
    assert "/me/consents/#photographs" in client.get("/me/").content.decode()

    client.post("/me/consents/photographs/", {"what": "withdraw"})

    assert "/me/consents/#photographs" not in client.get("/me/").content.decode()


def test_the_pages_cost_the_same_for_much_as_for_little(client):
    volunteer = a_volunteer()
    log_in(client, volunteer.person)
    before = queries_of(client, "/me/consents/")

    for purpose in ("photographs", "location", "health"):
        client.post(f"/me/consents/{purpose}/", {"what": "give", "version": "2026-11"})

    assert queries_of(client, "/me/consents/") <= before


def test_a_name_stands_beside_the_hours_only_while_its_owner_agrees(client):
    team, witness = a_team(), a_person()
    volunteer, other = a_volunteer(name="郭晓禾"), a_volunteer(name="王秀兰")
    for one in (volunteer, other):
        a_service_record(one, team, starts_at=now() - timedelta(days=2), confirmed_by=witness)
    address = f"/teams/{team.public_id}/hours/"

    def names():
        return [line.name for line in client.get(address).context["lines"]]

    log_in(client, volunteer.person)
    assert names() == ["郭**", "王**"]
    client.post("/me/consents/publication/", {"what": "give", "version": "2026-11"})
    assert names() == ["郭晓禾", "王**"]
    client.post("/me/consents/publication/", {"what": "withdraw"})
    assert names() == ["郭**", "王**"]


def test_the_list_of_hours_holds_what_was_confirmed_lately_and_costs_the_same_for_many(client):
    team, witness = a_team(), a_person()
    address = f"/teams/{team.public_id}/hours/"
    a_service_record(a_volunteer(), team, starts_at=now() - timedelta(days=2))
    a_service_record(a_volunteer(), team, starts_at=now() - timedelta(days=40), confirmed_by=witness)
    assert client.get(address).context["lines"] == []
    a_service_record(a_volunteer(), team, starts_at=now() - timedelta(days=2), confirmed_by=witness)
    one = queries_of(client, address)

    for _ in range(2):
        a_service_record(a_volunteer(), team, starts_at=now() - timedelta(days=2), confirmed_by=witness)

    assert queries_of(client, address) == one <= 8
    assert client.get("/teams/0000000000000000/hours/").status_code == 404


# Guardians -----------------------------------------------------------------------------------------------------------


def test_a_guardian_agrees_by_a_code_and_the_child_signs_up(client):
    child, activity = a_child(15), coming(a_team())
    log_in(client, child.person)
    assert client.get(f"/activities/{activity.public_id}/").context["way_out"].href == "/me/guardian/"

    asked = client.post("/me/guardian/", said(activity=activity.public_id, until=""))
    code = re.search(r"\d{6}", Message.objects.latest("pk").text)[0]
    answer = client.post("/me/guardian/code/", {"code": code})

    assert (asked["Location"], answer["Location"]) == ("/me/guardian/code/", "/me/guardian/")
    consent = GuardianConsent.objects.get()
    assert (consent.activity_key, consent.how, consent.guardian_phone) == (activity.public_id, "code", FATHER)
    assert client.get(f"/activities/{activity.public_id}/").context["can_take"]


def test_what_is_wrong_with_a_guardian_is_said_at_its_field(client):
    a_person(phone="10000000999", born_on=date(2012, 1, 1))
    log_in(client, a_child().person)

    for wrong, field in ((said(until="2020-01-01"), "until"), (said(until=""), "until"), (said(phone="12"), "phone"),
                         (said(phone="10000000999"), "phone"), (said(name=""), "name")):  # fmt: skip
        answer = client.post("/me/guardian/", wrong)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
    assert not Message.objects.exists()


def test_whoever_is_grown_up_asks_no_guardian(client):
    log_in(client, a_volunteer().person)

    assert client.get("/me/guardian/").status_code == 200
    assert client.post("/me/guardian/", said()).status_code == 404
    assert client.get("/me/guardian/code/")["Location"] == "/me/guardian/"


def test_a_clerk_takes_down_what_a_guardian_signed_and_the_guardian_takes_it_back(client):
    child, father, clerk = a_child(), a_volunteer(phone=FATHER), a_clerk(TUNZI)
    page = f"/volunteers/{child.public_id}/guardians/"
    log_in(client, clerk)
    sheet = {"paper_number": "7", "paper_signed_on": local_day(now()).isoformat(), "paper_kept_at": "柜一"}

    unsigned = client.post(page, said(how="paper"))
    assert list(unsigned.context["form"].errors) == ["paper_number"]
    assert client.post(page, said(how="paper", **sheet))["Location"] == page
    consent = GuardianConsent.objects.get()
    assert (consent.how, consent.paper.number, consent.paper.taken_by) == ("paper", "7", clerk)

    log_in(client, father.person)
    assert "祁小满" in client.get("/me/guardian/").content.decode()
    client.post(f"/guardians/{consent.public_id}/withdraw/")
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None


def test_strangers_find_no_guardians(client):
    child = a_child()
    log_in(client, child.person)
    client.post("/me/guardian/", said())
    consent = GuardianConsent.objects.create(
        person=child.person, guardian_name="祁大山", guardian_phone=FATHER, relation="父亲",
        since=local_day(now()), until=local_day(now()), given_at=now(),
    )  # fmt: skip

    for stranger in (a_volunteer().person, a_clerk(MENGBA)):
        log_in(client, stranger)
        assert client.post(f"/guardians/{consent.public_id}/withdraw/").status_code == 404
        assert client.get(f"/volunteers/{child.public_id}/guardians/").status_code == 404
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


# The eight basics ----------------------------------------------------------------------------------------------------


def test_a_basic_is_asked_for_by_the_activity_that_needs_it_and_never_earlier(client):
    volunteer, team = a_volunteer(), a_team()
    easy, insured = coming(team), coming(team)
    insured.needed_basics.create(basic=Asked.ID_NUMBER)
    log_in(client, volunteer.person)
    assert client.get(f"/activities/{easy.public_id}/").context["can_take"]

    blocked = client.get(f"/activities/{insured.public_id}/")
    assert (blocked.context["obstacle"].value, blocked.context["way_out"].href) == ("needs_id_number", "/me/details/")
    assert [row.shift.activity for row in client.get("/activities/?fit=1").context["rows"]] == [easy]
    Person.objects.filter(pk=volunteer.person_id).update(id_number="99", id_number_key="k")

    assert client.get(f"/activities/{insured.public_id}/").context["can_take"]


def test_a_leader_chooses_what_the_file_must_hold(client):
    team = a_team()
    leader = a_leader(team)
    log_in(client, leader)
    page = client.get(f"/my-teams/{team.public_id}/plan/").content.decode()

    assert 'name="needed_basics" value="id_number"' in page


def test_ones_page_says_in_one_line_how_the_file_stands(client):
    volunteer, team = a_volunteer(skills=("driving",)), a_team()
    activity = coming(team)
    signup = SignUp.objects.create(
        shift=activity.shifts.get(), volunteer=volunteer, signed_up_at=now(), risk_version=1,
        starts_at=activity.starts_at, ends_at=activity.ends_at,
    )  # fmt: skip
    log_in(client, volunteer.person)
    assert "八项基本信息有 5 项" in client.get("/me/").content.decode()
    assert client.get("/me/").context["lacking"] == []

    signup.shift.activity.needed_basics.create(basic=Asked.SEX)

    assert client.get("/me/").context["lacking"] == [Asked.SEX]


def test_the_details_page_says_for_each_missing_basic_why_and_by_whom_it_is_asked(client):
    log_in(client, a_volunteer().person)

    page = client.get("/me/details/").content.decode()

    assert "办意外保险或开证明要用。" in page
    assert "活动需要它的队伍，在您报名时" in page


# All about me, and leaving -------------------------------------------------------------------------------------------


def test_ones_data_are_read_and_taken_along(client):
    volunteer = a_volunteer(name="郭晓禾")
    log_in(client, volunteer.person)

    assert "郭晓禾" in client.get("/me/data/").content.decode()
    answer = client.get("/me/data.json")

    assert answer["Content-Disposition"].startswith("attachment;")
    assert json.loads(answer.content)["volunteer"]["number"] == volunteer.number
    assert JournalEntry.objects.filter(action="person.data_downloaded").count() == 1


def test_closing_shows_the_facts_then_a_receipt_and_signs_out(client):
    volunteer = a_volunteer(name="郭晓禾", teams=(a_team(),))
    log_in(client, volunteer.person)
    facts = client.get("/me/close/").context["facts"]
    assert (facts.places, facts.teams, facts.records) == (0, 1, 0)

    receipt = client.post("/me/close/")

    assert receipt.status_code == 200
    assert "账号已注销" in receipt.content.decode()
    assert "no-store" in receipt["Cache-Control"]
    assert client.get("/me/")["Location"].startswith("/login/")
    assert not Person.objects.get(pk=volunteer.person_id).is_active


def test_who_holds_an_office_reads_what_comes_first(client):
    leader = a_leader(a_team())
    log_in(client, leader)

    page = client.get("/me/close/")
    assert page.context["obstacle"].value == "closing_holds_role"
    assert "确定注销" not in page.content.decode()
    client.post("/me/close/")

    assert Person.objects.get(pk=leader.pk).is_active


@pytest.mark.parametrize("address", ["/me/consents/", "/me/guardian/", "/me/data/", "/me/data.json", "/me/close/"])
def test_whoever_is_not_signed_in_is_sent_to_the_login(client, address):
    assert client.get(address)["Location"].startswith("/login/")


def test_the_privacy_page_prints_what_is_kept_how_long_and_what_one_may_agree_to(client):
    page = client.get("/privacy/").content.decode()

    assert "加密封存 3 年" in page
    assert "签到那一刻手机离活动地点多远" in page
    assert "满 14 岁可以自己同意注册" in page
