"""Volunteers as staff and leaders see them."""

import pytest

from tests.build import (
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_grant,
    a_leader,
    a_person,
    a_skill,
    a_team,
    a_volunteer,
    an_auditor,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Credential, CredentialKind, Volunteer

pytestmark = pytest.mark.django_db
FACTS = {"name": "李知行", "phone": "10000000017", "born_on": "1990-05-01", "village": MABAO, "consent": "on"}
SHEET = {"paper_number": "2026-118", "paper_signed_on": "2026-11-20", "paper_kept_at": "屯字镇站 2026 年卷"}
FACTS |= SHEET


def a_credential(volunteer, **facts):
    kind = CredentialKind.objects.get_or_create(code="rescuer", defaults={"skill": a_skill("first_aid")})[0]
    facts = {"issuer": "红十字会", "number": "QY-0113", "created_at": NOW, **facts}
    return Credential.objects.create(volunteer=volunteer, kind=kind, **facts)


def test_the_list_shows_ones_branch_with_masked_telephones(client):
    a_volunteer(name="郭晓禾", phone="10000000044")
    a_volunteer(name="孟外人", area_code=MENGBA_VILLAGE)
    log_in(client, a_clerk(TUNZI))

    page = client.get("/volunteers/").content.decode()

    assert "郭晓禾" in page
    assert "100****0044" in page
    assert "10000000044" not in page
    assert "孟外人" not in page


def test_the_list_finds_by_name_number_telephone_place_skill_and_open_certificates(client):
    wanted = a_volunteer(name="郭晓禾", phone="10000000044", skills=("driving",))
    a_credential(wanted)
    a_volunteer(name="陈青原", area_code=MENGBA_VILLAGE)
    log_in(client, an_auditor())

    def found(query):
        return [row.person.name for row in client.get(f"/volunteers/?{query}").context["page"]]

    for query in (
        "q=晓禾",
        f"q={wanted.number}",
        "q=100 0000 0044",
        f"place={MABAO}",
        f"place={TUNZI}",
        "skill=driving",
        "credentials=open",
    ):
        assert found(query) == ["郭晓禾"]
    assert found("q=没有") == []
    assert len(found("place=x&skill=y&credentials=z&page=w")) == 2


def test_pages_follow_each_other_in_the_lists_order(client, monkeypatch):
    monkeypatch.setattr("zhiyuan.web.volunteers.files.A_PAGE", 2)
    everybody = [a_volunteer().pk for _each in range(5)]
    log_in(client, a_clerk(TUNZI))

    pages = [[row.pk for row in client.get(f"/volunteers/?page={number}").context["page"]] for number in (1, 2, 3)]

    assert pages == [everybody[:2], everybody[2:4], everybody[4:]]
    assert client.get(f"/volunteers/?page={10**20}").status_code == 200


def test_the_list_asks_as_often_for_three_volunteers_as_for_one_and_eight_times_at_the_most(client):
    log_in(client, a_clerk(TUNZI))
    a_credential(a_volunteer(skills=("driving",)))
    one = queries_of(client, "/volunteers/")
    for _each in range(2):
        a_credential(a_volunteer(skills=("driving", "law")))

    assert queries_of(client, "/volunteers/") == one <= 8
    assert queries_of(client, "/volunteers/?q=陈青&skill=driving&credentials=open") <= 8


def test_a_file_shows_what_staff_need_and_each_look_is_noted(client):
    team = a_team()
    volunteer = a_volunteer(name="郭晓禾", phone="10000000044", teams=(team,), skills=("driving",))
    volunteer.person.id_number = "999999199005010012"
    volunteer.person.save()

    for person in (a_clerk(TUNZI), a_leader(team)):
        log_in(client, person)
        page = client.get(f"/volunteers/{volunteer.public_id}/").content.decode()
        for words in ("郭晓禾", "100 0000 0044", volunteer.number, team.name, "**************0012"):
            assert words in page
        assert "19900501" not in page
        assert JournalEntry.objects.filter(action="volunteer.viewed", actor=person.public_id).count() == 1


def test_a_file_is_not_there_for_strangers_and_no_look_is_noted(client):
    volunteer = a_volunteer(name="郭晓禾")

    for person in (a_clerk(MENGBA), a_leader(a_team()), a_volunteer().person, a_person()):
        log_in(client, person)
        answer = client.get(f"/volunteers/{volunteer.public_id}/")
        assert answer.status_code == 404
        assert "郭晓禾" not in answer.content.decode()
    assert not JournalEntry.objects.filter(action="volunteer.viewed").exists()


def test_the_certificates_number_is_shown_to_whoever_verifies_it_alone(client):
    volunteer = a_volunteer()
    a_credential(volunteer)

    def page_of(person):
        log_in(client, person)
        return client.get(f"/volunteers/{volunteer.public_id}/").content.decode()

    assert "QY-0113" in page_of(a_dispatcher(TUNZI))
    assert "QY-0113" not in page_of(a_clerk(TUNZI))
    assert "QY-0113" not in page_of(an_auditor())


@pytest.mark.parametrize(("what", "state"), [("accept", "verified"), ("reject", "rejected")])
def test_a_dispatcher_decides_about_a_certificate(client, what, state):
    volunteer = a_volunteer()
    credential = a_credential(volunteer)
    log_in(client, a_dispatcher(TUNZI))
    address = f"/volunteers/{volunteer.public_id}/credentials/{credential.public_id}/"
    assert address in client.get(f"/volunteers/{volunteer.public_id}/").content.decode()

    client.post(address, {"what": what})

    assert Credential.objects.get().state == state
    assert address not in client.get(f"/volunteers/{volunteer.public_id}/").content.decode()


def test_a_certificate_is_reached_only_through_its_own_volunteer_and_branch(client):
    volunteer, other = a_volunteer(), a_volunteer()
    credential = a_credential(volunteer)

    for person, through in ((a_dispatcher(MENGBA), volunteer), (a_clerk(TUNZI), volunteer), (a_dispatcher(), other)):
        log_in(client, person)
        address = f"/volunteers/{through.public_id}/credentials/{credential.public_id}/"
        assert client.post(address, {"what": "accept"}).status_code == 404
    assert Credential.objects.get().state == "unverified"


# Face to face ---------------------------------------------------------------------------------------------------------


def test_a_clerk_registers_somebody_face_to_face(client):
    clerk = a_clerk(TUNZI)
    log_in(client, clerk)

    answer = client.post("/volunteers/new/", FACTS)

    volunteer = Volunteer.objects.get()
    assert answer.url == f"/volunteers/{volunteer.public_id}/"
    assert (volunteer.person.name, volunteer.area_id) == ("李知行", MABAO)
    assert JournalEntry.objects.get(action="volunteer.registered").actor == clerk.public_id


def test_a_child_needs_a_guardian_and_the_form_then_asks_for_one(client):
    log_in(client, a_clerk(TUNZI))
    minor = {**FACTS, "born_on": "2013-05-01"}

    first = client.post("/volunteers/new/", minor)
    assert first.status_code == 422
    assert "guardian_name" in first.content.decode()
    guardian = {
        "guardian_name": "王明",
        "guardian_phone": "10000000018",
        "guardian_relation": "父亲",
        "guardian_until": "2027-01-01",
        "guardian_agrees": "on",
    }
    client.post("/volunteers/new/", {**minor, **guardian, "minor": "1"})

    consent = Volunteer.objects.get().person.guardian_consents.get()
    assert (consent.guardian_name, consent.how, consent.paper.number) == ("王明", "paper", "2026-118")


def test_the_file_shows_who_registered_them_and_on_which_sheet(client):
    log_in(client, a_clerk(TUNZI))
    client.post("/volunteers/new/", FACTS)

    page = client.get(f"/volunteers/{Volunteer.objects.get().public_id}/").content.decode()

    assert "2026-118" in page
    assert "屯字镇站 2026 年卷" in page


def test_somebody_without_a_telephone_is_registered_and_who_takes_the_calls_is_asked_first(client):
    log_in(client, a_clerk(TUNZI))
    none = {**FACTS, "phone": "", "helper_name": "李小云", "helper_phone": "10000000031", "helper_relation": "女儿"}

    assert list(client.post("/volunteers/new/", none).context["form"].errors) == ["phone"]
    unasked = client.post("/volunteers/new/", {**none, "without_phone": "on"})
    assert list(unasked.context["form"].errors) == ["helper_agrees"]
    client.post("/volunteers/new/", {**none, "without_phone": "on", "helper_agrees": "on"})

    volunteer = Volunteer.objects.get()
    assert volunteer.person.phone_key is None
    assert "李小云" in client.get(f"/volunteers/{volunteer.public_id}/").content.decode()


def test_a_grid_worker_registers_and_reads_no_files(client):
    worker = a_person()
    a_grant(worker, Role.GRID_WORKER, area_code=MABAO)
    log_in(client, worker)

    assert 'href="/volunteers/new/"' in client.get("/more/").content.decode()
    assert client.post("/volunteers/new/", FACTS).url == "/volunteers/new/"
    assert client.get(f"/volunteers/{Volunteer.objects.get().public_id}/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"phone": "123"},
        {"phone": "10000000099"},
        {"born_on": "2099-01-01"},
        {"born_on": "yesterday"},
        {"village": MENGBA_VILLAGE},
        {"village": TUNZI},
        {"consent": ""},
    ],
)
def test_wrong_input_says_so_keeps_what_was_typed_and_registers_nobody(client, wrong):
    a_person(phone="10000000099")
    log_in(client, a_clerk(TUNZI))
    people = Person.objects.count()

    answer = client.post("/volunteers/new/", {**FACTS, **wrong})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "zy-err" in page or "zy-say error" in page
    assert ("李知行" if "name" not in wrong else "10000000017") in page
    assert Person.objects.count() == people


def test_whoever_enters_nothing_registers_nobody(client):
    for person in (an_auditor(), a_leader(a_team()), a_person()):
        log_in(client, person)
        assert client.get("/volunteers/new/").status_code == 404
        assert client.post("/volunteers/new/", FACTS).status_code == 404
    assert not Volunteer.objects.exists()
