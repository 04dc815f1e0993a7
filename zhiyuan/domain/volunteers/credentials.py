"""Licences and certificates: handed in by the volunteer, verified by staff, counted until they expire."""

from datetime import date, datetime

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Credential, CredentialKind, Volunteer
from zhiyuan.domain.volunteers.skills import require_own_file


class CredentialObstacle(TextChoices):
    ALREADY_EXPIRED = "already_expired", _("This certificate has already expired. Hand in the new one.")
    ALREADY_DECIDED = "already_decided", _("This certificate was already looked at. Hand in a new one instead.")
    OWN_CREDENTIAL = "own_credential", _("Nobody verifies their own certificate. Ask a colleague.")


def obstacle_to_expiry(expires_on: date | None, *, at: datetime) -> CredentialObstacle | None:
    """Why a certificate that counts until this day is of no use; None when it is, or when it never expires."""
    if expires_on is not None and expires_on <= local_day(at):
        return CredentialObstacle.ALREADY_EXPIRED
    return None


@verb
def add_credential(
    volunteer: Volunteer,
    kind: CredentialKind,
    issuer: str,
    number: str,
    expires_on: date | None,
    *,
    by: Person,
    at: datetime,
) -> Credential:
    """Hand in a certificate. It counts once somebody has verified it, and until the day it expires."""
    require_own_file(by, volunteer)
    if obstacle := obstacle_to_expiry(expires_on, at=at):
        raise Refused(obstacle)
    credential = Credential.objects.create(
        volunteer=volunteer, kind=kind, issuer=issuer, number=number, expires_on=expires_on, created_at=at
    )
    expiry = expires_on.isoformat() if expires_on else None
    record(by, "credential.added", credential, at=at, volunteer=volunteer.public_id, kind=kind.code, expires_on=expiry)
    return credential


def obstacle_to_verify(credential: Credential, by: Person) -> CredentialObstacle | None:
    """Why this person can't decide about a certificate; None when nothing stands in the way."""
    if credential.volunteer.person_id == by.pk:
        return CredentialObstacle.OWN_CREDENTIAL
    if credential.state != Credential.State.UNVERIFIED:
        return CredentialObstacle.ALREADY_DECIDED
    return None


@verb
def verify_credential(credential: Credential, accepted: bool, *, by: Person, at: datetime) -> Credential:
    """Say that a certificate is genuine, or that it is not. Said once."""
    locked = Credential.objects.select_for_update(of=("self",)).select_related("volunteer")
    credential = locked.get(pk=credential.pk)
    require(by, Permission.VERIFY_CREDENTIAL, area=credential.volunteer.area_id)
    if obstacle := obstacle_to_verify(credential, by):
        raise Refused(obstacle)
    credential.state = Credential.State.VERIFIED if accepted else Credential.State.REJECTED
    credential.verified_by, credential.verified_at = by, at
    credential.save(update_fields=["state", "verified_by", "verified_at"])
    action = "credential.verified" if accepted else "credential.rejected"
    record(by, action, credential, at=at, volunteer=credential.volunteer.public_id)
    return credential


def standing_credentials(volunteer: Volunteer, on: date) -> QuerySet[Credential]:
    """Verified certificates that count on a day; on the day of expiry one no longer does."""
    standing = Q(expires_on=None) | Q(expires_on__gt=on)
    return Credential.objects.filter(standing, volunteer=volunteer, state=Credential.State.VERIFIED)
