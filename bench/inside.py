"""Looks into a server's database with the program's own models: `python -m bench.inside WHAT …` prints JSON."""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhiyuan.config.settings")
django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction

from tests.build import a_category, a_county, a_person, a_shift, a_team, a_volunteer, an_activity, area
from zhiyuan.domain.activities.models import Activity, Shift, SignUp
from zhiyuan.domain.areas.models import Area, Level
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.journal.reading import journal_break
from zhiyuan.domain.needs.models import Need, NeedState, Urgency
from zhiyuan.domain.needs.ticking import tick
from zhiyuan.domain.notices.outbox import outbox_counts, post_message
from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.people.models import Person

SECRET = "JBSWY3DPEHPK3PXP"  # of a check-in code that nobody will type


def _phone() -> str:
    return f"100{Person.objects.count():08d}"


def _session_of(person: Person) -> str:
    """What the login page leaves behind."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["epoch"] = person.auth_epoch
    session["factor_at"] = now().isoformat()
    session.create()
    return str(session.session_key)


def county() -> None:
    """Areas and a kind of service: what pages cannot do without."""
    a_county()
    a_category()


@transaction.atomic
def crowd(count: str) -> list[str]:
    """That many signed-in volunteers; returns their sessions."""
    return [_session_of(a_volunteer(phone=_phone()).person) for _number in range(int(count))]


@transaction.atomic
def shifts(count: str, places: str) -> list[dict[str, str]]:
    """An activity with that many shifts, one after another from tomorrow on."""
    first = now() + timedelta(days=1)
    team = a_team(name=f"量测分队 {first:%H%M%S%f}")
    activity = an_activity(team, starts_at=first, hours=1, places=int(places), in_charge=a_person(phone=_phone()))
    for number in range(1, int(count)):
        starts_at = first + timedelta(hours=2 * number)
        activity.ends_at = starts_at + timedelta(hours=1)
        a_shift(activity, starts_at=starts_at, ends_at=activity.ends_at, places=int(places))
    activity.save(update_fields=["ends_at"])
    keys = activity.shifts.order_by("starts_at").values_list("public_id", flat=True)
    return [{"activity": activity.public_id, "shift": key} for key in keys]


def seats(shift: str) -> dict[str, int]:
    """What really happened on a shift: sign-ups, the counter, and whom the next page tells that it is full."""
    row = Shift.objects.get(public_id=shift)
    told = (session.get_decoded().get("_messages", "") for session in Session.objects.iterator())
    return {
        "admitted": SignUp.objects.filter(shift=row, state=SignUp.State.ADMITTED).count(),
        "taken": row.taken,
        "told_full": sum('"full"' in messages for messages in told),
    }


def forget_messages() -> None:
    """Empty what sessions have to tell, before the next measurement."""
    for session in Session.objects.iterator():
        facts = session.get_decoded()
        if facts.pop("_messages", None):
            session.session_data = SessionStore().encode(facts)
            session.save(update_fields=["session_data"])


@transaction.atomic
def open_activities(count: str) -> None:
    """As many more activities of one shift each, of all teams in turn, over the next three weeks."""
    teams, first, leader = list(Team.objects.filter(until=None).order_by("pk")), now(), a_person(phone=_phone())
    some = [_open_activity(teams[number % len(teams)], number, first, leader) for number in range(int(count))]
    Activity.objects.bulk_create(some, batch_size=500)
    rows = [Shift(activity=a, starts_at=a.starts_at, ends_at=a.ends_at, places=5, code_secret=SECRET) for a in some]
    Shift.objects.bulk_create(rows, batch_size=500)


def _open_activity(team: Team, number: int, first: datetime, leader: Person) -> Activity:
    starts_at = first + timedelta(hours=2, minutes=10 * number)
    return Activity(
        title=f"清扫门前积雪 第 {number} 处",
        content="扫雪、清灶、查烟道。",
        team=team,
        area_id=team.area_id,
        place="党群服务中心",
        category=a_category("snow"),
        risk="路滑，请穿防滑鞋。",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        created_at=first,
        created_by=leader,
        in_charge=leader,
        grams=grams("清扫门前积雪"),
    )


def need_facts() -> dict[str, str]:
    """What a request for help must say beside its own words, as the form names it."""
    return {"category": str(a_category().pk), "village": area().code, "urgency": Urgency.NORMAL.value}


def a_receipt() -> str:
    """The address of a receipt that has something to show."""
    states = (NeedState.SCHEDULED, NeedState.ACCEPTED, NeedState.DISPATCHED, NeedState.SUBMITTED)
    found = (Need.objects.filter(state=state).order_by("-created_at", "pk").first() for state in states)
    return next(f"/r/{need.receipt_id}/" for need in found if need)


def effects() -> dict[str, Any]:
    """How often each thing that clients ask for has happened: sign-ups by session and shift, needs by their words."""
    persons = {facts.get(SESSION_KEY): s.session_key for s in Session.objects.iterator() if (facts := s.get_decoded())}
    held = SignUp.objects.filter(state=SignUp.State.ADMITTED).values_list("volunteer__person_id", "shift__public_id")
    signups = Counter(f"{persons.get(str(person), '')} {shift}" for person, shift in held)
    counters = sum(Shift.objects.values_list("taken", flat=True))
    broken = journal_break()
    return {
        "signups": signups,
        "needs": Counter(Need.objects.values_list("words", flat=True)),
        "taken": counters,
        "journal": "" if broken is None else str(broken),
    }


@transaction.atomic
def needs_with_clocks(count: str) -> None:
    """That many more open needs all over the county, whose clocks ring some time in the next days."""
    at, first = now(), Need.objects.filter(state=NeedState.SUBMITTED).select_related("category").first()
    if first is None:
        raise RuntimeError("the demo county has needs")
    villages = list(Area.objects.filter(level=Level.VILLAGE, until=None).select_related("parent"))
    for start in range(0, int(count), 5000):
        Need.objects.bulk_create(
            _a_clocked_need(first, villages[number % len(villages)], number, at)
            for number in range(start, min(start + 5000, int(count)))
        )


def _a_clocked_need(first: Need, village: Area, number: int, at: datetime) -> Need:
    due_at = at + timedelta(hours=2, minutes=number % 14_000)
    warn_at = due_at - timedelta(hours=1)
    return Need(
        number=f"200101-{number:05d}",
        category=first.category,
        area=village,
        desk=village.parent or village,
        words="降压药快吃完了，腿疼走不到镇上。",
        name="王奶奶",
        phone=first.phone,
        phone_key=first.phone_key,
        urgency=Urgency.NORMAL,
        door=first.door,
        state=NeedState.SUBMITTED,
        state_since=at,
        created_at=at,
        warn_at=warn_at,
        due_at=due_at,
        alarm_at=warn_at,
        grams=first.grams,
    )


def tick_with(ringing: str) -> dict[str, object]:
    """Let so many clocks ring, one half for a warning, the other because the time is up; and what dealing with them
    cost this process."""
    at = now()
    keys = list(Need.objects.filter(alarm_at__gt=at, warn_at__gt=at).order_by("pk").values_list("pk", flat=True))
    wanted = keys[: int(ringing)]
    Need.objects.filter(pk__in=wanted).update(alarm_at=at, warn_at=at)
    Need.objects.filter(pk__in=wanted[::2]).update(due_at=at)
    cpu, wall = time.process_time(), time.monotonic()
    dealt_with = tick(at)
    return {
        "ringing": dealt_with,
        "CPU s": round(time.process_time() - cpu, 2),
        "wall s": round(time.monotonic() - wall, 2),
    }


@transaction.atomic
def post_messages(count: str) -> None:
    """That many texts, each with its number, to be sent in that order."""
    at = now()
    for number in range(int(count)):
        post_message(f"100{number:08d}", f"第 {number} 条", key=f"bench:{number}", at=at)


def messages() -> dict[str, int]:
    return outbox_counts()


COMMANDS: dict[str, Callable[..., Any]] = {
    command.__name__: command
    for command in (
        county,
        crowd,
        shifts,
        open_activities,
        seats,
        forget_messages,
        need_facts,
        a_receipt,
        effects,
        needs_with_clocks,
        tick_with,
        post_messages,
        messages,
    )
}


def as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


if __name__ == "__main__":
    name, *words = sys.argv[1:]
    sys.stdout.write(json.dumps(COMMANDS[name](*words), default=as_text))
