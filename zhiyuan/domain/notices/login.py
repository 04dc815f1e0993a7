"""Sending somebody the code that lets them in."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.notices.outbox import post_message
from zhiyuan.domain.people.login import CODE_LIFE, check_asking_limits, issue_code
from zhiyuan.domain.people.phones import normal_phone


def ask_for_code(phone: str, *, place: str, at: datetime) -> str:
    """Send a code; returns the challenge it answers. A phone with an account and one without are treated alike.

    `place` is the network the asker comes from, counted against floods.
    """
    phone = normal_phone(phone)
    check_asking_limits(phone, place, at=at)
    return _send_code(phone, at=at)


@verb
def _send_code(phone: str, *, at: datetime) -> str:
    challenge, code = issue_code(phone, at=at)
    text = _("%(site)s: your code is %(code)s, valid for 5 minutes. Tell it to nobody.")
    post_message(
        phone,
        text % {"site": settings.SITE_NAME, "code": code},
        key=f"code:{challenge}",
        at=at,
        expires_at=at + CODE_LIFE,
    )
    return challenge
