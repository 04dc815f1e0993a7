from datetime import date, timedelta
from functools import partial

import pytest

from tests.build import NOW, TODAY, a_person
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.people.ages import is_minor
from zhiyuan.domain.people.details import DetailObstacle, give_birth_date, keep_details, tell_details
from zhiyuan.domain.people.guardians import Guardian, GuardianObstacle, give_guardian_consent, guardian_allows
from zhiyuan.domain.people.models import Consent, GuardianConsent, Person, Sex
from zhiyuan.domain.people.phones import PhoneObstacle
from zhiyuan.domain.people.registering import (
    IdNumberObstacle,
    RegistrationObstacle,
    give_id_number,
    obstacle_to_id_number,
    register_person,
)
from zhiyuan.engines.identity import id_check_digit

pytestmark = pytest.mark.django_db
FACTS = {"name": "李知行", "phone": "10000000017", "born_on": date(1990, 5, 1), "consents": True}
MINOR = date(2013, 5, 1)
GUARDIAN = Guardian("王明", "10000000018", "父亲", TODAY + timedelta(days=365))


def register(*, guardian=None, **facts):
    return register_person(**{**FACTS, **facts}, guardian=guardian, by=None, at=NOW)


def an_id(area="999999", born="19900501", order="001"):
    return f"{area}{born}{order}" + id_check_digit(f"{area}{born}{order}")


def test_whoever_consents_is_registered_with_the_consents_version():
    person = register(phone="+86 100 0000 0017")

    assert (person.phone, person.has_usable_password()) == ("10000000017", False)
    consent = Consent.objects.get(person=person)
    assert (consent.version, consent.given_at) == ("2026-11", NOW)
    entry = JournalEntry.objects.get()
    assert (entry.action, entry.actor, entry.facts) == ("person.registered", person.public_id, {"consent": "2026-11"})


@pytest.mark.parametrize(
    ("facts", "obstacle"),
    [
        ({"consents": False}, RegistrationObstacle.NO_CONSENT),
        ({"phone": "10000000099"}, RegistrationObstacle.KNOWN_PHONE),
        ({"phone": "12"}, PhoneObstacle.NOT_A_PHONE),
        ({"born_on": MINOR}, RegistrationObstacle.GUARDIAN_NEEDED),
        ({"born_on": TODAY.replace(year=TODAY.year - 14) + timedelta(days=1)}, RegistrationObstacle.GUARDIAN_NEEDED),
        ({"born_on": TODAY + timedelta(days=1)}, RegistrationObstacle.BORN_LATER),
        (
            {"born_on": MINOR, "guardian": Guardian("王明", "10000000018", "父亲", TODAY - timedelta(days=1))},
            GuardianObstacle.PAST,
        ),
        ({"born_on": MINOR, "guardian": Guardian("王明", "1", "父亲", TODAY)}, PhoneObstacle.NOT_A_PHONE),
    ],
)
def test_what_stands_in_the_way_of_registering(facts, obstacle):
    a_person(phone="10000000099")

    with pytest.raises(Refused) as refusal:
        register(**facts)

    assert refusal.value.obstacle == obstacle
    assert Person.objects.count() == 1


def test_whoever_turns_fourteen_today_registers_by_their_own_consent():
    assert register(born_on=TODAY.replace(year=TODAY.year - 14))


@pytest.mark.django_db(transaction=True)
def test_one_telephone_registered_at_once_by_several_is_one_account():
    answers = race([register] * 4)

    assert sorted(type(answer).__name__ for answer in answers) == ["Person", "Refused", "Refused", "Refused"]
    assert Person.objects.count() == 1


def test_a_guardians_consent_is_stored_and_covers_its_days():
    person = register(born_on=MINOR, guardian=GUARDIAN)

    consent = GuardianConsent.objects.get(person=person)
    assert (consent.guardian_name, consent.guardian_phone, consent.since) == ("王明", "10000000018", TODAY)
    assert guardian_allows(person, TODAY)
    assert guardian_allows(person, GUARDIAN.until)
    assert not guardian_allows(person, GUARDIAN.until + timedelta(days=1))
    assert not guardian_allows(person, TODAY - timedelta(days=1))


def test_a_consent_that_was_taken_back_covers_nothing():
    person = register(born_on=MINOR, guardian=GUARDIAN)

    GuardianConsent.objects.update(withdrawn_at=NOW)

    assert not guardian_allows(person, TODAY)


def test_a_guardian_can_consent_again_for_longer():
    person = register(born_on=MINOR, guardian=GUARDIAN)
    until = GUARDIAN.until + timedelta(days=30)

    give_guardian_consent(person, Guardian("王明", "10000000018", "父亲", until), by=person, at=NOW)

    assert guardian_allows(person, until)


