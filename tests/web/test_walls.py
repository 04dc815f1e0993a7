"""The wall: every address and method, as every role, with the ids of a sibling township.

Two townships stand side by side: Tunzi, where the walkers work, and Mengba, whose rows carry secrets. Nothing of Mengba
may be read, changed or guessed from Tunzi. An address that is not in the tables below fails these tests.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.apps import apps
from django.conf import settings as project
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_county,
    a_deputy,
    a_dispatcher,
    a_grant,
    a_household,
    a_leader,
    a_menu_item,
    a_merge,
    a_need,
    a_person,
    a_resident,
    a_round,
    a_service_record,
    a_signup,
    a_skill,
    a_survey,
    a_team,
    a_volunteer,
    a_wish,
    an_activity,
    an_answer,
    an_auditor,
    an_office,
    order_of,
)
from tests.web.alike import told
from tests.web.doors import log_in
from zhiyuan.domain.activities.models import Activity, Shift, SignUp
from zhiyuan.domain.collecting.models import Choice, Round, Survey, Wish, WishState
from zhiyuan.domain.foundation.ids import new_capability
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.hours.models import ServiceRecord
from zhiyuan.domain.needs.models import Body, FollowUp, Need, NeedState, Referral, Transition
from zhiyuan.domain.notices.models import CallEntry, Message, Notice
from zhiyuan.domain.organisations.models import MenuItem, Role, RoleGrant, Site, SiteLevel, Team
from zhiyuan.domain.organisations.permissions import GRANTS
from zhiyuan.domain.people.models import GuardianConsent, Person
from zhiyuan.domain.people.phones import spaced_phone
from zhiyuan.domain.residents.models import Merge, Resident
from zhiyuan.domain.volunteers.models import (
    Credential,
    CredentialKind,
    ExternalNumber,
    Invitation,
    Platform,
    TrainingKind,
    TrainingRecord,
    Transfer,
    Volunteer,
    VolunteerSkill,
)
from zhiyuan.domain.volunteers.models import Merge as FileMerge
from zhiyuan.domain.volunteers.numbers import number_key
from zhiyuan.web.checks import Route, routes

pytestmark = pytest.mark.django_db
State = NeedState


# Two townships --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Secrets:
    """What nobody outside of the branch may read. Each is written nowhere else."""

    words: str
    name: str
    phone: str
    address: str
    proxy: str
    volunteer: str
    volunteer_phone: str
    credential: str
    leader_phone: str
    helper: str
    house: str

    def found_in(self, text: str) -> list[str]:
        variants = {secret: (secret, spaced_phone(secret)) for secret in vars(self).values()}
        return [secret for secret, written in variants.items() if any(form in text for form in written)]


@dataclass(repr=False)
class Branch:
    """A township with people of every role and one of everything."""

    area: str
    village: str
    secrets: Secrets
    team: Team
    other: Team
    volunteer: Volunteer
    people: dict[str, Person]
    needs: dict[NeedState, Need]
    running: Activity
    coming: Activity
    past: Activity
    here: SignUp
    left: SignUp
    missing: SignUp
    record: ServiceRecord
    confirmed: ServiceRecord
    site: Site
    item: MenuItem
    round: Round
    survey: Survey
    wishes: dict[WishState, Wish]
    credential: Credential
    grant: RoleGrant
    resident: Resident
    twin: Resident
    merge: Merge
    substitute: RoleGrant
    notice: Notice
    call: CallEntry
    message: Message
    child: Volunteer
    guarded: GuardianConsent
    sent: Invitation
    received: Invitation
    move: Transfer
    file_merge: FileMerge
    training: TrainingRecord
    number: ExternalNumber
    receipts: list[str] = field(default_factory=list)

    def shift(self, activity: Activity) -> Shift:
        return activity.shifts.get()


def _secrets(sign: str, digit: int) -> Secrets:
    return Secrets(
        words=f"{sign}水缸冻裂了没水吃",
        name=f"{sign}隐娘",
        phone=f"100{digit}3330003",
        address=f"{sign}柳树湾七号",
        proxy=f"{sign}小隐",
        volunteer=f"{sign}夜行",
        volunteer_phone=f"100{digit}2220002",
        credential=f"CRED-{digit}77-{digit}",
        leader_phone=f"100{digit}4440004",
        helper=f"{sign}照应",
        house=f"{sign}槐树院一号",
    )


WITHOUT_TEAM = {
    State.SUBMITTED,
    State.WAITING,
    State.VERIFIED,
    State.OFFERED,
    State.REJECTED,
    State.WITHDRAWN,
    State.REFERRED,
    State.MERGED,
}


def area_code_above(village: str) -> str:
    return village[:9] + "000"


def _needs(team: Team, village: str, secrets: Secrets, person: Person) -> dict[NeedState, Need]:
    needs: dict[NeedState, Need] = {}
    for count, state in enumerate(NeedState):
        own = None if state in WITHOUT_TEAM else team
        need = a_need(
            area_code=village,
            state=state,
            team=own,
            number=f"261123-{team.pk:02d}{count:02d}",
            words=secrets.words,
            name=secrets.name,
            phone=secrets.phone,
            address=secrets.address,
            proxy_name=secrets.proxy,
            proxy_relation="女儿",
            offered_in_id=area_code_above(village) if state == State.OFFERED else None,
            merged_into=needs[State.SUBMITTED] if state == State.MERGED else None,
        )
        Transition.objects.create(need=need, to_state=state, by=person, at=NOW, team=own)
        needs[state] = need
    Referral.objects.create(need=needs[State.REFERRED], body=Body.HOTLINE, note="已登记", by=person, at=NOW)
    FollowUp.objects.create(need=needs[State.RATED], opened_at=NOW, due_at=NOW + timedelta(days=3))
    return needs


def _held(team: Team, volunteer: Volunteer, *, starts_at: datetime, state: SignUp.State, **facts: Any) -> SignUp:
    """An activity of three hours with one sign-up."""
    activity = an_activity(team, starts_at=starts_at, hours=3, places=9, in_charge=facts.pop("in_charge"))
    return a_signup(activity.shifts.get(), volunteer, state=state, **facts)


def a_branch(area: str, village: str, sign: str, digit: int) -> Branch:
    secrets = _secrets(sign, digit)
    team = a_team(name=f"{sign}分队", area_code=village)
    leader = a_leader(team)
    Person.objects.filter(pk=leader.pk).update(phone=secrets.leader_phone)
    volunteer = a_volunteer(name=secrets.volunteer, phone=secrets.volunteer_phone, area_code=village, teams=(team,))
    VolunteerSkill.objects.create(volunteer=volunteer, skill=a_skill())
    needs = _needs(team, village, secrets, leader)
    kind, _made = CredentialKind.objects.get_or_create(
        code="licence", defaults={"name_zh": "驾驶证", "name_en": "Licence", "skill": a_skill()}
    )
    hour = timedelta(hours=1)
    came = {"checked_in_by": leader, "checked_in_method": "roll_call", "in_charge": leader}
    here = _held(team, volunteer, starts_at=NOW - hour, state=SignUp.State.CHECKED_IN, checked_in_at=NOW - hour, **came)
    Activity.objects.filter(pk=here.shift.activity_id).update(need=needs[State.SERVING])
    yesterday = NOW - timedelta(days=1)
    missing = _held(
        team, volunteer, starts_at=yesterday, state=SignUp.State.CHECKED_IN, checked_in_at=yesterday, **came
    )
    past = _held(
        team,
        volunteer,
        starts_at=NOW - timedelta(days=2),
        state=SignUp.State.CHECKED_OUT,
        checked_in_at=NOW - timedelta(days=2),
        checked_out_at=NOW - timedelta(days=2) + hour,
        checked_out_by=leader,
        checked_out_method="roll_call",
        **came,
    )
    expected = a_volunteer(name=f"{secrets.volunteer}二", area_code=village, teams=(team,))
    coming = an_activity(team, places=9, in_charge=leader)
    child = a_volunteer(name=f"{secrets.volunteer}三", area_code=village, born_on=date(2011, 1, 1))
    people = {
        "account": a_person(),
        "volunteer": a_volunteer(area_code=village, teams=(team,)).person,
        "leader": leader,
        "deputy": a_deputy(team),
        "clerk": a_clerk(area),
        "dispatcher": a_dispatcher(area),
        "township_office": an_office(area),
        "member": volunteer.person,
    }
    resident = a_resident(name=secrets.name, phone=secrets.phone, area_code=village, helper_name=secrets.helper)
    a_household(resident, area_code=village, address=secrets.house)
    other = a_team(name=f"{sign}二队", area_code=village)
    asked = {"invited_by": leader, "invited_at": NOW, "expires_on": TODAY + timedelta(days=14)}
    sent = Invitation.objects.create(team=team, typed=secrets.volunteer_phone, typed_key="a", **asked)
    received = Invitation.objects.create(
        team=other, volunteer=volunteer, typed=volunteer.number, typed_key="b", **asked
    )
    move = Transfer.objects.create(
        volunteer=volunteer, source=other, target=team, why=f"{sign}搬家", asked_by=volunteer.person, asked_at=NOW
    )
    course, _made = TrainingKind.objects.get_or_create(code="aid", defaults={"name_zh": "急救", "name_en": "Aid"})
    platform, _made = Platform.objects.get_or_create(
        code="national", defaults={"name_zh": "全国", "name_en": "National"}
    )
    training = TrainingRecord.objects.create(
        volunteer=volunteer, kind=course, name="急救", content="包扎", minutes=60, organiser="医院", held_on=TODAY,
        passed=True, entered_by=leader, entered_at=NOW,
    )  # fmt: skip
    noted = ExternalNumber.objects.create(
        volunteer=volunteer, platform=platform, number=f"{digit}9", number_key=number_key(f"{digit}9"), noted_at=NOW
    )
    site = Site.objects.create(
        name=f"{sign}站", level=SiteLevel.STATION, area_id=village, team=team, grams=grams(f"{sign}站")
    )
    to = {"phone": secrets.phone, "area": village, "template": "test"}
    item = a_menu_item(f"own{digit}", site=site)
    survey = a_survey(area_code=area, items=(item,), made_by=people["clerk"])
    an_answer(survey, area_code=village, phone=secrets.phone, name=secrets.name, words=secrets.words)
    wishes = {
        state: a_wish(
            area_code=village,
            state=state,
            claimed_by=volunteer.person,
            name=secrets.name,
            phone=secrets.phone,
            address=secrets.address,
        )
        for state in WishState
    }
    return Branch(
        area=area,
        village=village,
        secrets=secrets,
        team=team,
        other=other,
        volunteer=volunteer,
        people=people,
        needs=needs,
        running=here.shift.activity,
        coming=coming,
        past=past.shift.activity,
        here=a_signup(here.shift, expected),
        left=here,
        missing=missing,
        record=a_service_record(volunteer, team, entered_by=leader),
        confirmed=a_service_record(
            volunteer, team, starts_at=NOW - timedelta(days=9), entered_by=leader, confirmed_by=people["clerk"]
        ),
        site=site,
        item=item,
        round=a_round(people["clerk"], area_code=village, needs=(needs[State.CLOSED],)),
        survey=survey,
        wishes=wishes,
        credential=Credential.objects.create(
            volunteer=volunteer, kind=kind, issuer="公安局", number=secrets.credential, created_at=NOW
        ),
        grant=a_grant(a_person(name="何安"), Role.DEPUTY, team=team),
        resident=resident,
        twin=a_resident(name=secrets.name, phone=secrets.phone, area_code=village),
        merge=a_merge(resident, a_resident(name=secrets.name, area_code=village), by=people["clerk"]),
        substitute=a_grant(
            a_person(name="何安二"),
            Role.DISPATCHER,
            area_code=area,
            substitutes=people["dispatcher"].role_grants.get(),
        ),
        notice=Notice.objects.create(person=volunteer.person, key="test", template="test", words=secrets.words, at=NOW),
        call=CallEntry.objects.create(key=f"test:{digit}", name=secrets.name, words=secrets.words, at=NOW, **to),
        message=Message.objects.create(
            key=f"test:{digit}", text=secrets.words, due_at=NOW, state=Message.State.PARKED, **to
        ),
        child=child,
        guarded=GuardianConsent.objects.create(
            person=child.person,
            guardian_name="柳荫",
            guardian_phone=f"100{digit}5550005",
            relation="母亲",
            since=TODAY,
            until=TODAY + timedelta(days=90),
            given_at=NOW,
        ),
        sent=sent,
        received=received,
        move=move,
        training=training,
        number=noted,
        file_merge=FileMerge.objects.create(kept=volunteer, away=expected, why="同一人", by=leader, at=NOW, changes=[]),
        receipts=[need.receipt_id for need in needs.values()],
    )


@dataclass(repr=False)
class World:
    own: Branch
    sibling: Branch
    county: dict[str, Person]
    rows: "Rows"
    ours: dict[str, set[str]]

    def person(self, role: str) -> Person | None:
        return None if role == "anonymous" else {**self.own.people, **self.county}[role]


@pytest.fixture
def world() -> World:
    a_county()
    own = a_branch(TUNZI, MABAO, "屯", 5)
    county = {"county_dispatcher": a_dispatcher(COUNTY), "county_office": an_office(COUNTY), "auditor": an_auditor()}
    before = snapshot()
    sibling = a_branch(MENGBA, MENGBA_VILLAGE, "孟", 6)
    rows = snapshot()
    foreign = {table: set(found) - set(before[table]) for table, found in rows.items()}
    foreign["areas_area"] = {MENGBA, MENGBA_VILLAGE}
    return World(own, sibling, county, rows, foreign)


# What is in the database ----------------------------------------------------------------------------------------------

ROOMS = [room for room in project.ROOMS if room not in {"journal", "foundation"}]
OUTBOX = {"notices_message", "notices_attempt", "notices_breaker", "notices_sinkmessage"}
LEDGERS_OF_THE_PROGRAM = {"people_logincode", "needs_daycounter", *OUTBOX}
# being told of somebody else's act is no change of one's own rows
TOLD = {"notices_notice", "notices_callentry"}
MODELS = [
    model
    for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label in ROOMS and model._meta.db_table not in LEDGERS_OF_THE_PROGRAM
]


type Rows = dict[str, dict[str, tuple[str, ...]]]


def snapshot() -> Rows:
    """All rows of all rooms as the database holds them, by table and key."""
    found: Rows = {}
    with connection.cursor() as cursor:
        for model in MODELS:
            table, key = model._meta.db_table, model._meta.pk.column
            cursor.execute(f'SELECT "{key}", * FROM {table}')
            found[table] = {str(row[0]): tuple(map(str, row[1:])) for row in cursor.fetchall()}
    return found


def _links(model: Any) -> list[tuple[int, str]]:
    """(place in the row, table pointed at) of each foreign key."""
    return [
        (place, link.related_model._meta.db_table)
        for place, link in enumerate(model._meta.concrete_fields)
        if link.related_model is not None
    ]


LINKS = {model._meta.db_table: _links(model) for model in MODELS}


def changes(world: World) -> set[tuple[str, str]]:
    """(table, what happened) of every row that is not as it was and belongs to the sibling branch or points into it."""
    found = set()
    now = snapshot()
    for table, rows in now.items():
        before = world.rows[table]
        if rows == before:
            continue
        foreign = world.ours[table]
        found |= {(table, "removed") for key in foreign - set(rows) if key in before}
        found |= {(table, "changed") for key in foreign & set(rows) if rows[key] != before.get(key, rows[key])}
        for key in set(rows) - set(before) if table not in TOLD else ():
            if any(rows[key][place] in world.ours.get(there, ()) for place, there in LINKS[table]):
                found.add((table, "added"))
    return found


# Addresses ------------------------------------------------------------------------------------------------------------

type Id = Callable[[Branch], str | tuple[str, ...]]


def _need(state: NeedState) -> Id:
    return lambda branch: branch.needs[state].public_id


def _team(branch: Branch) -> str:
    return branch.team.public_id


def _running(branch: Branch) -> str:
    return branch.running.public_id


def _resident(branch: Branch) -> str:
    return branch.resident.public_id


def _pair(branch: Branch) -> tuple[str, str]:
    return branch.resident.public_id, branch.twin.public_id


def _volunteer(branch: Branch) -> str:
    return branch.volunteer.public_id


def _survey(branch: Branch) -> str:
    return branch.survey.public_id


def _wish(state: WishState) -> Id:
    return lambda branch: branch.wishes[state].public_id


# what stands in an address's parameter; a new address with a parameter must be put here
IDS: dict[str, Id] = {
    "need": _need(State.DONE),
    "verify_need": _need(State.SUBMITTED),
    "ask_requester": _need(State.SUBMITTED),
    "note_answer": _need(State.WAITING),
    "reject_need": _need(State.SUBMITTED),
    "dispatch_need": _need(State.VERIFIED),
    "recall_order": _need(State.DISPATCHED),
    "confirm_by_call": _need(State.DONE),
    "rate_by_call": _need(State.DONE),
    "close_need": _need(State.CONFIRMED),
    "note_appeal": _need(State.REJECTED),
    "note_withdrawal": _need(State.SUBMITTED),
    "offer_need": _need(State.VERIFIED),
    "refer_need": _need(State.SUBMITTED),
    "note_referral_answer": _need(State.REFERRED),
    "merge_needs": _need(State.VERIFIED),
    "take_apart": _need(State.MERGED),
    "keep_apart": _need(State.ACCEPTED),
    "deny_by_call": _need(State.DONE),
    "follow_up": _need(State.RATED),
    "hand_back": _need(State.ACCEPTED),
    "claim_need": _team,
    "accept_order": lambda branch: order_of(branch.needs[State.DISPATCHED]).public_id,
    "decline_order": lambda branch: order_of(branch.needs[State.DISPATCHED]).public_id,
    "house": _running,
    "plan_activity": _team,
    "activity": _running,
    "sign_up": lambda branch: branch.coming.public_id,
    "give_back": lambda branch: branch.coming.public_id,
    "roll_call": _running,
    "everybody_out": _running,
    "finish_activity": lambda branch: branch.past.public_id,
    "cancel_activity": lambda branch: branch.coming.public_id,
    "attendance": lambda branch: branch.here.public_id,
    "left": lambda branch: branch.missing.public_id,
    "service_record": lambda branch: branch.confirmed.public_id,
    "reverse_hours": lambda branch: branch.confirmed.public_id,
    "team": _team,
    "team_hours": _team,
    "join_team": lambda branch: branch.other.public_id,
    "leave_team": _team,
    "team_members": _team,
    "change_team": _team,
    "end_team": lambda branch: branch.other.public_id,
    "site": lambda branch: branch.site.public_id,
    "change_site": lambda branch: branch.site.public_id,
    "check_site": lambda branch: branch.site.public_id,
    "site_poster": lambda branch: branch.site.public_id,
    "change_menu_item": lambda branch: branch.item.code,
    "round": lambda branch: branch.round.public_id,
    "survey": _survey,
    "needs_of_survey": _survey,
    "paper_answer": _survey,
    "wish": _wish(WishState.OPEN),
    "wish_house": _wish(WishState.CLAIMED),
    "approve_wish": _wish(WishState.PROPOSED),
    "end_wish": _wish(WishState.OPEN),
    "claim_wish": _wish(WishState.OPEN),
    "give_wish_back": _wish(WishState.CLAIMED),
    "fulfil_wish": _wish(WishState.CLAIMED),
    "end_role": lambda branch: branch.grant.public_id,
    "resident": _resident,
    "change_resident": _resident,
    "household": _resident,
    "move_in": _pair,
    "move_out": _resident,
    "compare_residents": _pair,
    "tell_residents_apart": _pair,
    "undo_merge": lambda branch: (branch.resident.public_id, branch.merge.public_id),
    "keep_role": lambda branch: branch.grant.public_id,
    "name_substitute": lambda branch: branch.people["clerk"].role_grants.get().public_id,
    "end_substitute": lambda branch: branch.substitute.public_id,
    "open_notice": lambda branch: branch.notice.public_id,
    "note_call": lambda branch: branch.call.public_id,
    "volunteer": _volunteer,
    "guardians_at_counter": lambda branch: branch.child.public_id,
    "withdraw_guardian": lambda branch: branch.guarded.public_id,
    "volunteer_teams": _volunteer,
    "team_invitations": _team,
    "withdraw_invitation": lambda branch: (branch.team.public_id, branch.sent.public_id),
    "answer_move": lambda branch: (branch.team.public_id, branch.move.public_id),
    "credential_file": lambda branch: (branch.volunteer.public_id, branch.credential.public_id),
    "own_credential_file": lambda branch: branch.credential.public_id,
    "take_back_credential": lambda branch: branch.credential.public_id,
    "merge_files": lambda branch: (branch.volunteer.public_id, branch.people["volunteer"].volunteer.public_id),
    "trainings": _volunteer,
    "take_back_training": lambda branch: (branch.volunteer.public_id, branch.training.public_id),
    "note_number": _volunteer,
    "remove_number": lambda branch: branch.number.public_id,
    "undo_file_merge": lambda branch: branch.file_merge.public_id,
    "take_out": lambda branch: (branch.team.public_id, branch.volunteer.public_id),
    "team_telephones": _team,
    "ask_move": _team,
    "withdraw_move": lambda branch: branch.move.public_id,
    "answer_invitation": lambda branch: branch.received.public_id,
    "decide_credential": lambda branch: (branch.volunteer.public_id, branch.credential.public_id),
}
# whose address is itself the permission: they are tried with an id that nobody has
CAPABILITIES = {"receipt", "answer", "withdraw", "appeal", "confirm", "deny", "rate", "answer_survey"}
# not of any branch
COMMON: dict[str, str] = {
    "figure": "volunteers",
    "help_for_role": "clerk",
    "setting": "work.closes",
    "decide_consent": "photographs",
}
# open to everybody, whatever the branch
PUBLIC = {
    "activity",
    "team",
    "team_hours",
    "site",
    "site_poster",
    "wish",
    "claim_wish",
    "sign_up",
    "join_team",
    "leave_team",
}
FOREIGN, OWN = "foreign id", "own id, foreign ids in the form"
# what anybody, or whoever has the role, may do to a sibling's rows: the tables that then hold more, or count more
OPEN_ACTS: dict[tuple[str, str], set[str]] = {
    # help is asked for anywhere in the county
    ("ask", FOREIGN): {"needs_need", "needs_transition", "residents_resident"},
    ("tell_wish", FOREIGN): {"collecting_wish"},  # and so are wishes told, and claimed
    ("claim_wish", FOREIGN): {"collecting_wish"},
    ("sign_up", FOREIGN): {"activities_signup", "activities_shift"},  # volunteers serve where they like
    ("join_team", FOREIGN): {"volunteers_membership", "volunteers_teamstrength"},
    ("dispatch_need", OWN): {
        "needs_transition",
        "needs_teamrecord",
        "needs_order",
    },  # one's own need, to any team of the county
    ("name_substitute", OWN): {"organisations_rolegrant", "people_person"},  # one's own role, for whoever is trusted
    ("team_invitations", OWN): {"volunteers_invitation"},  # teams invite whom they like; who is asked may say no
}
# the rooms that people of the whole county may change anywhere
COUNTY_ACTS = {
    "county_dispatcher": {"needs", "residents", "collecting", "volunteers", "hours", "notices", "people"},
    "county_office": {"organisations", "collecting", "volunteers", "hours", "people"},
}

ROLES = ("anonymous", "account", "volunteer", "leader", "deputy", "clerk", "dispatcher", "township_office")
COUNTY_ROLES = ("county_dispatcher", "county_office", "auditor")
INSIDERS = ("member", "leader", "clerk", "dispatcher", "township_office")
ABSENT = ("0" * 16, "0" * 16)


def address_of(route: Route, values: tuple[str, ...]) -> str:
    filling = iter(values)
    return re.sub(r"<[^>]+>", lambda _parameter: next(filling), route.path)


def ids_in(route: Route, branch: Branch) -> tuple[str, ...]:
    """What fills the address's parameters, outermost first."""
    if not has_id(route):
        return ()
    if route.name in COMMON:
        return (COMMON[route.name],)
    found = new_capability() if route.name in CAPABILITIES else IDS[route.name](branch)
    return found if isinstance(found, tuple) else (found,)


