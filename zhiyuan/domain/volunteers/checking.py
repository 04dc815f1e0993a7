"""Whether what is counted about teams' members is what the members say."""

from collections import Counter, defaultdict

from zhiyuan.domain.foundation.checking import Check, check
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.volunteers.models import Membership, Pause, TeamStrength, Volunteer, VolunteerSkill
from zhiyuan.domain.volunteers.strength import counted_cells


def strengths_are_counted() -> Check:
    """Members, skills and free cells of every team, counted anew; a team without a row has no members."""
    grids = dict(Volunteer.objects.values_list("pk", "availability").iterator())
    skills: dict[int, list[str]] = defaultdict(list)
    for volunteer, skill in VolunteerSkill.objects.values_list("volunteer_id", "skill_id").iterator():
        skills[volunteer].append(skill)
    members: dict[int, list[int]] = defaultdict(list)
    for team, volunteer in Membership.objects.filter(until=None).values_list("team_id", "volunteer_id").iterator():
        members[team].append(volunteer)
    resting = set(Pause.objects.filter(ended_on=None).values_list("volunteer_id", flat=True))
    counted = {strength.team_id: strength for strength in TeamStrength.objects.all()}
    wrong = [
        public_id
        for team, public_id in Team.objects.values_list("pk", "public_id")
        if not _matches(
            counted.get(team), members[team], [one for one in members[team] if one not in resting], grids, skills
        )
    ]
    return check("volunteers: strength of teams", len(counted), wrong)


def _matches(
    strength: TeamStrength | None,
    members: list[int],
    here: list[int],
    grids: dict[int, int],
    skills: dict[int, list[str]],
) -> bool:
    if strength is None:
        return not members
    return (
        strength.members == len(members)
        and strength.skills == dict(Counter(skill for one in here for skill in skills.get(one, ())))
        and (not members or strength.free == counted_cells(Counter(grids[one] for one in here)))
    )
