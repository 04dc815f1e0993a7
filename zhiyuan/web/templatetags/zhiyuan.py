"""Small words of the templates: icons, dates as people say them, hours from minutes."""

import secrets
from datetime import date, datetime
from typing import Any

from django import template
from django.template.defaultfilters import date as django_date
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from zhiyuan.domain.people.phones import masked_name, masked_phone, spaced_phone
from zhiyuan.domain.residents.wishes import wishes_in_words

register = template.Library()
register.filter("masked_name", masked_name)
register.filter("masked_phone", masked_phone)
register.filter("spaced_phone", spaced_phone)
register.filter("wishes_in_words", wishes_in_words)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """An outline icon of the sprite; always beside words, so hidden from screen readers."""
    return format_html(
        '<svg class="i {}" aria-hidden="true"><use href="{}#i-{}"/></svg>', size, static("build/icons.svg"), name
    )


@register.simple_tag
def once_field() -> SafeString:
    """A hidden key, new with each page: the form that carries it has one effect."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(18))


@register.simple_tag(takes_context=True)
def with_query(context: dict[str, Any], **changes: object) -> str:
    """The present address with some of its filters changed; None takes one out. Page numbers start anew."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    return f"?{query.urlencode()}"


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


@register.simple_tag(takes_context=True)
def with_page(context: dict[str, Any], number: int) -> str:
    """The present address at another page of its list."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.filter
def day(value: date | datetime) -> str:
    """11 月 28 日 周六, or Sat 28 November."""
    moment = timezone.localtime(value) if isinstance(value, datetime) else value
    return (
        f"{moment.month} 月 {moment.day} 日 {weekday(moment)}" if _is_chinese() else str(django_date(moment, "D j F"))
    )


@register.filter
def clock(value: datetime) -> str:
    """08:30 in the county's time."""
    return timezone.localtime(value).strftime("%H:%M")


@register.filter
def short_day(value: date | datetime) -> str:
    """11/28 for the day column."""
    moment = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{moment.month}/{moment.day}"


@register.filter
def weekday(value: date | datetime) -> str:
    """周六, which Django would write as 星期六."""
    moment = timezone.localtime(value) if isinstance(value, datetime) else value
    return "周" + "一二三四五六日"[moment.weekday()] if _is_chinese() else str(django_date(moment, "D"))


@register.filter
def moment(value: datetime | None) -> str:
    """11 月 28 日 08:30, or 28 November 08:30; nothing for what has not happened."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return str(django_date(local, "n 月 j 日 H:i" if _is_chinese() else "j F H:i"))


@register.filter
def hours(minutes: int | None) -> str:
    """Minutes as hours with two decimals, never more than the real time (R45)."""
    hundredths = (minutes or 0) * 100 // 60
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"


@register.filter
def thousands(number: int | None) -> str:
    """101,000."""
    return f"{number or 0:,}"


@register.filter
def duration(minutes: int) -> str:
    """1 小时 20 分 for how long something took or will take."""
    minutes = max(0, int(minutes))
    if minutes >= 2880:
        days = minutes // 1440
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if minutes >= 60 and minutes % 60 == 0:
        return gettext("%(hours)s h") % {"hours": minutes // 60}
    if minutes >= 60:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": minutes % 60}
    return gettext("%(minutes)s min") % {"minutes": minutes}


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """A dictionary's entry under a key that the template knows only by name."""
    return mapping.get(key)
