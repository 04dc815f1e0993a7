"""Consent by purpose and version: given and taken back alike, effective at once, asked again once."""

from datetime import timedelta

import pytest

from tests.build import NOW, TODAY, a_person
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.people.consents import (
    CONSENT_TEXTS,
    ConsentObstacle,
    agrees,
    consent_history,
    consents_to_renew,
    give_consent,
    obstacle_to_give,
    public_names,
    standing_consents,
    withdraw_consent,
)
from zhiyuan.domain.people.models import Consent, Purpose

pytestmark = pytest.mark.django_db
OPTIONAL = [purpose for purpose in Purpose if purpose != Purpose.SERVICE]
VERSION = CONSENT_TEXTS[Purpose.PUBLICATION].version


def give(person, purpose=Purpose.PUBLICATION, *, version=VERSION, at=NOW):
    return give_consent(person, purpose, version=version, by=person, at=at)


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


def test_every_purpose_has_a_text_that_says_what_for_what_who_and_what_happens_without():
    assert set(CONSENT_TEXTS) == set(Purpose)
    for text in CONSENT_TEXTS.values():
        assert all(str(part) for part in vars(text).values())


@pytest.mark.parametrize("purpose", OPTIONAL)
def test_a_yes_is_given_and_taken_back_and_both_stay_on_record(purpose):
    person = a_person()
    assert not agrees(person, purpose)

    give(person, purpose)
    assert agrees(person, purpose)
    withdraw_consent(person, purpose, by=person, at=NOW + timedelta(minutes=1))

    assert not agrees(person, purpose)
    first = consent_history(person).get(purpose=purpose)
    assert (first.given_at, first.withdrawn_at) == (NOW, NOW + timedelta(minutes=1))
    facts = [(entry.action, entry.facts.get("purpose")) for entry in JournalEntry.objects.order_by("seq")]
    assert facts == [("person.consented", purpose.value), ("person.consent_withdrawn", purpose.value)]


def test_a_yes_after_a_no_is_a_line_of_its_own():
    person = a_person()

    give(person)
    withdraw_consent(person, Purpose.PUBLICATION, by=person, at=NOW)
    give(person, at=NOW + timedelta(days=1))

    rows = Consent.objects.filter(person=person, purpose=Purpose.PUBLICATION)
    assert [row.withdrawn_at is None for row in rows.order_by("pk")] == [False, True]


def test_the_name_is_masked_in_public_from_the_moment_that_the_yes_is_taken_back():
    open_one, closed_one = a_person(name="王秀兰"), a_person(name="李知行")

    give(open_one)
    assert public_names([open_one, closed_one]) == {open_one.pk: "王秀兰", closed_one.pk: "李**"}
    withdraw_consent(open_one, Purpose.PUBLICATION, by=open_one, at=NOW)

    assert public_names([open_one, closed_one]) == {open_one.pk: "王**", closed_one.pk: "李**"}


def test_what_stands_in_the_way_of_a_yes():
    person, child = a_person(), a_person(born_on=TODAY.replace(year=TODAY.year - 14) + timedelta(days=1))
    grown = a_person(born_on=TODAY.replace(year=TODAY.year - 14))

    assert refusal_of(give, person, version="2019-01") == ConsentObstacle.OTHER_VERSION
    assert refusal_of(give, child) == ConsentObstacle.GUARDIAN_DECIDES
    assert obstacle_to_give(grown, Purpose.PUBLICATION, VERSION, at=NOW) is None
    give(person)
    assert refusal_of(give, person) == ConsentObstacle.GIVEN


def test_what_stands_in_the_way_of_taking_back():
    person = a_person()

    def take_back(purpose):
        return refusal_of(withdraw_consent, person, purpose, by=person, at=NOW)

    assert take_back(Purpose.PHOTOGRAPHS) == ConsentObstacle.NOT_GIVEN
    assert take_back(Purpose.SERVICE) == ConsentObstacle.MEANS_LEAVING
    assert agrees(person, Purpose.SERVICE)


def test_a_new_text_is_asked_for_once_more_and_a_no_ends_the_asking():
    person = a_person()
    Consent.objects.create(person=person, purpose=Purpose.PHOTOGRAPHS, version="2019-01", given_at=NOW)
    Consent.objects.create(person=person, purpose=Purpose.LOCATION, version="2019-01", given_at=NOW)
    assert {consent.purpose for consent in consents_to_renew(person)} == {"photographs", "location"}

    give(person, Purpose.PHOTOGRAPHS)
    withdraw_consent(person, Purpose.LOCATION, by=person, at=NOW)

    assert consents_to_renew(person) == []
    assert standing_consents(person)["photographs"].version == VERSION
    assert not agrees(person, Purpose.LOCATION)
