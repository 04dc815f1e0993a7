"""A small demo county for tests, and tampering with it as somebody with the database's password could."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from zhiyuan.cli.demo_county.progress import unwatched
from zhiyuan.cli.demo_county.seeding import SEED, seed
from zhiyuan.domain.activities.models import Activity, SignUp
from zhiyuan.domain.foundation.clock import now
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.organisations.models import Site, Team
from zhiyuan.domain.volunteers.models import TeamStrength, Volunteer

PEOPLE = 300


@dataclass(frozen=True)
class SeededCounty:
    at: datetime
    counts: dict[str, int]
    first: list[list[Any]]  # what a first seeding, undone since, had written
    second: list[list[Any]]


def seeded_twice() -> SeededCounty:
    """Seeded, undone, and seeded again for good."""
    at = now()
    with transaction.atomic():
        seed(people=PEOPLE, seed=SEED, at=at, watch=unwatched)
        first = _contents()
        transaction.set_rollback(True)
    counts = seed(people=PEOPLE, seed=SEED, at=at, watch=unwatched)
    return SeededCounty(at, counts, first, _contents())


def _contents() -> list[list[Any]]:
    """Names and numbers of everything that comes from the seed alone; keys and ids of the verbs' rows do not."""
    strengths = TeamStrength.objects.values_list("team__path", "members", "skills", "free")
    return [
        list(Volunteer.objects.values_list("number", "person__name", "area_id", "availability").order_by("number")),
        list(Team.objects.values_list("path", "public_id", "name", "credit_code").order_by("path")),
        list(Site.objects.values_list("public_id", "name", "duty_person").order_by("public_id")),
        [list(row) for row in strengths.order_by("team__path")],
        sorted(Need.objects.values_list("number", "words", "state", "due_at", "area_id")),
        sorted(Activity.objects.values_list("title", "starts_at", "place", "helped", "state")),
        sorted(SignUp.objects.values_list("starts_at", "volunteer__number", "state")),
        sorted(ServiceRecord.objects.values_list("starts_at", "volunteer__number", "minutes")),
    ]


def lift_guards() -> None:
    """Until the transaction ends, triggers and the constraint on overlaps no longer stand in the way."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("ALTER TABLE activities_signup DROP CONSTRAINT activities_signup_no_overlap")
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE '%_fts_%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
