"""Whether seats, times and attendance agree with each other and with the ledger."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce

from zhiyuan.domain.activities.attendance import counted_stretch, source_of
from zhiyuan.domain.activities.models import Activity, ActivityState, Shift, SignUp
from zhiyuan.domain.foundation.checking import Check, check
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.needs.models import Need, NeedState

State = SignUp.State
_FREE = (State.CANCELLED, State.NO_SHOW)


def activity_checks() -> list[Check]:
    shifts, signups = Shift.objects.count(), SignUp.objects.count()
    return [
        check("activities: taken is who holds a place, never more than there are", shifts, _miscounted()),
        check("activities: nobody is in two places at once", signups, _overlapping()),
        check("activities: sign-ups have their shift's times", signups, _other_times()),
        check("activities: first and last shift", Activity.objects.count(), _other_span()),
        check("activities: states of those who came and left", signups, _contradicting()),
        check("activities: minutes are those of attendance", ServiceRecord.objects.count(), _without_attendance()),
        check("activities: requests with a date have an activity", Need.objects.count(), _without_activity()),
    ]


def _miscounted() -> QuerySet[Shift, str]:
    holding = Count("signups", filter=Q(signups__state__in=SignUp.HOLDING))
    counted = Shift.objects.annotate(holding=holding)
    return counted.filter(~Q(taken=F("holding")) | Q(taken__gt=F("places"))).values_list("public_id", flat=True)


def _overlapping() -> Iterator[str]:
    whose, until = None, None
    rows = SignUp.objects.exclude(state__in=_FREE).order_by("volunteer_id", "starts_at", "pk")
    for volunteer, starts_at, ends_at, public_id in rows.values_list(
        "volunteer_id", "starts_at", "ends_at", "public_id"
    ).iterator():
        if volunteer == whose and until is not None and starts_at < until:
            yield public_id
            until = max(until, ends_at)
        else:
            whose, until = volunteer, ends_at


def _other_times() -> QuerySet[SignUp, str]:
    differs = ~Q(starts_at=F("shift__starts_at")) | ~Q(ends_at=F("shift__ends_at"))
    return SignUp.objects.filter(differs).values_list("public_id", flat=True)


def _other_span() -> QuerySet[Activity, str]:
    spans = Activity.objects.annotate(first=Min("shifts__starts_at"), last=Max("shifts__ends_at"))
    differs = Q(first=None) | ~Q(first=F("starts_at")) | ~Q(last=F("ends_at"))
    return spans.filter(differs).values_list("public_id", flat=True)


def _contradicting() -> QuerySet[SignUp, str]:
    """Checked in without a time, or out without having come; a place in an activity that was called off."""
    came = Q(checked_in_at__isnull=False, checked_in_by__isnull=False)
    left = Q(checked_out_at__isnull=False, checked_out_by__isnull=False)
    wrong = Q(state=State.CHECKED_IN) & ~(came & ~left)
    wrong |= Q(state=State.CHECKED_OUT) & ~(came & left)
    wrong |= Q(state__in=SignUp.HOLDING, shift__activity__state=ActivityState.CANCELLED)
    return SignUp.objects.filter(wrong).values_list("public_id", flat=True)


def _without_attendance() -> Iterator[str]:
    """Records whose sign-up does not exist, is another volunteer's, or says other times."""
    attended = ServiceRecord.objects.filter(kind=ServiceRecord.Kind.CREDIT, source__gte="signup:", source__lt="signup;")
    file = Coalesce("volunteer__merged_into", "volunteer")
    rows = attended.values_list("source", "public_id", file, "starts_at", "ends_at")
    records = {source: (record, facts) for source, record, *facts in rows.iterator()}
    for signup in SignUp.objects.filter(state=State.CHECKED_OUT).annotate(file=file).iterator():
        record, facts = records.pop(source_of(signup), ("", []))
        stretch = counted_stretch(signup)
        if record and (stretch is None or facts != [signup.file, stretch.starts_at, stretch.ends_at]):
            yield record
    yield from (record for record, _facts in records.values())


def _without_activity() -> list[str]:
    dated = Need.objects.filter(state__in=(NeedState.SCHEDULED, NeedState.SERVING))
    standing: dict[int, int] = defaultdict(int)
    for need in Activity.objects.filter(need__in=dated, state=ActivityState.PUBLISHED).values_list(
        "need_id", flat=True
    ):
        standing[need or 0] += 1
    return [public_id for pk, public_id in dated.values_list("pk", "public_id") if standing[pk] != 1]
