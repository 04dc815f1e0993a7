"""What a volunteer can do, wants to do, and when."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.models import Category, Skill
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import ALL_CELLS, Volunteer, VolunteerSkill
from zhiyuan.domain.volunteers.strength import recount_teams_of


class GridObstacle(TextChoices):
    NOT_A_GRID = "not_a_grid", _("The grid has 24 cells: eight kinds of day by morning, afternoon and evening.")


def require_own_file(by: Person, volunteer: Volunteer) -> None:
    """A volunteer keeps their own file; for those without a telephone of their own the clerk of their village does."""
    if by.pk != volunteer.person_id:
        require(by, Permission.ENTER_NEED, area=volunteer.area_id)


@verb
def choose_skills(volunteer: Volunteer, skills: Iterable[Skill], *, by: Person, at: datetime) -> None:
    """Say what one can do: these skills and no others."""
    volunteer = Volunteer.objects.select_for_update(of=("self",), no_key=True).get(pk=volunteer.pk)
    require_own_file(by, volunteer)
    wanted = {skill.code for skill in skills}
    said = set(VolunteerSkill.objects.filter(volunteer=volunteer).values_list("skill_id", flat=True))
    VolunteerSkill.objects.filter(volunteer=volunteer, skill__in=said - wanted).delete()
    new = [VolunteerSkill(volunteer=volunteer, skill_id=code) for code in sorted(wanted - said)]
    VolunteerSkill.objects.bulk_create(new)
    recount_teams_of(volunteer)
    record(by, "volunteer.skills_chosen", volunteer, at=at, skills=sorted(wanted))


@verb
def choose_categories(volunteer: Volunteer, categories: Iterable[Category], *, by: Person, at: datetime) -> None:
    """Say which kinds of service one would like to do."""
    require_own_file(by, volunteer)
    chosen = list(categories)
    volunteer.categories.set(chosen)
    record(by, "volunteer.categories_chosen", volunteer, at=at, categories=sorted(c.code for c in chosen))


@verb
def set_availability(volunteer: Volunteer, cells: int, *, by: Person, at: datetime) -> None:
    """Say when one is free: bit `day kind * 3 + part of day`."""
    require_own_file(by, volunteer)
    if not 0 <= cells <= ALL_CELLS:
        raise Refused(GridObstacle.NOT_A_GRID)
    Volunteer.objects.filter(pk=volunteer.pk).update(availability=cells)
    volunteer.availability = cells
    recount_teams_of(volunteer)
    record(by, "volunteer.availability_set", volunteer, at=at, cells=cells)
