"""Teams invite volunteers by number or telephone. Nobody learns by inviting whether somebody is registered."""

import re
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.sealed import blind_index
from zhiyuan.domain.journal.verbs import SYSTEM, record, verb
from zhiyuan.domain.notices.telling import Template, tell
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import PhoneObstacle, masked_phone, normal_phone, phone_key
from zhiyuan.domain.volunteers.joining import JoiningObstacle, join_team, obstacle_to_join
from zhiyuan.domain.volunteers.models import Invitation, InvitedHow, PhoneShown, Volunteer
from zhiyuan.domain.volunteers.pausing import standing_pause
from zhiyuan.domain.volunteers.skills import require_own_file

INVITATION_DAYS = declare(
    Parameter(
        "volunteers.invitation_days",
        _("Teams and volunteers"),
        _("An invitation to a team can be accepted for"),
        Unit.DAYS,
        14,
        least=1,
        most=90,
    )
)
INVITATIONS_A_DAY = Limit("team-invitations", 60, 86400)
SHOWN_FOR = timedelta(days=90)
_NUMBER = re.compile(r"ZY[0-9A-Z]{8}")
INVITED = Template(
    "team_invitation",
    gettext_noop("%(site)s: %(team)s invites you to join. Say yes or no on your page until %(day)s. %(phone)s"),
)
TAKEN_IN = Template(
    "team_joined",
    gettext_noop("%(site)s: you now belong to %(team)s, as you wished to be taken in at once. %(phone)s"),
)


class InvitingObstacle(TextChoices):
    NOT_A_HANDLE = "not_a_handle", _("Type the volunteer's number (ZY and 8 signs) or the whole telephone.")
    TOO_MANY_INVITATIONS = "too_many_invitations", _("You have invited 60 people today. Please go on tomorrow.")
    ALREADY_INVITED = "already_invited", _("Your team has invited this number already. It waits for an answer.")
    INVITATION_OVER = "invitation_over", _("This invitation is no longer open.")


@verb
def choose_contact(
    volunteer: Volunteer, *, invited_how: InvitedHow, phone_shown: PhoneShown, by: Person, at: datetime
) -> None:
    """Say how teams may invite one, and who sees the telephone."""
    require_own_file(by, volunteer)
    Volunteer.objects.filter(pk=volunteer.pk).update(invited_how=invited_how, phone_shown=phone_shown)
    volunteer.invited_how, volunteer.phone_shown = invited_how, phone_shown
    record(by, "volunteer.contact_chosen", volunteer, at=at, invited=invited_how.value, phone=phone_shown.value)


def normal_handle(text: str) -> str:
    """A volunteer's number in capitals, or a telephone's digits; refused when it can be neither."""
    compact = re.sub(r"[\s-]", "", text).upper()
    if _NUMBER.fullmatch(compact):
        return compact
    try:
        return normal_phone(text)
    except Refused as refusal:
        if refusal.obstacle is PhoneObstacle.NOT_A_PHONE:
            raise Refused(InvitingObstacle.NOT_A_HANDLE) from refusal
        raise


def masked_handle(handle: str) -> str:
    """As a list shows it: numbers give nothing away, telephones do."""
    return handle if _NUMBER.fullmatch(handle) else masked_phone(handle)


@verb
def invite(team: Team, handle: str, *, by: Person, at: datetime) -> Invitation:
    """Invite whoever has this number or telephone. What comes back is the same whether or not somebody has it."""
    team = Team.objects.select_for_update(of=("self",)).get(pk=team.pk)
    require(by, Permission.ANSWER_ORDER, team=team)
    handle = normal_handle(handle)
    if not spend(INVITATIONS_A_DAY, by.public_id, at=at):
        raise Refused(InvitingObstacle.TOO_MANY_INVITATIONS)
    if team.until:
        raise Refused(JoiningObstacle.TEAM_IS_OVER)
    expire_invitations(at, of=team)
    invitation = _write(team, handle, by=by, at=at)
    record(by, "invitation.sent", invitation, at=at, team=team.public_id)
    if invitation.volunteer:
        _deliver(invitation, by=by, at=at)
    return invitation


def _write(team: Team, handle: str, *, by: Person, at: datetime) -> Invitation:
    days = value_of(INVITATION_DAYS, on=local_day(at))
    try:
        with transaction.atomic():
            return Invitation.objects.create(
                team=team,
                volunteer=_reached_by(team, handle, at=at),
                typed=handle,
                typed_key=blind_index(handle, "invitation"),
                invited_by=by,
                invited_at=at,
                expires_on=local_day(at) + timedelta(days=days),
            )
    except IntegrityError:
        raise Refused(InvitingObstacle.ALREADY_INVITED) from None


