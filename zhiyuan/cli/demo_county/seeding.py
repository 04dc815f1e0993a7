"""The demo county from the first area to the last rating, in one transaction: it is all there, or nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from zhiyuan.cli.demo_county.accounts import (
    CAST,
    TEAM,
    SIBLING_TEAM,
    VOLUNTEER_CAST,
    appoint_cast,
    volunteers_of_the_cast,
)
from zhiyuan.cli.demo_county.area_rows import ZHENYUAN, AreaRow, read_area_rows
from zhiyuan.cli.demo_county.organisation_rows import SeededTeam, write_code_lists, write_sites, write_teams
from zhiyuan.cli.demo_county.population import VOLUNTEERS, people_of, settle
from zhiyuan.cli.demo_county.progress import Watch, unwatched
from zhiyuan.cli.demo_county.role_rows import write_roles
from zhiyuan.cli.demo_county.roster import TeamRoster, enrol
from zhiyuan.cli.demo_county.seeded_ids import Ids
from zhiyuan.cli.demo_county.volunteer_rows import (
    People,
    Staff,
    write_certificates,
    write_memberships,
    write_people,
    write_staff,
)
from zhiyuan.domain.areas.changing import load_areas
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.models import Call
from zhiyuan.domain.journal.verbs import SYSTEM, record, unit_of_work
from zhiyuan.domain.people.models import Person
