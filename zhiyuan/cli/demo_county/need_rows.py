"""Writes needs with every step that was taken, and what they made of the teams' records."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from zhiyuan.cli.demo_county.codes import CATEGORIES
from zhiyuan.cli.demo_county.need_plan import CLOCKS, NeedDraft, Step
from zhiyuan.cli.demo_county.order_rows import clock_facts, write_alarms, write_follow_ups, write_orders
from zhiyuan.cli.demo_county.organisation_rows import SeededTeam
from zhiyuan.cli.demo_county.progress import Watch
from zhiyuan.cli.demo_county.resident_rows import write_residents
from zhiyuan.cli.demo_county.seeded_ids import Ids
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.database import bulk_insert, next_key
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.needs.models import (
    TURNS,
    DayCounter,
    Mandate,
    Need,
    NeedState,
    Rating,
    TeamRecord,
    Transition,
    Turn,
    Verification,
)
from zhiyuan.domain.people.phones import phone_key

_NEED = (
    "id", "public_id", "number", "receipt_id", "category_id", "area_id", "words", "name", "phone", "phone_key",
    "address", "risk", "urgency", "wanted_by", "door", "entered_by_id", "proxy_name", "proxy_relation", "mandate",
    "state", "state_since", "turn", "warn_at", "due_at", "alarm_at", "desk_id", "escalations", "team_id", "times_sent",
    "helped", "outcome", "done_at", "created_at", "grams",
    "resident_id",
)  # fmt: skip
_AT_TEAM = {NeedState.DISPATCHED, NeedState.ACCEPTED, NeedState.SCHEDULED, NeedState.SERVING}
_DONE = {NeedState.DONE, NeedState.CONFIRMED, NeedState.RATED, NeedState.CLOSED}


def write_needs(
    drafts: Sequence[NeedDraft],
    teams: Sequence[SeededTeam],
    places: dict[str, str],
    *,
    ids: Ids,
    at: datetime,
    watch: Watch,
) -> list[int]:
    """All drafts as rows, numbered day by day in the order of asking; returns their keys."""
    first = next_key(Need)
    keys = list(range(first, first + len(drafts)))
    residents = write_residents(drafts, ids=ids)
    names = {category.code: category.zh for category in CATEGORIES}
    asked: Counter[date] = Counter()
    rows: list[tuple[Any, ...]] = []
    clocks = [clock_facts(draft, at) for draft in drafts]
    for key, draft, clock in zip(keys, watch("requests", drafts), clocks, strict=True):
        day = local_day(draft.created_at)
        asked[day] += 1
        number = f"{day:%y%m%d}-{asked[day]:04d}"
        rows.append((
            key, ids.public(), number, ids.capability(), draft.category, draft.area_code, draft.words, draft.name,
            draft.phone, phone_key(draft.phone), draft.address, draft.risk, draft.urgency.value, draft.wanted_by,
            draft.door, draft.entered_by, draft.proxy_name, draft.proxy_relation,
            Mandate.SPOKEN.value if draft.proxy_name else "", draft.state.value, draft.steps[-1].at, clock.turn,
            clock.warn_at, clock.due_at, clock.alarm_at, clock.desk, clock.escalations,
            None if draft.team is None or draft.state == NeedState.DISPATCHED else teams[draft.team].pk,
            draft.times_sent, draft.helped, draft.outcome, _done_at(draft), draft.created_at,
            grams(number, draft.words, names[draft.category], places[draft.area_code]),
            residents[key - first],
        ))  # fmt: skip
    bulk_insert(Need, _NEED, rows)
    bulk_insert(DayCounter, ("day", "last"), sorted(asked.items()))
    _write_steps(keys, drafts, teams)
    write_orders(keys, drafts, teams, ids)
    write_alarms(keys, drafts, clocks)
    write_follow_ups(keys, drafts)
    bulk_insert(TeamRecord, ("team_id", "open_orders", "done", "declined", "ratings", "stars"), _records(drafts, teams))
    return keys


def _done_at(draft: NeedDraft) -> datetime | None:
    return next((step.at for step in draft.steps if step.after == NeedState.DONE), None)


def _write_steps(keys: Sequence[int], drafts: Sequence[NeedDraft], teams: Sequence[SeededTeam]) -> None:
    steps = sorted(
        (
            (key, step.before, step.after.value, step.by, step.at, step.reason,
             None if step.team is None else teams[step.team].pk, *_ran(draft, step, earlier))
            for key, draft in zip(keys, drafts, strict=True)
            for earlier, step in zip([None, *draft.steps[:-1]], draft.steps, strict=True)
        ),
        key=lambda row: row[4],
    )  # fmt: skip
    bulk_insert(
        Transition, ("need_id", "from_state", "to_state", "by_id", "at", "reason", "team_id", "minutes", "late"), steps
    )
    verified = [(key, *draft.verified) for key, draft in zip(keys, drafts, strict=True) if draft.verified]
    bulk_insert(Verification, ("need_id", "method", "by_id", "at", "result"), verified)
    rated = [
        (key, draft.stars, draft.rating_words, draft.rated_by, draft.rated_at)
        for key, draft in zip(keys, drafts, strict=True)
        if draft.stars
    ]
    bulk_insert(Rating, ("need_id", "stars", "words", "by_id", "at"), rated)


def _ran(draft: NeedDraft, step: Step, earlier: Step | None) -> tuple[int | None, bool | None]:
    """How long the stage ran that a step ends, and whether it was late."""
    if earlier is None:
        return None, None
    state = earlier.after
    minutes = CLOCKS.minutes_in(draft.urgency, state, start=earlier.at, end=step.at)
    timed = TURNS[state] == Turn.OURS and state != NeedState.SCHEDULED
    return minutes, timed and minutes > CLOCKS.limit(draft.urgency, state)


def _records(drafts: Sequence[NeedDraft], teams: Sequence[SeededTeam]) -> list[tuple[int, ...]]:
    """For each team that had orders: open, done and declined ones, ratings and their sum."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for draft in drafts:
        for team in draft.declined_by:
            counts[team]["declined"] += 1
        if draft.team is None:
            continue
        count = counts[draft.team]
        count["open"] += draft.state in _AT_TEAM
        count["done"] += draft.state in _DONE
        count["ratings"] += draft.stars > 0
        count["stars"] += draft.stars
    return [
        (teams[team].pk, count["open"], count["done"], count["declined"], count["ratings"], count["stars"])
        for team, count in sorted(counts.items())
    ]
