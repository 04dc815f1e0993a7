"""What a team's members can do and when, counted whenever a membership, a skill, a grid or a pause changes.

Whoever pauses stays a member and is counted as one; what they can do and when they are free is not.
"""

from collections import Counter

from django.db import transaction
from django.db.models import Count

from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.volunteers.models import (
    DAY_KINDS,
    PARTS_OF_DAY,
    Membership,
    Pause,
    TeamStrength,
    Volunteer,
    VolunteerSkill,
)

CELLS = DAY_KINDS * PARTS_OF_DAY


def counted_cells(availabilities: Counter[int]) -> list[int]:
    """For each of the 24 cells, how many are free in it. Takes grids with how often each occurs."""
    return [sum(n for grid, n in availabilities.items() if grid >> cell & 1) for cell in range(CELLS)]


@transaction.atomic
def recount(team: Team) -> TeamStrength:
    """Count a team's standing members anew. Whoever counts at the same time waits, and then sees what we wrote."""
    TeamStrength.objects.get_or_create(team=team)
    strength = TeamStrength.objects.select_for_update().get(team=team)
    members = Membership.objects.filter(team=team, until=None).values("volunteer_id")
    here = Volunteer.objects.filter(pk__in=members).exclude(
        pk__in=Pause.objects.filter(ended_on=None).values("volunteer_id")
    )
    grids = Counter(here.values_list("availability", flat=True))
    skilled = (
        VolunteerSkill.objects.filter(volunteer__in=here.values("pk")).values_list("skill_id").annotate(n=Count("pk"))
    )
    strength.members = members.count()
    strength.skills = dict(skilled.order_by("skill_id"))
    strength.free = counted_cells(grids)
    strength.save()
    return strength


def recount_teams_of(volunteer: Volunteer) -> None:
    """Every team that this volunteer belongs to; in one order, so that two of these never wait for each other."""
    for team in Team.objects.filter(memberships__volunteer=volunteer, memberships__until=None).order_by("pk"):
        recount(team)
