"""The call list: whom the staff of an area telephone, because no message reaches them or they want it so."""

from datetime import datetime

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.notices.models import CallEntry
from zhiyuan.domain.organisations.permissions import Permission, require, scope_of
from zhiyuan.domain.people.models import Person


class CallObstacle(TextChoices):
    REACHED = "call_reached", _("A colleague has reached this person meanwhile.")
    OVER = "call_over", _("What was to be said no longer holds. Nobody has to be called.")


def calls_visible_to(person: Person | None, *, at: datetime) -> QuerySet[CallEntry]:
    """Who is still to be called in somebody's area: what is urgent first, then the oldest."""
    return (
        _in_scope(person)
        .filter(Q(expires_at=None) | Q(expires_at__gt=at), reached=False)
        .order_by("-urgent", "at", "pk")
    )


def called_visible_to(person: Person | None) -> QuerySet[CallEntry]:
    """Who was reached, newest first."""
    return _in_scope(person).filter(reached=True).order_by("-called_at", "-pk")


def call_visible_to(person: Person | None, public_id: str) -> CallEntry | None:
    """One entry of somebody's area, whatever became of it."""
    return _in_scope(person).filter(public_id=public_id).first()


def _in_scope(person: Person | None) -> QuerySet[CallEntry]:
    scope = scope_of(person, Permission.SEE_NEEDS)
    return CallEntry.objects.filter(scope.rows(area="area")).select_related("called_by")


def obstacle_to_note_call(entry: CallEntry, *, at: datetime) -> CallObstacle | None:
    if entry.reached:
        return CallObstacle.REACHED
    if entry.expires_at and entry.expires_at <= at:
        return CallObstacle.OVER
    return None


@verb
def note_call(entry: CallEntry, *, reached: bool, by: Person, at: datetime) -> None:
    """Say whether the call reached them. Who was not reached stays on the list."""
    entry = CallEntry.objects.select_for_update().get(pk=entry.pk)
    require(by, Permission.VERIFY_NEED, area=entry.area)
    if obstacle := obstacle_to_note_call(entry, at=at):
        raise Refused(obstacle)
    entry.tries, entry.called_at, entry.called_by, entry.reached = entry.tries + 1, at, by, reached
    entry.save(update_fields=["tries", "called_at", "called_by", "reached"])
    record(by, "call.noted", entry, at=at, reached=reached)
