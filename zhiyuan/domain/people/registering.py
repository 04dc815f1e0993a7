"""Becoming known: an account, consent, a guardian's consent, an identity number when it is asked for."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.sealed import blind_index
from zhiyuan.domain.journal.verbs import Actor, record, verb
from zhiyuan.domain.people.ages import decides_alone
from zhiyuan.domain.people.consents import CONSENT_VERSION
from zhiyuan.domain.people.guardians import Guardian, give_guardian_consent, guardian_allows
from zhiyuan.domain.people.models import Consent, Helper, PaperForm, Person, Purpose
from zhiyuan.domain.people.paper import Paper, take_in
from zhiyuan.domain.people.phones import normal_phone, phone_key
from zhiyuan.engines.identity import NumberFault, id_number_fault


class RegistrationObstacle(TextChoices):
    NO_CONSENT = "no_consent", _("Without your consent nothing can be stored. Tick it to go on.")
    KNOWN_PHONE = "known_phone", _("This telephone already has an account. Log in with it.")
    GUARDIAN_NEEDED = (
        "guardian_needed",
        _("A child registers together with a parent or guardian, who gives name and telephone and agrees."),
    )
    BORN_LATER = "born_later", _("The birth date lies in the future. Please look again.")
    NO_PHONE = (
        "registering_without_phone",
        _("Without a telephone of their own people are registered at a service site."),
    )
    HELPER_UNASKED = "helper_unasked", _("Ask whoever takes the calls first. Their telephone is theirs to give.")


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
class Helping:
    """Who takes calls for somebody without a telephone, and whether they were asked."""

    name: str
    phone: str
    relation: str
    agrees: bool


def obstacle_to_register(
    person: Person, *, consents: bool, guardian: Guardian | None, helper: Helping | None, by: Actor | None, at: datetime
) -> RegistrationObstacle | None:
    """Why nobody can be registered like this; None when nothing stands in the way."""
    today = local_day(at)
    if not consents:
        return RegistrationObstacle.NO_CONSENT
    if person.born_on is not None and person.born_on > today:
        return RegistrationObstacle.BORN_LATER
    if person.phone_key is None and by is None:
        return RegistrationObstacle.NO_PHONE
    if person.phone_key and Person.objects.filter(phone_key=person.phone_key).exists():
        return RegistrationObstacle.KNOWN_PHONE
    if helper and not helper.agrees:
        return RegistrationObstacle.HELPER_UNASKED
    if guardian is None and not decides_alone(person, today):
        return RegistrationObstacle.GUARDIAN_NEEDED
    return None


@verb
def register_person(
    *,
    name: str,
    phone: str,
    born_on: date,
    consents: bool,
    guardian: Guardian | None,
    by: Actor | None,
    at: datetime,
    paper: Paper | None = None,
    helper: Helping | None = None,
) -> Person:
    """An account for somebody whose phone was proved; or who came to a clerk and signed a sheet, with or without one.

    Whoever may not decide alone brings a guardian, whose consent is stored beside it.
    """
    phone = normal_phone(phone) if phone or by is None else ""
    key = phone_key(phone) if phone else None
    person = Person(name=name, phone=phone, phone_key=key, born_on=born_on, created_at=at)
    person.set_unusable_password()
    if obstacle := obstacle_to_register(person, consents=consents, guardian=guardian, helper=helper, by=by, at=at):
        raise Refused(obstacle)
    sheet = take_in(paper, by=by, at=at) if paper and by else None
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:  # the same phone registered at this very moment
        raise Refused(RegistrationObstacle.KNOWN_PHONE) from None
    _write_beside(person, guardian, helper, sheet, by=by, at=at)
    record(by or person, "person.registered", person, at=at, consent=CONSENT_VERSION)
    return person


def _write_beside(
    person: Person,
    guardian: Guardian | None,
    helper: Helping | None,
    sheet: PaperForm | None,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    """What comes with a new account: the consent, a guardian's, and who takes the calls."""
    Consent.objects.create(person=person, purpose=Purpose.SERVICE, version=CONSENT_VERSION, given_at=at, paper=sheet)
    if guardian:
        give_guardian_consent(person, guardian, by=by or person, at=at, paper=sheet)
    if helper:
        Helper.objects.create(
            person=person, name=helper.name, phone=normal_phone(helper.phone), relation=helper.relation
        )


@verb
def consent_to_service(person: Person, *, consents: bool, at: datetime) -> None:
    """Somebody with an account agrees to registering and recording service; said again it changes nothing."""
    if not consents:
        raise Refused(RegistrationObstacle.NO_CONSENT)
    today = local_day(at)
    if not decides_alone(person, today) and not guardian_allows(person, today):
        raise Refused(RegistrationObstacle.GUARDIAN_NEEDED)
    _consent, made = Consent.objects.get_or_create(
        person=person,
        purpose=Purpose.SERVICE,
        withdrawn_at=None,
        defaults={"version": CONSENT_VERSION, "given_at": at},
    )
    if made:
        record(person, "person.consented", person, at=at, purpose=Purpose.SERVICE.value, consent=CONSENT_VERSION)


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
