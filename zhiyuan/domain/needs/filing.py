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
from zhiyuan.domain.needs.clocks import Clocks
from zhiyuan.domain.needs.desks import starting_desk
from zhiyuan.domain.needs.dispatching import withdraw_orders
from zhiyuan.domain.needs.merging import let_go
from zhiyuan.domain.needs.models import DayCounter, Door, Mandate, Need, NeedState, Transition, Urgency
from zhiyuan.domain.needs.moving import (
    MovingObstacle,
    lock_need,
    move,
    one_level_up,
    require_move,
    require_reason,
    start_clock,
)
from zhiyuan.domain.needs.telling import tell_desk_above, tell_received, tell_taker
from zhiyuan.domain.organisations.models import Category, MenuItem
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import normal_phone, phone_key
from zhiyuan.domain.residents.finding import resident_for
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


class MandateObstacle(TextChoices):
    NO_MANDATE = "proxy_without_mandate", _("Say how you may ask for them. A word of theirs is enough.")


class WithdrawalObstacle(TextChoices):
    DATE_FIXED = "need_has_a_date", _("A day is already fixed. Please call the team, so that nobody comes in vain.")


class AppealObstacle(TextChoices):
    APPEALED = (
        "refusal_already_appealed",
        _("The desk above has looked at it already. Call the service telephone, or 12345."),
    )


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
    proxy_phone: str = ""
    mandate: Mandate = Mandate.UNSAID
    item: MenuItem | None = None


def obstacle_to_file(facts: NeedFacts, *, at: datetime) -> FilingObstacle | MandateObstacle | None:
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
    if facts.proxy_name.strip() and facts.mandate == Mandate.UNSAID:
        return MandateObstacle.NO_MANDATE
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
    day = local_day(at)
    number = _next_number(day)
    asks_for_themselves = door == Door.WEB and not facts.proxy_name.strip()
    need = Need(
        number=number,
        resident=resident_for(
            name=facts.name,
            phone=phone,
            area=facts.area,
            person=by if asks_for_themselves else None,
            by=by,
            at=at,
        ),
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
        proxy_phone=normal_phone(facts.proxy_phone) if facts.proxy_phone.strip() else "",
        mandate=facts.mandate,
        desk=starting_desk(facts.area, on=day),
        state=NeedState.SUBMITTED,
        state_since=at,
        created_at=at,
        grams=grams(number, facts.words, facts.category.name_zh, _item_name(facts), facts.area.place),
    )
    start_clock(need, Clocks.on(day), start=at)
    need.save(force_insert=True)
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
    """Whoever holds the receipt acts without an account (`by` is None); staff act for their area, and who took it
    down for what they brought."""
    if by is None or by.pk in (need.person_id, need.entered_by_id):
        return
    require(by, Permission.VERIFY_NEED, area=need.area_id)


def obstacle_to_withdraw(need: Need) -> WithdrawalObstacle | None:
    """Why a need can't be withdrawn by the resident any more; None while nobody has a date for it."""
    if need.state in (NeedState.SCHEDULED, NeedState.SERVING):
        return WithdrawalObstacle.DATE_FIXED
    return None


@verb
def withdraw_need(need: Need, reason: str, *, by: Person | None, at: datetime) -> Need:
    """The resident no longer needs it, and says why; teams that were asked are told."""
    need = lock_need(need)
    _require_resident_or_clerk(need, by)
    if obstacle := obstacle_to_withdraw(need):
        raise Refused(obstacle)
    require_move(need, NeedState.WITHDRAWN)
    require_reason(reason)
    withdraw_orders(need, by=by, at=at)
    need.team = need.offered_in = None
    move(need, NeedState.WITHDRAWN, by=by, at=at, reason=reason)
    let_go(need, by=None, at=at)
    tell_taker(need, at=at)
    return need


@verb
def answer_question(need: Need, answer: str, *, by: Person | None, at: datetime) -> Need:
    """The resident, or a clerk who called them, answers what was asked; the clock runs again."""
    need = lock_need(need)
    _require_resident_or_clerk(need, by)
    if need.state != NeedState.WAITING:  # a refusal and what was taken together come back by other ways
        raise Refused(MovingObstacle.NOT_FROM_HERE, state=NeedState(need.state).label)
    require_reason(answer)
    move(need, NeedState.SUBMITTED, by=by, at=at, reason=answer)
    return need


def obstacle_to_appeal(need: Need) -> AppealObstacle | MovingObstacle | None:
    """Why a refusal can't be appealed; None when it can, which is once."""
    if need.state != NeedState.REJECTED:
        return MovingObstacle.NOT_FROM_HERE
    return AppealObstacle.APPEALED if need.appealed_at else None


@verb
def appeal_refusal(need: Need, reason: str, *, by: Person | None, at: datetime) -> Need:
    """The resident objects to a refusal: the desk above looks at it anew."""
    need = lock_need(need)
    _require_resident_or_clerk(need, by)
    if obstacle := obstacle_to_appeal(need):
        raise Refused(obstacle, state=NeedState(need.state).label)
    require_reason(reason)
    went_up = one_level_up(need)
    need.appealed_at = at
    move(need, NeedState.SUBMITTED, by=by, at=at, reason=reason)
    if went_up:
        tell_desk_above(need, at=at)
    return need
