"""A volunteer's own file."""

import pytest

from tests.build import a_category, a_person, a_skill, a_volunteer
from tests.web.doors import log_in
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Credential, CredentialKind, Volunteer
from zhiyuan.engines.identity import id_check_digit

pytestmark = pytest.mark.django_db
ID_NUMBER = "99999919900501001" + id_check_digit("99999919900501001")
OWN = ("skills", "times", "credentials", "details")


@pytest.fixture
def volunteer(client):
    volunteer = a_volunteer(skills=("law",), availability=1)
    log_in(client, volunteer.person)
    return volunteer


@pytest.mark.parametrize("what", OWN)
def test_ones_own_file_is_for_volunteers_alone(client, what):
    assert client.get(f"/me/{what}/").url == f"/login/?next=%2Fme%2F{what}%2F"
    log_in(client, a_person())
    assert client.get(f"/me/{what}/").url == "/join/"


def test_skills_and_wishes_are_ticked_and_kept(client, volunteer):
    driving, wish = a_skill("driving"), a_category("repair")
    assert 'value="law" id="id_skills_1" checked' in client.get("/me/skills/").content.decode()

    assert client.post("/me/skills/", {"skills": [driving.pk], "categories": [wish.pk], "once": "k"}).url == "/me/"

    assert list(volunteer.skills.all()) == [driving]
    assert list(volunteer.categories.all()) == [wish]


def test_all_skills_can_be_taken_back(client, volunteer):
    client.post("/me/skills/", {"once": "k"})

    assert not volunteer.skills.exists()


def test_a_skill_that_is_not_on_the_list_is_refused_and_nothing_changes(client, volunteer):
    answer = client.post("/me/skills/", {"skills": ["magic"], "once": "k"})

    assert answer.status_code == 422
    assert [skill.code for skill in volunteer.skills.all()] == ["law"]


def test_the_grid_is_ticked_cell_by_cell(client, volunteer):
    page = client.get("/me/times/").content.decode()
    assert page.count('name="cell"') == 24
    assert page.count(" checked") == 1

    client.post("/me/times/", {"cell": ["0", "17", "23", "23"], "once": "k"})

    assert Volunteer.objects.get().availability == 1 | 1 << 17 | 1 << 23


@pytest.mark.parametrize("cell", ["24", "-1", "x", "999999999999"])
def test_a_cell_outside_the_grid_is_refused(client, volunteer, cell):
    assert client.post("/me/times/", {"cell": [cell], "once": "k"}).status_code == 422
    assert Volunteer.objects.get().availability == 1


def test_a_certificate_is_handed_in_and_waits(client, volunteer):
    CredentialKind.objects.create(code="rescuer", name_zh="救护员证", name_en="First aid", skill=a_skill())
    facts = {"kind": "rescuer", "issuer": "红十字会", "number": "QY-1", "expires_on": "2027-11-01"}

    client.post("/me/credentials/", facts)

    credential = Credential.objects.get()
    assert (credential.volunteer, credential.state, credential.number) == (volunteer, "unverified", "QY-1")
    page = client.get("/me/credentials/").content.decode()
    assert "红十字会" in page
    assert "QY-1" not in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "pilot"}, "kind"),
        ({"number": ""}, "number"),
        ({"expires_on": "2026-11-24"}, "expires_on"),
        ({"expires_on": "never"}, "expires_on"),
    ],
)
def test_a_wrong_certificate_says_so_at_the_field_and_keeps_what_was_typed(client, volunteer, wrong, field):
    CredentialKind.objects.create(code="rescuer", name_zh="救护员证", name_en="First aid", skill=a_skill())
    facts = {"kind": "rescuer", "issuer": "红十字会", "number": "QY-1", "expires_on": "2027-11-01"}

    answer = client.post("/me/credentials/", {**facts, **wrong})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "红十字会" in answer.content.decode()
    assert not Credential.objects.exists()


def test_an_id_number_is_kept_sealed_and_shown_masked_ever_after(client, volunteer):
    answer = client.post(
        "/me/details/", {"sex": "f", "language": "zh-hans", "id_number": ID_NUMBER[:6] + " " + ID_NUMBER[6:]}
    )

    assert answer.url == "/me/details/"
    person = Person.objects.get(pk=volunteer.person_id)
    assert (person.id_number, person.sex) == (ID_NUMBER, "f")
    page = client.get("/me/details/").content.decode()
    assert "*" * 14 + ID_NUMBER[-4:] in page
    assert ID_NUMBER not in page


def test_details_are_kept_without_an_id_number_and_the_language_follows(client, volunteer):
    answer = client.post("/me/details/", {"sex": "", "language": "en", "id_number": ""})

    assert Person.objects.get(pk=volunteer.person_id).language == "en"
    assert answer.cookies["django_language"].value == "en"
    assert "About me" in client.get("/me/details/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id_number": "123"}, "id_number"),
        ({"id_number": ID_NUMBER[:-1] + ("1" if ID_NUMBER[-1] != "1" else "2")}, "id_number"),
        ({"id_number": "99999919901301001" + id_check_digit("99999919901301001")}, "id_number"),
        ({"sex": "x"}, "sex"),
        ({"language": "fr"}, "language"),
    ],
)
def test_wrong_details_say_so_at_the_field_and_change_nothing(client, volunteer, wrong, field):
    answer = client.post("/me/details/", {"sex": "f", "language": "en", "id_number": "", **wrong})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    person = Person.objects.get(pk=volunteer.person_id)
    assert (person.sex, person.language, person.id_number) == ("", "zh-hans", "")


def test_an_id_number_that_somebody_else_gave_is_refused(client, volunteer):
    other = type(client)()
    log_in(other, a_volunteer().person)
    other.post("/me/details/", {"sex": "", "language": "en", "id_number": ID_NUMBER})

    answer = client.post("/me/details/", {"sex": "", "language": "en", "id_number": ID_NUMBER})

    assert list(answer.context["form"].errors) == ["id_number"]


def test_the_eight_basics_stand_on_the_page_complete_or_not(client, volunteer):
    context = client.get("/me/details/").context

    assert len(context["basics"]) == 8
    assert context["missing"] == 3  # sex, ID number, kinds of service
