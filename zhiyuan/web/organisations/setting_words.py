"""The county's numbers as people say them."""

from django.utils.translation import gettext, ngettext

from zhiyuan.domain.foundation.parameters import Unit


def in_words(value: int, unit: Unit) -> str:
    """08:30 for a clock, 8 小时 for minutes, 3 个工作日, 是."""
    match unit:
        case Unit.CLOCK:
            return f"{value // 60:02d}:{value % 60:02d}"
        case Unit.MINUTES:
            return _minutes(value)
        case Unit.DAYS:
            return ngettext("%(n)s day", "%(n)s days", value) % {"n": value}
        case Unit.WORKDAYS:
            return ngettext("%(n)s working day", "%(n)s working days", value) % {"n": value}
        case Unit.YEARS:
            return ngettext("%(n)s year of age", "%(n)s years of age", value) % {"n": value}
        case Unit.TIMES:
            return ngettext("%(n)s time", "%(n)s times", value) % {"n": value}
        case Unit.PERCENT:
            return gettext("%(n)s per cent") % {"n": value}
        case Unit.SWITCH:
            return gettext("Yes") if value else gettext("No")


def _minutes(value: int) -> str:
    if value < 60:
        return gettext("%(minutes)s min") % {"minutes": value}
    hours, minutes = divmod(value, 60)
    if minutes:
        return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}
    return gettext("%(hours)s h") % {"hours": hours}
