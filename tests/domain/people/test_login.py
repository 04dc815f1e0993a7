from datetime import timedelta

import pyotp
import pytest
from django.db import connection

from tests.build import NOW, a_person
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.people.login import (
    LoginObstacle,
    check_asking_limits,
    check_factor,
    factor_is_confirmed,
    issue_code,
    note_login,
    offer_factor,
    person_with_phone,
    redeem_code,
)
from zhiyuan.domain.people.models import LoginCode

pytestmark = pytest.mark.django_db
PHONE = "10000000017"
SECOND = timedelta(seconds=1)


def refused(obstacle, do):
    with pytest.raises(Refused) as refusal:
        do()
    assert refusal.value.obstacle == obstacle


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


# Codes ----------------------------------------------------------------------------------------------------------------


def test_a_code_opens_once():
    challenge, code = issue_code(PHONE, at=NOW)

    redeem_code(challenge, PHONE, f" {code} ", at=NOW)

    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, PHONE, code, at=NOW))


def test_a_code_is_kept_only_as_a_hash():
    _challenge, code = issue_code(PHONE, at=NOW)

    stored = str(LoginCode.objects.values())
    assert (len(code), code.isdecimal()) == (6, True)
    assert PHONE not in stored
    assert f"'{code}'" not in stored


def test_a_code_ends_after_five_minutes():
    challenge, code = issue_code(PHONE, at=NOW)

    late = NOW + timedelta(minutes=5)
    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, PHONE, code, at=late))
    redeem_code(challenge, PHONE, code, at=late - SECOND)


def test_a_newer_code_burns_the_older_one():
    older, old_code = issue_code(PHONE, at=NOW)
    newer, new_code = issue_code(PHONE, at=NOW)

    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(older, PHONE, old_code, at=NOW))
    redeem_code(newer, PHONE, new_code, at=NOW)


def test_a_code_belongs_to_its_telephone_and_its_challenge():
    challenge, code = issue_code(PHONE, at=NOW)
    other, _code = issue_code("10000000018", at=NOW)

    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, "10000000018", code, at=NOW))
    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(other, PHONE, code, at=NOW))
    redeem_code(challenge, PHONE, code, at=NOW)


def test_five_wrong_tries_burn_a_code():
    challenge, code = issue_code(PHONE, at=NOW)

    for _ in range(5):
        refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, PHONE, wrong(code), at=NOW))

    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, PHONE, code, at=NOW))


def test_ten_tries_an_hour_are_all_that_a_telephone_has():
    for _ in range(10):
        refused(LoginObstacle.WRONG_CODE, lambda: redeem_code("none", PHONE, "000000", at=NOW))
    challenge, code = issue_code(PHONE, at=NOW)

    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, PHONE, code, at=NOW))
    an_hour_later = NOW + timedelta(hours=1)
    challenge, code = issue_code(PHONE, at=an_hour_later)
    redeem_code(challenge, PHONE, code, at=an_hour_later)


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_share_five_tries():
    challenge, code = issue_code(PHONE, at=NOW)

    race([lambda: redeem_code(challenge, PHONE, wrong(code), at=NOW)] * 9)

    assert LoginCode.objects.get().tries == 5


@pytest.mark.parametrize(
    ("already", "later", "stops"),
    [
        ([0], 59, True),
        ([0], 60, False),
        ([0, 60, 120, 180, 240], 300, True),
        ([0, 60, 120, 180, 240], 3600, False),
        ([hour * 3600 + n * 60 for hour in range(2) for n in range(5)], 7200, True),
    ],
)
def test_codes_are_asked_for_once_a_minute_five_times_an_hour_ten_times_a_day(already, later, stops):
    start = NOW.replace(hour=9, minute=0)
    for seconds in already:
        check_asking_limits(PHONE, "127.0.0", at=start + timedelta(seconds=seconds))

    def ask():
        check_asking_limits(PHONE, "127.0.0", at=start + timedelta(seconds=later))

    if stops:
        refused(LoginObstacle.TOO_OFTEN, ask)
    else:
        ask()


def test_one_network_asks_thirty_times_in_ten_minutes():
    for n in range(30):
        check_asking_limits(f"100{n:08d}", "10.0.0", at=NOW)

    refused(LoginObstacle.TOO_OFTEN, lambda: check_asking_limits("10099999999", "10.0.0", at=NOW))
    check_asking_limits("10099999998", "10.0.1", at=NOW)


def test_known_and_unknown_telephones_get_codes_alike():
    person = a_person(phone=PHONE)

    known, unknown = issue_code(PHONE, at=NOW), issue_code("10000000099", at=NOW)

    assert [len(part) for part in known] == [len(part) for part in unknown]
    assert person_with_phone(PHONE) == person
    assert person_with_phone("10000000099") is None


def test_a_closed_account_does_not_open():
    person = a_person(is_active=False)

    refused(LoginObstacle.ACCOUNT_CLOSED, lambda: note_login(person, at=NOW))


def test_a_login_is_journalled():
    person = a_person()

    note_login(person, at=NOW)

    assert JournalEntry.objects.get().action == "person.logged_in"


# The second factor ----------------------------------------------------------------------------------------------------


def present(secret, at=NOW):
    return pyotp.TOTP(secret).at(at)


def test_the_authenticator_is_set_up_by_its_first_right_code():
    person = a_person()
    secret = offer_factor(person, at=NOW)
    assert offer_factor(person, at=NOW) == secret
    assert not factor_is_confirmed(person)

    check_factor(person, present(secret), at=NOW)

    assert factor_is_confirmed(person)
    refused(LoginObstacle.FACTOR_KNOWN, lambda: offer_factor(person, at=NOW))
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM people_secondfactor")
        assert secret not in cursor.fetchone()[0]


def test_a_factors_code_is_taken_once_and_none_older():
    person = a_person()
    secret = offer_factor(person, at=NOW)
    check_factor(person, present(secret), at=NOW)

    refused(LoginObstacle.WRONG_FACTOR, lambda: check_factor(person, present(secret), at=NOW))
    before = present(secret, NOW - timedelta(seconds=30))
    refused(LoginObstacle.WRONG_FACTOR, lambda: check_factor(person, before, at=NOW))
    later = NOW + timedelta(seconds=30)
    check_factor(person, present(secret, later), at=later)


@pytest.mark.parametrize(("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_an_authenticator_may_go_half_a_minute_wrong(seconds, taken):
    person = a_person()
    code = present(offer_factor(person, at=NOW), NOW + timedelta(seconds=seconds))

    if taken:
        check_factor(person, code, at=NOW)
    else:
        refused(LoginObstacle.WRONG_FACTOR, lambda: check_factor(person, code, at=NOW))


def test_ten_wrong_codes_lock_the_factor_for_a_quarter_of_an_hour():
    person = a_person()
    secret = offer_factor(person, at=NOW)
    for _ in range(10):
        refused(LoginObstacle.WRONG_FACTOR, lambda: check_factor(person, wrong(present(secret)), at=NOW))

    refused(LoginObstacle.WRONG_FACTOR, lambda: check_factor(person, present(secret), at=NOW))
    later = NOW + timedelta(minutes=15)
    check_factor(person, present(secret, later), at=later)


def test_nobody_shows_anothers_factor():
    person, other = a_person(), a_person()
    secret = offer_factor(person, at=NOW)
    offer_factor(other, at=NOW)

    refused(LoginObstacle.WRONG_FACTOR, lambda: check_factor(other, present(secret), at=NOW))
    refused(LoginObstacle.WRONG_FACTOR, lambda: check_factor(a_person(), present(secret), at=NOW))
