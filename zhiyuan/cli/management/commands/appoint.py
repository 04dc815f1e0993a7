"""./run manage appoint: the first holders of the top roles, named by whoever runs the machine."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.areas.queries import resolve_code
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import SYSTEM
from zhiyuan.domain.organisations.granting import LONGEST, appoint
from zhiyuan.domain.organisations.models import Role, Team
from zhiyuan.domain.organisations.queries import any_team
from zhiyuan.domain.people.login import person_with_phone
from zhiyuan.domain.people.phones import normal_phone


class Command(BaseCommand):
    help = "Gives a role to somebody who has registered. All later roles are granted on the pages, downward."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("telephone")
        parser.add_argument("role", choices=Role.values)
        branch = parser.add_mutually_exclusive_group(required=True)
        branch.add_argument("--area", metavar="CODE", help="12-digit code of the area for which the role holds")
        branch.add_argument("--team", metavar="ID", help="public id of the team: for leader and deputy")
        parser.add_argument("--days", type=int, default=365, help=f"{LONGEST.days} at the most")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = person_with_phone(normal_phone(options["telephone"]))
            if person is None:
                raise CommandError("Nobody has registered with this telephone yet: they do so on the page “Join”.")
            at = now()
            grant = appoint(
                person,
                Role(options["role"]),
                area=_area(options["area"]),
                team=_team(options["team"]),
                until=local_day(at) + timedelta(days=options["days"]),
                by=SYSTEM,
                at=at,
            )
        except Refused as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{Role(grant.role).label} until {grant.until}.")


def _area(code: str | None) -> Area | None:
    area = resolve_code(code) if code else None
    if code and area is None:
        raise CommandError(f"There is no area with the code {code}.")
    return area


def _team(public_id: str | None) -> Team | None:
    team = any_team().filter(public_id=public_id).first() if public_id else None
    if public_id and team is None:
        raise CommandError(f"There is no team with the id {public_id}.")
    return team
