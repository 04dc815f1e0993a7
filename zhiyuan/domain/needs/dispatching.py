"""A dispatcher sends a need to a team, or takes the order back."""

from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import verb
from zhiyuan.domain.needs.counting import count_for
from zhiyuan.domain.needs.models import Need, NeedState
from zhiyuan.domain.needs.moving import MovingObstacle, lock_need, may_move, move, require_reason
from zhiyuan.domain.needs.telling import tell_leaders, tell_leaders_it_is_over
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person


class DispatchObstacle(TextChoices):
    TEAM_OVER = "dispatch_team_ended", _("This team has ended. Choose another one.")
    NOT_SENT = "order_not_open", _("Only an order that the team has not answered yet can be taken back.")


def obstacle_to_dispatch(need: Need, team: Team) -> DispatchObstacle | MovingObstacle | None:
    """Why a need can't be sent to this team; None when nothing stands in the way."""
    if team.until:
        return DispatchObstacle.TEAM_OVER
    return None if may_move(need, NeedState.DISPATCHED) else MovingObstacle.NOT_FROM_HERE


@verb
def dispatch_need(need: Need, team: Team, *, by: Person, at: datetime) -> Need:
    """Send a verified need to a team. It says yes or no within the stage's time."""
    need = lock_need(need)
    require(by, Permission.DISPATCH_NEED, area=need.area_id)
    if obstacle := obstacle_to_dispatch(need, team):
        raise Refused(obstacle, state=NeedState(need.state).label)
    need.team, need.times_sent = team, need.times_sent + 1
    move(need, NeedState.DISPATCHED, by=by, at=at)
    count_for(team, open_orders=1)
    tell_leaders(need, team, at=at)
    return need


@verb
def recall_order(need: Need, reason: str, *, by: Person, at: datetime) -> Need:
    """Take an order back that the team has not answered; the need waits at the desk again."""
    need = lock_need(need)
    require(by, Permission.DISPATCH_NEED, area=need.area_id)
    if need.state != NeedState.DISPATCHED:
        raise Refused(DispatchObstacle.NOT_SENT)
    require_reason(reason)
    team = need.team
    back_to_desk(need, reason, by=by, at=at)
    if team:
        tell_leaders_it_is_over(need, team, at=at)
    return need


def back_to_desk(need: Need, reason: str, *, by: Person, at: datetime) -> None:
    """The present order of a locked need ends; the step keeps whose it was."""
    team, need.team = need.team, None
    move(need, NeedState.VERIFIED, by=by, at=at, reason=reason, team=team)
    count_for(team, open_orders=-1)
