"""Whether every need stands where its steps have led it, and teams' counters are what their orders say."""

from collections import defaultdict
from itertools import pairwise

from django.conf import settings
from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Concat, Left

from zhiyuan.domain.foundation.checking import Check, check
from zhiyuan.domain.needs.models import (
    AT_TEAM,
    ENDED,
    OPEN,
    SERVED,
    TURNS,
    FollowUp,
    Need,
    NeedState,
    Order,
    Rating,
    TeamRecord,
    Transition,
    Turn,
)
from zhiyuan.domain.needs.moving import TRANSITIONS

SENT = (NeedState.DISPATCHED, NeedState.OFFERED, *AT_TEAM, *SERVED)
COUNTY_DIGITS, TOWNSHIP_DIGITS = 6, 9  # of an area's code
_WORK = Coalesce("need__merged_into_id", "need_id", output_field=BigIntegerField())  # what was rated
_Steps = dict[int, list[tuple[str, str]]]


def need_checks() -> list[Check]:
    steps: _Steps = defaultdict(list)
    for need, before, after in _in_order().values_list("need_id", "from_state", "to_state").iterator():
        steps[need].append((before, after))
    needs = list(Need.objects.values_list("pk", "public_id", "state"))
    astray = [public_id for pk, public_id, state in needs if not _leads_to(steps[pk], state)]
    return [
        check("needs: state is where the steps lead", len(needs), astray),
        check("needs: verified before they are sent", len(needs), _unverified()),
        check("needs: rated is what the resident said", Rating.objects.count(), _wrongly_rated()),
        check("needs: records of teams", TeamRecord.objects.count(), _miscounted()),
        check("needs: orders fit the state", len(needs), _without_order()),
        check("needs: an open need has an owner and a clock", len(needs), _without_clock()),
        check("needs: asked for residents of the same county", len(needs), _astray_from_residents()),
    ]


def _in_order() -> QuerySet[Transition]:
    return Transition.objects.order_by("at", "pk")


def _leads_to(steps: list[tuple[str, str]], state: str) -> bool:
    """One unbroken way by listed steps, from being asked for to the present state."""
    if not steps or steps[0] != ("", NeedState.SUBMITTED) or steps[-1][1] != state:
        return False
    joined = all(earlier[1] == later[0] for earlier, later in pairwise(steps))
    return joined and all(NeedState(after) in TRANSITIONS[NeedState(before)] for before, after in steps[1:])


def _unverified() -> QuerySet[Need, str]:
    sent = Need.objects.filter(state__in=(NeedState.VERIFIED, *SENT), verifications=None)
    return sent.values_list("public_id", flat=True)


def _wrongly_rated() -> QuerySet[Need, str]:
    silent = Q(state=NeedState.RATED, rating=None)
    early = Q(rating__isnull=False) & ~Q(state__in=(NeedState.RATED, NeedState.CLOSED, NeedState.MERGED))
    return Need.objects.filter(silent | early).values_list("public_id", flat=True)


def _astray_from_residents() -> QuerySet[Need, str]:
    known = Need.objects.filter(resident__isnull=False)
    counties = known.annotate(
        asked_in=Left("area_id", COUNTY_DIGITS), lives_in=Left("resident__area_id", COUNTY_DIGITS)
    )
    return counties.exclude(asked_in=F("lives_in")).values_list("public_id", flat=True)


def _miscounted() -> list[str]:
    """Teams whose counters differ from a count of their orders and ratings."""
    wanted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
    counted = [
        Count("pk", filter=Q(state__in=states))
        for states in (
            Order.STANDING,
            (Order.State.DONE,),
            (Order.State.DECLINED, Order.State.HANDED_BACK),
            (Order.State.PASSED_OVER,),
        )
    ]
    named = dict(zip(("standing", "finished", "refused", "unheard"), counted, strict=True))
    for team, *counts in Order.objects.order_by().values_list("team_id").annotate(**named):
        wanted[team][:4] = counts
    rated = Rating.objects.annotate(work=_WORK).annotate(served_by=_served_by()).exclude(served_by=None)
    for team, *counts in rated.order_by().values_list("served_by").annotate(n=Count("pk"), sum=Sum("stars")):
        wanted[team][4:] = counts
    found = TeamRecord.objects.select_related("team")
    held = {r.team_id: [r.open_orders, r.done, r.declined, r.silent, r.ratings, r.stars] for r in found}
    names = {record.team_id: record.team.public_id for record in found}
    return [names.get(team, str(team)) for team in {*wanted, *held} if held.get(team, [0] * 6) != wanted[team]]


def _served_by() -> Coalesce:
    """Of a rating: whose work it was. It counts for that team, also when another one comes after it."""
    done = Transition.objects.filter(need=OuterRef("work"), to_state=NeedState.DONE, at__lte=OuterRef("at"))
    reported = Subquery(done.order_by("-at", "-pk").values("team")[:1])
    return Coalesce(reported, "need__team_id", "need__merged_into__team_id", output_field=BigIntegerField())


def _without_order() -> QuerySet[Need, str]:
    """At a team without its accepted order, sent without an open one, or the other way round."""
    accepted, open_ones = (
        Exists(Order.objects.filter(need=OuterRef("pk"), state=state))
        for state in (Order.State.ACCEPTED, Order.State.OPEN)
    )
    wrong = Q(state__in=AT_TEAM) & ~Q(accepted) | ~Q(state__in=AT_TEAM) & Q(accepted)
    wrong |= Q(state=NeedState.DISPATCHED) & ~Q(open_ones) | ~Q(state=NeedState.DISPATCHED) & Q(open_ones)
    return Need.objects.filter(wrong).values_list("public_id", flat=True)


def _without_clock() -> QuerySet[Need, str]:
    """Open without a clock that runs or stands, with the wrong turn, or off every desk above its village."""
    turns = Case(*(When(state=state, then=Value(turn.value)) for state, turn in TURNS.items()))
    township = Concat(Left("area_id", TOWNSHIP_DIGITS), Value("000"))
    needs = Need.objects.annotate(should=turns, township=township)
    followed = Q(Exists(FollowUp.objects.filter(need=OuterRef("pk"), done_at=None)))  # then it is our turn again
    paused = Q(state=NeedState.WAITING)
    wrong = (
        (~Q(turn=F("should")) & ~(Q(state=NeedState.RATED, turn=Turn.OURS) & followed))
        | (~paused & Q(state__in=OPEN) & Q(due_at=None))
        | (paused & ~Q(due_at=None))
    )
    wrong |= Q(state__in=OPEN, alarm_at=None)
    wrong |= Q(state__in=ENDED, alarm_at__isnull=False) & ~(Q(state=NeedState.MERGED) & followed)
    wrong |= ~(Q(desk=F("area")) | Q(desk=F("township")) | Q(desk=settings.COUNTY_CODE))
    return needs.filter(wrong).values_list("public_id", flat=True)
