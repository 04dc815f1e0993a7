"""Moving from one team to another: one membership ends and the other begins on the same day."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.notices.telling import Template, tell
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may, require
from zhiyuan.domain.organisations.queries import leaders_of
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.joining import JoiningObstacle, end_membership, obstacle_to_join, standing_membership
from zhiyuan.domain.volunteers.models import Membership, Transfer, Volunteer
from zhiyuan.domain.volunteers.strength import recount

ASKED = Template(
    "transfer_asked",
    gettext_noop(
        "%(site)s: somebody would like to move from %(source)s to %(target)s. Please answer on the team's page."
    ),
)
MOVED = Template(
    "transferred",
    gettext_noop("%(site)s: from %(day)s on you belong to %(target)s, no longer to %(source)s. %(phone)s"),
)
NOT_MOVED = Template(
    "transfer_declined", gettext_noop("%(site)s: %(target)s cannot take you in now. You stay in %(source)s. %(phone)s")
)


class TransferObstacle(TextChoices):
    NO_REASON = "transfer_without_reason", _("Say why, in a few words. It stands in the history of the file.")
    ASKED_ALREADY = "transfer_asked", _("A move out of this team was already asked for. It waits for an answer.")
    ANSWERED = "transfer_answered", _("This move was already answered or withdrawn.")
    BAD_DAY = "transfer_day", _("The day lies in the future, or before the membership that ends.")


def obstacle_to_transfer(
    volunteer: Volunteer, source: Team, target: Team, on: date, *, at: datetime
) -> TransferObstacle | JoiningObstacle | None:
    """Why somebody cannot move between two teams on a day; None when nothing stands in the way."""
    standing = standing_membership(volunteer, source)
    if standing is None:
        return JoiningObstacle.NOT_A_MEMBER
    if not standing.since <= on <= local_day(at):
        return TransferObstacle.BAD_DAY
    return obstacle_to_join(volunteer, target, at=at)


@verb
def ask_transfer(volunteer: Volunteer, source: Team, target: Team, why: str, *, by: Person, at: datetime) -> Transfer:
    """The volunteer, or the leader whom they leave, asks the other team's leader."""
    if by.pk != volunteer.person_id:
        require(by, Permission.ANSWER_ORDER, team=source)
    if not why.strip():
        raise Refused(TransferObstacle.NO_REASON)
    if obstacle := obstacle_to_transfer(volunteer, source, target, local_day(at), at=at):
        raise Refused(obstacle)
    try:
        with transaction.atomic():
            transfer = Transfer.objects.create(
                volunteer=volunteer, source=source, target=target, why=why, asked_by=by, asked_at=at
            )
    except IntegrityError:
        raise Refused(TransferObstacle.ASKED_ALREADY) from None
    record(by, "transfer.asked", transfer, at=at, **_ids(volunteer, source, target))
    for role in leaders_of(target, local_day(at)):
        key = f"transfer:{transfer.public_id}:{role.person.public_id}"
        facts = {"source": source.name, "target": target.name}
        tell(role.person, ASKED, facts, key=key, at=at, href=f"/teams/{target.public_id}/invitations/")
    return transfer


@verb
def answer_transfer(transfer: Transfer, accepted: bool, *, by: Person, at: datetime) -> Transfer:
    """The receiving team's leader says yes, and the move takes place today; or no, and all stays as it is."""
    require(by, Permission.ANSWER_ORDER, team=transfer.target)
    transfer = _locked(transfer)
    _answer(transfer, Transfer.State.DONE if accepted else Transfer.State.DECLINED, by=by, at=at)
    volunteer, source, target = transfer.volunteer, transfer.source, transfer.target
    if accepted:
        _carry_over(volunteer, source, target, on=local_day(at), why=transfer.why, by=by, at=at)
        return transfer
    record(by, "transfer.declined", transfer, at=at, **_ids(volunteer, source, target))
    facts = {"source": source.name, "target": target.name}
    tell(volunteer.person, NOT_MOVED, facts, key=f"transfer:{transfer.public_id}:no", at=at, href="/me/teams/")
    return transfer


