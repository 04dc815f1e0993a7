"""A need's way as a line of seven steps, and the sentence below it: whose turn it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhiyuan.domain.needs.models import AT_TEAM, Need, NeedState, Transition
from zhiyuan.domain.needs.queries import alarms_of
from zhiyuan.domain.needs.rating import obstacle_to_rate

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
    S.OFFERED: 3,
    S.ACCEPTED: 4,
    S.SCHEDULED: 4,
    S.SERVING: 5,
    S.DONE: 6,
    S.CONFIRMED: 6,
    S.RATED: 7,
    S.CLOSED: 7,
}
_AT_TEAMS = (S.DISPATCHED, S.OFFERED, *AT_TEAM, S.DONE)


@dataclass(frozen=True)
class Step:
    """A point of the line: done with its time, or now, or still to come."""

    words: str | Promise
    state: str  # done, now, or empty
    at: datetime | None = None


def state_line(need: Need, steps: Sequence[Transition]) -> list[Step]:
    """The seven steps of a need. What was undone, such as a declined order, is to come again; empty when it went
    another way."""
    coming = _NEXT.get(NeedState(need.state))
    if coming is None:
        return []
    asked = {S.OFFERED: S.DISPATCHED}  # one way or the other, teams were asked
    reached = {asked.get(NeedState(step.to_state), step.to_state): step.at for step in steps if not _came_back(step)}
    line = []
    for place, (state, words) in enumerate(LINE):
        if place < coming:
            line.append(Step(words, "done", reached.get(state)))
        else:
            line.append(Step(words, "now" if place == coming else ""))
    return line


@dataclass(frozen=True)
class Event:
    """One thing that happened to a need: a step that somebody took, or what the clock did by itself."""

    at: datetime
    what: str | Promise
    who: str | Promise = ""
    words: str = ""
    kind: str = ""  # back, clock


def story_of(
    need: Need, steps: Sequence[Transition], *, for_resident: bool = False, joined: bool = False
) -> list[Event]:
    """All that happened, by steps and by the clock, in order. The resident reads offices and teams, not names; who
    `joined` another household's request, not what was said between that one and the desk."""
    told = [_step_event(step, for_resident) for step in steps]
    if joined:
        told = [replace(event, words="") for event in told]
    told += [Event(alarm.at, alarm.get_kind_display(), alarm.desk.name, kind="clock") for alarm in alarms_of(need)]
    return sorted(told, key=lambda event: event.at)


def _came_back(step: Transition) -> bool:
    """To the desk, from a team or another body: it was made sure of before."""
    return step.to_state == S.VERIFIED and step.from_state != S.SUBMITTED


def _step_event(step: Transition, for_resident: bool) -> Event:
    came_back = _came_back(step)
    team = step.team.name if step.team else ""
    if step.by_clock:
        who: str | Promise = _("the clock")
    elif step.by is None:
        who = _("the resident")
    else:
        who = team if for_resident and step.from_state in _AT_TEAMS else "" if for_resident else step.by.name
    said = "" if for_resident and came_back else step.reason
    with_team = f"{who} {team}".strip() if team and not for_resident else who
    return Event(step.at, step.get_to_state_display(), with_team, said, "back" if came_back else "")


def whose_turn(need: Need) -> str:
    """Who acts next, said to the resident; of a request that was taken together with another, of that one."""
    if need.merged_into:
        return _turn_in_common(need, need.merged_into)
    team = need.team.name if need.team else ""
    sentences = {
        S.SUBMITTED: _("%(desk)s calls you to make sure of it."),
        S.WAITING: _("We have a question for you; the clock stands until you answer."),
        S.VERIFIED: _("%(desk)s looks for a team."),
        S.DISPATCHED: _("Teams were asked; the first to say yes comes."),
        S.OFFERED: _("Teams can claim it; the first to do so comes."),
        S.ACCEPTED: _("%(team)s fixes a day with you."),
        S.SCHEDULED: _("%(team)s comes on the day below."),
        S.SERVING: _("%(team)s is at work."),
        S.DONE: _("You say whether it was good."),
        S.CONFIRMED: _("You say whether it was good."),
        S.RATED: _("Thank you. Nothing is left for you to do."),
        S.CLOSED: _("Nothing is left to do."),
        S.REFERRED: _("It lies with the body named below; %(desk)s asks for the answer."),
        S.REJECTED: _("We cannot take this request. The reason stands below."),
        S.WITHDRAWN: _("You have withdrawn this request."),
    }
    return sentences[NeedState(need.state)] % {"team": team, "desk": desk_name(need)}


def _turn_in_common(need: Need, work: Need) -> str:
    """What is asked of one household is not asked of the others; each says for itself how it was."""
    if work.state == S.WAITING:
        return _("%(desk)s has asked one of the households something.") % {"desk": desk_name(work)}
    if obstacle_to_rate(need) is None:
        return _("You say whether it was good.")
    if getattr(need, "rating", None):
        return _("Thank you. Nothing is left for you to do.")
    return whose_turn(work)


def spoken_receipt(need: Need) -> str:
    """The receipt as a voice reads it: the number sign by sign, whose turn it is, whom to call."""
    number = " ".join(need.number.replace("-", ""))
    facts = {"number": number, "turn": whose_turn(need), "phone": " ".join(re.sub(r"\D", "", settings.SERVICE_PHONE))}
    return _("Your number is %(number)s. %(turn)s The service telephone is %(phone)s.") % facts


def desk_name(need: Need) -> str:
    """The desk as the resident knows it: the service site of the village, township or county."""
    return _("The desk of %(place)s") % {"place": need.desk.name}
