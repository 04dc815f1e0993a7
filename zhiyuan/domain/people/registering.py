"""Becoming known: an account, consent, a guardian's consent, an identity number when it is asked for."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.sealed import blind_index
from zhiyuan.domain.journal.verbs import Actor, record, verb
from zhiyuan.domain.people.models import Consent, GuardianConsent, Person, Purpose
from zhiyuan.domain.people.phones import normal_phone, phone_key
from zhiyuan.engines.identity import NumberFault, id_number_fault

CONSENT_VERSION = "2026-11"


class RegistrationObstacle(TextChoices):
    NO_CONSENT = "no_consent", _("Without your consent nothing can be stored. Tick it to go on.")
    KNOWN_PHONE = "known_phone", _("This telephone already has an account. Log in with it.")
    GUARDIAN_NEEDED = (
        "guardian_needed",
        _("You are under 18. A parent or guardian must give name and telephone and agree."),
    )
    BORN_LATER = "born_later", _("The birth date lies in the future. Please look again.")
    GUARDIAN_PAST = "guardian_past", _("The last day that the guardian allows lies in the past.")


class IdNumberObstacle(TextChoices):
    LENGTH = "id_length", _("An ID number has 18 signs: 17 digits and a last digit or X.")
    CHECK_DIGIT = "id_check_digit", _("One digit of the ID number is wrong. Please compare it with the card.")
    DATE = "id_date", _("The birth date inside the ID number does not exist.")
    SYNTHETIC = "id_synthetic", _("This ID number's first six digits belong to no place.")
    TAKEN = "id_taken", _("This ID number is already registered. If it is yours, call the service telephone.")


_FAULTS = {
    NumberFault.LENGTH: IdNumberObstacle.LENGTH,
    NumberFault.CHECK_DIGIT: IdNumberObstacle.CHECK_DIGIT,
    NumberFault.DATE: IdNumberObstacle.DATE,
    NumberFault.SYNTHETIC: IdNumberObstacle.SYNTHETIC,
}


@dataclass(frozen=True)
class Guardian:
    """Who answers for somebody under 18, and until when they allow service."""

    name: str
    phone: str
    relation: str
    until: date


@verb
def register_person(
    *, name: str, phone: str, born_on: date, consents: bool, guardian: Guardian | None, by: Actor | None, at: datetime
) -> Person:
    """An account for somebody whose phone was proved. Under 18 only with a guardian's consent, stored beside it."""
    phone, today = normal_phone(phone), local_day(at)
    if not consents:
        raise Refused(RegistrationObstacle.NO_CONSENT)
    if born_on > today:
        raise Refused(RegistrationObstacle.BORN_LATER)
    if Person.objects.filter(phone_key=phone_key(phone)).exists():
        raise Refused(RegistrationObstacle.KNOWN_PHONE)
    person = Person(name=name, phone=phone, phone_key=phone_key(phone), born_on=born_on, created_at=at)
    person.set_unusable_password()
    if person.is_minor_on(today) and guardian is None:
        raise Refused(RegistrationObstacle.GUARDIAN_NEEDED)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:  # the same phone registered at this very moment
        raise Refused(RegistrationObstacle.KNOWN_PHONE) from None
    Consent.objects.create(person=person, purpose=Purpose.SERVICE, version=CONSENT_VERSION, given_at=at)
    if guardian:
        give_guardian_consent(person, guardian, by=by or person, at=at)
    record(by or person, "person.registered", person, at=at, consent=CONSENT_VERSION)
    return person


@verb
def consent_to_service(person: Person, *, consents: bool, at: datetime) -> None:
    """Somebody with an account agrees to registering and recording service; said again it changes nothing."""
    if not consents:
        raise Refused(RegistrationObstacle.NO_CONSENT)
    if person.is_minor_on(local_day(at)) and not guardian_allows(person, local_day(at)):
        raise Refused(RegistrationObstacle.GUARDIAN_NEEDED)
    _consent, made = Consent.objects.get_or_create(
        person=person,
        purpose=Purpose.SERVICE,
        withdrawn_at=None,
        defaults={"version": CONSENT_VERSION, "given_at": at},
    )
    if made:
        record(person, "person.consented", person, at=at, consent=CONSENT_VERSION)


@verb
def give_guardian_consent(person: Person, guardian: Guardian, *, by: Actor, at: datetime) -> GuardianConsent:
    if guardian.until < local_day(at):
        raise Refused(RegistrationObstacle.GUARDIAN_PAST)
    consent = GuardianConsent.objects.create(
        person=person,
        guardian_name=guardian.name,
        guardian_phone=normal_phone(guardian.phone),
        relation=guardian.relation,
        since=local_day(at),
        until=guardian.until,
        given_at=at,
    )
    record(by, "person.guardian_consented", person, at=at, until=guardian.until.isoformat())
    return consent


def guardian_allows(person: Person, day: date) -> bool:
    """Whether a guardian's standing consent covers the day."""
    return person.guardian_consents.filter(Q(withdrawn_at=None), since__lte=day, until__gte=day).exists()


def obstacle_to_id_number(person: Person, number: str, *, at: datetime) -> IdNumberObstacle | None:
    """Why this can't be somebody's identity number; None when nothing stands in the way."""
    number = number.strip().upper()
    if fault := id_number_fault(number, today=local_day(at), synthetic=settings.SYNTHETIC):
        return _FAULTS[fault]
    if Person.objects.filter(id_number_key=blind_index(number, "id_number")).exclude(pk=person.pk).exists():
        return IdNumberObstacle.TAKEN
    return None


@verb
def give_id_number(person: Person, number: str, *, by: Actor, at: datetime) -> None:
    """Check and seal an identity number; nobody else may have the same one."""
    if obstacle := obstacle_to_id_number(person, number, at=at):
        raise Refused(obstacle)
    person.id_number = number.strip().upper()
    person.id_number_key = blind_index(person.id_number, "id_number")
    try:
        with transaction.atomic():
            person.save(update_fields=["id_number", "id_number_key"])
    except IntegrityError:  # somebody else gave the same number at this very moment
        raise Refused(IdNumberObstacle.TAKEN) from None
    record(by, "person.id_number_given", person, at=at)
