"""Asking a parent or guardian, by their own telephone, whether a child may serve."""

from datetime import date, datetime

from django.utils import formats
from django.utils.translation import gettext_noop

from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.notices.telling import Template, tell_phone
from zhiyuan.domain.people.login import CODE_LIFE, check_asking_limits, issue_code
from zhiyuan.domain.people.phones import masked_name, normal_phone

ASKED = Template(
    "guardian.asked",
    gettext_noop(
        "%(site)s: %(name)s wants to volunteer and named you as parent or guardian. If you agree until %(until)s, "
        "let them type %(code)s within 5 minutes. If not, do nothing."
    ),
    urgent=True,
)


def ask_guardian(phone: str, *, child: str, until: date, place: str, at: datetime) -> str:
    """Send a guardian the code by which they agree; returns the challenge it answers. Counted like codes to log in."""
    phone = normal_phone(phone)
    check_asking_limits(phone, place, at=at)
    return _send(phone, child, until, at=at)


@verb
def _send(phone: str, child: str, until: date, *, at: datetime) -> str:
    challenge, code = issue_code(phone, at=at)
    facts = {"name": masked_name(child), "until": formats.date_format(until, "Y-m-d"), "code": code}
    tell_phone(phone, ASKED, facts, key=f"code:{challenge}", at=at, expires_at=at + CODE_LIFE)
    return challenge
