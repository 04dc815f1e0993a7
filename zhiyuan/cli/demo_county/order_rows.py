"""The orders behind the demo's needs, and how each need stands with the clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.conf import settings

from zhiyuan.cli.demo_county.need_plan import CLOCKS, NeedDraft, Step
from zhiyuan.cli.demo_county.organisation_rows import SeededTeam
from zhiyuan.cli.demo_county.seeded_ids import Ids
from zhiyuan.domain.foundation.database import bulk_insert
from zhiyuan.domain.needs.clocks import Times
from zhiyuan.domain.needs.models import ENDED, TURNS, Alarm, DeclineReason, FollowUp, NeedState, Order, Turn
from zhiyuan.domain.needs.rating import FOLLOW_UP_DAYS, LOW

S = NeedState
_NO = (
    DeclineReason.NOBODY_FREE,
    DeclineReason.NO_SKILL,
    DeclineReason.TOO_FAR,
    DeclineReason.OTHER,
    DeclineReason.TOO_MUCH,
)
_ANSWERS = {S.DISPATCHED: Order.State.OPEN, **dict.fromkeys((S.ACCEPTED, S.SCHEDULED, S.SERVING), Order.State.ACCEPTED)}


@dataclass(frozen=True)
class ClockFacts:
    """What a seeded need's clock says; an overdue one went up to the county already."""

    turn: int
    warn_at: datetime | None
    due_at: datetime | None
    alarm_at: datetime | None
    desk: str
    escalations: int


def clock_facts(draft: NeedDraft, at: datetime) -> ClockFacts:
    state, began = draft.state, draft.steps[-1].at
    turn, township = TURNS[state].value, draft.area_code[:9] + "000"
    if state in ENDED:
        return ClockFacts(turn, None, None, None, township, 0)
    start = draft.visit[1] if state == S.SCHEDULED and draft.visit else began
    times = _follow_up_times(draft) if is_followed(draft) else CLOCKS.times(draft.urgency, state, start=start)
    if times is None:
        raise ValueError(f"{state} has no clock")
    if state == S.WAITING:
        return ClockFacts(turn, None, None, max(times.due_at, at + timedelta(hours=1)), township, 0)
    turn = Turn.OURS.value if is_followed(draft) else turn
    late = turn == Turn.OURS and times.due_at <= at
    if not late:
        ahead = times.warn_at if times.warn_at > at else max(times.due_at, at + timedelta(hours=1))
        return ClockFacts(turn, times.warn_at, times.due_at, ahead, township, 0)
    return ClockFacts(turn, times.warn_at, times.due_at, at + timedelta(hours=20), settings.COUNTY_CODE, 1)


def is_followed(draft: NeedDraft) -> bool:
    """Whether somebody must still ask what went wrong."""
    return draft.state == S.RATED and 0 < draft.stars <= LOW.default


def _follow_up_times(draft: NeedDraft) -> Times:
    began = draft.steps[-1].at
    due_at = CLOCKS.workdays_after(began, FOLLOW_UP_DAYS.default)
    return Times(began + (due_at - began) * 0.8, due_at)


def write_follow_ups(keys: Sequence[int], drafts: Sequence[NeedDraft]) -> None:
    rows = [
        (key, draft.steps[-1].at, _follow_up_times(draft).due_at)
        for key, draft in zip(keys, drafts, strict=True)
        if is_followed(draft)
    ]
    bulk_insert(FollowUp, ("need_id", "opened_at", "due_at"), rows)


def write_alarms(keys: Sequence[int], drafts: Sequence[NeedDraft], clocks: Sequence[ClockFacts]) -> None:
    """Those that are late went one desk up when their time was over."""
    rows = [
        (key, Alarm.Kind.ESCALATED.value, draft.state.value, facts.desk, facts.due_at)
        for key, draft, facts in zip(keys, drafts, clocks, strict=True)
        if facts.escalations
    ]
    bulk_insert(Alarm, ("need_id", "kind", "state", "desk_id", "at"), rows)


def write_orders(keys: Sequence[int], drafts: Sequence[NeedDraft], teams: Sequence[SeededTeam], ids: Ids) -> None:
    rows = [
        (ids.public(), key, teams[order.team].pk, order.state.value, False, order.sent.by, order.sent.at,
         order.answer.by if order.answer else None, order.answer.at if order.answer else None,
         order.why, order.answer.reason if order.answer and order.why else "")
        for key, draft in zip(keys, drafts, strict=True) for order in _orders(key, draft)
    ]  # fmt: skip
    fields = (
        "public_id", "need_id", "team_id", "state", "claimed", "sent_by_id", "sent_at", "answered_by_id", "answered_at",
        "why", "reason",
    )  # fmt: skip
    bulk_insert(Order, fields, rows)


@dataclass(frozen=True)
class _SeededOrder:
    team: int
    state: Order.State
    sent: Step
    answer: Step | None = None
    why: str = ""


def _orders(key: int, draft: NeedDraft) -> Iterator[_SeededOrder]:
    """What the steps say of orders: each sending, and what came of it."""
    for sent, answer in pairwise([*draft.steps, None]):
        if sent is None or sent.after != S.DISPATCHED or sent.team is None:
            continue
        if answer is not None and answer.after == S.VERIFIED:
            yield _SeededOrder(sent.team, Order.State.DECLINED, sent, answer, _NO[key % len(_NO)].value)
        else:
            yield _SeededOrder(sent.team, _ANSWERS.get(draft.state, Order.State.DONE), sent, answer)
