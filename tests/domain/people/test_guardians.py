"""What a guardian allows: one activity or a time, stored with how it was given, taken back at any moment."""

from datetime import timedelta

import pytest

from tests.build import NOW, TODAY, a_clerk, a_person
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.people.guardians import (
    Guardian,
    GuardianObstacle,
    give_guardian_consent,
    guarded_by,
    guardian_allows,
    guardian_consents_of,
    withdraw_guardian_consent,
)
from zhiyuan.domain.people.models import GuardianConsent, HowGiven
from zhiyuan.domain.people.paper import Paper, PaperObstacle

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=30)


def a_child(years=12):
    return a_person(name="祁小满", born_on=TODAY.replace(year=TODAY.year - years))


def said(**facts):
    return Guardian(**{"name": "祁大山", "phone": "10000000778", "relation": "父亲", "until": LATER, **facts})


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


def test_a_consent_on_paper_names_the_sheet_and_who_took_it_in():
    child, clerk = a_child(), a_clerk()

    consent = give_guardian_consent(child, said(how=HowGiven.PAPER, paper=Paper("7", TODAY, "柜一")), by=clerk, at=NOW)

    assert (consent.how, consent.paper.number, consent.paper.taken_by) == ("paper", "7", clerk)
    entry = JournalEntry.objects.get(action="person.guardian_consented")
    assert entry.facts == {"until": LATER.isoformat(), "how": "paper", "activity": None}
    assert "祁大山" not in str(vars(entry))


@pytest.mark.parametrize(
    ("facts", "obstacle"),
    [
        ({"until": TODAY - timedelta(days=1)}, GuardianObstacle.PAST),
        ({"since": LATER + timedelta(days=1)}, GuardianObstacle.BACKWARDS),
        ({"how": HowGiven.PAPER}, GuardianObstacle.NO_PAPER),
        ({"how": HowGiven.PAPER, "paper": Paper("", TODAY, "柜")}, PaperObstacle.MISSING),
        ({"how": HowGiven.PAPER, "paper": Paper("1", LATER, "柜")}, PaperObstacle.LATER),
        ({"phone": "10000000999"}, GuardianObstacle.UNDER_AGE),
    ],
)
def test_what_stands_in_the_way(facts, obstacle):
    a_person(phone="10000000999", born_on=TODAY.replace(year=TODAY.year - 17))

    assert refusal_of(give_guardian_consent, a_child(), said(**facts), by=a_clerk(), at=NOW) == obstacle
    assert not GuardianConsent.objects.exists()


def test_whoever_is_of_full_age_needs_no_guardian():
    assert refusal_of(give_guardian_consent, a_child(18), said(), by=a_clerk(), at=NOW) == GuardianObstacle.FULL_AGE


def test_a_consent_is_taken_back_once_and_stays_on_record():
    child = a_child()
    consent = give_guardian_consent(child, said(), by=child, at=NOW)
    assert guardian_allows(child, TODAY)

    withdraw_guardian_consent(consent, by=child, at=NOW)

    assert not guardian_allows(child, TODAY)
    assert guardian_consents_of(child).get().withdrawn_at == NOW
    assert refusal_of(withdraw_guardian_consent, consent, by=child, at=NOW) == GuardianObstacle.WITHDRAWN


def test_guardians_find_by_their_telephone_what_they_allowed():
    child, father = a_child(), a_person(phone="10000000778")
    consent = give_guardian_consent(child, said(), by=child, at=NOW)

    assert list(guarded_by(father)) == [consent]
    assert list(guarded_by(a_person())) == []
    father.phone_key = None
    assert list(guarded_by(father)) == []