def test_ages_are_whole_years():
    person = a_person(born_on=date(2008, 11, 24))

    assert person.age_on(date(2026, 11, 23)) == 17
    assert is_minor(person, date(2026, 11, 23))
    assert not is_minor(person, date(2026, 11, 24))
    assert a_person(born_on=None).age_on(TODAY) is None


# Identity numbers -----------------------------------------------------------------------------------------------------


def test_an_id_number_is_sealed_and_known_by_a_keyed_hash():
    person, number = a_person(), an_id()

    give_id_number(person, f" {number.lower()} ", by=person, at=NOW)

    stored = Person.objects.get(pk=person.pk)
    assert stored.id_number == number
    assert number not in str(stored.id_number_key)
    entry = JournalEntry.objects.get()
    assert number not in str(vars(entry))
    assert obstacle_to_id_number(person, number, at=NOW) is None  # one's own again


def test_nobody_registers_with_anothers_id_number():
    first, second = a_person(), a_person()
    give_id_number(first, an_id(), by=first, at=NOW)

    with pytest.raises(Refused) as refusal:
        give_id_number(second, an_id(), by=second, at=NOW)

    assert refusal.value.obstacle == IdNumberObstacle.TAKEN


@pytest.mark.django_db(transaction=True)
def test_one_id_number_given_at_once_by_several_belongs_to_one():
    people = [a_person() for _ in range(4)]

    answers = race([partial(give_id_number, p, an_id(), by=p, at=NOW) for p in people])

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "Refused", "Refused", "Refused"]


def _with_wrong_digit(number):
    return number[:16] + str((int(number[16]) + 1) % 10) + number[17]


@pytest.mark.parametrize(
    ("number", "obstacle"),
    [
        ("", IdNumberObstacle.LENGTH),
        (an_id()[:17], IdNumberObstacle.LENGTH),
        (an_id()[:17] + "Y", IdNumberObstacle.LENGTH),
        (_with_wrong_digit(an_id()), IdNumberObstacle.CHECK_DIGIT),
        (an_id(born="19900231"), IdNumberObstacle.DATE),
        (an_id(born="20991231"), IdNumberObstacle.DATE),
        (an_id(area="621027"), IdNumberObstacle.SYNTHETIC),
    ],
)
def test_what_is_no_id_number_is_refused(number, obstacle):
    person = a_person()

    with pytest.raises(Refused) as refusal:
        give_id_number(person, number, by=person, at=NOW)

    assert refusal.value.obstacle == obstacle


def test_made_up_id_numbers_are_refused_where_people_are_real(settings):
    settings.SYNTHETIC = False

    assert obstacle_to_id_number(a_person(), an_id(), at=NOW) == IdNumberObstacle.SYNTHETIC
    assert obstacle_to_id_number(a_person(), an_id(area="621027"), at=NOW) is None


# Details --------------------------------------------------------------------------------------------------------------


def test_somebody_tells_sex_and_language():
    person = a_person()

    tell_details(person, sex=Sex.FEMALE, language="en", by=person, at=NOW)

    person.refresh_from_db()
    assert (person.sex, person.language) == ("f", "en")


def test_a_language_that_the_pages_do_not_speak_is_refused():
    person = a_person()

    with pytest.raises(Refused) as refusal:
        tell_details(person, sex=Sex.UNSAID, language="tlh", by=person, at=NOW)

    assert refusal.value.obstacle == DetailObstacle.UNKNOWN_LANGUAGE


def test_a_birth_date_is_given_once():
    person = a_person(born_on=None)

    def refusal_of(born_on):
        with pytest.raises(Refused) as refusal:
            give_birth_date(person, born_on, by=person, at=NOW)
        return refusal.value.obstacle

    assert refusal_of(TODAY + timedelta(days=1)) == DetailObstacle.BORN_LATER
    give_birth_date(person, date(1990, 2, 28), by=person, at=NOW)
    assert refusal_of(date(2015, 1, 1)) == DetailObstacle.BORN_KNOWN
    assert Person.objects.get().born_on == date(1990, 2, 28)


def test_of_a_page_of_details_all_is_kept_or_nothing():
    person = a_person(born_on=None)
    said = {"sex": Sex.FEMALE, "language": "en", "born_on": date(1990, 2, 28)}

    with pytest.raises(Refused):
        keep_details(person, **said, id_number="1", by=person, at=NOW)
    kept = Person.objects.get()
    assert (kept.sex, kept.born_on) == ("", None)
    keep_details(kept, **said, id_number=an_id(), by=kept, at=NOW)

    kept = Person.objects.get()
    assert (kept.sex, kept.born_on, kept.id_number) == ("f", date(1990, 2, 28), an_id())
