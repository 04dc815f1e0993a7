"""Ages at sign-up, at the edges of birthdays; guardians who allow, come along, and take back."""

from datetime import date, timedelta

import pytest

from tests.build import (
    MENGBA,
    NOW,
    TODAY,
    TOMORROW,
    TUNZI,
    YESTERDAY,
    a_clerk,
    a_person,
    a_team,
    a_volunteer,
    an_activity,
)
from zhiyuan.domain.activities.guarding import enter_guardian_consent, take_back_guardian_consent
from zhiyuan.domain.activities.models import Shift, SignUp
from zhiyuan.domain.activities.queries import fitting_shifts
from zhiyuan.domain.activities.signup import SignupObstacle, cancel_signup, obstacle_to_sign_up, sign_up
from zhiyuan.domain.foundation.models import ParameterValue
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.ages import ADMITTED_FROM, ALONE_FROM, FULL_AGE
from zhiyuan.domain.people.guardians import Guardian
from zhiyuan.domain.people.models import HowGiven

pytestmark = pytest.mark.django_db
FATHER = "10000000778"


def allowed(volunteer, **facts):
    said = {"name": "祁大山", "phone": FATHER, "relation": "父亲", "until": TODAY + timedelta(days=2000), **facts}
    return enter_guardian_consent(volunteer, Guardian(**said), by=volunteer.person, at=YESTERDAY)


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


def a_shift_on(day, **facts):
    starts_at = TOMORROW + timedelta(days=(day - (TODAY + timedelta(days=1))).days)
    return an_activity(a_team(), starts_at=starts_at, **{"needed_from": 0, **facts}).shifts.get()


def takes(volunteer, shift):
    return sign_up(shift, volunteer, by=volunteer.person, at=YESTERDAY, risk_version=1)


DAY = TODAY + timedelta(days=1)  # 25 November 2026
Why = SignupObstacle


@pytest.mark.parametrize(
    ("born_on", "day", "dangerous", "alone", "covered"),
    [
        # the day before a birthday, and the birthday
        (date(2020, 11, 26), DAY, Why.NOT_ADMITTED, Why.NOT_ADMITTED, Why.NOT_ADMITTED),
        (date(2020, 11, 25), DAY, Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, Why.UNACCOMPANIED),
        (date(2016, 11, 26), DAY, Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, Why.UNACCOMPANIED),
        (date(2016, 11, 25), DAY, Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, None),
        (date(2012, 11, 25), DAY, Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, None),
        (date(2008, 11, 26), DAY, Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, None),
        (date(2008, 11, 25), DAY, None, None, None),
        # born on 29 February: a year more on 1 March, and on the day itself in a leap year
        (date(2016, 2, 29), date(2027, 2, 28), Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, None),
        (date(2020, 2, 29), date(2026, 12, 1), Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, Why.UNACCOMPANIED),
        (date(2012, 2, 29), date(2030, 2, 28), Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, None),
        (date(2012, 2, 29), date(2030, 3, 1), None, None, None),
        (date(2008, 2, 29), date(2028, 2, 29), None, None, None),
        (date(2018, 2, 28), date(2028, 2, 28), Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, None),
        (date(2018, 3, 1), date(2028, 2, 29), Why.MINOR_DANGER, Why.MINOR_NEEDS_CONSENT, Why.UNACCOMPANIED),
    ],
)
def test_the_ages_count_on_the_day_of_the_shift(born_on, day, dangerous, alone, covered):
    volunteer = a_volunteer(born_on=born_on)
    quiet, rescue = a_shift_on(day), a_shift_on(day, dangerous=True)

    if dangerous != Why.NOT_ADMITTED:
        assert obstacle_to_sign_up(rescue, volunteer, at=YESTERDAY) == dangerous
    assert obstacle_to_sign_up(quiet, volunteer, at=YESTERDAY) == alone
    if volunteer.person.age_on(TODAY) < 18:
        allowed(volunteer)
    assert obstacle_to_sign_up(quiet, volunteer, at=YESTERDAY) == covered
    assert covered is None or quiet not in fitting_shifts(volunteer, YESTERDAY, 9)


def test_a_county_changes_its_ages_from_a_day_on():
    boy = a_volunteer(born_on=date(2018, 1, 1))  # eight
    allowed(boy)
    before, after = a_shift_on(DAY), a_shift_on(DAY + timedelta(days=1))
    facts = {"since": DAY + timedelta(days=1), "reason": "试", "set_by": "system", "set_at": NOW}

    ParameterValue.objects.create(name=ALONE_FROM.name, value=8, **facts)
    assert obstacle_to_sign_up(before, boy, at=YESTERDAY) == Why.UNACCOMPANIED
    assert obstacle_to_sign_up(after, boy, at=YESTERDAY) is None
    ParameterValue.objects.create(name=ADMITTED_FROM.name, value=9, **facts)
    assert obstacle_to_sign_up(after, boy, at=YESTERDAY) == Why.NOT_ADMITTED
    ParameterValue.objects.create(name=FULL_AGE.name, value=19, **facts)
    girl = a_volunteer(born_on=date(2008, 1, 1))  # eighteen
    assert obstacle_to_sign_up(before, girl, at=YESTERDAY) is None
    assert obstacle_to_sign_up(after, girl, at=YESTERDAY) == Why.MINOR_NEEDS_CONSENT


