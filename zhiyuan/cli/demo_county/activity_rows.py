"""Writes activities with shifts, sign-ups, attendance, minutes and what others confirmed of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from zhiyuan.cli.demo_county.activity_plan import ActivityDraft, Attendance, ShiftDraft
from zhiyuan.cli.demo_county.organisation_rows import SeededSite, SeededTeam
from zhiyuan.cli.demo_county.progress import Watch
from zhiyuan.cli.demo_county.roster import TeamRoster
from zhiyuan.cli.demo_county.seeded_ids import Ids
from zhiyuan.cli.demo_county.volunteer_rows import People
from zhiyuan.domain.activities.models import Activity, Shift, SignUp
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.database import bulk_insert, next_key
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.hours.crediting import whole_minutes
from zhiyuan.domain.hours.models import Confirmation, ServiceRecord

_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_ACTIVITY = (
    "id", "public_id", "title", "content", "team_id", "area_id", "place", "site_id", "category_id", "form", "track",
    "in_charge_id", "risk", "needed_from", "dangerous", "need_id", "state", "starts_at", "ends_at", "created_at",
    "created_by_id", "ended_at", "cancel_reason", "helped", "outcome", "grams",
)  # fmt: skip
_SHIFT = ("id", "public_id", "activity_id", "starts_at", "ends_at", "places", "taken", "code_secret")
_SIGN_UP = (
    "public_id", "shift_id", "volunteer_id", "state", "signed_up_at", "risk_version", "starts_at", "ends_at",
    "cancelled_at", "cancel_reason", "checked_in_at", "checked_in_by_id", "checked_in_method", "checked_out_at",
    "checked_out_by_id", "checked_out_method",
)  # fmt: skip
_RECORD = (
    "id", "public_id", "volunteer_id", "person_id", "team_id", "area_id", "category_id", "track", "source",
    "activity_name", "content", "place", "person_in_charge", "served_on", "starts_at", "ends_at", "minutes", "method",
    "entered_by_id", "entered_at",
)  # fmt: skip
_CONFIRMATION = ("record_id", "person_id", "entered_by_id", "confirmed_by_id", "confirmed_at")


@dataclass
class _Tables:
    activities: list[tuple[Any, ...]] = field(default_factory=list)
    skills: list[tuple[int, str]] = field(default_factory=list)
    shifts: list[tuple[Any, ...]] = field(default_factory=list)
    signups: list[tuple[Any, ...]] = field(default_factory=list)
    records: list[tuple[Any, ...]] = field(default_factory=list)
    confirmations: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(frozen=True)
class Venue:
    """All that rows of activities refer to, by the places in the lists that the drafts name."""

    people: People
    teams: Sequence[SeededTeam]
    rosters: Sequence[TeamRoster]
    sites: Sequence[SeededSite]
    places: dict[str, str]  # by area code: how a place is said
    office: int  # the county officer's person, who can confirm whatever nobody else may


def write_activities(
    drafts: Sequence[ActivityDraft],
    need_keys: Sequence[int],
    venue: Venue,
    *,
    seed: int,
    ids: Ids,
    at: datetime,
    watch: Watch,
) -> dict[str, int]:
    """All drafts as rows; returns how many activities, sign-ups and records there are."""
    writer = _Writer(venue, need_keys, Random(f"{seed}:attendance"), ids, at)
    for draft in watch("activities", drafts):
        writer.write(draft)
    tables = writer.tables
    bulk_insert(Activity, _ACTIVITY, tables.activities)
    bulk_insert(Activity.needed_skills.through, ("activity_id", "skill_id"), tables.skills)
    bulk_insert(Shift, _SHIFT, tables.shifts)
    bulk_insert(SignUp, _SIGN_UP, watch("sign-ups", tables.signups))
    bulk_insert(ServiceRecord, _RECORD, watch("hours", tables.records))
    bulk_insert(Confirmation, _CONFIRMATION, tables.confirmations)
    return {
        "activities": len(tables.activities),
        "sign-ups": len(tables.signups),
        "service records": len(tables.records),
    }


class _Writer:
    def __init__(self, venue: Venue, need_keys: Sequence[int], rng: Random, ids: Ids, at: datetime) -> None:
        self.tables = _Tables()
        self._venue = venue
        self._need_keys = need_keys
        self._rng = rng
        self._ids = ids
        self._at = at
        self._activity, self._shift = next_key(Activity), next_key(Shift)
        self._record = next_key(ServiceRecord)
        self._site_of = {site.team_pk: site for site in venue.sites if site.plan.level != "mobile"}
        self._by_key = {team.plan.key: place for place, team in enumerate(venue.teams)}

    def write(self, draft: ActivityDraft) -> None:
        script, team = draft.script, self._venue.teams[draft.team]
        leader = self._leader(draft.team)
        site = self._site_of.get(team.pk) if draft.need is None else None
        place = site.plan.name if site else self._place(draft)
        spoken = self._venue.places[draft.area_code]
        self.tables.activities.append((
            self._activity, self._ids.public(), script.title, script.content, team.pk, draft.area_code, place,
            site.pk if site else None, script.category, script.form, team.plan.track, leader, script.risk,
            script.needed_from, script.dangerous, None if draft.need is None else self._need_keys[draft.need],
            draft.state, draft.starts_at, draft.ends_at, draft.created_at, leader, draft.ended_at,
            draft.cancel_reason, draft.helped, draft.outcome, grams(script.title, place, spoken, team.plan.name),
        ))  # fmt: skip
        if script.skill:
            self.tables.skills.append((self._activity, script.skill))
        for shift in draft.shifts:
            self._write_shift(draft, shift, place)
        self._activity += 1

    def _leader(self, team: int) -> int:
        return self._venue.people.person(self._venue.rosters[team].leader)

    def _place(self, draft: ActivityDraft) -> str:
        spoken = self._venue.places[draft.area_code]
        if draft.need is not None:
            return spoken  # where exactly stands in the request, and is not for everybody
        return spoken + self._rng.choice(("党群服务中心", "文化广场", "村口", "幸福院", "小学操场"))

    def _write_shift(self, draft: ActivityDraft, shift: ShiftDraft, place: str) -> None:
        secret = "".join(self._rng.choices(_BASE32, k=32))
        self.tables.shifts.append((
            self._shift, self._ids.public(), self._activity, shift.starts_at, shift.ends_at, shift.places,
            shift.taken, secret,
        ))  # fmt: skip
        for one in shift.people:
            self._write_attendance(draft, shift, one, place)
        self._shift += 1

    def _write_attendance(self, draft: ActivityDraft, shift: ShiftDraft, one: Attendance, place: str) -> None:
        people = self._venue.people
        own, leader = people.person(one.place), self._leader(draft.team)
        taker, method = (own, "code") if one.by_code else (leader, "roll_call")
        public_id = self._ids.public()
        came, left = one.came_at, one.left_at
        self.tables.signups.append((
            public_id, self._shift, people.volunteer(one.place), one.state, one.signed_up_at, 1, shift.starts_at,
            shift.ends_at, one.given_back_at, one.reason,
            came, taker if came else None, method if came else "",
            left, taker if left else None, method if left else "",
        ))  # fmt: skip
        if came and left and draft.ended_at:
            self._write_record(draft, shift, one, place, public_id, taker, method)

    def _write_record(
        self,
        draft: ActivityDraft,
        shift: ShiftDraft,
        one: Attendance,
        place: str,
        source: str,
        entered_by: int,
        method: str,
    ) -> None:
        if one.came_at is None or one.left_at is None or draft.ended_at is None:
            return
        starts_at, ends_at = max(one.came_at, shift.starts_at), min(one.left_at, shift.ends_at)
        minutes = whole_minutes(starts_at, ends_at)
        if minutes < 1:
            return
        people, team = self._venue.people, self._venue.teams[draft.team]
        own = people.person(one.place)
        in_charge = people.all[self._venue.rosters[draft.team].leader].name
        self.tables.records.append((
            self._record, self._ids.public(), people.volunteer(one.place), own, team.pk, draft.area_code,
            draft.script.category, team.plan.track, f"signup:{source}", draft.script.title, draft.script.content[:200],
            place, in_charge, local_day(starts_at), starts_at, ends_at, minutes, method, entered_by, draft.ended_at,
        ))  # fmt: skip
        self._confirm(draft, own, entered_by)
        self._record += 1

    def _confirm(self, draft: ActivityDraft, own: int, entered_by: int) -> None:
        """Older ones are confirmed but for few; of the last days' some are still waiting."""
        if draft.ended_at is None or self._rng.random() < 0.012:
            return
        confirmed_at = draft.ended_at + timedelta(hours=self._rng.uniform(1, 150))
        if confirmed_at >= self._at:
            return
        confirmer = next(person for person in self._confirmers(draft.team) if person not in {own, entered_by})
        self.tables.confirmations.append((self._record, own, entered_by, confirmer, confirmed_at))

    def _confirmers(self, team: int) -> Iterator[int]:
        """Those who may confirm a team's hours: its leaders, those of the team above, the county office."""
        place: int | None = team
        while place is not None:
            roster = self._venue.rosters[place]
            yield self._venue.people.person(roster.leader)
            if roster.deputy is not None:
                yield self._venue.people.person(roster.deputy)
            parent = self._venue.teams[place].plan.parent_key
            place = self._by_key[parent] if parent else None
        yield self._venue.office
