"""Builders: rows as tests need them, without surprises. Everybody is made up; telephones begin with 100."""

import itertools
from datetime import date, datetime, time, timedelta
from typing import Any

import pyotp

from tests.clock import NOW, TODAY
from zhiyuan.domain.activities.models import Activity, Shift, SignUp
from zhiyuan.domain.areas.models import Area, Level
from zhiyuan.domain.collecting.models import Answer, Choice, Round, Survey, Visit, Wish, WishState
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.ids import random_id
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.hours.models import Confirmation, Method, ServiceRecord
from zhiyuan.domain.needs.models import (
    AT_TEAM,
    ENDED,
    SERVED,
    TURNS,
    Door,
    Need,
    NeedState,
    Order,
    TeamRecord,
    Turn,
    Urgency,
)
from zhiyuan.domain.organisations.models import (
    Category,
    MenuItem,
    OpeningHours,
    Role,
    RoleGrant,
    Site,
    SiteLevel,
    Skill,
    Team,
    TeamKind,
)
from zhiyuan.domain.organisations.permissions import forget_grants
from zhiyuan.domain.people.models import Consent, Person, Purpose
from zhiyuan.domain.people.phones import phone_key
from zhiyuan.domain.residents.models import Household, Merge, Resident
from zhiyuan.domain.residents.names import family_key, name_key
from zhiyuan.domain.volunteers.models import ALL_CELLS, Membership, TeamStrength, Volunteer, VolunteerSkill

YESTERDAY = NOW - timedelta(days=1)
TOMORROW = NOW + timedelta(days=1)

_phones = itertools.count(10000100001)
_numbers = itertools.count(1)

COUNTY = "621027000000"
TUNZI = "621027103000"
MABAO = "621027103200"
BAOCHENG = "621027103201"
MENGBA = "621027102000"
MENGBA_VILLAGE = "621027102200"
_AREAS = (
    ("620000000000", "甘肃省", Level.PROVINCE, None),
    ("621000000000", "庆阳市", Level.CITY, "620000000000"),
    (COUNTY, "镇原县", Level.COUNTY, "621000000000"),
    (MENGBA, "孟坝镇", Level.TOWNSHIP, COUNTY),
    (MENGBA_VILLAGE, "孟坝村", Level.VILLAGE, MENGBA),
    ("621027102201", "东庄村", Level.VILLAGE, MENGBA),
    (TUNZI, "屯字镇", Level.TOWNSHIP, COUNTY),
    (MABAO, "马堡村", Level.VILLAGE, TUNZI),
    (BAOCHENG, "包城村", Level.VILLAGE, TUNZI),
)


def a_county() -> Area:
    """A county with two townships of two villages each; asked for again, it is the same one."""
    for code, name, level, parent in _AREAS:
        above = Area.objects.filter(code=parent).first() if parent else None
        place = f"{above.name} {name}" if above and level == Level.VILLAGE else name
        facts = {"name": name, "official_name": name, "place": place, "level": level, "parent": above}
        Area.objects.get_or_create(code=code, defaults=facts)
    return Area.objects.get(code=COUNTY)


def area(code: str = MABAO) -> Area:
    a_county()
    return Area.objects.get(code=code)


def a_person(
    *, name: str = "李知行", phone: str | None = None, born_on: date | None = date(1990, 5, 1), **facts: Any
) -> Person:
    phone = phone or str(next(_phones))
    facts = {"created_at": NOW - timedelta(days=400), **facts}
    person = Person(name=name, phone=phone, phone_key=phone_key(phone), born_on=born_on, **facts)
    person.set_unusable_password()
    person.save()
    Consent.objects.create(person=person, purpose=Purpose.SERVICE, version="2026-11", given_at=person.created_at)
    return person


def a_skill(code: str = "driving") -> Skill:
    return Skill.objects.get_or_create(code=code, defaults={"name_zh": f"技能{code}", "name_en": code})[0]


