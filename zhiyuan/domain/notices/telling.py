"""Telling somebody something: one template in their language, on their own page and by the ways they want."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.conf import settings

from zhiyuan.domain.notices.models import CallEntry, Channel, Message, Notice, Ways
from zhiyuan.domain.notices.outbox import post
from zhiyuan.domain.notices.quiet import after_quiet_hours
from zhiyuan.domain.notices.templates import Template, words_of
from zhiyuan.domain.notices.ways import takes_texts, ways_of
from zhiyuan.domain.people.models import Person

__all__ = ["Template", "tell", "tell_phone", "words_of"]


def tell(
    person: Person,
    template: Template,
    facts: Mapping[str, object],
    *,
    key: str,
    at: datetime,
    href: str = "",
    expires_at: datetime | None = None,
    area: str = "",
) -> None:
    """Tell somebody with an account. `key` is the event: told twice, it arrives once. `href`: where to deal with it;
    `area`: the code of the place whose staff would telephone, the county's when it is not said.
    """
    words, ways = words_of(template, facts, person.language), ways_of(person)
    notice = Notice(
        person=person, key=key, template=template.name, words=words, href=href, urgent=template.urgent, at=at
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    if template.page_only:
        return
    key = f"{key}:{person.public_id}"
    due_at = at if template.urgent or ways.at_night else after_quiet_hours(at)
    for channel in _channels(person, ways, urgent=template.urgent):
        post(
            Message(
                key=f"{key}:{channel}", channel=channel, person=person, phone=person.phone, address=ways.address,
                text=words, template=template.name, area=area or settings.COUNTY_CODE, due_at=due_at,
                expires_at=expires_at,
            )
        )  # fmt: skip
    if ways.call or not _can_be_written_to(person, ways):
        _put_on_call_list(
            words, template, key=key, at=at, expires_at=expires_at, area=area, person=person, name=person.name,
            phone=person.phone,
        )  # fmt: skip


def _channels(person: Person, ways: Ways, *, urgent: bool) -> Iterator[Channel]:
    """What is urgent goes by SMS too, whatever somebody chose."""
    if (ways.sms or urgent) and takes_texts(person.phone):
        yield Channel.SMS
    if ways.email and ways.address:
        yield Channel.EMAIL


def _can_be_written_to(person: Person, ways: Ways) -> bool:
    return takes_texts(person.phone) or bool(ways.email and ways.address)


def tell_phone(
    phone: str,
    template: Template,
    facts: Mapping[str, object],
    *,
    language: str = "zh-hans",
    key: str,
    at: datetime,
    expires_at: datetime | None = None,
    area: str = "",
    name: str = "",
) -> None:
    """Tell somebody who has no account, by the telephone they gave; a landline is called. `name`: whom to ask for."""
    words = words_of(template, facts, language)
    if not takes_texts(phone):
        _put_on_call_list(words, template, key=key, at=at, expires_at=expires_at, area=area, name=name, phone=phone)
        return
    due_at = at if template.urgent else after_quiet_hours(at)
    post(
        Message(
            key=f"{key}:{Channel.SMS}", phone=phone, text=words, template=template.name,
            area=area or settings.COUNTY_CODE, due_at=due_at, expires_at=expires_at,
        )
    )  # fmt: skip


def _put_on_call_list(words: str, template: Template, *, key: str, area: str, **facts: object) -> None:
    entry = CallEntry(
        words=words, template=template.name, urgent=template.urgent, key=f"{key}:call",
        area=area or settings.COUNTY_CODE, **facts,
    )  # fmt: skip
    CallEntry.objects.bulk_create([entry], ignore_conflicts=True)
