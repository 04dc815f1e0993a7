"""Login by phone and code for everybody, and the second factor of staff."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
from django.conf import settings
from django.db.models import F, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.ids import new_capability
from zhiyuan.domain.foundation.limits import Limit, give_back, spend, spend_each
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.undone import count_even_if_undone
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.people.models import LoginCode, Person, SecondFactor
from zhiyuan.domain.people.phones import phone_key

CODE_LIFE = timedelta(minutes=5)
TRIES_A_CODE = 5
ASKING = (Limit("code-minute", 1, 60), Limit("code-hour", 5, 3600), Limit("code-day", 10, 86400))
ASKING_FROM_ONE_PLACE = Limit("code-place", 30, 600)
ASKING_IN_ALL = Limit("code-all", 300, 60)
CHECKING = Limit("check-phone", 10, 3600)
FAILING_FROM_ONE_PLACE = Limit("fail-place", 100, 600)
FAILING_IN_ALL = Limit("fail-all", 500, 3600)
FACTOR_CHECKING = Limit("check-factor", 10, 900)


class LoginObstacle(TextChoices):
    TOO_OFTEN = "too_often", _("Too many codes were asked for. Please try again after %(time)s.")
    TOO_MANY_GUESSES = (
        "too_many_guesses",
        _("Too many codes were tried. Please try again after %(time)s, or call the service telephone."),
    )
    WRONG_CODE = (
        "wrong_code",
        _("This code is wrong or no longer valid. Check the newest message, or ask for a new code."),
    )
    WRONG_FACTOR = (
        "wrong_factor",
        _("This is not the authenticator's present code. Wait for the next one and try again."),
    )
    FACTOR_KNOWN = "factor_known", _("Your authenticator is already set up. Type its code.")
    ACCOUNT_CLOSED = "account_closed", _("This account is closed. Please call the service telephone.")


def _hashed(challenge: str, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{challenge}:{code}".encode(), hashlib.sha256).hexdigest()


def check_asking_limits(phone: str, place: str, *, at: datetime) -> None:
    """Refuse whoever asks for codes too often: by phone, by network, and all together."""
    limits = [(limit, phone) for limit in ASKING] + [(ASKING_FROM_ONE_PLACE, place), (ASKING_IN_ALL, "all")]
    if free_at := spend_each(limits, at=at):
        raise Refused(LoginObstacle.TOO_OFTEN, time=_minute_after(free_at))


def _minute_after(moment: datetime) -> str:
    """The first full minute that is not before it, as the county's clocks show it."""
    return f"{timezone.localtime(moment + timedelta(seconds=59)):%H:%M}"


@verb
def issue_code(phone: str, *, at: datetime) -> tuple[str, str]:
    """A new challenge and its six digits, which burn all earlier ones for this phone.

    Known and unknown phones are alike.
    """
    LoginCode.objects.filter(phone_key=phone_key(phone), used_at=None).update(used_at=at)
    challenge, code = new_capability(), f"{secrets.randbelow(10**6):06d}"
    LoginCode.objects.create(
        public_id=challenge, phone_key=phone_key(phone), code_hash=_hashed(challenge, code), expires_at=at + CODE_LIFE
    )
    return challenge, code


def redeem_code(challenge: str, phone: str, code: str, *, place: str, at: datetime) -> None:
    """Refused unless the code belongs to this challenge and phone. A wrong try is counted even so: for the phone, for
    the network it comes from, and for all together, so that many guessers with many phones get no further than one.
    """
    failures = [(FAILING_FROM_ONE_PLACE, place), (FAILING_IN_ALL, "all")]
    if free_at := spend_each([(CHECKING, phone), *failures], at=at):
        raise Refused(LoginObstacle.TOO_MANY_GUESSES, time=_minute_after(free_at))
    if not _redeem(challenge, phone, code, at=at):
        raise Refused(LoginObstacle.WRONG_CODE)
    for limit, who in failures:  # counted beforehand, so that guesses at once get no more than there are
        give_back(limit, who)


@verb
def _redeem(challenge: str, phone: str, code: str, *, at: datetime) -> bool:
    open_codes = LoginCode.objects.filter(
        public_id=challenge, phone_key=phone_key(phone), used_at=None, expires_at__gt=at, tries__lt=TRIES_A_CODE
    )
    if not open_codes.update(tries=F("tries") + 1):  # counted before it is looked at: racing guesses share five tries
        return False
    count_even_if_undone(lambda: open_codes.update(tries=F("tries") + 1))
    entry = LoginCode.objects.get(public_id=challenge)
    if not hmac.compare_digest(entry.code_hash, _hashed(challenge, code.strip())):
        return False
    return LoginCode.objects.filter(pk=entry.pk, used_at=None).update(used_at=at) == 1


def person_with_phone(phone: str) -> Person | None:
    return Person.objects.filter(phone_key=phone_key(phone)).first()


@verb
def note_login(person: Person, *, at: datetime) -> None:
    if not person.is_active:
        raise Refused(LoginObstacle.ACCOUNT_CLOSED)
    record(person, "person.logged_in", person, at=at)


@verb
def offer_factor(person: Person, *, at: datetime) -> str:
    """The secret that a staff member's authenticator learns; the same one until it is confirmed, and then
    never again.
    """
    factor, made = SecondFactor.objects.get_or_create(person=person, defaults={"secret": pyotp.random_base32()})
    if factor.confirmed_at:
        raise Refused(LoginObstacle.FACTOR_KNOWN)
    if made:
        record(person, "factor.offered", person, at=at)
    return str(factor.secret)


def check_factor(person: Person, code: str, *, at: datetime) -> None:
    """Refused unless this is the authenticator's present code, used for the first time."""
    if not (spend(FACTOR_CHECKING, person.public_id, at=at) and _check_factor(person, code, at=at)):
        raise Refused(LoginObstacle.WRONG_FACTOR)


@verb
def _check_factor(person: Person, code: str, *, at: datetime) -> bool:
    factor = SecondFactor.objects.select_for_update().filter(person=person).first()
    if factor is None:
        return False
    totp = pyotp.TOTP(factor.secret)
    step = int(at.timestamp()) // totp.interval
    matching = [s for s in (step, step - 1, step + 1) if hmac.compare_digest(totp.generate_otp(s), code.strip())]
    if not matching or matching[0] <= factor.last_step:
        return False
    if factor.confirmed_at is None:
        record(person, "factor.confirmed", person, at=at)
    factor.confirmed_at = factor.confirmed_at or at
    factor.last_step = matching[0]
    factor.save(update_fields=["confirmed_at", "last_step"])
    return True


def factor_is_confirmed(person: Person) -> bool:
    return SecondFactor.objects.filter(person=person).exclude(confirmed_at=None).exists()
