"""Whether the ledger holds: minutes from real time, none twice, each confirmed by another person."""

from collections.abc import Iterator

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from zhiyuan.domain.foundation.checking import Check, check
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.hours.crediting import whole_minutes
from zhiyuan.domain.hours.models import MOST_MINUTES, Confirmation, ServiceRecord
from zhiyuan.domain.hours.queries import standing

_SAME_IN_REVERSAL = ("volunteer_id", "person_id", "team_id", "served_on", "starts_at", "ends_at", "minutes")


def ledger_checks() -> list[Check]:
    return [_reversals_answer_their_records(), _confirmations_copy_their_records()]


def hours_checks() -> list[Check]:
    return [_minutes_are_the_stretch(), _no_minute_counts_twice(), _who_confirms_is_another()]


def _reversals_answer_their_records() -> Check:
    """A reversal takes back exactly what the first line gave."""
    reversals = ServiceRecord.objects.filter(kind=ServiceRecord.Kind.REVERSAL)
    differs = Q(reverses__kind=ServiceRecord.Kind.REVERSAL)
    for name in _SAME_IN_REVERSAL:
        differs |= ~Q(**{name: F(f"reverses__{name}")})
    wrong = reversals.filter(differs).values_list("public_id", flat=True)
    return check("ledger: reversals answer their records", reversals.count(), wrong)


def _confirmations_copy_their_records() -> Check:
    differs = ~Q(person=F("record__person")) | ~Q(entered_by=F("record__entered_by"))
    own = ~Q(record__person=F("record__volunteer__person"))
    wrong = Confirmation.objects.filter(differs | own).values_list("record__public_id", flat=True)
    return check("ledger: confirmations copy their records", Confirmation.objects.count(), wrong)


def _minutes_are_the_stretch() -> Check:
    rows = ServiceRecord.objects.values_list("public_id", "starts_at", "ends_at", "minutes", "served_on")
    wrong = [
        public_id
        for public_id, starts_at, ends_at, minutes, served_on in rows.iterator()
        if minutes != whole_minutes(starts_at, ends_at)
        or not 1 <= minutes <= MOST_MINUTES
        or served_on != local_day(starts_at)
    ]
    return check("hours: whole minutes between arriving and leaving", ServiceRecord.objects.count(), wrong)


def _no_minute_counts_twice() -> Check:
    return check("hours: no minute counts twice", standing().count(), _overlapping())


def _overlapping() -> Iterator[str]:
    """Standing records that begin before an earlier one of the same volunteer, merged files included, has ended."""
    rows = standing().annotate(file=Coalesce("volunteer__merged_into", "volunteer")).order_by("file", "starts_at", "pk")
    whose, until = None, None
    for volunteer, starts_at, ends_at, public_id in rows.values_list(
        "file", "starts_at", "ends_at", "public_id"
    ).iterator():
        if volunteer == whose and until is not None and starts_at < until:
            yield public_id
            until = max(until, ends_at)
        else:
            whose, until = volunteer, ends_at


def _who_confirms_is_another() -> Check:
    """Asked of the records themselves, not of what the confirmation has copied from them."""
    own = Q(confirmed_by=F("record__volunteer__person")) | Q(confirmed_by=F("record__entered_by"))
    early = Q(confirmed_at__lt=F("record__ends_at"))
    wrong = Confirmation.objects.filter(own | early).values_list("record__public_id", flat=True)
    return check("hours: confirmed by another person, afterwards", Confirmation.objects.count(), wrong)
