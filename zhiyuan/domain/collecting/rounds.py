"""A round of a village, written down household by household. A row that is sent twice is one visit and one need."""

from dataclasses import replace
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.collecting.models import Round, Visit
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.filing import NeedFacts, file_need
from zhiyuan.domain.needs.models import Door
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, grants_of, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.joining import obstacle_to_living_in


class RoundObstacle(TextChoices):
    NOT_A_VILLAGE = "round_without_village", _("Choose the village or community of the round.")
    LATER = "round_in_the_future", _("This day lies in the future. A round is written down when it is done.")


def obstacle_to_begin_round(area: Area, day: date, *, at: datetime) -> RoundObstacle | None:
    """Why such a round can't be written down; None when nothing stands in the way."""
    if obstacle_to_living_in(area):
        return RoundObstacle.NOT_A_VILLAGE
    return RoundObstacle.LATER if day > local_day(at) else None


@verb
def begin_round(area: Area, day: date, *, key: str, by: Person, at: datetime) -> Round:
    """The round that this page writes down; the same one when the page is sent again."""
    require(by, Permission.ENTER_NEED, area=area.code)
    if obstacle := obstacle_to_begin_round(area, day, at=at):
        raise Refused(obstacle)
    walk, made = Round.objects.get_or_create(by=by, key=key, defaults={"area": area, "day": day, "created_at": at})
    if made:
        record(by, "round.begun", walk, at=at, area=area.code, day=day.isoformat())
    return walk


@verb
def note_visit(walk: Round, facts: NeedFacts | None, *, key: str, by: Person, at: datetime) -> Visit:
    """One household. With facts a need is filed for it, in the round's village; without, nothing was needed."""
    walk = Round.objects.select_for_update(of=("self",)).select_related("area").get(pk=walk.pk)
    if walk.by_id != by.pk:
        raise Refused(AccessObstacle.NOT_YOURS)
    require(by, Permission.ENTER_NEED, area=walk.area_id)
    earlier = Visit.objects.filter(round=walk, key=key).select_related("need").first()
    if earlier:
        return earlier
    need = file_need(replace(facts, area=walk.area), door=door_of(by, walk.area), by=by, at=at) if facts else None
    visit = Visit.objects.create(round=walk, key=key, need=need, at=at)
    record(by, "round.visit_noted", walk, at=at, need=need.public_id if need else None)
    return visit


def door_of(person: Person, area: Area) -> Door:
    """A social worker's word for a household is noted as such; anybody else's as a round."""
    social = any(grant.role == Role.SOCIAL_WORKER and grant.covers_area(area.code) for grant in grants_of(person))
    return Door.SOCIAL_WORKER if social else Door.ROUND
