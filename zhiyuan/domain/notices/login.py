"""Sending somebody the code that lets them in."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import get_language, gettext_noop

from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.notices.outbox import post
from zhiyuan.domain.notices.templates import Template, words_of
from zhiyuan.domain.people.login import CODE_LIFE, check_asking_limits, issue_code
from zhiyuan.domain.people.phones import normal_phone

LOGIN_CODE = Template(
    "login.code",
    gettext_noop("%(site)s: your code is %(code)s, valid for 5 minutes. Tell it to nobody."),
    urgent=True,
)


def ask_for_code(phone: str, *, place: str, at: datetime) -> str:
    """Send a code; returns the challenge it answers. A phone with an account and one without are treated alike.

    `place` is the network the asker comes from, counted against floods.
    """
    phone = normal_phone(phone)
    check_asking_limits(phone, place, at=at)
    return _send_code(phone, at=at)


@verb
def _send_code(phone: str, *, at: datetime) -> str:
    """At once, at night too. A newer code burns the earlier ones, so one that comes twice harms nobody."""
    challenge, code = issue_code(phone, at=at)
    text = words_of(LOGIN_CODE, {"code": code}, get_language() or settings.LANGUAGE_CODE)
    post(
        Message(
            key=f"code:{challenge}", phone=phone, text=text, template=LOGIN_CODE.name, due_at=at,
            expires_at=at + CODE_LIFE,
        )
    )  # fmt: skip
    return challenge
