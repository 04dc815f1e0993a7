"""Telephones: normalised, sealed, masked."""

import re

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.sealed import blind_index

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}")
_SYNTHETIC = re.compile(r"100\d{8}")  # no such numbers exist: for demo and tests only


class PhoneObstacle(TextChoices):
    NOT_A_PHONE = (
        "not_a_phone",
        _("This is no telephone number. Mobile numbers have 11 digits; landlines need the area code."),
    )


def normal_phone(text: str) -> str:
    """Digits alone, without +86, spaces or hyphens. Refused when it is no telephone number here."""
    digits = re.sub(r"[\s\-—()（）]", "", text).removeprefix("+86")
    digits = digits.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
    kinds = (_MOBILE, _LANDLINE, _SYNTHETIC) if settings.SYNTHETIC else (_MOBILE, _LANDLINE)
    if not (digits.isascii() and any(kind.fullmatch(digits) for kind in kinds)):
        raise Refused(PhoneObstacle.NOT_A_PHONE)
    return digits


def phone_key(phone: str) -> str:
    return blind_index(phone, "phone")


def spaced_phone(phone: str) -> str:
    """As people read it: 100 0000 0017; a landline 0934-123 4567."""
    if phone.startswith("0"):
        code = 3 if phone[1:2] in {"1", "2"} else 4  # of the largest cities, of all others
        return f"{phone[:code]}-{phone[code:-4]} {phone[-4:]}"
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == 11 else phone


def masked_phone(phone: str) -> str:
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"


def masked_name(name: str) -> str:
    """Family name, then a star for each sign that follows: 王**."""
    return name[:1] + "*" * max(1, len(name) - 1)


def masked_id_number(number: str) -> str:
    return f"{'*' * 14}{number[-4:]}" if number else ""
