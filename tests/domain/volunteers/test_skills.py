import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.build import (
    MENGBA,
    NOW,
    TUNZI,
    a_category,
    a_clerk,
    a_leader,
    a_skill,
    a_team,
    a_volunteer,
    an_office,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.volunteers.joining import join_team
from zhiyuan.domain.volunteers.models import ALL_CELLS, TeamStrength, Volunteer
from zhiyuan.domain.volunteers.skills import GridObstacle, choose_categories, choose_skills, set_availability
from zhiyuan.domain.volunteers.strength import recount

pytestmark = pytest.mark.django_db
MONDAY_MORNING, SATURDAY_EVENING, HOLIDAY_EVENING = 1 << 0, 1 << 17, 1 << 23


def said(volunteer):
    return sorted(volunteer.skills.values_list("code", flat=True))


def test_chosen_skills_are_these_and_no_others():
    volunteer = a_volunteer(skills=("driving", "cooking"))

    choose_skills(volunteer, [a_skill("cooking"), a_skill("law")], by=volunteer.person, at=NOW)

    assert said(volunteer) == ["cooking", "law"]
    assert JournalEntry.objects.get().facts == {"skills": ["cooking", "law"]}


def test_chosen_categories_are_these_and_no_others():
    volunteer = a_volunteer()
    volunteer.categories.add(a_category("repair"))

    choose_categories(volunteer, [a_category("medicine")], by=volunteer.person, at=NOW)

    assert list(volunteer.categories.all()) == [a_category("medicine")]


def test_the_grid_says_when_somebody_is_free_holidays_among_it():
    volunteer = a_volunteer(availability=0)

    cells = MONDAY_MORNING | SATURDAY_EVENING | HOLIDAY_EVENING
    set_availability(volunteer, cells, by=volunteer.person, at=NOW)

    stored = Volunteer.objects.get()
    free = [(day, part) for day in range(8) for part in range(3) if stored.is_free(day, part)]
    assert free == [(0, 0), (5, 2), (7, 2)]


@pytest.mark.parametrize("cells", [-1, ALL_CELLS + 1])
def test_the_grid_has_24_cells(cells):
    volunteer = a_volunteer()

    with pytest.raises(Refused) as refusal:
        set_availability(volunteer, cells, by=volunteer.person, at=NOW)

    assert refusal.value.obstacle == GridObstacle.NOT_A_GRID
    with pytest.raises(IntegrityError), transaction.atomic():
        Volunteer.objects.update(availability=ALL_CELLS + 1)


def test_a_clerk_of_the_village_keeps_the_file_of_those_without_a_telephone():
    volunteer = a_volunteer()

    choose_skills(volunteer, [a_skill("law")], by=a_clerk(TUNZI), at=NOW)

    assert said(volunteer) == ["law"]


def test_nobody_else_changes_a_file():
    team = a_team()
    volunteer = a_volunteer(teams=(team,))

    for stranger in (a_clerk(MENGBA), a_leader(team), an_office(), a_volunteer().person):
        for act, value in ((choose_skills, []), (choose_categories, []), (set_availability, 0)):
            with pytest.raises(Refused) as refusal:
                act(volunteer, value, by=stranger, at=NOW)
            assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    assert Volunteer.objects.get(pk=volunteer.pk).availability == ALL_CELLS


# What a team can do ---------------------------------------------------------------------------------------------------


def test_a_teams_strength_follows_every_change_of_its_members():
    team = a_team()
    first, second = (a_volunteer(skills=("driving",), availability=MONDAY_MORNING) for _each in range(2))
    for volunteer in (first, second):
        join_team(volunteer, team, by=volunteer.person, at=NOW)

    choose_skills(first, [a_skill("driving"), a_skill("law")], by=first.person, at=NOW)
    set_availability(second, MONDAY_MORNING | HOLIDAY_EVENING, by=second.person, at=NOW)

    strength = TeamStrength.objects.get(team=team)
    assert strength.members == 2
    assert strength.skills == {"driving": 2, "law": 1}
    assert (strength.free[0], strength.free[23], sum(strength.free)) == (2, 1, 3)


def test_a_counted_strength_is_what_one_counts_by_hand():
    team = a_team()

    @given(st.lists(st.integers(0, ALL_CELLS), max_size=4))
    @settings(max_examples=25)
    def counted(grids):
        team.memberships.all().delete()
        for grid in grids:
            a_volunteer(teams=(team,), availability=grid)

        strength = recount(team)

        assert strength.members == len(grids)
        assert strength.free == [sum(grid >> cell & 1 for grid in grids) for cell in range(24)]

    counted()
