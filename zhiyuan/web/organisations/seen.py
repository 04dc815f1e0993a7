"""Who can see me, and who looked: for everybody with an account."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.needs.queries import needs_asked_by
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.seeing import Look, Seer, looks_at, who_reaches
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Membership
from zhiyuan.domain.volunteers.queries import memberships_of
from zhiyuan.web.access import signed_in
from zhiyuan.web.activities.public import volunteer_of
from zhiyuan.web.organisations.teams import frame_for
from zhiyuan.web.request import SignedInRequest

A_PAGE = 30
WHAT: dict[str, str | Promise] = {
    "volunteer.viewed": _("read your volunteer file"),
    "need.viewed": _("read your request %(number)s"),
    "team.roster_viewed": _("read the members of %(team)s"),
}
SOMETHING = _("looked at something of yours")


@dataclass(frozen=True)
class Told:
    """A look, and in words what was looked at."""

    look: Look
    what: str


@dataclass(frozen=True)
class Mine:
    """All of somebody's that others can look at."""

    village: str | None
    memberships: list[Membership]
    numbers: dict[str, str]  # the journal's name of a request → its number
    need_areas: set[str]
    file: str

    @property
    def areas(self) -> set[str]:
        own = {self.village} if self.village else set()
        return own | self.need_areas | {one.team.area_id for one in self.memberships}

    @property
    def teams(self) -> dict[str, str]:
        return {f"team:{one.team.public_id}": one.team.name for one in self.memberships}

    def looks(self, person: Person, before: int | None) -> list[Look]:
        """A page of looks, and one more when there are older ones."""
        since = {f"team:{one.team.public_id}": one.since for one in self.memberships}
        names = [*self.numbers, *([self.file] if self.file else [])]
        return looks_at(names, since=since, but_by=person, before=before, most=A_PAGE + 1)


def _mine(request: SignedInRequest) -> Mine:
    volunteer = volunteer_of(request)
    needs = list(needs_asked_by(request.person))
    return Mine(
        village=volunteer.area_id if volunteer else None,
        memberships=list(memberships_of(volunteer)) if volunteer else [],
        numbers={f"need:{need.public_id}": need.number for need in needs},
        need_areas={need.area_id for need in needs},
        file=f"volunteer:{volunteer.public_id}" if volunteer else "",
    )


def _told(look: Look, mine: Mine) -> Told:
    sentence = str(WHAT.get(look.action, SOMETHING))
    return Told(look, sentence % {"number": mine.numbers.get(look.object, ""), "team": mine.teams.get(look.object, "")})


def _of_file(seers: list[Seer], mine: Mine) -> list[Seer]:
    """Who reaches the volunteer's file by where they live, or the roster of a team by where that team belongs."""
    places = {mine.village, *(one.team.area_id for one in mine.memberships)} - {None}
    officers = [seer for seer in seers if seer.area_code and seer.may(Permission.SEE_VOLUNTEERS)]
    return [seer for seer in officers if any(seer.covers(code) for code in places if code)]


def _of_needs(seers: list[Seer], mine: Mine) -> list[Seer]:
    officers = [seer for seer in seers if seer.area_code and seer.may(Permission.SEE_NEEDS)]
    return [seer for seer in officers if any(seer.covers(code) for code in mine.need_areas)]


@signed_in()
def seen(request: SignedInRequest) -> HttpResponse:
    mine = _mine(request)
    teams = [one.team for one in mine.memberships]
    seers = who_reaches(mine.areas, teams, on=local_day(now()))
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else None
    looks = mine.looks(request.person, before)
    context = {
        "section": "me",
        "frame": frame_for(request),
        "volunteer": volunteer_of(request),
        "of_file": _of_file(seers, mine),
        "leaders": [seer for seer in seers if seer.team_path and seer.may(Permission.SEE_VOLUNTEERS)],
        "of_needs": _of_needs(seers, mine),
        "has_needs": bool(mine.numbers),
        "looks": [_told(look, mine) for look in looks[:A_PAGE]],
        "older": looks[A_PAGE - 1].seq if len(looks) > A_PAGE else None,
        "is_later_page": before is not None,
    }
    return render(request, "me/seen.html", context)