def has_id(route: Route) -> bool:
    return "<" in route.path


def a_body(branch: Branch, route: Route, by: Person | None) -> dict[str, Any]:
    """Something plausible for every form at once: each takes what it knows."""
    shift = {"sign_up": branch.coming, "give_back": branch.coming, "everybody_out": branch.running}.get(route.name)
    until = (TODAY + timedelta(days=90)).isoformat()
    body: dict[str, Any] = {
        "words": "看过了，属实。",
        "reason": "家里有事",
        "result": "电话核实，属实。",
        "method": "phone",
        "stars": "5",
        "team": branch.team.public_id,
        "record": [branch.record.public_id],
        "shift": branch.shift(shift).public_id if shift else "",
        "risk_seen": "1",
        "what": "present",
        "left": "10:30",
        "helped": "3",
        "outcome": "都办好了",
        "code": "123456",
        "number": branch.needs[State.DONE].number,
        "phone": "10000000017",
        "name": "李知行",
        "born_on": "1990-05-01",
        "village": branch.village,
        "area": branch.village,
        "consent": "on",
        "category": "medicine",
        "urgency": "normal",
        "door": "phone",
        "language": "en",
        "size": "20",
        "role": "deputy",
        "until": until,
        "who": branch.volunteer.number,
        "source": branch.team.public_id,
        "target": branch.other.public_id,
        "on": TODAY.isoformat(),
        "why": "搬家了",
        "keep": branch.volunteer.public_id,
        "invited_how": "ask",
        "phone_shown": "leaders",
        "order": branch.needs[State.ACCEPTED].public_id,
        "next": "https://elsewhere.example/",
        "title": "清扫门前积雪",
        "place": "党群服务中心",
        "content": "扫雪",
        "risk": "路滑",
        "form": "daily",
        "in_charge": by.public_id if by else "",
        "needed_from": "14",
        "shift1-day": (TODAY + timedelta(days=3)).isoformat(),
        "shift1-starts": "09:00",
        "shift1-ends": "11:00",
        "shift1-places": "5",
        "kind": "detachment",
        "body": "12345",
        "note": "已登记",
        "side": "household",
        "theirs": "1",
        "reach": "township",
        "supervising_body": "镇人民政府",
        "level": "station",
        "message": branch.message.public_id,
        "relation": "母亲",
        "how": "in_person",
        "version": "2026-11",
        "paper_number": "2026-118",
        "paper_signed_on": TODAY.isoformat(),
        "paper_kept_at": "柜一",
    }
    return {**body, **BODIES.get(route.name, lambda _branch: {})(branch)}


