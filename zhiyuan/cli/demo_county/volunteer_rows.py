"""Writes people: volunteers with consents, guardians, skills, teams, certificates; and the townships' staff."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from zhiyuan.cli.demo_county.area_rows import AreaRow, townships_of
from zhiyuan.cli.demo_county.codes import CATEGORIES, CREDENTIAL_KINDS
from zhiyuan.cli.demo_county.names import Names
from zhiyuan.cli.demo_county.organisation_rows import SeededTeam
from zhiyuan.cli.demo_county.organisation_tables import AT_TIMES, EVERYDAY
from zhiyuan.cli.demo_county.phones import Use, synthetic_phone
from zhiyuan.cli.demo_county.population import SyntheticVolunteer
from zhiyuan.cli.demo_county.progress import Watch
from zhiyuan.cli.demo_county.roster import TeamRoster
from zhiyuan.cli.demo_county.seeded_ids import Ids
from zhiyuan.domain.foundation.database import bulk_insert, next_key
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.people.consents import CONSENT_VERSION
from zhiyuan.domain.people.models import Consent, GuardianConsent, HowGiven, Person, Purpose
from zhiyuan.domain.people.phones import phone_key
from zhiyuan.domain.volunteers.models import (
    Credential,
    Membership,
    TeamStrength,
    Volunteer,
    VolunteerSkill,
)
from zhiyuan.domain.volunteers.strength import counted_cells

_SHOWS_A_CERTIFICATE = 0.03  # of those who have a skill that one can prove
_CLERKS_A_TOWNSHIP = 2
_PERSON = ("id", "public_id", "password", "name", "phone", "phone_key", "born_on", "sex", "created_at")
_VOLUNTEER = ("id", "public_id", "person_id", "number", "area_id", "joined_at", "availability", "grams")


@dataclass(frozen=True)
class Staff:
    """Somebody who works for a township and is no volunteer."""

    pk: int
    public_id: str
    role: str
    area_code: str


@dataclass(frozen=True)
class People:
    """Everybody's rows: the key of the n-th volunteer, and of their person, is the first one's plus n."""

    all: Sequence[SyntheticVolunteer]
    first_person: int
    first_volunteer: int
    public_ids: Sequence[str]  # of the volunteers' persons

    def person(self, place: int) -> int:
        return self.first_person + place

    def volunteer(self, place: int) -> int:
        return self.first_volunteer + place


def write_people(people: Sequence[SyntheticVolunteer], *, seed: int, ids: Ids, watch: Watch) -> People:
    """Volunteers with all that stands in their file; table after table, so that few rows are held at once."""
    written = People(people, next_key(Person), next_key(Volunteer), [ids.public() for _ in people])
    joined = [moment_of(one.joined_on, one.number) for one in people]
    nobody = make_password(None)  # nobody logs in with a password
    persons = (
        (
            written.person(place), written.public_ids[place], nobody, one.name, one.phone, phone_key(one.phone),
            one.born_on, one.sex, joined[place],
        )
        for place, one in enumerate(watch("people", people))
    )  # fmt: skip
    bulk_insert(Person, _PERSON, persons)
    service = Purpose.SERVICE.value
    consents = ((written.person(place), service, CONSENT_VERSION, at) for place, at in enumerate(joined))
    bulk_insert(Consent, ("person_id", "purpose", "version", "given_at"), consents)
    bulk_insert(
        GuardianConsent,
        (
            "public_id",
            "person_id",
            "guardian_name",
            "guardian_phone",
            "guardian_key",
            "relation",
            "how",
            "since",
            "until",
            "given_at",
        ),
        _guardian_consents(written, joined, ids),
    )
    files = (
        (
            written.volunteer(place), ids.public(), written.person(place), f"ZY{ids.of(8).upper()}", one.area_code,
            joined[place], one.availability, grams(one.name),
        )
        for place, one in enumerate(watch("volunteers", people))
    )  # fmt: skip
    bulk_insert(Volunteer, _VOLUNTEER, files)
    skills = ((written.volunteer(place), skill) for place, one in enumerate(people) for skill in one.skills)
    bulk_insert(VolunteerSkill, ("volunteer_id", "skill_id"), skills)
    wishes = _wishes(written, Random(f"{seed}:wishes"))
    bulk_insert(Volunteer.categories.through, ("volunteer_id", "category_id"), wishes)
    return written


def moment_of(day: date, number: int) -> datetime:
    """Some minute of the day between 8 and 18 o'clock here, another one for each number."""
    return datetime.combine(day, time(number % 10, number * 7 % 60, tzinfo=UTC))


def _guardian_consents(people: People, joined: Sequence[datetime], ids: Ids) -> Iterator[tuple[object, ...]]:
    for place, one in enumerate(people.all):
        if one.guardian:
            grown_on = one.born_on + timedelta(days=18 * 366)
            yield (
                ids.public(), people.person(place), one.guardian.name, one.guardian.phone,
                phone_key(one.guardian.phone), one.guardian.relation, HowGiven.IN_PERSON.value,
                one.joined_on, grown_on, joined[place],
            )  # fmt: skip


