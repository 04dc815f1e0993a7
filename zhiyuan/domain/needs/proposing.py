"""Which teams could take a need, and why: the engine's ranking in words. Software proposes, a dispatcher decides."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhiyuan.domain.areas.models import Level
from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.needs.models import Need, TeamRecord
from zhiyuan.domain.organisations.models import Category, Skill, Team
from zhiyuan.domain.organisations.queries import teams
from zhiyuan.domain.volunteers.models import PARTS_OF_DAY, TeamStrength
from zhiyuan.engines import matching
from zhiyuan.engines.matching import Why

MOST_REASONS = 3
_WORDS: dict[Why, str | Promise] = {
    Why.SAME_VILLAGE: _("of the same village"),
    Why.SAME_TOWNSHIP: _("of the same township"),
    Why.COUNTY_WIDE: _("works in the whole county"),
    Why.OTHER_TOWNSHIP: _("of another township"),
    Why.DOES_THIS: _("does this kind of service"),
    Why.NO_OPEN_ORDERS: _("no open orders"),
    Why.NOBODY_FREE: _("nobody free that day by their own plan"),
    Why.NO_MEMBERS: _("no members yet"),
}
_COUNTED = {
    Why.FREE_THEN: ngettext_lazy("%(n)d free that day", "%(n)d free that day", "n"),
    Why.BUSY: ngettext_lazy("%(n)d open order", "%(n)d open orders", "n"),
    Why.OFTEN_DECLINES: ngettext_lazy("declined %(n)d time", "declined %(n)d times", "n"),
}


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
    """The best teams for a need; those that declined it already are left out. Four queries."""
    refused = need.transitions.filter(from_state__in=["dispatched", "accepted", "scheduled"], to_state="verified")
    declined_by = set(refused.values_list("team_id", flat=True))
    found = [team for team in _candidates(need) if team.pk not in declined_by]
    by_key = {team.pk: team for team in found}
    ranked = matching.rank(_demand(need, at), [_candidate(team) for team in found])
    names = _skill_names(need)
    return [_proposal(by_key[match.candidate], match, names) for match in ranked[:most]]


def judgement_of(need: Need, team: Team, *, at: datetime) -> Proposal:
    """What speaks for and against one team that a dispatcher has in mind."""
    found = _with_facts(teams().filter(pk=team.pk)).get()
    match = matching.rank(_demand(need, at), [_candidate(found)])[0]
    return _proposal(found, match, _skill_names(need))


def why_not(need: Need, team: Team, *, at: datetime) -> Reason:
    """The fact that weighs most against a team, or else the first one for it."""
    found = judgement_of(need, team, at=at)
    return (*found.warnings, *found.reasons)[0]


def _candidates(need: Need) -> QuerySet[Team]:
    """Teams of the village and the township, and county-wide ones that do this kind of service."""
    near = in_area(need.area_id[:9] + "000")
    county_wide = Q(area__level=Level.COUNTY, categories=need.category_id)
    return _with_facts(teams().filter(near | county_wide).distinct())


def _with_facts(found: QuerySet[Team]) -> QuerySet[Team]:
    kinds = Prefetch("categories", Category.objects.only("pk"))
    return found.select_related("strength", "record").prefetch_related(kinds)


def _demand(need: Need, at: datetime) -> matching.Demand:
    skills = tuple(skill.pk for skill in need.category.skills.all())
    return matching.Demand(need.area_id, need.category_id, skills, _cell(need, at))


def _cell(need: Need, at: datetime) -> int | None:
    """The morning of the wanted day when one was named, else the present part of today."""
    if need.wanted_by:
        return need.wanted_by.weekday() * PARTS_OF_DAY
    now = timezone.localtime(at)
    part = 0 if now.hour < 12 else 1 if now.hour < 18 else 2
    return now.weekday() * PARTS_OF_DAY + part


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


def _skill_names(need: Need) -> dict[str, Skill]:
    return {skill.pk: skill for skill in need.category.skills.all()}


def _proposal(team: Team, match: matching.Match, names: dict[str, Skill]) -> Proposal:
    told = [Reason(one.why, _sentence(one, names), one.good) for one in match.reasons]
    good = [reason for reason in told if reason.good][:MOST_REASONS]
    return Proposal(team, match.score, tuple(good), tuple(reason for reason in told if not reason.good))


def _sentence(reason: matching.Reason, names: dict[str, Skill]) -> str:
    if reason.why in _WORDS:
        return str(_WORDS[reason.why])
    if reason.why in _COUNTED:
        return str(_COUNTED[reason.why] % {"n": int(reason.number)})
    if reason.why == Why.SKILLED:
        return str(_("%(n)d can do it: %(skill)s")) % {"n": int(reason.number), "skill": names[reason.skill]}
    if reason.why == Why.LACKS_SKILL:
        return str(_("nobody can do it: %(skill)s")) % {"skill": names[reason.skill]}
    return str(_("rated %(stars)s of 5")) % {"stars": reason.number}