# what one form wants otherwise than the others
BODIES: dict[str, Callable[[Branch], dict[str, Any]]] = {
    "grant_role": lambda _branch: {"area": ""},
    "claim_need": lambda branch: {"need": branch.needs[State.OFFERED].public_id},
    "merge_needs": lambda branch: {"need": [branch.needs[State.SUBMITTED].public_id]},
    "keep_apart": lambda branch: {"number": branch.volunteer.number},
    "decline_order": lambda _branch: {"kind": "too_far"},
    "hand_back": lambda _branch: {"kind": "too_far"},
    "household": lambda _branch: {"address": "二组第三家"},
    "compare_residents": lambda branch: {"kept": branch.twin.public_id},
    "name_substitute": lambda branch: {
        "who": branch.volunteer.number,
        "seen": branch.volunteer.number,
        "since": TODAY.isoformat(),
        "until": (TODAY + timedelta(days=9)).isoformat(),
    },
    "note_call": lambda _branch: {"outcome": "reached"},
    "needs_of_survey": lambda branch: {
        "choice": list(Choice.objects.filter(answer__survey=branch.survey).values_list("public_id", flat=True))
    },
    "paper_answer": lambda branch: {"items": [branch.item.code]},
    "enter_round": lambda _branch: {
        "key": "page",
        "day": TODAY.isoformat(),
        "rows": "1",
        "row0-key": "row",
        "row0-name": "王奶奶",
        "row0-phone": "10000000017",
        "row0-what": "k:medicine",
    },
    "make_survey": lambda branch: {
        "opens_on": TODAY.isoformat(),
        "closes_on": TODAY.isoformat(),
        "items": [branch.item.code],
    },
    "tell_wish": lambda _branch: {"for_whom": "小明"},
    "fulfil_wish": lambda _branch: {"day": TODAY.isoformat(), "note": "送到了"},
    "change_menu_item": lambda branch: {
        "site": branch.site.public_id,
        "name_zh": "代取药品",
        "name_en": "Medicine",
        "order": "5",
    },
    "trainings": lambda _branch: {"kind": "aid", "minutes": "60", "organiser": "医院", "held_on": TODAY.isoformat()},
    "note_number": lambda _branch: {"platform": "national", "number": "A-1"},
    "volunteer_lists": lambda _branch: {"which": "platform", "code": "other", "name_zh": "别的", "name_en": "Other"},
}

