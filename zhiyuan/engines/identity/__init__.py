"""The two numbers that China gives: of people (GB 11643) and of organisations (GB 32100). Check digits and dates."""

from datetime import date
from enum import StrEnum

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
SYNTHETIC_AREA = "999999"  # never given out; marks made-up numbers


class NumberFault(StrEnum):
    LENGTH = "length"
    CHECK_DIGIT = "check_digit"
    DATE = "date"
    SYNTHETIC = "synthetic"


def id_check_digit(first17: str) -> str:
    """The last sign of a citizen's number, ISO 7064 MOD 11-2."""
    return _ID_CHECKS[sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True)) % 11]


def id_number_fault(number: str, *, today: date, synthetic: bool) -> NumberFault | None:
    """What is wrong with a citizen's number of 18 signs; None when nothing is.

    `synthetic` says which world this is: made-up numbers (area 999999) pass there and only there.
    """
    if not (len(number) == 18 and number[:17].isdigit() and number[:17].isascii() and number[17] in "0123456789X"):
        return NumberFault.LENGTH
    if id_check_digit(number[:17]) != number[17]:
        return NumberFault.CHECK_DIGIT
    born = id_birth_date(number)
    if born is None or not date(1900, 1, 1) <= born <= today:
        return NumberFault.DATE
    if (number[:6] == SYNTHETIC_AREA) != synthetic:
        return NumberFault.SYNTHETIC
    return None


def id_birth_date(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def credit_check_digit(first17: str) -> str:
    """The last sign of a unified social credit code, MOD 31."""
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(first17, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[(31 - total % 31) % 31]


def credit_code_fault(code: str) -> NumberFault | None:
    if len(code) != 18 or any(c not in _CREDIT_ALPHABET for c in code):
        return NumberFault.LENGTH
    return None if credit_check_digit(code[:17]) == code[17] else NumberFault.CHECK_DIGIT