def _wishes(people: People, rng: Random) -> Iterator[tuple[int, str]]:
    """One to four kinds of service: what one's skills are good for, and something of every day."""
    fitting: dict[str, list[str]] = {}
    for category in CATEGORIES:
        for skill in category.skills:
            fitting.setdefault(skill, []).append(category.code)
    common = EVERYDAY + AT_TIMES
    for place, one in enumerate(people.all):
        wanted = {code for skill in one.skills for code in fitting.get(skill, ())}
        wanted.add(common[int(rng.random() ** 1.4 * len(common))])
        for code in sorted(wanted)[:4]:
            yield people.volunteer(place), code


# Teams ---------------------------------------------------------------------------------------------------------------


def write_memberships(people: People, teams: Sequence[SeededTeam], rosters: Sequence[TeamRoster], watch: Watch) -> None:
    members = [(team, place) for team, roster in zip(teams, rosters, strict=True) for place in roster.members]
    rows = (
        (people.volunteer(place), team.pk, member_since(people.all[place], team))
        for team, place in watch("members", members)
    )
    bulk_insert(Membership, ("volunteer_id", "team_id", "since"), rows)
    strengths = [_strength(people, team, roster) for team, roster in zip(teams, rosters, strict=True)]
    bulk_insert(TeamStrength, ("team_id", "members", "skills", "free"), strengths)


def member_since(one: SyntheticVolunteer, team: SeededTeam) -> date:
    return max(one.joined_on, team.plan.since)


def _strength(people: People, team: SeededTeam, roster: TeamRoster) -> tuple[int, int, dict[str, int], list[int]]:
    members = [people.all[place] for place in roster.members]
    grids = Counter(one.availability for one in members)
    skills = Counter(skill for one in members for skill in one.skills)
    return team.pk, len(members), dict(sorted(skills.items())), counted_cells(grids)


# Certificates, staff -------------------------------------------------------------------------------------------------


def write_staff(areas: Sequence[AreaRow], *, seed: int, ids: Ids, at: datetime) -> list[Staff]:
    """A dispatcher and two clerks for each township."""
    rng = Random(f"{seed}:staff")
    names = Names(rng)
    wanted = [
        (role, town.code) for town in townships_of(areas) for role in ("dispatcher", *["clerk"] * _CLERKS_A_TOWNSHIP)
    ]
    staff = [Staff(pk, ids.public(), role, code) for pk, (role, code) in enumerate(wanted, start=next_key(Person))]
    nobody = make_password(None)
    rows = []
    for number, one in enumerate(staff):
        sex, born = rng.choice("fm"), date(rng.randint(1968, 1999), rng.randint(1, 12), rng.randint(1, 28))
        phone = synthetic_phone(Use.STAFF, number)
        name = names.full(sex, born.year)
        rows.append((one.pk, one.public_id, nobody, name, phone, phone_key(phone), born, sex, at - timedelta(days=900)))
    bulk_insert(Person, _PERSON, rows)
    return staff


def write_certificates(people: People, verifiers: Sequence[Staff], *, seed: int, ids: Ids, on: date) -> None:
    """Some have shown a certificate: most are verified, some wait, few were refused or have run out."""
    rng = Random(f"{seed}:certificates")
    kinds = {skill: kind for kind, _zh, _en, skill in CREDENTIAL_KINDS}
    verifier = {one.area_code[:9]: one.pk for one in verifiers if one.role == "dispatcher"}
    rows = [
        _certificate(people.volunteer(place), kinds[skill], verifier[one.area_code[:9]], ids, rng, on)
        for place, one in enumerate(people.all)
        for skill in one.skills
        if skill in kinds and rng.random() < _SHOWS_A_CERTIFICATE
    ]
    fields = (
        "public_id", "volunteer_id", "kind_id", "issuer", "number", "expires_on", "state", "verified_by_id",
        "verified_at", "created_at",
    )  # fmt: skip
    bulk_insert(Credential, fields, rows)


def _certificate(volunteer: int, kind: str, verifier: int, ids: Ids, rng: Random, on: date) -> tuple[object, ...]:
    handed_in = on - timedelta(days=rng.randint(2, 800))
    expires_on = handed_in + timedelta(days=rng.choice((400, 900, 1800, 3600)))
    waits = (on - handed_in).days < 40
    state = "unverified" if waits else "verified" if rng.random() < 0.96 else "rejected"
    created_at = moment_of(handed_in, volunteer)
    return (
        ids.public(), volunteer, kind, "庆阳市主管部门", f"DEMO-{rng.randint(100_000, 999_999)}", expires_on, state,
        None if waits else verifier, None if waits else created_at + timedelta(days=3), created_at,
    )  # fmt: skip
