"""The demo's people with names: one account for every role, with fixed telephones."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pyotp
from django.conf import settings

from zhiyuan.cli.demo_county.population import SyntheticVolunteer, Work
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.journal.verbs import SYSTEM
from zhiyuan.domain.organisations.granting import appoint, grant_role
from zhiyuan.domain.organisations.models import Role, Team, TeamKind
from zhiyuan.domain.people.login import check_factor, offer_factor
from zhiyuan.domain.people.models import Person, SecondFactor
from zhiyuan.domain.people.phones import phone_key
from zhiyuan.domain.people.registering import register_person

COUNTY = "621027000000"
TOWN, VILLAGE = "621027101000", "621027101202"  # 屯字镇, 马堡村
SIBLING_TOWN, SIBLING_VILLAGE = "621027102000", "621027102203"  # 孟坝镇, 孟坝村
TEAM, SIBLING_TEAM = f"detachment:{VILLAGE}", f"detachment:{SIBLING_VILLAGE}"
_A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Staged:
    """Somebody of the demo: `branch` is the code of an area, or of a team's village for those who lead one."""

    key: str
    name: str
    sex: str
    born_on: date
    role: str  # of a volunteer: volunteer
    branch: str
    start: str
    phone: str
    skills: tuple[str, ...] = ()

    @property
    def is_volunteer(self) -> bool:
        return self.role in {"volunteer", "leader", "deputy"}


CAST = (
    Staged("volunteer", "陈青原", "f", date(1994, 4, 12), "volunteer", VILLAGE, "/me/", "10000000101", ("driving",)),
    Staged("leader", "段平", "m", date(1979, 9, 3), "leader", VILLAGE, "/my-teams/", "10000000102", ("repair",)),
    Staged("clerk", "周禾", "f", date(1990, 2, 21), "clerk", TOWN, "/desk/", "10000000103"),
    Staged("dispatcher", "贺明远", "m", date(1985, 11, 8), "dispatcher", TOWN, "/desk/", "10000000104"),
    Staged("county_dispatcher", "祁文静", "f", date(1983, 6, 17), "dispatcher", COUNTY, "/desk/", "10000000105"),
    Staged("office", "惠建宏", "m", date(1976, 12, 1), "office", COUNTY, "/teams/", "10000000106"),
    Staged("auditor", "苏宁", "f", date(1981, 3, 30), "auditor", COUNTY, "/journal/", "10000000107"),
    Staged("volunteer2", "慕小雨", "f", date(2001, 8, 25), "volunteer", VILLAGE, "/me/", "10000000108", ("nursing",)),
    Staged("deputy", "席桂兰", "f", date(1972, 1, 19), "deputy", VILLAGE, "/my-teams/", "10000000109", ("cooking",)),
    Staged("sibling_dispatcher", "闫志强", "m", date(1988, 7, 7), "dispatcher", SIBLING_TOWN, "/desk/", "10000000110"),
    Staged(
        "sibling_leader", "畅秀英", "f", date(1974, 5, 14), "leader", SIBLING_VILLAGE, "/my-teams/", "10000000111",
        ("mediation",),
    ),
)  # fmt: skip
VOLUNTEER_CAST = tuple(one for one in CAST if one.is_volunteer)
STAFF_CAST = tuple(one for one in CAST if not one.is_volunteer)
_OFTEN_FREE = 0b110_110_110_100_100_100_100_100  # evenings from Monday to Friday; weekends and holidays


def volunteers_of_the_cast(first_number: int, on: date) -> list[SyntheticVolunteer]:
    """Those of the cast who are volunteers, as the last of the county's people."""
    return [
        SyntheticVolunteer(
            number=first_number + order,
            name=one.name,
            sex=one.sex,
            born_on=one.born_on,
            area_code=one.branch,
            phone=one.phone,
            work=Work.TRADE,
            availability=_OFTEN_FREE,
            skills=one.skills,
            zeal=60.0,
            joined_on=on - timedelta(days=700 - 40 * order),
            guardian=None,
        )
        for order, one in enumerate(VOLUNTEER_CAST)
    ]


# Roles, through the verbs --------------------------------------------------------------------------------------------


def person_of(key: str) -> Person:
    phone = next(one.phone for one in CAST if one.key == key)
    return Person.objects.get(phone_key=phone_key(phone))


def appoint_cast(*, at: datetime) -> None:
    """Accounts for the staff of the cast, the cast's roles, and a confirmed second factor for each of the staff."""
    for one in STAFF_CAST:
        register_person(
            name=one.name, phone=one.phone, born_on=one.born_on, consents=True, guardian=None, by=SYSTEM, at=at
        )
    until = local_day(at) + _A_YEAR
    for key in ("office", "auditor"):
        staged = next(one for one in CAST if one.key == key)
        area = Area.objects.get(code=staged.branch)
        appoint(person_of(key), Role(staged.role), area=area, until=until, by=SYSTEM, at=at)
    office = person_of("office")
    for one in CAST:
        if one.role in {"leader", "deputy"}:
            team = Team.objects.get(kind=TeamKind.DETACHMENT, area=one.branch)
            grant_role(person_of(one.key), Role(one.role), team=team, until=until, by=office, at=at)
        elif one.role in {"clerk", "dispatcher"}:
            area = Area.objects.get(code=one.branch)
            grant_role(person_of(one.key), Role(one.role), area=area, until=until, by=office, at=at)
    for one in STAFF_CAST:
        _set_up_factor(person_of(one.key), at=at)


def _set_up_factor(person: Person, *, at: datetime) -> None:
    secret = offer_factor(person, at=at)
    check_factor(person, pyotp.TOTP(secret).at(at), at=at)


# The list of logins --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    key: str
    name: str
    phone: str
    role: str
    branch: str
    totp_secret: str
    start: str


def accounts() -> list[Account]:
    """The cast as it stands in the database, with the secrets of the second factors."""
    secrets = {factor.person_id: factor.secret for factor in SecondFactor.objects.all()}
    people = {
        person.phone_key: person for person in Person.objects.filter(phone_key__in=[phone_key(c.phone) for c in CAST])
    }
    places = dict(Area.objects.filter(code__in={one.branch for one in CAST}).values_list("code", "place"))
    found = [(one, people.get(phone_key(one.phone))) for one in CAST]
    return [
        Account(one.key, one.name, one.phone, one.role, places[one.branch], secrets.get(person.pk, ""), one.start)
        for one, person in found
        if person
    ]


def accounts_path() -> Path:
    return Path(settings.DATA) / "accounts.json"


def write_accounts(found: list[Account]) -> Path:
    """As JSON, for tests and tools; readable by its owner only."""
    path = accounts_path()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(as_json(found) + "\n")
    return path


def as_json(found: list[Account]) -> str:
    return json.dumps({"accounts": [asdict(account) for account in found]}, ensure_ascii=False, indent=2)


def table_of(found: list[Account]) -> str:
    """The logins as people read them."""
    lines = [f"  {account.phone}  {account.key:<19}{account.name}  {account.branch}" for account in found]
    return "\n".join(lines)
