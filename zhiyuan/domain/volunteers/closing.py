"""What a volunteer told of themselves goes when they leave; what they served stays in the ledger."""

from datetime import datetime

from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.joining import leave_team
from zhiyuan.domain.volunteers.models import Credential, Volunteer, VolunteerSkill


def empty_file(volunteer: Volunteer, *, by: Person, at: datetime) -> int:
    """Leave every team and erase skills, certificates and times, inside the verb by which somebody leaves; returns
    how many teams were left."""
    teams = list(Team.objects.filter(memberships__volunteer=volunteer, memberships__until=None).order_by("pk"))
    for team in teams:
        leave_team(volunteer, team, by=by, at=at)
    VolunteerSkill.objects.filter(volunteer=volunteer).delete()
    Credential.objects.filter(volunteer=volunteer).delete()
    volunteer.categories.clear()
    volunteer.availability, volunteer.grams = 0, ""
    volunteer.save(update_fields=["availability", "grams"])
    return len(teams)