ALL = list(routes())


class Walker:
    """Somebody at a browser. What a request changes is looked at, then undone."""

    def __init__(self, person: Person | None) -> None:
        self.person = person
        client = Client()
        if person is not None:
            log_in(client, person)
        self.session = client.cookies["sessionid"].value if person is not None else ""

    def client(self, *, strict: bool = False) -> Client:
        client = Client(raise_request_exception=False, enforce_csrf_checks=strict)
        if self.session:
            client.cookies["sessionid"] = self.session
        return client

    def ask(
        self, method: str, address: str, data: dict[str, Any], look: Callable[[Any], None] = lambda _answer: None
    ) -> Any:
        with transaction.atomic():
            client = self.client()
            answer = client.post(address, data) if method == "POST" else client.generic(method, address)
            look(answer)
            transaction.set_rollback(True)
        return answer


def walks(route: Route) -> Iterator[str]:
    yield from (method for method in ("GET", "POST") if method in route.methods)


# The tables are complete ----------------------------------------------------------------------------------------------


def test_every_address_has_a_name_of_its_own_and_every_parameter_is_known():
    names = [route.name for route in ALL]

    assert sorted(names) == sorted(set(names))
    known = IDS.keys() | COMMON.keys() | CAPABILITIES
    assert [route.name for route in ALL if has_id(route) and route.name not in known] == []
    assert sorted(known - {route.name for route in ALL if has_id(route)}) == []


