"""Messages that were given up: sent again, or told by telephone. For whoever minds the whole county."""

from datetime import datetime

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.notices.models import CallEntry, Message
from zhiyuan.domain.notices.outbox import post_again
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may
from zhiyuan.domain.people.models import Person


class StuckObstacle(TextChoices):
    MOVED_ON = "message_moved_on", _("This message is no longer stuck: a colleague has seen to it.")
    TOO_LATE = "message_too_late", _("What this message says no longer holds. It is not sent any more.")


def minds_outbox(person: Person | None) -> bool:
    """The county's office and its dispatchers: a message does not lie in any one township."""
    wanted = (Permission.MANAGE_SETTINGS, Permission.DISPATCH_NEED)
    return any(may(person, permission, area=settings.COUNTY_CODE) for permission in wanted)


def obstacle_to_unstick(message: Message, *, at: datetime) -> StuckObstacle | None:
    if message.state != Message.State.PARKED:
        return StuckObstacle.MOVED_ON
    if message.expires_at and message.expires_at <= at:
        return StuckObstacle.TOO_LATE
    return None


def _locked(message: Message, *, by: Person, at: datetime) -> Message:
    message = Message.objects.select_for_update().get(pk=message.pk)
    if not minds_outbox(by):
        raise Refused(AccessObstacle.NOT_YOURS)
    if obstacle := obstacle_to_unstick(message, at=at):
        raise Refused(obstacle)
    return message


@verb
def try_again(message: Message, *, by: Person, at: datetime) -> None:
    """Back into the outbox, for five more tries."""
    message = _locked(message, by=by, at=at)
    post_again(message, at=at)
    record(by, "message.tried_again", message, at=at)


@verb
def take_to_call_list(message: Message, *, by: Person, at: datetime) -> None:
    """Somebody of the area telephones instead; the message itself is not sent any more."""
    message = _locked(message, by=by, at=at)
    entry = CallEntry(
        key=f"message:{message.public_id}", area=message.area or settings.COUNTY_CODE, person=message.person,
        name=message.person.name if message.person else "", phone=message.phone, words=message.text,
        template=message.template, at=at, expires_at=message.expires_at,
    )  # fmt: skip
    CallEntry.objects.bulk_create([entry], ignore_conflicts=True)
    Message.objects.filter(pk=message.pk).update(state=Message.State.CALLING)
    record(by, "message.to_call_list", message, at=at)
