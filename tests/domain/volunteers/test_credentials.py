from datetime import timedelta

import pytest
from django.db import connection

from tests.build import (
    MENGBA,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_skill,
    a_team,
    a_volunteer,
    an_auditor,
    an_office,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.volunteers.credentials import (
    CredentialObstacle,
    add_credential,
    standing_credentials,
    verify_credential,
)
from zhiyuan.domain.volunteers.models import Credential, CredentialKind
from zhiyuan.domain.volunteers.queries import credentials_of

pytestmark = pytest.mark.django_db
TOMORROW_DAY, IN_A_MONTH = TODAY + timedelta(days=1), TODAY + timedelta(days=30)


def a_kind(code="rescuer"):
    kind = {"name_zh": "救护员证", "name_en": "First-aid certificate", "skill": a_skill("first_aid")}
    return CredentialKind.objects.get_or_create(code=code, defaults=kind)[0]


def hand_in(volunteer, *, expires_on=IN_A_MONTH, by=None, number="QY-0113"):
    return add_credential(volunteer, a_kind(), "红十字会", number, expires_on, by=by or volunteer.person, at=NOW)


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


def test_a_certificate_counts_only_once_somebody_has_verified_it():
    volunteer, dispatcher = a_volunteer(), a_dispatcher(TUNZI)
    credential = hand_in(volunteer)
    assert list(standing_credentials(volunteer, TODAY)) == []

    verify_credential(credential, True, by=dispatcher, at=NOW)

    stored = Credential.objects.get()
    assert (stored.state, stored.verified_by, stored.verified_at) == (Credential.State.VERIFIED, dispatcher, NOW)
    assert list(standing_credentials(volunteer, TODAY)) == [credential]


def test_a_rejected_certificate_does_not_count():
    volunteer = a_volunteer()

    verify_credential(hand_in(volunteer), False, by=a_dispatcher(TUNZI), at=NOW)

    assert Credential.objects.get().state == Credential.State.REJECTED
    assert list(standing_credentials(volunteer, TODAY)) == []


def test_a_certificate_counts_until_the_day_before_it_expires_and_without_an_end_for_ever():
    volunteer = a_volunteer()
    dated, endless = hand_in(volunteer), hand_in(volunteer, expires_on=None)
    for credential in (dated, endless):
        verify_credential(credential, True, by=a_dispatcher(TUNZI), at=NOW)

    assert set(standing_credentials(volunteer, IN_A_MONTH - timedelta(days=1))) == {dated, endless}
    assert list(standing_credentials(volunteer, IN_A_MONTH)) == [endless]


def test_an_expired_certificate_is_not_taken():
    volunteer = a_volunteer()

    assert refusal_of(hand_in, volunteer, expires_on=TODAY) == CredentialObstacle.ALREADY_EXPIRED
    assert hand_in(volunteer, expires_on=TOMORROW_DAY)


def test_a_decision_is_said_once():
    credential = hand_in(a_volunteer())
    verify_credential(credential, False, by=a_dispatcher(TUNZI), at=NOW)

    assert refusal_of(verify_credential, credential, True, by=an_office(), at=NOW) == CredentialObstacle.ALREADY_DECIDED
    assert Credential.objects.get().state == Credential.State.REJECTED


def test_nobody_verifies_their_own_certificate():
    volunteer = a_volunteer()
    dispatcher = a_dispatcher(TUNZI)
    dispatcher.volunteer = volunteer
    volunteer.person, volunteer.person_id = dispatcher, dispatcher.pk
    volunteer.save()

    own = hand_in(volunteer, by=dispatcher)

    assert refusal_of(verify_credential, own, True, by=dispatcher, at=NOW) == CredentialObstacle.OWN_CREDENTIAL


def test_certificates_are_verified_in_ones_own_branch_by_those_whose_role_says_so():
    team = a_team()
    credential = hand_in(a_volunteer(teams=(team,)))

    for person in (a_dispatcher(MENGBA), a_clerk(TUNZI), a_leader(team), an_auditor()):
        assert refusal_of(verify_credential, credential, True, by=person, at=NOW) == AccessObstacle.NOT_YOURS
    assert Credential.objects.get().state == Credential.State.UNVERIFIED


def test_a_certificate_is_handed_in_by_oneself_or_the_clerk_of_ones_village():
    volunteer = a_volunteer()

    assert refusal_of(hand_in, volunteer, by=a_clerk(MENGBA)) == AccessObstacle.NOT_YOURS
    assert hand_in(volunteer, by=a_clerk(TUNZI))


def test_the_number_rests_sealed_and_never_in_the_journal():
    hand_in(a_volunteer(), number="QY-SECRET-1")

    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM volunteers_credential")
        (stored,) = cursor.fetchone()
    assert "SECRET" not in stored
    assert Credential.objects.get().number == "QY-SECRET-1"
    assert [entry for entry in JournalEntry.objects.all() if "SECRET" in str(entry.facts)] == []


def test_certificates_are_listed_newest_first():
    volunteer = a_volunteer()
    older, newer = hand_in(volunteer), hand_in(volunteer)

    assert list(credentials_of(volunteer)) == [newer, older]