# There is something that could leak, and something that could be changed ----------------------------------------------


def test_people_of_the_branch_itself_read_all_of_its_secrets_and_change_nothing_by_reading(world: World) -> None:
    seen: set[str] = set()
    changed: set[tuple[str, str]] = set()
    for role in INSIDERS:
        walker = Walker(world.sibling.people[role])
        before = snapshot()
        for route in ALL:

            def look(answer: Any, path: str = route.path, before: Rows = before) -> None:
                seen.update(world.sibling.secrets.found_in(_text(answer)))
                found = snapshot()
                changed.update((path, table) for table in found if found[table] != before[table])

            if "GET" in route.methods and route.name not in CAPABILITIES:
                walker.ask("GET", address_of(route, ids_in(route, world.sibling)), {}, look)

    assert sorted(set(vars(world.sibling.secrets).values()) - seen) == []
    # the secret that the page shows; and that somebody looked where a resident lives
    assert sorted(changed) == [
        ("/activities/<slug:public_id>/house/", "needs_look"),
        ("/desk/<slug:public_id>/", "needs_look"),
        ("/login/factor/", "people_secondfactor"),
    ]


def test_people_of_the_branch_itself_can_do_all_that_others_are_kept_from(world: World) -> None:
    done: set[str] = set()
    kept_from = [route for route in ALL if route.name in IDS and "POST" in route.methods]
    for role in INSIDERS:
        walker = Walker(world.sibling.people[role])
        for route in kept_from:
            body = a_body(world.sibling, route, walker.person)

            def look(answer: Any, name: str = route.name) -> None:
                if changes(world):
                    done.add(name)

            walker.ask("POST", address_of(route, ids_in(route, world.sibling)), body, look)

    assert sorted({route.name for route in kept_from} - done) == []


