"""Becoming a volunteer, and belonging to teams."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhiyuan.domain.areas.models import Area, Level
from zhiyuan.domain.areas.queries import lies_in
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.notices.telling import Template, tell
from zhiyuan.domain.organisations.models import Team, TeamKind
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.ages import ages_on
from zhiyuan.domain.people.guardians import Guardian
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.paper import Paper, obstacle_to_paper
from zhiyuan.domain.people.registering import Helping, consent_to_service, register_person
from zhiyuan.domain.volunteers.models import Membership, Volunteer
from zhiyuan.domain.volunteers.strength import recount

TAKEN_OUT = Template(
    "taken_out", gettext_noop("%(site)s: you no longer belong to %(team)s: %(reason)s. Your hours stay. %(phone)s")
)


class JoiningObstacle(TextChoices):
    NOT_A_VILLAGE = "not_a_village", _("Choose the village or community of this county where you live.")
    ALREADY_MEMBER = "already_member", _("This volunteer already belongs to the team.")
    NOT_A_MEMBER = "not_a_member", _("This volunteer does not belong to the team.")
    TEAM_IS_OVER = "team_is_over", _("This team has ended. Choose another one.")
    ADULTS_ONLY = "adults_only", _("Rescue teams take people from 18 on.")
    NO_REASON = "taking_out_without_reason", _("Say why. The volunteer is told.")


def obstacle_to_living_in(area: Area) -> JoiningObstacle | None:
    """Why nobody can register as living here; None for a village or community of the county."""
    if area.level != Level.VILLAGE or area.until or not lies_in(area.code, settings.COUNTY_CODE):
        return JoiningObstacle.NOT_A_VILLAGE
    return None


@verb
def register_volunteer(
    *,
    name: str,
    phone: str,
    born_on: date,
    area: Area,
    consents: bool,
    guardian: Guardian | None,
    by: Person | None,
    at: datetime,
    paper: Paper | None = None,
    helper: Helping | None = None,
) -> Volunteer:
    """A person and their volunteer's file. `by` is the clerk who registers somebody face to face, with the sheet that
    was signed; None: themselves."""
    if by is not None:
        require(by, Permission.ENTER_NEED, area=area.code)
    if obstacle := obstacle_to_living_in(area):
        raise Refused(obstacle)
    if by is not None and (fault := obstacle_to_paper(paper, at=at)):
        raise Refused(fault)
    person = register_person(
        name=name,
        phone=phone,
        born_on=born_on,
        consents=consents,
        guardian=guardian,
        by=by,
        at=at,
        paper=paper,
        helper=helper,
    )
    volunteer = Volunteer.objects.create(person=person, area=area, joined_at=at, grams=grams(name))
    record(by or person, "volunteer.registered", volunteer, at=at, area=area.code)
    return volunteer


@verb
def become_volunteer(person: Person, *, area: Area, consents: bool, at: datetime) -> Volunteer:
    """A volunteer's file for somebody who has an account already, such as a clerk."""
    if obstacle := obstacle_to_living_in(area):
        raise Refused(obstacle)
    consent_to_service(person, consents=consents, at=at)
    volunteer = Volunteer.objects.create(person=person, area=area, joined_at=at, grams=grams(person.name))
    record(person, "volunteer.registered", volunteer, at=at, area=area.code)
    return volunteer


def standing_membership(volunteer: Volunteer, team: Team) -> Membership | None:
    return Membership.objects.filter(volunteer=volunteer, team=team, until=None).first()


def obstacle_to_join(volunteer: Volunteer, team: Team, *, at: datetime) -> JoiningObstacle | None:
    """Why a volunteer can't belong to a team; None when nothing stands in the way."""
    if team.until:
        return JoiningObstacle.TEAM_IS_OVER
    if standing_membership(volunteer, team):
        return JoiningObstacle.ALREADY_MEMBER
    today = local_day(at)
    age = volunteer.person.age_on(today)
    if team.kind == TeamKind.RESCUE and (age is None or age < ages_on(today).full):
        return JoiningObstacle.ADULTS_ONLY
    return None


def _require_self_or_leader(by: Person, volunteer: Volunteer, team: Team) -> None:
    if by.pk != volunteer.person_id:
        require(by, Permission.ANSWER_ORDER, team=team)


@verb
def join_team(volunteer: Volunteer, team: Team, *, by: Person, at: datetime) -> Membership:
    """Belong to a team from today on; a volunteer may belong to several."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)  # it may just be ending, or count its members
    _require_self_or_leader(by, volunteer, team)
    if obstacle := obstacle_to_join(volunteer, team, at=at):
        raise Refused(obstacle)
    membership = Membership.objects.create(volunteer=volunteer, team=team, since=local_day(at), began_by=by)
    recount(team)
    record(by, "team.joined", team, at=at, volunteer=volunteer.public_id)
    return membership


@verb
def leave_team(volunteer: Volunteer, team: Team, *, by: Person, at: datetime) -> None:
    """No longer belong to a team. What was done with it stays."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    _require_self_or_leader(by, volunteer, team)
    end_membership(volunteer, team, on=local_day(at), by=by)
    record(by, "team.left", team, at=at, volunteer=volunteer.public_id)


def end_membership(volunteer: Volunteer, team: Team, *, on: date, by: Person, why: str | None = None) -> None:
    """Close a standing membership of a locked team and count the team anew."""
    standing = Membership.objects.filter(volunteer=volunteer, team=team, until=None)
    if not standing.update(until=on, ended_by=by, why=why):
        raise Refused(JoiningObstacle.NOT_A_MEMBER)
    recount(team)


@verb
def take_out(volunteer: Volunteer, team: Team, reason: str, *, by: Person, at: datetime) -> None:
    """A leader ends somebody's membership; they are told why."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    require(by, Permission.ANSWER_ORDER, team=team)
    if not reason.strip():
        raise Refused(JoiningObstacle.NO_REASON)
    end_membership(volunteer, team, on=local_day(at), by=by, why=reason)
    record(by, "team.taken_out", team, at=at, volunteer=volunteer.public_id)
    key = f"taken-out:{team.public_id}:{volunteer.public_id}:{at.isoformat()}"
    tell(volunteer.person, TAKEN_OUT, {"team": team.name, "reason": reason.strip()}, key=key, at=at, href="/me/teams/")
