"""The file of a certificate, and being told before it runs out."""

from datetime import timedelta

import pytest

from tests.build import MENGBA, NOW, TODAY, TUNZI, a_clerk, a_dispatcher, a_leader, a_skill, a_team, a_volunteer
from tests.domain.foundation.test_files import PDF, a_photo
from zhiyuan.domain.foundation.files import UploadObstacle
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.volunteers.credentials import (
    FILES,
    CredentialObstacle,
    add_credential,
    open_credential_file,
    remind_of_expiry,
    sweep_credential_files,
    take_back_credential,
    verify_credential,
)
from zhiyuan.domain.volunteers.models import Credential, CredentialKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_folder_of_its_own(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def volunteer(team):
    return a_volunteer(teams=(team,))


def hand_in(volunteer, file=PDF, expires_on=None):
    facts = {"name_zh": "救护员证", "name_en": "First-aid certificate", "skill": a_skill("aid")}
    kind = CredentialKind.objects.get_or_create(code="rescuer", defaults=facts)[0]
    return add_credential(volunteer, kind, "红十字会", "QY-1", expires_on, file=file, by=volunteer.person, at=NOW)


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


def test_its_owner_and_whoever_verifies_there_open_it_and_each_look_is_noted(volunteer):
    credential = hand_in(volunteer)

    for person in (volunteer.person, a_dispatcher(TUNZI)):
        assert open_credential_file(credential, by=person, at=NOW) == PDF
        entry = JournalEntry.objects.filter(action="credential.file_opened").latest("seq")
        assert (entry.actor, entry.object) == (person.public_id, f"credential:{credential.public_id}")


def test_nobody_else_opens_it(volunteer, team):
    credential = hand_in(volunteer)

    for person in (a_dispatcher(MENGBA), a_clerk(TUNZI), a_leader(team), a_volunteer().person):
        assert refusal_of(open_credential_file, credential, by=person, at=NOW) == AccessObstacle.NOT_YOURS
    assert not JournalEntry.objects.filter(action="credential.file_opened").exists()


def test_a_file_that_is_none_of_the_four_kinds_leaves_nothing_behind(volunteer, tmp_path):
    assert refusal_of(hand_in, volunteer, b"MZ program") == UploadObstacle.NOT_ALLOWED

    assert not Credential.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_nobody_has_verified_is_taken_back_with_its_file(volunteer, tmp_path, django_capture_on_commit_callbacks):
    credential = hand_in(volunteer, a_photo())
    assert list(tmp_path.rglob("*.jpg"))
    assert refusal_of(take_back_credential, credential, by=a_dispatcher(TUNZI), at=NOW) == AccessObstacle.NOT_YOURS

    with django_capture_on_commit_callbacks(execute=True):
        take_back_credential(credential, by=volunteer.person, at=NOW)

    assert not Credential.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_verified_one_stays(volunteer):
    credential = verify_credential(hand_in(volunteer), True, by=a_dispatcher(TUNZI), at=NOW)

    assert refusal_of(take_back_credential, credential, by=volunteer.person, at=NOW) == (
        CredentialObstacle.VERIFIED_STAYS
    )


def test_files_that_no_certificate_names_are_swept(volunteer):
    credential = hand_in(volunteer)
    later = NOW + timedelta(days=3650)

    assert sweep_credential_files(later) == 0
    Credential.objects.update(file_name=None)
    assert sweep_credential_files(later) == 1
    with pytest.raises(FileNotFoundError):
        FILES.read(credential.file_name)


def test_its_owner_is_told_thirty_days_before_it_runs_out_and_once(volunteer):
    ends = {"soon": TODAY + timedelta(days=30), "later": TODAY + timedelta(days=31), "never": None}
    for ends_on in ends.values():
        verify_credential(hand_in(volunteer, expires_on=ends_on), True, by=a_dispatcher(TUNZI), at=NOW)
    hand_in(volunteer, expires_on=ends["soon"])  # nobody has verified it: there is nothing to lose

    assert [remind_of_expiry(NOW), remind_of_expiry(NOW)] == [1, 0]
    assert "救护员证" in Message.objects.get().text
    assert ends["soon"].isoformat() in Message.objects.get().text
    assert remind_of_expiry(NOW + timedelta(days=1)) == 1
