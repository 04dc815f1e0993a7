"""Files of certificates at the door: handed in with the form, given out as attachments that nothing runs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.build import MENGBA, TUNZI, a_clerk, a_dispatcher, a_skill, a_volunteer
from tests.domain.foundation.test_files import PDF
from tests.web.doors import log_in
from zhiyuan.domain.volunteers.models import Credential, CredentialKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_folder_of_its_own(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def volunteer(client):
    CredentialKind.objects.create(code="rescuer", name_zh="救护员证", name_en="First aid", skill=a_skill("aid"))
    volunteer = a_volunteer()
    log_in(client, volunteer.person)
    return volunteer


def hand_in(client, content=PDF, name="../证书.pdf"):
    facts = {"kind": "rescuer", "issuer": "红十字会", "number": "QY-1", "once": "k"}
    return client.post("/me/credentials/", {**facts, "file": SimpleUploadedFile(name, content)})


def test_a_file_is_handed_in_and_given_out_as_an_attachment_in_a_sandbox(client, volunteer):
    assert hand_in(client).url == "/me/credentials/"
    address = f"/me/credentials/{Credential.objects.get().public_id}/file/"
    assert address in client.get("/me/credentials/").content.decode()

    answer = client.get(address)

    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="rescuer.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer["Cache-Control"]


def test_what_cannot_be_taken_is_said_at_the_field(client, volunteer):
    answer = hand_in(client, b"<svg/>", "a.pdf")

    assert answer.status_code == 422
    assert "只能交图片" in answer.content.decode()
    assert not Credential.objects.exists()


def test_whoever_verifies_there_opens_it_and_nobody_else(client, volunteer):
    hand_in(client)
    address = f"/volunteers/{volunteer.public_id}/credentials/{Credential.objects.get().public_id}/file/"
    own = f"/me/credentials/{Credential.objects.get().public_id}/file/"

    seen = {}
    for name, person in (
        ("dispatcher", a_dispatcher(TUNZI)), ("elsewhere", a_dispatcher(MENGBA)), ("clerk", a_clerk(TUNZI)),
        ("another", a_volunteer().person),
    ):  # fmt: skip
        log_in(client, person)
        seen[name] = client.get(address).status_code
    assert seen == {"dispatcher": 200, "elsewhere": 404, "clerk": 404, "another": 404}
    assert client.get(own).status_code == 404


def test_it_is_taken_back(client, volunteer):
    hand_in(client)

    client.post(f"/me/credentials/{Credential.objects.get().public_id}/take-back/", {"once": "l"})

    assert not Credential.objects.exists()