def _text(answer: Any) -> str:
    return answer.content.decode() if answer.get("Content-Type", "").startswith(("text/", "application/json")) else ""


# The walk -------------------------------------------------------------------------------------------------------------


def _ends(route: Route) -> bool:
    """Whether nobody is signed in any more when the answer is made."""
    return route.name in {"logout", "demo_role"}


class Findings:
    """All that went wrong on a walk, one line each."""

    def __init__(self, world: World, role: str) -> None:
        self.world, self.role, self.lines = world, role, list[str]()

    def look(self, route: Route, method: str, how: str) -> Callable[[Any], None]:
        def look(answer: HttpResponse) -> None:
            where = f"{method} {route.path} ({how})"
            if answer.status_code >= 500:
                self.lines.append(f"{where}: {answer.status_code}")
            if urlsplit(answer.get("Location", "")).netloc not in {"", "testserver"}:
                self.lines.append(f"{where}: leads to {answer['Location']}")
            if self.role != "anonymous" and "no-store" not in answer.get("Cache-Control", "") and not _ends(route):
                self.lines.append(f"{where}: may be kept by a browser or a proxy")
            self._secrets(where, answer)
            if method == "POST":
                self._changes(where, OPEN_ACTS.get((route.name, how), set()))

        return look

    def _secrets(self, where: str, answer: Any) -> None:
        if self.role in COUNTY_ROLES:
            return
        text = _text(answer) + answer.get("Location", "")
        told_secrets = self.world.sibling.secrets.found_in(text)
        told_secrets += [receipt for receipt in self.world.sibling.receipts if receipt in text]
        if told_secrets:
            self.lines.append(f"{where}: tells {told_secrets}")

    def compare(self, where: str, foreign: Any, absent: Any) -> None:
        if told(foreign) != told(absent):
            self.lines.append(f"{where}: {foreign.status_code} for what is foreign, {absent.status_code} for nothing")

    def _changes(self, where: str, may: set[str]) -> None:
        rooms = COUNTY_ACTS.get(self.role, set())
        for table, what in sorted(changes(self.world)):
            if table not in may and table.split("_")[0] not in rooms:
                self.lines.append(f"{where}: {table} {what}")