def a_category(code: str = "medicine", *, skills: tuple[str, ...] = ()) -> Category:
    names = {"name_zh": {"medicine": "买药送药", "repair": "修水电"}.get(code, f"类别{code}"), "name_en": code}
    category, made = Category.objects.get_or_create(code=code, defaults=names)
    if made:
        category.skills.set([a_skill(skill) for skill in skills])
    return category


def a_site(*, name: str = "马堡村实践站", area_code: str = MABAO, **facts: Any) -> Site:
    """A station, open on weekday mornings."""
    facts = {"level": SiteLevel.STATION, **facts}
    site = Site.objects.create(name=name, area=area(area_code), grams=grams(name), **facts)
    for weekday in range(5):
        OpeningHours.objects.create(site=site, weekday=weekday, opens=time(8, 30), closes=time(12))
    return site


def a_menu_item(code: str = "medicine_fetch", *, category: str = "medicine", **facts: Any) -> MenuItem:
    names = {"name_zh": {"medicine_fetch": "代取药品"}.get(code, f"项目{code}"), "name_en": code}
    facts = {**names, "since": TODAY - timedelta(days=30), **facts}
    return MenuItem.objects.create(code=code, category=a_category(category), **facts)


def a_team(
    *,
    name: str = "马堡村分队",
    kind: TeamKind = TeamKind.DETACHMENT,
    area_code: str = MABAO,
    parent: Team | None = None,
    **facts: Any,
) -> Team:
    place = area(area_code)
    path = (parent.path if parent else "") + random_id(6)
    facts = {"supervising_body": "屯字镇人民政府", **facts}
    team = Team.objects.create(name=name, kind=kind, area=place, parent=parent, path=path, grams=grams(name), **facts)
    TeamStrength.objects.create(team=team, free=[0] * 24)
    return team


def a_volunteer(
    *,
    name: str = "陈青原",
    area_code: str = MABAO,
    skills: tuple[str, ...] = (),
    teams: tuple[Team, ...] = (),
    availability: int = ALL_CELLS,
    **person: Any,
) -> Volunteer:
    volunteer = Volunteer.objects.create(
        person=a_person(name=name, **person),
        area=area(area_code),
        availability=availability,
        joined_at=NOW - timedelta(days=300),
        grams=grams(name),
    )
    VolunteerSkill.objects.bulk_create([VolunteerSkill(volunteer=volunteer, skill=a_skill(code)) for code in skills])
    for team in teams:
        Membership.objects.create(volunteer=volunteer, team=team, since=TODAY - timedelta(days=200))
    return volunteer


def a_grant(
    person: Person, role: Role, *, area_code: str | None = None, team: Team | None = None, **facts: Any
) -> RoleGrant:
    place = area(area_code) if area_code else None
    facts = {"since": TODAY - timedelta(days=30), "until": TODAY + timedelta(days=300), **facts}
    forget_grants(person)
    return RoleGrant.objects.create(person=person, role=role, area=place, team=team, **facts)


def _holder(role: Role, name: str, **branch: Any) -> Person:
    person = a_person(name=name)
    a_grant(person, role, **branch)
    return person


def a_clerk(area_code: str = TUNZI) -> Person:
    return _holder(Role.CLERK, "周禾", area_code=area_code)


def a_dispatcher(area_code: str = TUNZI) -> Person:
    return _holder(Role.DISPATCHER, "秦川", area_code=area_code)


def an_office(area_code: str = COUNTY) -> Person:
    return _holder(Role.OFFICE, "罗山", area_code=area_code)


def an_auditor(area_code: str = COUNTY) -> Person:
    return _holder(Role.AUDITOR, "明镜", area_code=area_code)


def a_leader(team: Team) -> Person:
    return _holder(Role.LEADER, "段平", team=team)


def a_deputy(team: Team) -> Person:
    return _holder(Role.DEPUTY, "祁宁", team=team)


