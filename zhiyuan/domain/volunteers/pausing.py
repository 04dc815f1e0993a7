"""Resting from service: not proposed, not invited, not called. Why, nobody asks."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import SYSTEM, Actor, record, verb
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Pause, Volunteer
from zhiyuan.domain.volunteers.skills import require_own_file
from zhiyuan.domain.volunteers.strength import recount_teams_of


class PauseObstacle(TextChoices):
    PAUSED_ALREADY = "paused_already", _("You are already pausing. End that pause first.")
    PAUSE_IN_PAST = "pause_in_past", _("The last day of the pause lies in the past.")
    NOT_PAUSED = "not_paused", _("There is no pause to end.")


def standing_on(day: date) -> Q:
    """A filter on pauses: those that hold on a day."""
    return Q(ended_on=None, since__lte=day) & (Q(until=None) | Q(until__gte=day))


def pausing(day: date, volunteer: str = "pk") -> Exists:
    """Whether the volunteer that a row names in this field pauses on a day."""
    return Exists(Pause.objects.filter(standing_on(day), volunteer=OuterRef(volunteer)))


def not_pausing(volunteers: QuerySet[Volunteer], day: date) -> QuerySet[Volunteer]:
    """Those who can be proposed, invited or called on a day."""
    return volunteers.exclude(pausing(day))


def standing_pause(volunteer: Volunteer, on: date) -> Pause | None:
    return Pause.objects.filter(standing_on(on), volunteer=volunteer).first()


def obstacle_to_pause(volunteer: Volunteer, until: date | None, *, at: datetime) -> PauseObstacle | None:
    """Why somebody cannot pause until this day; None when nothing stands in the way."""
    if until is not None and until < local_day(at):
        return PauseObstacle.PAUSE_IN_PAST
    return PauseObstacle.PAUSED_ALREADY if standing_pause(volunteer, local_day(at)) else None


@verb
def pause(volunteer: Volunteer, until: date | None, *, by: Person, at: datetime) -> Pause:
    """Rest until a day, or until one says otherwise. What was signed up for stays; it is given back one by one."""
    require_own_file(by, volunteer)
    if obstacle := obstacle_to_pause(volunteer, until, at=at):
        raise Refused(obstacle)
    _end(Pause.objects.filter(volunteer=volunteer, ended_on=None), by=SYSTEM, at=at)  # one whose last day is over
    try:
        with transaction.atomic():
            made = Pause.objects.create(volunteer=volunteer, since=local_day(at), until=until)
    except IntegrityError:  # said twice at once
        raise Refused(PauseObstacle.PAUSED_ALREADY) from None
    recount_teams_of(volunteer)
    record(by, "volunteer.paused", volunteer, at=at, until=until.isoformat() if until else None)
    return made


@verb
def resume(volunteer: Volunteer, *, by: Person, at: datetime) -> None:
    """Be there again from today on."""
    require_own_file(by, volunteer)
    if not _end(Pause.objects.filter(volunteer=volunteer, ended_on=None), by=by, at=at):
        raise Refused(PauseObstacle.NOT_PAUSED)


@verb
def end_pauses(at: datetime) -> int:
    """End the pauses whose last day is over, so that their teams count them again; returns how many."""
    return _end(Pause.objects.filter(ended_on=None, until__lt=local_day(at)), by=SYSTEM, at=at)


def _end(pauses: QuerySet[Pause], *, by: Actor, at: datetime) -> int:
    ended = list(pauses.select_related("volunteer").order_by("pk"))
    for one in ended:
        Pause.objects.filter(pk=one.pk).update(ended_on=local_day(at))
        recount_teams_of(one.volunteer)
        record(by, "volunteer.resumed", one.volunteer, at=at)
    return len(ended)
