"""A need is filed: by whoever asks, online and without an account, or by a clerk from telephone, visit or paper."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.clocks import due_at
from zhiyuan.domain.needs.counting import count_for
from zhiyuan.domain.needs.models import DayCounter, Door, Need, NeedState, Transition, Urgency
from zhiyuan.domain.needs.moving import lock_need, move, require_reason
from zhiyuan.domain.needs.telling import tell_leaders_it_is_over, tell_received
from zhiyuan.domain.organisations.models import Category, MenuItem
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import normal_phone, phone_key
from zhiyuan.domain.volunteers.joining import obstacle_to_living_in

FROM_ONE_PHONE = Limit("need-phone", 5, 86400)
FROM_ONE_PLACE = Limit("need-place", 60, 3600)


class FilingObstacle(TextChoices):
    NO_NAME = "need_without_name", _("Say who needs help. A family name is enough.")
    NO_WORDS = "need_without_words", _("Say in your own words what is needed.")
    NOT_HERE = "need_not_here", _("Choose the village or community where help is needed.")
    PAST = "need_wanted_in_the_past", _("This day has passed. Choose today or a later one.")
    NO_RELATION = "proxy_without_relation", _("Say how you are related to the person who needs help.")
    ITEM_ELSEWHERE = "need_item_elsewhere", _("This line of the menu belongs to another kind of help. Choose again.")
    TOO_MANY = (
        "too_many_needs",
        _("Many requests came from here today. Please call the service telephone, so that nothing is missed."),
    )


class WithdrawalObstacle(TextChoices):
    DATE_FIXED = "need_has_a_date", _("A day is already fixed. Please call the team, so that nobody comes in vain.")


@dataclass(frozen=True)
class NeedFacts:
    """The six things that are asked, and who asks when it is for somebody else."""

    name: str
    phone: str
    area: Area
    words: str
    category: Category
    urgency: Urgency = Urgency.NORMAL
    address: str = ""
    wanted_by: date | None = None
    risk: str = ""
    proxy_name: str = ""
    proxy_relation: str = ""
    item: MenuItem | None = None


def obstacle_to_file(facts: NeedFacts, *, at: datetime) -> FilingObstacle | None:
    """Why a need can't be filed like this; None when nothing stands in the way. The phone is checked by itself."""
    if not facts.name.strip():
        return FilingObstacle.NO_NAME
    if not facts.words.strip():
        return FilingObstacle.NO_WORDS
    if obstacle_to_living_in(facts.area):
        return FilingObstacle.NOT_HERE
    if facts.wanted_by and facts.wanted_by < local_day(at):
        return FilingObstacle.PAST
    if facts.proxy_name.strip() and not facts.proxy_relation.strip():
        return FilingObstacle.NO_RELATION
    if facts.item and facts.item.category_id != facts.category.code:
        return FilingObstacle.ITEM_ELSEWHERE
    return None


@verb
def file_need(facts: NeedFacts, *, door: Door, by: Person | None, at: datetime, place: str = "") -> Need:
    """Take a need, with its number and receipt at once.

    Online, `by` is whoever is signed in, or None; by every other door it is the clerk. `place` is the asker's network,
    counted against floods.
    """
    if door != Door.WEB:
        require(by, Permission.ENTER_NEED, area=facts.area.code)
    phone = normal_phone(facts.phone)
    if obstacle := obstacle_to_file(facts, at=at):
        raise Refused(obstacle)
    if door == Door.WEB:
        _spend(phone, place, at=at)
    number = _next_number(local_day(at))
    need = Need.objects.create(
        number=number,
        category=facts.category,
        item=facts.item,
        area=facts.area,
        words=facts.words,
        name=facts.name,
        phone=phone,
        phone_key=phone_key(phone),
        address=facts.address,
        risk=facts.risk,
        urgency=facts.urgency,
        wanted_by=facts.wanted_by,
        door=door,
        person=by if door == Door.WEB else None,
        entered_by=None if door == Door.WEB else by,
        proxy_name=facts.proxy_name,
        proxy_relation=facts.proxy_relation,
        state=NeedState.SUBMITTED,
        state_since=at,
        due_at=due_at(facts.urgency, NeedState.SUBMITTED, at=at),
        created_at=at,
        grams=grams(number, facts.words, facts.category.name_zh, _item_name(facts), facts.area.place),
    )
    Transition.objects.create(need=need, from_state="", to_state=NeedState.SUBMITTED, by=by, at=at)
    record(by, "need.filed", need, at=at, door=door.value, area=facts.area.code)
    tell_received(need, at=at)
    return need


def _item_name(facts: NeedFacts) -> str:
    return facts.item.name_zh if facts.item else ""


def _spend(phone: str, place: str, *, at: datetime) -> None:
    free = spend(FROM_ONE_PHONE, phone, at=at)
    if place:
        free = spend(FROM_ONE_PLACE, place, at=at) and free
    if not free:
        raise Refused(FilingObstacle.TOO_MANY)


def _next_number(day: date) -> str:
    """`261124-0047`: the day and a count that two askers never share."""
    DayCounter.objects.get_or_create(day=day)
    DayCounter.objects.filter(day=day).update(last=F("last") + 1)
    return f"{day:%y%m%d}-{DayCounter.objects.get(day=day).last:04d}"


def _require_resident_or_clerk(need: Need, by: Person | None) -> None:
    """Whoever holds the receipt acts without an account (`by` is None); staff act for their area."""
    if by is not None and by.pk != need.person_id and not may(by, Permission.ENTER_NEED, area=need.area_id):
        raise Refused(AccessObstacle.NOT_YOURS)


def obstacle_to_withdraw(need: Need) -> WithdrawalObstacle | None:
    """Why a need can't be withdrawn by the resident any more; None while nobody has a date for it."""
    if need.state in (NeedState.SCHEDULED, NeedState.SERVING):
        return WithdrawalObstacle.DATE_FIXED
    return None


@verb
def withdraw_need(need: Need, reason: str, *, by: Person | None, at: datetime) -> Need:
    """The resident no longer needs it, and says why; a team that was asked is told."""
    need = lock_need(need)
    _require_resident_or_clerk(need, by)
    if obstacle := obstacle_to_withdraw(need):
        raise Refused(obstacle)
    require_reason(reason)
    asked_team = need.team if need.state in (NeedState.DISPATCHED, NeedState.ACCEPTED) else None
    move(need, NeedState.WITHDRAWN, by=by, at=at, reason=reason)
    if asked_team:
        count_for(asked_team, open_orders=-1)
        tell_leaders_it_is_over(need, asked_team, at=at)
    return need


@verb
def answer_question(need: Need, answer: str, *, by: Person | None, at: datetime) -> Need:
    """The resident, or a clerk who called them, answers what was asked; the clock runs again."""
    need = lock_need(need)
    _require_resident_or_clerk(need, by)
    require_reason(answer)
    move(need, NeedState.SUBMITTED, by=by, at=at, reason=answer)
    return need