@verb
def withdraw_transfer(transfer: Transfer, *, by: Person, at: datetime) -> Transfer:
    """The volunteer, or whoever asked, takes the wish back."""
    if by.pk not in {transfer.asked_by_id, transfer.volunteer.person_id}:
        raise Refused(AccessObstacle.NOT_YOURS)
    transfer = _locked(transfer)
    _answer(transfer, Transfer.State.WITHDRAWN, by=by, at=at)
    record(by, "transfer.withdrawn", transfer, at=at)
    return transfer


@verb
def order_transfer(
    volunteer: Volunteer, source: Team, target: Team, on: date, why: str, *, by: Person, at: datetime
) -> None:
    """The office moves somebody from a day on; both teams lie in its branch."""
    for team in (source, target):
        require(by, Permission.MANAGE_TEAMS, team=team)
    if not why.strip():
        raise Refused(TransferObstacle.NO_REASON)
    _carry_over(volunteer, source, target, on=on, why=why, by=by, at=at)


def _locked(transfer: Transfer) -> Transfer:
    rows = Transfer.objects.select_for_update(of=("self",)).select_related("volunteer__person", "source", "target")
    locked = rows.get(pk=transfer.pk)
    if locked.state != Transfer.State.ASKED:
        raise Refused(TransferObstacle.ANSWERED)
    return locked


def _answer(transfer: Transfer, state: Transfer.State, *, by: Person, at: datetime) -> None:
    transfer.state, transfer.answered_by, transfer.answered_at = state, by, at
    transfer.save(update_fields=["state", "answered_by", "answered_at"])


def _carry_over(
    volunteer: Volunteer, source: Team, target: Team, *, on: date, why: str, by: Person, at: datetime
) -> None:
    # both may be ending or count their members just now; always in one order, so that nobody waits in a circle
    list(Team.objects.select_for_update(of=("self",)).filter(pk__in=[source.pk, target.pk]).order_by("pk"))
    target.refresh_from_db(fields=["until"])
    if obstacle := obstacle_to_transfer(volunteer, source, target, on, at=at):
        raise Refused(obstacle)
    end_membership(volunteer, source, on=on, by=by, why=why)
    Membership.objects.create(volunteer=volunteer, team=target, since=on, began_by=by, why=why)
    recount(target)
    record(by, "volunteer.transferred", volunteer, at=at, on=on.isoformat(), **_ids(volunteer, source, target))
    facts = {"source": source.name, "target": target.name, "day": on.isoformat()}
    key = f"transferred:{volunteer.public_id}:{target.public_id}:{at.isoformat()}"
    tell(volunteer.person, MOVED, facts, key=key, at=at, href="/me/teams/")


def _ids(volunteer: Volunteer, source: Team, target: Team) -> dict[str, str]:
    return {"volunteer": volunteer.public_id, "source": source.public_id, "target": target.public_id}


def transfers_waiting_at(team: Team) -> QuerySet[Transfer]:
    """Who would like to come to a team, the longest waiting first."""
    waiting = Transfer.objects.filter(target=team, state=Transfer.State.ASKED)
    return waiting.select_related("volunteer__person", "source", "target").order_by("asked_at", "pk")


def transfers_asked_by(volunteer: Volunteer) -> QuerySet[Transfer]:
    """A volunteer's wishes to move that wait for an answer."""
    waiting = Transfer.objects.filter(volunteer=volunteer, state=Transfer.State.ASKED)
    return waiting.select_related("volunteer", "source", "target").order_by("asked_at", "pk")


def orders_transfers(person: Person | None, volunteer: Volunteer) -> bool:
    """Whether somebody may move this volunteer out of one of the teams they belong to."""
    standing = Membership.objects.filter(volunteer=volunteer, until=None).select_related("team")
    return may(person, Permission.MANAGE_TEAMS) and any(
        may(person, Permission.MANAGE_TEAMS, team=membership.team) for membership in standing
    )
