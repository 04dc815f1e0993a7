"""How teams have done with orders, counted by the verbs as they go."""

from django.db.models import F

from zhiyuan.domain.needs.models import TeamRecord
from zhiyuan.domain.organisations.models import Team


def count_for(team: Team | None, **changes: int) -> None:
    """Add to a team's counters: `count_for(team, open_orders=-1, declined=1)`."""
    if team is None:
        raise ValueError("an order has a team")
    TeamRecord.objects.get_or_create(team=team)
    TeamRecord.objects.filter(team=team).update(**{name: F(name) + change for name, change in changes.items()})