@pytest.mark.parametrize("role", [*ROLES, *COUNTY_ROLES])
def test_nothing_of_a_sibling_branch_is_read_changed_or_told_from_what_is_not_there_by(role, world):
    walker, findings = Walker(world.person(role)), Findings(world, role)

    for route in ALL:
        foreign, own = ids_in(route, world.sibling), ids_in(route, world.own)
        for method in walks(route):
            body = a_body(world.sibling, route, walker.person)
            answer = walker.ask(method, address_of(route, foreign), body, findings.look(route, method, FOREIGN))
            if not foreign:
                continue
            if method == "POST":
                walker.ask(method, address_of(route, own), body, findings.look(route, method, OWN))
            if role not in COUNTY_ROLES and route.name in IDS.keys() - PUBLIC:
                absent = walker.ask(method, address_of(route, ABSENT), body)
                findings.compare(f"{method} {route.path}", answer, absent)
                if len(foreign) > 1:  # another's child under one's own parent
                    mixed = (*own[:-1], foreign[-1])
                    answer = walker.ask(method, address_of(route, mixed), body, findings.look(route, method, FOREIGN))
                    findings.compare(f"{method} {route.path}", answer, absent)

    assert findings.lines == []


@pytest.mark.parametrize("role", ["anonymous", "leader", "county_office"])
def test_no_form_is_taken_without_its_token(role, world):
    walker, taken = Walker(world.person(role)), []

    for route in ALL:
        if "POST" in route.methods:
            client = walker.client(strict=True)
            body = a_body(world.own, route, walker.person)
            if client.post(address_of(route, ids_in(route, world.own)), body).status_code != 403:
                taken.append(route.path)

    assert taken == []


