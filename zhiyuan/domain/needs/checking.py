"""Whether every need stands where its steps have led it, and teams' counters are what their orders say."""

from collections import defaultdict
from itertools import pairwise

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Left

from zhiyuan.domain.foundation.checking import Check, check
from zhiyuan.domain.needs.models import Need, NeedState, Rating, TeamRecord, Transition
from zhiyuan.domain.needs.moving import TRANSITIONS

AT_TEAM = (NeedState.DISPATCHED, NeedState.ACCEPTED, NeedState.SCHEDULED, NeedState.SERVING)
SERVED = (NeedState.DONE, NeedState.CONFIRMED, NeedState.RATED, NeedState.CLOSED)
COUNTY_DIGITS = 6  # of an area's code
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
    sent = Need.objects.filter(state__in=(NeedState.VERIFIED, *AT_TEAM, *SERVED), verifications=None)
    return sent.values_list("public_id", flat=True)


def _wrongly_rated() -> QuerySet[Need, str]:
    silent = Q(state=NeedState.RATED, rating=None)
    early = Q(rating__isnull=False) & ~Q(state__in=(NeedState.RATED, NeedState.CLOSED))
    return Need.objects.filter(silent | early).values_list("public_id", flat=True)


def _astray_from_residents() -> QuerySet[Need, str]:
    known = Need.objects.filter(resident__isnull=False)
    counties = known.annotate(
        asked_in=Left("area_id", COUNTY_DIGITS), lives_in=Left("resident__area_id", COUNTY_DIGITS)
    )
    return counties.exclude(asked_in=F("lives_in")).values_list("public_id", flat=True)


def _miscounted() -> list[str]:
    """Teams whose counters differ from a count of their orders, steps and ratings."""
    wanted: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
    orders = Need.objects.exclude(team=None).order_by().values_list("team_id")
    open_orders, done = Count("pk", filter=Q(state__in=AT_TEAM)), Count("pk", filter=Q(state__in=SERVED))
    for team, *counts in orders.annotate(open=open_orders, served=done):
        wanted[team or 0][:2] = counts
    for team, *counts in orders.filter(rating__isnull=False).annotate(n=Count("pk"), stars=Sum("rating__stars")):
        wanted[team or 0][3:] = counts
    found = TeamRecord.objects.select_related("team")
    held = {r.team_id: [r.open_orders, r.done, r.declined, r.ratings, r.stars] for r in found}
    sent_back = Transition.objects.filter(from_state__in=AT_TEAM, to_state=NeedState.VERIFIED).order_by()
    for team, steps in sent_back.values_list("team_id").annotate(n=Count("pk")):
        # a step back does not say whether the team declined or the desk recalled: so this is a bound
        wanted[team or 0][2] = min(steps, held.get(team or 0, [0] * 5)[2])
    names = {record.team_id: record.team.public_id for record in found}
    return [names.get(team, str(team)) for team, counts in wanted.items() if held.get(team, [0] * 5) != counts]
