"""Telling somebody something: one template in their language, by the ways they want."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from zhiyuan.domain.notices.outbox import post_message
from zhiyuan.domain.people.models import Person


@dataclass(frozen=True)
class Template:
    """One kind of message. `text` is marked with gettext_noop and has named blanks; an urgent one is never held back
    for quiet hours.
    """

    name: str
    text: str
    urgent: bool = False


def words_of(template: Template, facts: Mapping[str, object], language: str) -> str:
    """The template in a language; `site` and `phone` are filled in by themselves."""
    usual = {"site": settings.SITE_NAME, "phone": settings.SERVICE_PHONE}
    with translation.override(language):
        return gettext(template.text) % {**usual, **{name: str(value) for name, value in facts.items()}}


def tell(
    person: Person,
    template: Template,
    facts: Mapping[str, object],
    *,
    key: str,
    at: datetime,
    href: str = "",
    expires_at: datetime | None = None,
) -> None:
    """Tell somebody with an account. `key` is the event: told twice, it arrives once. `href`: where to deal with it."""
    if person.phone:
        words = words_of(template, facts, person.language)
        post_message(person.phone, words, key=key, at=at, expires_at=expires_at)


def tell_phone(
    phone: str,
    template: Template,
    facts: Mapping[str, object],
    *,
    language: str = "zh-hans",
    key: str,
    at: datetime,
    expires_at: datetime | None = None,
) -> None:
    """Tell somebody who has no account, by the telephone they gave."""
    post_message(phone, words_of(template, facts, language), key=key, at=at, expires_at=expires_at)
