"""Why a shift suits a volunteer: facts that they can check themselves."""

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.models import Shift
from zhiyuan.domain.areas.queries import lies_in
from zhiyuan.domain.volunteers.models import Volunteer

NOON, EVENING = 12, 18


class Fit(TextChoices):
    OWN_TEAM = "own_team", _("Your team needs people")
    FREE_THEN = "free_then", _("You said that you are free then")
    OWN_VILLAGE = "own_village", _("In your village")
    OWN_TOWNSHIP = "own_township", _("In your township")


def reasons(shift: Shift, volunteer: Volunteer) -> list[Fit]:
    """What speaks for a shift that `shifts_with_facts` made ready; asks the database nothing."""
    activity, own = shift.activity, volunteer.area_id
    near = {
        Fit.OWN_VILLAGE: activity.area_id == own,
        Fit.OWN_TOWNSHIP: activity.area_id != own and lies_in(activity.area_id, own[:9] + "000"),
    }
    facts = {Fit.OWN_TEAM: vars(shift).get("own_team", False), Fit.FREE_THEN: is_free(shift, volunteer), **near}
    return [fit for fit, holds in facts.items() if holds]


def is_free(shift: Shift, volunteer: Volunteer) -> bool:
    """Whether the volunteer's grid leaves free every part of the day that the shift touches."""
    starts_at, ends_at = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
    first, last = _part(starts_at.hour), _part(max(starts_at.hour, ends_at.hour - (ends_at.minute == 0)))
    return all(volunteer.is_free(starts_at.weekday(), part) for part in range(first, last + 1))


def _part(hour: int) -> int:
    return 0 if hour < NOON else 1 if hour < EVENING else 2