def a_need(
    *,
    area_code: str = MABAO,
    state: NeedState = NeedState.SUBMITTED,
    team: Team | None = None,
    category: str = "medicine",
    **facts: Any,
) -> Need:
    phone = facts.pop("phone", "10000000017")
    words = facts.pop("words", "降压药快吃完了，腿疼走不到镇上。")
    due_at = NOW + timedelta(hours=8) if TURNS[state] in (Turn.OURS, Turn.THANKS) else None
    facts = {
        "number": f"200101-{next(_numbers):04d}",
        "name": "王奶奶",
        "address": "村委会东边第三家",
        "urgency": Urgency.NORMAL,
        "door": Door.PHONE,
        "desk": area(area_code[:9] + "000"),
        "state_since": NOW,
        "turn": TURNS[state],
        "warn_at": due_at and due_at - timedelta(hours=1),
        "due_at": due_at,
        "created_at": NOW,
        **facts,
    }
    rings_at = facts["due_at"] or NOW + timedelta(days=1)
    need = Need.objects.create(
        category=a_category(category),
        area=area(area_code),
        words=words,
        phone=phone,
        phone_key=phone_key(phone),
        state=state,
        team=None if state == NeedState.DISPATCHED else team,
        grams=grams(words, facts["number"]),
        **{"alarm_at": None if state in ENDED else rings_at, **facts},
    )
    if team and (answered := ORDER_OF.get(state)):
        an_order(need, team, state=answered)
    return need


ORDER_OF = {
    NeedState.DISPATCHED: Order.State.OPEN,
    **dict.fromkeys(AT_TEAM, Order.State.ACCEPTED),
    **dict.fromkeys((*SERVED, NeedState.CLOSED), Order.State.DONE),
}


def an_order(need: Need, team: Team, *, state: Order.State = Order.State.OPEN, **facts: Any) -> Order:
    """A team that was asked, with what that counts for it."""
    record, _made = TeamRecord.objects.get_or_create(team=team)
    record.open_orders += state in Order.STANDING
    record.done += state == Order.State.DONE
    record.save()
    return Order.objects.create(need=need, team=team, state=state, **{"sent_at": NOW, **facts})


def order_of(need: Need, team: Team | None = None) -> Order:
    """The newest order of a need, at a team."""
    orders = need.orders.filter(team=team) if team else need.orders.all()
    return orders.latest("pk")


def a_resident(*, name: str = "王桂兰", phone: str | None = None, area_code: str = MABAO, **facts: Any) -> Resident:
    phone = phone or str(next(_phones))
    return Resident.objects.create(
        name=name,
        name_key=name_key(name),
        family_key=family_key(name),
        phone=phone,
        phone_key=phone_key(phone),
        area=area(area_code),
        **{"since": TODAY, "created_at": NOW, **facts},
    )


def a_household(*members: Resident, area_code: str = MABAO, **facts: Any) -> Household:
    facts = {"address": "村委会东边第三家", "created_at": NOW, **facts}
    household = Household.objects.create(area=area(area_code), **facts)
    for member in members:
        member.household = household
        member.save(update_fields=["household"])
    return household


def a_merge(kept: Resident, merged: Resident, **facts: Any) -> Merge:
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    facts = {"reason": "电话里问过，是同一个人。", "at": NOW, **facts}
    return Merge.objects.create(kept=kept, merged=merged, by=facts.pop("by", None) or a_person(), **facts)


def an_activity(
    team: Team,
    *,
    starts_at: datetime = TOMORROW,
    hours: int = 2,
    places: int = 5,
    title: str = "清扫门前积雪",
    **facts: Any,
) -> Activity:
    """A published activity with one shift."""
    ends_at = starts_at + timedelta(hours=hours)
    facts = {"in_charge": facts.pop("in_charge", None) or a_person(name="段平"), **facts}
    activity = Activity.objects.create(
        title=title,
        content="扫雪、清灶、查烟道。",
        team=team,
        area=team.area,
        place="马堡村党群服务中心",
        category=a_category(facts.pop("category", "snow")),
        risk="路滑，请穿防滑鞋。",
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=NOW - timedelta(days=3),
        created_by=facts["in_charge"],
        grams=grams(title),
        **facts,
    )
    a_shift(activity, starts_at=starts_at, ends_at=ends_at, places=places)
    return activity


