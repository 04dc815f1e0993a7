"""Noting who opened a request with its name, telephone and address."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person

NEEDS_AN_HOUR = Limit("need-files", 600, 3600)


class ViewingObstacle(TextChoices):
    TOO_MANY = "too_many_needs_opened", _("You have opened 600 requests within an hour. Please go on later.")


def open_need(need: Need, *, by: Person, at: datetime) -> None:
    """Note that somebody reads it; refused to whoever opens them by the hundred. A refused try counts too."""
    require(by, Permission.SEE_NEEDS, area=need.area_id)
    if not spend(NEEDS_AN_HOUR, by.public_id, at=at):
        raise Refused(ViewingObstacle.TOO_MANY)
    _note(need, by=by, at=at)


@verb
def _note(need: Need, *, by: Person, at: datetime) -> None:
    record(by, "need.viewed", need, at=at)
