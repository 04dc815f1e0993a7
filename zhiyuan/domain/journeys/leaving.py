"""Closing an account: places are given back, teams left, everything that names the person goes, the records stay."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.models import Activity, ActivityState, SignUp
from zhiyuan.domain.activities.signup import free_place, lock_signup
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.models import RoleGrant
from zhiyuan.domain.people.closing import erase_person
from zhiyuan.domain.people.models import ClosedAccount, Person
from zhiyuan.domain.volunteers.closing import empty_file
from zhiyuan.domain.volunteers.models import Membership, Volunteer


class ClosingObstacle(TextChoices):
    """Why an account cannot be closed yet."""

    HOLDS_ROLE = "closing_holds_role", _("You hold an office. Whoever granted it ends it first, so that work goes on.")
    IN_CHARGE = (
        "closing_in_charge",
        _("You are in charge of an activity that is not over. Finish it, or let the team call it off."),
    )
    INSIDE = "closing_checked_in", _("You are checked in. Check out first, so that your time is counted.")
    CLOSED = "closing_closed", _("This account is already closed.")


def obstacle_to_close(person: Person, *, at: datetime) -> ClosingObstacle | None:
    """Why this account cannot be closed; None when nothing stands in the way."""
    if not person.is_active:
        return ClosingObstacle.CLOSED
    today = local_day(at)
    if RoleGrant.objects.filter(Q(team=None) | Q(team__until=None), person=person, until__gte=today, ended_at=None):
        return ClosingObstacle.HOLDS_ROLE
    if Activity.objects.filter(in_charge=person, state=ActivityState.PUBLISHED).exists():
        return ClosingObstacle.IN_CHARGE
    if SignUp.objects.filter(volunteer__person=person, state=SignUp.State.CHECKED_IN).exists():
        return ClosingObstacle.INSIDE
    return None


@dataclass(frozen=True)
class Facts:
    """What closing an account gives back and ends, and what stays."""

    places: int
    teams: int
    records: int


def facts_of_closing(person: Person, *, at: datetime) -> Facts:
    return Facts(
        places=_open_signups(person, at).count(),
        teams=Membership.objects.filter(volunteer__person=person, until=None).count(),
        records=ServiceRecord.objects.filter(person=person).count(),
    )


def _open_signups(person: Person, at: datetime) -> QuerySet[SignUp]:
    held = SignUp.objects.filter(volunteer__person=person, state=SignUp.State.ADMITTED, starts_at__gt=at)
    return held.select_related("shift").order_by("shift_id", "pk")


@verb
def close_account(person: Person, *, by: Person, at: datetime) -> ClosedAccount:
    """Leave for good. The telephone is free again at once; what the law wants kept stays without the name."""
    volunteer = Volunteer.objects.select_for_update(of=("self",), no_key=True).filter(person=person).first()
    person = Person.objects.select_for_update().get(pk=person.pk)
    if obstacle := obstacle_to_close(person, at=at):
        raise Refused(obstacle)
    facts = facts_of_closing(person, at=at)
    for signup in _open_signups(person, at):
        free_place(lock_signup(signup), gettext("The volunteer has left."), by=by, at=at)
    if volunteer:
        empty_file(volunteer, by=by, at=at)
    closed = erase_person(person, at=at)
    record(by, "person.closed", person, at=at, **vars(facts))
    return closed