def _searches(branch: Branch) -> Iterator[dict[str, str]]:
    """Filters and links of every list at once, aimed at the sibling."""
    common = {
        "township": branch.area,
        "area": branch.village,
        "team": branch.team.public_id,
        "volunteer": branch.volunteer.public_id,
        "order": branch.needs[State.ACCEPTED].public_id,
        "shift": branch.shift(branch.running).public_id,
        "copy": branch.past.public_id,
    }
    for words in ("水缸", "夜行"):
        yield {**common, "q": words, "words": words, "who": words}
    done = branch.needs[State.DONE].number
    yield {"q": done, "words": done, "who": branch.volunteer.number, "state": State.DONE.value}


# lists, and pages of one thing that show others beside it
SEARCHED = {
    "need",
    "activity",
    "roll_call",
    "plan_activity",
    "team",
    "team_members",
    "volunteer",
    "figure",
    "household",
}
SEARCHED = {"need", "activity", "roll_call", "plan_activity", "team", "team_members", "volunteer", "figure", "survey"}


@pytest.mark.parametrize("role", ROLES)
def test_no_search_or_filter_reaches_into_a_sibling_branch_by(role, world):
    walker, findings = Walker(world.person(role)), Findings(world, role)

    for route in ALL:
        if "GET" in route.methods and (not has_id(route) or route.name in SEARCHED):
            address = address_of(route, ids_in(route, world.own))
            for query in _searches(world.sibling):
                look = findings.look(route, "GET", f"looking for {query.get('q', '')}")
                walker.ask("GET", f"{address}?{urlencode(query)}", {}, look)

    assert findings.lines == []


JUNK = ("9" * 20, "-1\x00\u202e'\"<>%s", "a" * 5000)
FIELDS = ("page", "q", "township", "state", "kind", "track", "level", "sort", "next", "once", "key", "actor", "day")
OPENERS = {
    "volunteer": (),
    "leader": (Role.LEADER,),
    "dispatcher": (Role.DISPATCHER,),
    "township_office": (Role.OFFICE,),
}


def who_opens(route: Route) -> str:
    """A role that gets past the door of an address."""
    wanted = set((route.access or "").removeprefix("staff: ").split(" or "))
    for name, roles in OPENERS.items():
        if wanted & {permission.value for role in roles for permission in GRANTS[role]}:
            return name
    return "auditor" if (route.access or "").startswith("staff") else "volunteer"


def test_junk_in_an_address_or_a_form_is_no_error_of_ours(world):
    walkers = {role: Walker(world.person(role)) for role in (*OPENERS, "auditor")}
    findings = Findings(world, "auditor")

    for route in ALL:
        walker, address = walkers[who_opens(route)], address_of(route, ids_in(route, world.own))
        for junk in JUNK:
            body = dict.fromkeys([*a_body(world.own, route, None), *FIELDS], junk)
            for method in walks(route):
                asked = f"{address}?{urlencode(body)}" if method == "GET" else address
                walker.ask(method, asked, body, findings.look(route, method, repr(junk[:6])))

    assert findings.lines == []
