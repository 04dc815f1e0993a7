"""Licences and certificates: handed in by the volunteer, verified by staff, counted until they expire."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.files import Folder, look_at
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.notices.telling import Template, tell
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Credential, CredentialKind, Volunteer
from zhiyuan.domain.volunteers.skills import require_own_file

FILES = Folder("credentials")
EXPIRY_NOTICE_DAYS = declare(
    Parameter(
        "volunteers.expiry_notice_days",
        _("Teams and volunteers"),
        _("A certificate's owner is told before it runs out"),
        Unit.DAYS,
        30,
        least=1,
        most=365,
    )
)
RUNS_OUT = Template(
    "credential_ends",
    gettext_noop("%(site)s: your %(kind)s runs out on %(day)s. Hand in the new one in time. %(phone)s"),
)


class CredentialObstacle(TextChoices):
    ALREADY_EXPIRED = "already_expired", _("This certificate has already expired. Hand in the new one.")
    ALREADY_DECIDED = "already_decided", _("This certificate was already looked at. Hand in a new one instead.")
    VERIFIED_STAYS = "verified_stays", _("A verified certificate stays. Call the service telephone when it is wrong.")
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
    file: bytes | None = None,
    by: Person,
    at: datetime,
) -> Credential:
    """Hand in a certificate. It counts once somebody has verified it, and until the day it expires."""
    require_own_file(by, volunteer)
    if obstacle := obstacle_to_expiry(expires_on, at=at):
        raise Refused(obstacle)
    upload = look_at(file) if file is not None else None
    credential = Credential.objects.create(
        volunteer=volunteer,
        kind=kind,
        issuer=issuer,
        number=number,
        expires_on=expires_on,
        created_at=at,
        file_name=FILES.keep(upload) if upload else None,
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


def obstacle_to_take_back(credential: Credential) -> CredentialObstacle | None:
    """Why a certificate cannot be taken back; None when nothing stands in the way."""
    return CredentialObstacle.VERIFIED_STAYS if credential.state == Credential.State.VERIFIED else None


@verb
def take_back_credential(credential: Credential, *, by: Person, at: datetime) -> None:
    """Take a certificate back that nobody has verified; its file goes with it."""
    credential = Credential.objects.select_for_update(of=("self",)).select_related("volunteer").get(pk=credential.pk)
    if by.pk != credential.volunteer.person_id:
        raise Refused(AccessObstacle.NOT_YOURS)
    if obstacle := obstacle_to_take_back(credential):
        raise Refused(obstacle)
    record(by, "credential.taken_back", credential, at=at, volunteer=credential.volunteer.public_id)
    if credential.file_name:
        FILES.discard(credential.file_name)
    credential.delete()


@verb
def open_credential_file(credential: Credential, *, by: Person, at: datetime) -> bytes:
    """The file as it was kept; each opening is noted. For its owner and for whoever verifies certificates there."""
    if by.pk != credential.volunteer.person_id:
        require(by, Permission.VERIFY_CREDENTIAL, area=credential.volunteer.area_id)
    if credential.file_name is None:
        raise Refused(AccessObstacle.NOT_YOURS)
    record(by, "credential.file_opened", credential, at=at, volunteer=credential.volunteer.public_id)
    return FILES.read(credential.file_name)


@verb
def remind_of_expiry(at: datetime) -> int:
    """Tell whose verified certificates soon run out, each once; returns how many."""
    today = local_day(at)
    last = today + timedelta(days=value_of(EXPIRY_NOTICE_DAYS, on=today))
    ending = Credential.objects.select_related("volunteer__person", "kind").filter(
        state=Credential.State.VERIFIED, expires_on__gt=today, expires_on__lte=last, reminded_at=None
    )
    told = list(ending.order_by("pk"))
    for credential in told:
        person = credential.volunteer.person
        with translation.override(person.language):
            facts = {"kind": str(credential.kind), "day": credential.expires_on}
        tell(person, RUNS_OUT, facts, key=f"credential-ends:{credential.public_id}", at=at, href="/me/credentials/")
    Credential.objects.filter(pk__in=[one.pk for one in told]).update(reminded_at=at)
    return len(told)


def sweep_credential_files(at: datetime) -> int:
    """Take away files whose handing in never came true; returns how many."""
    named = {name for name in Credential.objects.values_list("file_name", flat=True) if name}
    return FILES.sweep(named, at=at)


def standing_credentials(volunteer: Volunteer, on: date) -> QuerySet[Credential]:
    """Verified certificates that count on a day; on the day of expiry one no longer does."""
    standing = Q(expires_on=None) | Q(expires_on__gt=on)
    return Credential.objects.filter(standing, volunteer=volunteer, state=Credential.State.VERIFIED)
