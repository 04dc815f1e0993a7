from datetime import timedelta
from functools import partial

import pyotp
import pytest
from django.db import connection
from django.utils import timezone

from tests.build import NOW, a_person
from tests.domain.foundation.race import race
from tests.processes import elsewhere
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
PHONE, PLACE = "10000000017", "c00002"
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

    redeem_code(challenge, PHONE, f" {code} ", place=PLACE, at=NOW)

    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, PHONE, code, place=PLACE, at=NOW))


def test_a_code_is_kept_only_as_a_hash():
    _challenge, code = issue_code(PHONE, at=NOW)

    stored = str(LoginCode.objects.values())
    assert (len(code), code.isdecimal()) == (6, True)
    assert PHONE not in stored
    assert f"'{code}'" not in stored


def test_a_code_ends_after_five_minutes():
    challenge, code = issue_code(PHONE, at=NOW)

    late = NOW + timedelta(minutes=5)
    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, PHONE, code, place=PLACE, at=late))
    redeem_code(challenge, PHONE, code, place=PLACE, at=late - SECOND)


def test_a_newer_code_burns_the_older_one():
    older, old_code = issue_code(PHONE, at=NOW)
    newer, new_code = issue_code(PHONE, at=NOW)

    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(older, PHONE, old_code, place=PLACE, at=NOW))
    redeem_code(newer, PHONE, new_code, place=PLACE, at=NOW)


def test_a_code_belongs_to_its_telephone_and_its_challenge():
    challenge, code = issue_code(PHONE, at=NOW)
    other, _code = issue_code("10000000018", at=NOW)

    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, "10000000018", code, place=PLACE, at=NOW))
    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(other, PHONE, code, place=PLACE, at=NOW))
    redeem_code(challenge, PHONE, code, place=PLACE, at=NOW)


def test_five_wrong_tries_burn_a_code():
    challenge, code = issue_code(PHONE, at=NOW)

    for _ in range(5):
        refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, PHONE, wrong(code), place=PLACE, at=NOW))

    refused(LoginObstacle.WRONG_CODE, lambda: redeem_code(challenge, PHONE, code, place=PLACE, at=NOW))


def test_ten_tries_an_hour_are_all_that_a_telephone_has():
    for _ in range(10):
        refused(LoginObstacle.WRONG_CODE, lambda: redeem_code("none", PHONE, "000000", place=PLACE, at=NOW))
    challenge, code = issue_code(PHONE, at=NOW)

    refused(LoginObstacle.TOO_MANY_GUESSES, lambda: redeem_code(challenge, PHONE, code, place=PLACE, at=NOW))
    an_hour_later = NOW + timedelta(hours=1)
    challenge, code = issue_code(PHONE, at=an_hour_later)
    redeem_code(challenge, PHONE, code, place=PLACE, at=an_hour_later)


def guess(phone, place=PLACE, at=NOW):
    """What a wrong code is answered, and when to try again."""
    with pytest.raises(Refused) as refusal:
        redeem_code("none", phone, "000000", place=place, at=at)
    return refusal.value.obstacle, refusal.value.facts.get("time")


def phones(count, first=0):
    return [f"100{first + number:08d}" for number in range(count)]


def test_one_network_guesses_a_hundred_times_in_ten_minutes_whatever_the_telephone():
    in_time, late = NOW + timedelta(seconds=599), NOW + timedelta(minutes=10)

    assert [guess(phone) for phone in phones(100)] == [(LoginObstacle.WRONG_CODE, None)] * 100

    assert guess("10000000999", at=in_time) == (LoginObstacle.TOO_MANY_GUESSES, clock(late))
    assert guess("10000000999", place="c00003") == (LoginObstacle.WRONG_CODE, None)
    assert guess("10000000999", at=late) == (LoginObstacle.WRONG_CODE, None)