def _reached_by(team: Team, handle: str, *, at: datetime) -> Volunteer | None:
    """Whom the invitation reaches. Members, those who pause or want no invitations, and nobody: all look alike."""
    known = Q(number=handle) if _NUMBER.fullmatch(handle) else Q(person__phone_key=phone_key(handle))
    volunteer = Volunteer.objects.select_related("person").filter(known, person__is_active=True).first()
    if volunteer is None or volunteer.invited_how == InvitedHow.REFUSE:
        return None
    if standing_pause(volunteer, local_day(at)) or obstacle_to_join(volunteer, team, at=at):
        return None
    waiting = Invitation.objects.filter(team=team, volunteer=volunteer, state=Invitation.State.OPEN)
    return None if waiting.exists() else volunteer


def _deliver(invitation: Invitation, *, by: Person, at: datetime) -> None:
    volunteer, team = invitation.volunteer, invitation.team
    if volunteer is None:
        return
    facts, template = {"team": team.name, "day": invitation.expires_on.isoformat()}, INVITED
    if volunteer.invited_how == InvitedHow.ACCEPT:
        _close(invitation, Invitation.State.ACCEPTED, at=at)
        join_team(volunteer, team, by=by, at=at)
        template = TAKEN_IN
    tell(volunteer.person, template, facts, key=f"invitation:{invitation.public_id}", at=at, href="/me/teams/")


def _close(invitation: Invitation, state: Invitation.State, *, at: datetime) -> None:
    invitation.state, invitation.answered_at = state, at
    invitation.save(update_fields=["state", "answered_at"])


def obstacle_to_answer(invitation: Invitation, *, at: datetime) -> InvitingObstacle | None:
    """Why an invitation can no longer be answered or withdrawn; None when nothing stands in the way."""
    if invitation.state_on(local_day(at)) != Invitation.State.OPEN:
        return InvitingObstacle.INVITATION_OVER
    return None


def _locked(invitation: Invitation, *, at: datetime) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("team", "volunteer__person")
    locked = rows.get(pk=invitation.pk)
    if obstacle := obstacle_to_answer(locked, at=at):
        raise Refused(obstacle)
    return locked


@verb
def answer_invitation(invitation: Invitation, accepted: bool, *, by: Person, at: datetime) -> Invitation:
    """Say yes and belong to the team, or say no. Nobody answers for another."""
    if invitation.volunteer is None or by.pk != invitation.volunteer.person_id:
        raise Refused(AccessObstacle.NOT_YOURS)
    invitation = _locked(invitation, at=at)
    _close(invitation, Invitation.State.ACCEPTED if accepted else Invitation.State.DECLINED, at=at)
    if accepted and invitation.volunteer:
        join_team(invitation.volunteer, invitation.team, by=by, at=at)
    action = "invitation.accepted" if accepted else "invitation.declined"
    record(by, action, invitation, at=at, team=invitation.team.public_id)
    return invitation


@verb
def withdraw_invitation(invitation: Invitation, *, by: Person, at: datetime) -> Invitation:
    """Take an invitation back while nobody has answered it."""
    require(by, Permission.ANSWER_ORDER, team=invitation.team)
    invitation = _locked(invitation, at=at)
    _close(invitation, Invitation.State.WITHDRAWN, at=at)
    record(by, "invitation.withdrawn", invitation, at=at, team=invitation.team.public_id)
    return invitation


@verb
def expire_invitations(at: datetime, *, of: Team | None = None) -> int:
    """Close invitations whose last day is over, of all teams or of one; returns how many."""
    past = Invitation.objects.filter(state=Invitation.State.OPEN, expires_on__lt=local_day(at))
    over = list(past.filter(team=of) if of else past)
    Invitation.objects.filter(pk__in=[one.pk for one in over]).update(state=Invitation.State.EXPIRED)
    for invitation in over:
        record(SYSTEM, "invitation.expired", invitation, at=at)
    return len(over)


def invitations_waiting_for(volunteer: Volunteer, on: date) -> QuerySet[Invitation]:
    """What a volunteer can still say yes or no to, newest first."""
    waiting = Invitation.objects.filter(volunteer=volunteer, state=Invitation.State.OPEN, expires_on__gte=on)
    return waiting.select_related("team__area").order_by("-invited_at", "-pk")


def invitations_of(team: Team, at: datetime) -> QuerySet[Invitation]:
    """What a team has sent lately, newest first."""
    sent = Invitation.objects.filter(team=team, invited_at__gte=at - SHOWN_FOR)
    return sent.select_related("invited_by").order_by("-invited_at", "-pk")