def a_shift(activity: Activity, *, starts_at: datetime, ends_at: datetime, places: int = 5) -> Shift:
    return Shift.objects.create(
        activity=activity, starts_at=starts_at, ends_at=ends_at, places=places, code_secret=pyotp.random_base32()
    )


def a_signup(
    shift: Shift, volunteer: Volunteer, *, state: SignUp.State = SignUp.State.ADMITTED, **facts: Any
) -> SignUp:
    if state in SignUp.HOLDING:
        Shift.objects.filter(pk=shift.pk).update(taken=shift.taken + 1)
        shift.taken += 1
    return SignUp.objects.create(
        shift=shift,
        volunteer=volunteer,
        state=state,
        signed_up_at=NOW - timedelta(days=1),
        risk_version=1,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        **facts,
    )


def a_service_record(
    volunteer: Volunteer,
    team: Team,
    *,
    minutes: int = 90,
    entered_by: Person | None = None,
    confirmed_by: Person | None = None,
    **facts: Any,
) -> ServiceRecord:
    starts_at = facts.pop("starts_at", YESTERDAY)
    record = ServiceRecord.objects.create(
        volunteer=volunteer,
        person=volunteer.person,
        team=team,
        area=team.area,
        source=facts.pop("source", f"signup:{random_id(16)}"),
        activity_name="清扫门前积雪",
        content="扫雪",
        place="马堡村",
        person_in_charge="段平",
        served_on=local_day(starts_at),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        minutes=minutes,
        method=Method.CODE,
        entered_by=entered_by or volunteer.person,
        entered_at=starts_at + timedelta(minutes=minutes),
        **facts,
    )
    if confirmed_by:
        Confirmation.objects.create(
            record=record,
            person=record.person,
            entered_by=record.entered_by,
            confirmed_by=confirmed_by,
            confirmed_at=NOW,
        )
    return record


def a_round(by: Person, *, area_code: str = MABAO, needs: tuple[Need, ...] = (), key: str = "page") -> Round:
    """A walk of today with one household that needed nothing, and one for each need."""
    walk = Round.objects.create(by=by, key=key, area=area(area_code), day=TODAY, created_at=NOW)
    for number, need in enumerate((None, *needs)):
        Visit.objects.create(round=walk, key=f"row{number}", need=need, at=NOW)
    return walk


def a_survey(*, area_code: str = TUNZI, items: tuple[MenuItem, ...] = (), **facts: Any) -> Survey:
    facts = {"opens_on": TODAY - timedelta(days=3), "closes_on": TODAY + timedelta(days=3), **facts}
    maker = facts.pop("made_by", None) or a_person()
    survey = Survey.objects.create(
        title=facts.pop("title", "入冬问需"), area=area(area_code), made_by=maker, created_at=NOW, **facts
    )
    survey.items.set(items)
    return survey


def an_answer(
    survey: Survey, *, area_code: str = MABAO, phone: str = "10000000017", again: bool = False, **facts: Any
) -> Answer:
    """An answer that ticks all items of the survey."""
    facts = {"name": "王奶奶", "words": "煤在院门口", **facts}
    key = phone_key(phone)
    answer = Answer.objects.create(survey=survey, area=area(area_code), phone=phone, phone_key=key, at=NOW, **facts)
    for item in survey.items.order_by("pk"):
        Choice.objects.create(answer=answer, item=item, again=again)
    return answer


def a_wish(*, area_code: str = MABAO, state: WishState = WishState.OPEN, **facts: Any) -> Wish:
    phone = facts.pop("phone", "10000000017")
    if state in (WishState.CLAIMED, WishState.FULFILLED):
        facts = {"claimed_by": facts.pop("claimed_by", None) or a_person(), "claimed_at": NOW, **facts}
    if state == WishState.FULFILLED:
        facts = {"fulfilled_on": TODAY, "note": "送到了", **facts}
    facts = {"words": "想要一双新棉鞋", "for_whom": "小明", "name": "王小明", "address": "二组", **facts}
    return Wish.objects.create(
        area=area(area_code),
        category=a_category(),
        phone=phone,
        state=state,
        created_at=NOW,
        changed_at=NOW,
        **facts,
    )