def test_a_consent_to_one_activity_allows_no_other():
    girl = a_volunteer(born_on=date(2011, 1, 1))
    meant, other = a_shift_on(DAY), a_shift_on(DAY)

    allowed(girl, activity=meant.activity.public_id, until=DAY)

    assert obstacle_to_sign_up(meant, girl, at=YESTERDAY) is None
    assert obstacle_to_sign_up(other, girl, at=YESTERDAY) == Why.MINOR_NEEDS_CONSENT


def test_a_small_child_comes_with_the_guardian_who_signs_up_first():
    boy, father, stranger = a_volunteer(born_on=date(2018, 1, 1)), a_volunteer(phone=FATHER), a_volunteer()
    allowed(boy)
    shift = a_shift_on(DAY)

    takes(stranger, shift)
    assert refusal_of(takes, boy, shift) == Why.UNACCOMPANIED
    takes(father, a_shift_on(DAY + timedelta(days=1)))
    assert refusal_of(takes, boy, shift) == Why.UNACCOMPANIED
    takes(father, shift)

    assert takes(boy, shift).state == "admitted"


def test_a_small_child_comes_with_the_adult_whom_the_guardian_names():
    boy, aunt = a_volunteer(born_on=date(2018, 1, 1)), a_volunteer(phone="10000000779")
    allowed(boy, companion="10000000779")
    shift = a_shift_on(DAY)

    takes(aunt, shift)

    assert takes(boy, shift).state == "admitted"


def test_when_whoever_comes_along_gives_the_place_back_the_small_childs_place_is_free_too():
    boy, older = a_volunteer(born_on=date(2018, 1, 1)), a_volunteer(born_on=date(2012, 1, 1))
    father, aunt = a_volunteer(phone=FATHER), a_volunteer(phone="10000000779")
    allowed(boy, companion="10000000779")
    allowed(older)
    shift = a_shift_on(DAY)
    first, second = takes(father, shift), takes(aunt, shift)
    small, big = takes(boy, shift), takes(older, shift)

    cancel_signup(first, "生病", by=father.person, at=NOW)
    assert SignUp.objects.get(pk=small.pk).state == "admitted"  # the aunt still comes
    cancel_signup(second, "生病", by=aunt.person, at=NOW)

    assert SignUp.objects.get(pk=small.pk).state == "cancelled"
    assert SignUp.objects.get(pk=big.pk).state == "admitted"
    assert Shift.objects.get(pk=shift.pk).taken == 1


def test_taking_a_consent_back_frees_the_places_that_it_alone_allowed():
    girl = a_volunteer(born_on=date(2011, 1, 1))
    for_one, for_long = a_shift_on(DAY), a_shift_on(DAY + timedelta(days=2))
    allowed(girl, activity=for_one.activity.public_id, until=DAY)
    consent = allowed(girl)
    kept, lost = takes(girl, for_one), takes(girl, for_long)

    take_back_guardian_consent(consent, by=girl.person, at=NOW)

    assert SignUp.objects.get(pk=kept.pk).state == "admitted"
    assert SignUp.objects.get(pk=lost.pk).state == "cancelled"
    assert Shift.objects.get(pk=for_long.pk).taken == 0
    assert JournalEntry.objects.filter(action="shift.sign_up_cancelled").count() == 1


def test_the_guardian_the_child_and_the_clerk_of_the_village_take_back_and_nobody_else():
    father = a_person(phone=FATHER)
    for who in ("guardian", "child", "clerk"):
        girl = a_volunteer(born_on=date(2011, 1, 1))
        consent = allowed(girl)
        for stranger in (a_person(), a_clerk(MENGBA), a_volunteer().person):
            assert refusal_of(take_back_guardian_consent, consent, by=stranger, at=NOW) == AccessObstacle.NOT_YOURS
        by = {"guardian": father, "child": girl.person, "clerk": a_clerk(TUNZI)}[who]
        take_back_guardian_consent(consent, by=by, at=NOW)
        consent.refresh_from_db()
        assert consent.withdrawn_at == NOW


def test_a_child_stores_only_what_came_back_by_code():
    girl = a_volunteer(born_on=date(2011, 1, 1))
    in_person = Guardian("祁大山", FATHER, "父亲", DAY, how=HowGiven.IN_PERSON)

    assert refusal_of(enter_guardian_consent, girl, in_person, by=girl.person, at=NOW) == AccessObstacle.NOT_YOURS
    assert refusal_of(enter_guardian_consent, girl, in_person, by=a_clerk(MENGBA), at=NOW) == AccessObstacle.NOT_YOURS
    assert enter_guardian_consent(girl, in_person, by=a_clerk(TUNZI), at=NOW).how == "in_person"
