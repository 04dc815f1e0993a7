"""Somebody stands in for an office-holder who is away: the same role, the same branch, for some days."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.notices.telling import Template, tell
from zhiyuan.domain.organisations.granting import branch_of, locked_role, new_epoch, obstacle_to_grant
from zhiyuan.domain.organisations.models import Role, RoleGrant
from zhiyuan.domain.organisations.permissions import AccessObstacle, standing_roles
from zhiyuan.domain.organisations.queries import roles_visible_to
from zhiyuan.domain.people.models import Person

OFFICES = _("Offices and roles")
LONGEST_DAYS = declare(
    Parameter("roles.substitute_days", OFFICES, _("How long a substitute may stand in"), Unit.DAYS, 60, 1, 366)
)

STANDS_IN = Template(
    "stands_in",
    gettext_noop("%(site)s: you stand in for %(holder)s as %(role)s, %(place)s, from %(since)s to %(until)s."),
)


class SubstituteObstacle(TextChoices):
    AUDITOR = "auditor_substitute", _("Auditors are named by whoever runs the program, their substitutes too.")
    CHAIN = "substitute_of_substitute", _("Whoever stands in cannot name another substitute.")
    ENDED = "substituted_role_ended", _("This role has ended. A substitute cannot hold longer than the role.")
    PAST = "substitute_past", _("The first day lies in the past.")
    BACKWARDS = "substitute_backwards", _("The last day lies before the first.")
    OUTLASTS = "substitute_outlasts", _("A substitute cannot hold longer than the role itself.")
    TOO_LONG = "substitute_too_long", _("A substitute stands in for %(days)s days at the most.")
    TAKEN = "substitute_taken", _("Somebody already stands in on one of these days. End that first.")
    SELF = "substitute_self", _("Nobody stands in for themselves or names themselves a substitute.")
    HOLDS = "substitute_holds", _("This person already holds this role here. Choose somebody else.")
    LEFT = "substitute_left", _("This person's account is closed.")


type Obstacle = SubstituteObstacle | AccessObstacle


def obstacle_to_be_substituted(role: RoleGrant, by: Person, *, at: datetime) -> Obstacle | None:
    """Why somebody can't name a substitute for this role at all; None when nothing stands in the way."""
    if role.person_id != by.pk and obstacle_to_grant(by, Role(role.role), role.area, role.team):
        return AccessObstacle.NOT_YOURS
    if role.role == Role.AUDITOR:
        return SubstituteObstacle.AUDITOR
    if role.substitutes_id:
        return SubstituteObstacle.CHAIN
    if role.ended_at or role.until < local_day(at):
        return SubstituteObstacle.ENDED
    return None


def obstacle_to_period(role: RoleGrant, since: date, until: date, *, at: datetime) -> SubstituteObstacle | None:
    """Why nobody can stand in on these days; None when nothing stands in the way."""
    if since < local_day(at):
        return SubstituteObstacle.PAST
    if until < since:
        return SubstituteObstacle.BACKWARDS
    if until > role.until:
        return SubstituteObstacle.OUTLASTS
    if until - since >= timedelta(days=value_of(LONGEST_DAYS, on=local_day(at))):
        return SubstituteObstacle.TOO_LONG
    taken = RoleGrant.objects.filter(substitutes=role, ended_at=None, since__lte=until, until__gte=since)
    return SubstituteObstacle.TAKEN if taken.exists() else None


def _obstacle_to_person(role: RoleGrant, person: Person, by: Person, since: date) -> SubstituteObstacle | None:
    if person.pk in (role.person_id, by.pk):
        return SubstituteObstacle.SELF
    if not person.is_active:
        return SubstituteObstacle.LEFT
    same = standing_roles(since).filter(person=person, role=role.role, area=role.area_id, team=role.team_id)
    return SubstituteObstacle.HOLDS if same.exists() else None


@verb
def name_substitute(
    role: RoleGrant, person: Person, *, since: date, until: date, holder_away: bool, by: Person, at: datetime
) -> RoleGrant:
    """Let somebody hold the same role for some days. With `holder_away` the desk's notices go to them alone."""
    role = locked_role(role)
    obstacle = (
        obstacle_to_be_substituted(role, by, at=at)
        or obstacle_to_period(role, since, until, at=at)
        or _obstacle_to_person(role, person, by, since)
    )
    if obstacle == SubstituteObstacle.TOO_LONG:
        raise Refused(obstacle, days=value_of(LONGEST_DAYS, on=local_day(at)))
    if obstacle:
        raise Refused(obstacle)
    substitute = RoleGrant.objects.create(
        person=person,
        role=role.role,
        area=role.area,
        team=role.team,
        since=since,
        until=until,
        granted_by=by,
        substitutes=role,
        holder_away=holder_away,
    )
    new_epoch(person)
    facts = {"role": role.role, "branch": branch_of(role), "for": role.person.public_id}
    record(by, "role.substituted", person, at=at, **facts, since=since.isoformat(), until=until.isoformat())
    _tell(substitute, role.person, at=at)
    return substitute


def _tell(substitute: RoleGrant, holder: Person, *, at: datetime) -> None:
    with translation.override(substitute.person.language):
        facts = {
            "holder": holder.name,
            "role": Role(substitute.role).label,
            "place": substitute.place,
            "since": substitute.since,
            "until": substitute.until,
        }
        told = {name: str(value) for name, value in facts.items()}
    tell(substitute.person, STANDS_IN, told, key=f"stands-in:{substitute.public_id}", at=at, href="/me/roles/")


def own_roles(person: Person, day: date) -> QuerySet[RoleGrant]:
    """What somebody holds on a day, as a substitute too."""
    held = standing_roles(day).filter(person=person)
    return held.select_related("person", "area", "team", "substitutes__person").order_by("role", "pk")


def roles_to_substitute(person: Person, day: date) -> QuerySet[RoleGrant]:
    """Roles of one's own, and those in one's branch."""
    own = own_roles(person, day).values("pk")
    branch = roles_visible_to(person, day).order_by().values("pk")
    reached = RoleGrant.objects.filter(Q(pk__in=own) | Q(pk__in=branch))
    return reached.select_related("person", "area", "team", "substitutes__person")


def substitutes_of(person: Person, day: date) -> QuerySet[RoleGrant]:
    """Who stands in for somebody, now or later."""
    named = RoleGrant.objects.filter(substitutes__person=person, ended_at=None, until__gte=day)
    return named.select_related("person", "area", "team", "substitutes").order_by("since", "pk")