def test_all_together_guess_five_hundred_times_an_hour():
    for number, phone in enumerate(phones(500)):
        assert guess(phone, place=f"place {number // 90}") == (LoginObstacle.WRONG_CODE, None)

    challenge, code = issue_code(PHONE, at=NOW)
    with pytest.raises(Refused) as refusal:
        redeem_code(challenge, PHONE, code, place="elsewhere", at=NOW)
    an_hour_later = NOW + timedelta(hours=1)
    assert refusal.value.sentence == f"验证码试的次数太多了。请在 {clock(an_hour_later)} 之后再试，或者打服务电话。"
    challenge, code = issue_code(PHONE, at=an_hour_later)
    redeem_code(challenge, PHONE, code, place="elsewhere", at=an_hour_later)


def clock(moment):
    return f"{timezone.localtime(moment):%H:%M}"


def test_right_codes_are_no_failures():
    for phone in phones(101):
        challenge, code = issue_code(phone, at=NOW)
        redeem_code(challenge, phone, code, place=PLACE, at=NOW)

    assert guess("10000000999") == (LoginObstacle.WRONG_CODE, None)


@pytest.mark.django_db(transaction=True)
def test_guessers_at_once_share_what_their_network_has():
    for phone in phones(90):
        guess(phone)

    answers = race([partial(guess, phone) for phone in phones(16, first=500)])

    assert sorted(obstacle for obstacle, _time in answers) == ["too_many_guesses"] * 6 + ["wrong_code"] * 10


@pytest.mark.django_db(transaction=True)
def test_limits_hold_over_processes_and_restarts():
    tried = f"""
from datetime import timedelta
from tests.clock import NOW
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.people.login import check_asking_limits, redeem_code

def answers(do, times, at):
    for number in range(times):
        try:
            yield do(number, at + number * timedelta(seconds=60)) or "sent"
        except Refused as refusal:
            yield refusal.obstacle.value

def ask(_number, at):
    check_asking_limits("{PHONE}", "ask", at=at)

def guess(number, at):
    redeem_code("none", f"100{{number + START:08d}}", "000000", place="{PLACE}", at=NOW)

"""
    ask, guess_60 = "print(*answers(ask, 3, NOW + START * timedelta(seconds=60)))", "print(*answers(guess, 60, NOW))"

    asked = [elsewhere(f"START = {start}\n{tried}{ask}").split() for start in (0, 3)]
    guessed = [elsewhere(f"START = {start}\n{tried}{guess_60}").split() for start in (0, 60)]

    assert asked == [["sent"] * 3, ["sent", "sent", "too_often"]]
    assert guessed == [["wrong_code"] * 60, ["wrong_code"] * 40 + ["too_many_guesses"] * 20]
    refused(LoginObstacle.TOO_OFTEN, lambda: check_asking_limits(PHONE, "ask", at=NOW + timedelta(minutes=6)))
    assert guess("10000000999")[0] == LoginObstacle.TOO_MANY_GUESSES


@pytest.mark.django_db(transaction=True)
def test_guesses_at_once_share_five_tries():
    challenge, code = issue_code(PHONE, at=NOW)

    race([lambda: redeem_code(challenge, PHONE, wrong(code), place=PLACE, at=NOW)] * 9)

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


def test_a_minute_is_a_minute_whenever_it_begins():
    start = NOW.replace(second=59)
    check_asking_limits(PHONE, PLACE, at=start)

    with pytest.raises(Refused) as refusal:
        check_asking_limits(PHONE, PLACE, at=start + 59 * SECOND)

    assert refusal.value.facts == {"time": clock(NOW.replace(second=0) + timedelta(minutes=2))}
    check_asking_limits(PHONE, PLACE, at=start + 60 * SECOND)


def test_all_together_ask_three_hundred_times_a_minute():
    for number, phone in enumerate(phones(300)):
        check_asking_limits(phone, f"place {number // 30}", at=NOW)

    refused(LoginObstacle.TOO_OFTEN, lambda: check_asking_limits(PHONE, "elsewhere", at=NOW))
    check_asking_limits(PHONE, "elsewhere", at=NOW + timedelta(minutes=1))


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
