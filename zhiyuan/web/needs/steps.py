"""A need's way as a line of seven steps, and the sentence below it: whose turn it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhiyuan.domain.needs.models import Need, NeedState, Transition

S = NeedState
LINE: tuple[tuple[NeedState, str | Promise], ...] = (
    (S.SUBMITTED, gettext_lazy("Asked")),
    (S.VERIFIED, gettext_lazy("Checked")),
    (S.DISPATCHED, gettext_lazy("Sent")),
    (S.ACCEPTED, gettext_lazy("Taken")),
    (S.SERVING, gettext_lazy("Visit")),
    (S.DONE, pgettext_lazy("step", "Done")),
    (S.RATED, pgettext_lazy("step", "Rated")),
)
# which step of the line comes next from each state
_NEXT = {
    S.SUBMITTED: 1,
    S.WAITING: 1,
    S.VERIFIED: 2,
    S.DISPATCHED: 3,
    S.ACCEPTED: 4,
    S.SCHEDULED: 4,
    S.SERVING: 5,
    S.DONE: 6,
    S.CONFIRMED: 6,
    S.RATED: 7,
    S.CLOSED: 7,
}


@dataclass(frozen=True)
class Step:
    """A point of the line: done with its time, or now, or still to come."""

    words: str | Promise
    state: str  # done, now, or empty
    at: datetime | None = None


def state_line(need: Need, steps: Sequence[Transition]) -> list[Step]:
    """The seven steps of a need. What was undone, such as a declined order, is to come again; empty when ended."""
    coming = _NEXT.get(NeedState(need.state))
    if coming is None:
        return []
    reached = {step.to_state: step.at for step in steps}
    line = []
    for place, (state, words) in enumerate(LINE):
        if place < coming:
            line.append(Step(words, "done", reached.get(state)))
        else:
            line.append(Step(words, "now" if place == coming else ""))
    return line


def whose_turn(need: Need) -> str:
    """Who acts next, said to the resident."""
    team = need.team.name if need.team else ""
    sentences = {
        S.SUBMITTED: _("The desk calls you to make sure of it."),
        S.WAITING: _("We have a question for you; the clock stands until you answer."),
        S.VERIFIED: _("The desk looks for a team."),
        S.DISPATCHED: _("%(team)s says yes or no."),
        S.ACCEPTED: _("%(team)s fixes a day with you."),
        S.SCHEDULED: _("%(team)s comes on the day below."),
        S.SERVING: _("%(team)s is at work."),
        S.DONE: _("You say whether it was good."),
        S.CONFIRMED: _("You say whether it was good."),
        S.RATED: _("Thank you. Nothing is left to do."),
        S.CLOSED: _("Nothing is left to do."),
        S.REJECTED: _("We cannot take this request. The reason stands below."),
        S.WITHDRAWN: _("You have withdrawn this request."),
    }
    return sentences[NeedState(need.state)] % {"team": team}
