"""Which teams could take a need, and why: the engine's ranking in words. Software proposes, a dispatcher decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhiyuan.domain.areas.models import Level
from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.needs.models import Need, Order, TeamRecord, Urgency
from zhiyuan.domain.organisations.models import Category, Skill, Team
from zhiyuan.domain.organisations.queries import teams
from zhiyuan.domain.volunteers.models import PARTS_OF_DAY, TeamStrength
from zhiyuan.engines import matching
from zhiyuan.engines.matching import Why

MOST_REASONS = 3
NOON, EVENING = 12, 18
DAYS_THAT_DO = {Urgency.URGENT: 1, Urgency.NORMAL: 3, Urgency.PLANNED: 7}  # when no day was named
_WORDS: dict[Why, str | Promise] = {
    Why.SAME_VILLAGE: _("of the same village"),
    Why.SAME_TOWNSHIP: _("of the same township"),
    Why.COUNTY_WIDE: _("works in the whole county"),
    Why.OTHER_TOWNSHIP: _("of another township"),
    Why.DOES_THIS: _("does this kind of service"),
    Why.NO_OPEN_ORDERS: _("no open orders"),
    Why.NOBODY_FREE: _("nobody free then by their own plan"),
    Why.NO_MEMBERS: _("no members yet"),
}
_COUNTED = {
    Why.BUSY: ngettext_lazy("%(n)d open order", "%(n)d open orders", "n"),
    Why.OFTEN_DECLINES: ngettext_lazy("declined %(n)d time", "declined %(n)d times", "n"),
}
_RATED = ngettext_lazy("rated %(stars)s of 5, once", "rated %(stars)s of 5, %(n)d times", "n")
_DAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
_FREE = (
    _("%(n)d free on %(day)s morning"),
    _("%(n)d free on %(day)s afternoon"),
    _("%(n)d free on %(day)s evening"),
)


@dataclass(frozen=True)
class Reason:
    """One fact that the reader can check: `kind` for programs, `words` for people, `good` says which way it weighs."""

    kind: Why
    words: str
    good: bool


@dataclass(frozen=True)
class Proposal:
    """A team that could take the need; what speaks for it, what against it."""

    team: Team
    score: float
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]


def proposals_for(need: Need, *, at: datetime, most: int = 3) -> list[Proposal]:
    """The best teams for a need; those that it came back from already are left out. Four queries."""
    tried = set(need.orders.filter(state__in=[*Order.CAME_BACK, Order.State.OPEN]).values_list("team_id", flat=True))
    return _ranked(need, [team for team in _candidates(need) if team.pk not in tried], at)[:most]


def judgement_of(need: Need, team: Team, *, at: datetime) -> Proposal:
    """What speaks for and against one team that a dispatcher has in mind."""
    return _ranked(need, _with_facts(Team.objects.filter(pk=team.pk)), at)[0]


def _ranked(need: Need, found: Iterable[Team], at: datetime) -> list[Proposal]:
    teams_by_key = {team.pk: team for team in found}
    skills = {skill.pk: skill for skill in need.category.skills.order_by("order", "pk")}
    demand = matching.Demand(need.area_id, need.category_id, tuple(skills), _cells(need, at))
    ranked = matching.rank(demand, map(_candidate, teams_by_key.values()))
    return [_proposal(teams_by_key[match.candidate], match, skills) for match in ranked]


def _candidates(need: Need) -> QuerySet[Team]:
    """Teams of the village and the township, and county-wide ones that do this kind of service."""
    near = in_area(need.area_id[:9] + "000")
    do_this = Team.categories.through.objects.filter(team=OuterRef("pk"), category=need.category_id)
    return _with_facts(teams().filter(near | Q(Exists(do_this), area__level=Level.COUNTY)))


def _with_facts(found: QuerySet[Team]) -> QuerySet[Team]:
    kinds = Prefetch("categories", Category.objects.only("pk"))
    return found.select_related("strength", "record").prefetch_related(kinds)


def _cells(need: Need, at: datetime) -> tuple[int, ...]:
    """When somebody could come, as cells of the week: on the day that was named, else soon enough; the past is over."""
    today, now = local_day(at), timezone.localtime(at)
    if need.wanted_by and need.wanted_by >= today:
        days = [need.wanted_by]
    else:
        days = [today + timedelta(days=n) for n in range(DAYS_THAT_DO[Urgency(need.urgency)])]
    present = 0 if now.hour < NOON else 1 if now.hour < EVENING else 2
    ahead = [(day, part) for day in days for part in range(PARTS_OF_DAY) if (day, part) >= (today, present)]
    return tuple(day.weekday() * PARTS_OF_DAY + part for day, part in ahead)


def _candidate(team: Team) -> matching.Candidate:
    strength = getattr(team, "strength", None) or TeamStrength()
    record = getattr(team, "record", None) or TeamRecord()
    return matching.Candidate(
        key=team.pk,
        area=team.area_id,
        categories=frozenset(category.pk for category in team.categories.all()),
        members=strength.members,
        skilled=strength.skills,
        free=tuple(strength.free),
        open_orders=record.open_orders,
        done=record.done,
        declined=record.declined,
        ratings=record.ratings,
        stars=record.stars,
    )


def _proposal(team: Team, match: matching.Match, skills: Mapping[str, Skill]) -> Proposal:
    told = [Reason(one.why, _sentence(one, skills), one.good) for one in match.reasons]
    good = [reason for reason in told if reason.good][:MOST_REASONS]
    return Proposal(team, match.score, tuple(good), tuple(reason for reason in told if not reason.good))


def _sentence(reason: matching.Reason, skills: Mapping[str, Skill]) -> str:
    if reason.why in _WORDS:
        return str(_WORDS[reason.why])
    n = int(reason.number)
    if reason.why in _COUNTED:
        return str(_COUNTED[reason.why] % {"n": n})
    if reason.why == Why.SKILLED:
        return str(_("%(n)d can do it: %(skill)s")) % {"n": n, "skill": skills[reason.skill]}
    if reason.why == Why.LACKS_SKILL:
        return str(_("nobody can do it: %(skill)s")) % {"skill": skills[reason.skill]}
    if reason.cell is not None:
        day, part = divmod(reason.cell, PARTS_OF_DAY)
        return str(_FREE[part]) % {"n": n, "day": _DAYS[day]}
    return str(_RATED % {"n": reason.times, "stars": reason.number})
