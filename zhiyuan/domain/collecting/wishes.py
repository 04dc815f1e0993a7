"""A small wish: told, approved, claimed, fulfilled with a dated note, or given back. Money is never collected."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.collecting.models import Wish, WishState
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.notices.telling import Template, tell
from zhiyuan.domain.organisations.models import Category
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may, require
from zhiyuan.domain.people.ages import is_minor
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import normal_phone
from zhiyuan.domain.volunteers.joining import obstacle_to_living_in

FROM_ONE_PHONE = Limit("wish-phone", 3, 86400)
FROM_ONE_PLACE = Limit("wish-place", 30, 3600)
HOUSES_AN_HOUR = Limit("wish-houses", 60, 3600)
REMIND_AFTER = declare(
    Parameter("wish.remind", _("Small wishes"), _("Whoever claimed a wish is reminded after"), Unit.DAYS, 14, least=1)
)
REMINDER = Template(
    "wish_reminder",
    gettext_noop("%(site)s: you claimed the wish “%(words)s”. Is it fulfilled? Note it, or give it back: %(phone)s."),
)


class WishObstacle(TextChoices):
    NO_WORDS = "wish_without_words", _("Say in a few words what is wished for.")
    NO_NAME = "wish_without_name", _("Say for whom it is, and a name for those who come.")
    NOT_HERE = "wish_not_here", _("Choose the village or community where the wish is at home.")
    TOO_MANY = "too_many_wishes", _("Many wishes came from here today. Please call the service telephone.")
    NOT_NOW = "wish_not_from_here", _("The wish has moved on meanwhile. Look at it again.")
    ADULTS = "wish_claimed_by_minor", _("Wishes are claimed from 18 on. Ask your parents or your team to claim it.")
    SILENT = "wish_without_note", _("Say in a few words what was done, or why.")
    LATER = "wish_fulfilled_later", _("This day lies in the future. Put in the day when it was done.")
    TOO_MANY_LOOKS = "too_many_wish_houses", _("You have opened many addresses within an hour. Please go on later.")


@dataclass(frozen=True)
class WishFacts:
    """What is told; the public sees words, `for_whom`, village and category."""

    words: str
    for_whom: str
    name: str
    phone: str
    area: Area
    category: Category
    address: str = ""


def obstacle_to_tell_wish(facts: WishFacts) -> WishObstacle | None:
    """Why a wish can't be taken like this; None when nothing stands in the way."""
    if not facts.words.strip():
        return WishObstacle.NO_WORDS
    if not facts.for_whom.strip() or not facts.name.strip():
        return WishObstacle.NO_NAME
    return WishObstacle.NOT_HERE if obstacle_to_living_in(facts.area) else None


@verb
def tell_wish(facts: WishFacts, *, by: Person | None, at: datetime, place: str = "") -> Wish:
    """Take a wish from anybody. Nobody else reads it before the desk of its village has approved it."""
    phone = normal_phone(facts.phone)
    if obstacle := obstacle_to_tell_wish(facts):
        raise Refused(obstacle)
    if not may(by, Permission.ENTER_NEED, area=facts.area.code):
        free = spend(FROM_ONE_PHONE, phone, at=at)
        if not (spend(FROM_ONE_PLACE, place or "unknown", at=at) and free):
            raise Refused(WishObstacle.TOO_MANY)
    wish = Wish.objects.create(**{**vars(facts), "phone": phone}, told_by=by, created_at=at, changed_at=at)
    record(by, "wish.told", wish, at=at, area=facts.area.code)
    return wish


def _lock(wish: Wish) -> Wish:
    return Wish.objects.select_for_update(of=("self",)).select_related("area", "claimed_by").get(pk=wish.pk)


def _move(wish: Wish, to: WishState, *, by: Person, at: datetime, **facts: object) -> Wish:
    wish.state, wish.changed_at = to, at
    wish.save()
    record(by, f"wish.{to.value}", wish, at=at, **facts)
    return wish


def _require_state(wish: Wish, *states: WishState) -> None:
    if wish.state not in states:
        raise Refused(WishObstacle.NOT_NOW)


def may_moderate(person: Person | None, wish: Wish) -> bool:
    return may(person, Permission.VERIFY_NEED, area=wish.area_id)


@verb
def approve_wish(wish: Wish, *, by: Person, at: datetime) -> Wish:
    """The desk has made sure of it: everybody may read and claim it now."""
    wish = _lock(wish)
    require(by, Permission.VERIFY_NEED, area=wish.area_id)
    _require_state(wish, WishState.PROPOSED)
    wish.approved_by = by
    return _move(wish, WishState.OPEN, by=by, at=at)


@verb
def end_wish(wish: Wish, reason: str, *, by: Person, at: datetime) -> Wish:
    """The desk takes it off the list, or never puts it on, and says why."""
    wish = _lock(wish)
    require(by, Permission.VERIFY_NEED, area=wish.area_id)
    _require_state(wish, WishState.PROPOSED, WishState.OPEN, WishState.CLAIMED)
    _require_words(reason)
    wish.note = reason
    return _move(wish, WishState.ENDED, by=by, at=at)


def obstacle_to_claim(wish: Wish, person: Person, *, at: datetime) -> WishObstacle | None:
    """Why somebody can't claim a wish; None when nothing stands in the way."""
    if wish.state != WishState.OPEN:
        return WishObstacle.NOT_NOW
    return WishObstacle.ADULTS if is_minor(person, local_day(at)) else None


@verb
def claim_wish(wish: Wish, claimed_for: str, *, by: Person, at: datetime) -> Wish:
    """Take it on: for oneself, or for a team or unit that is named in words."""
    wish = _lock(wish)
    if obstacle := obstacle_to_claim(wish, by, at=at):
        raise Refused(obstacle)
    wish.claimed_by, wish.claimed_for, wish.claimed_at, wish.reminded_at = by, claimed_for, at, None
    return _move(wish, WishState.CLAIMED, by=by, at=at)


def _require_claimer_or_desk(wish: Wish, by: Person) -> None:
    if wish.claimed_by_id != by.pk and not may_moderate(by, wish):
        raise Refused(AccessObstacle.NOT_YOURS)


def _require_words(words: str) -> None:
    if not words.strip():
        raise Refused(WishObstacle.SILENT)


@verb
def give_wish_back(wish: Wish, *, by: Person, at: datetime) -> Wish:
    """Whoever claimed it can't do it after all; it stands open again and nobody is blamed."""
    wish = _lock(wish)
    _require_claimer_or_desk(wish, by)
    _require_state(wish, WishState.CLAIMED)
    wish.claimed_by, wish.claimed_for, wish.claimed_at, wish.reminded_at = None, "", None, None
    return _move(wish, WishState.OPEN, by=by, at=at, given_back=True)


def obstacle_to_fulfil(day: date, note: str, *, at: datetime) -> WishObstacle | None:
    if not note.strip():
        return WishObstacle.SILENT
    return WishObstacle.LATER if day > local_day(at) else None


@verb
def fulfil_wish(wish: Wish, day: date, note: str, thanks: str = "", *, by: Person, at: datetime) -> Wish:
    """It is done, on this day; the note says what was done, and the thanks what was answered."""
    wish = _lock(wish)
    _require_claimer_or_desk(wish, by)
    _require_state(wish, WishState.CLAIMED)
    if obstacle := obstacle_to_fulfil(day, note, at=at):
        raise Refused(obstacle)
    wish.fulfilled_on, wish.note, wish.thanks = day, note, thanks
    return _move(wish, WishState.FULFILLED, by=by, at=at, day=day.isoformat())


def may_see_house(person: Person | None, wish: Wish) -> bool:
    """Name, telephone and house: for whoever has claimed it, until it is fulfilled, and for the desk."""
    claims = person is not None and wish.claimed_by_id == person.pk and wish.state == WishState.CLAIMED
    return claims or (person is not None and may_moderate(person, wish))


def open_house(wish: Wish, *, by: Person, at: datetime) -> None:
    """Note that somebody reads name, telephone and house; refused to whoever opens them by the dozen."""
    if not may_see_house(by, wish):
        raise Refused(AccessObstacle.NOT_YOURS)
    if not spend(HOUSES_AN_HOUR, by.public_id, at=at):
        raise Refused(WishObstacle.TOO_MANY_LOOKS)
    _note_look(wish, by=by, at=at)


@verb
def _note_look(wish: Wish, *, by: Person, at: datetime) -> None:
    record(by, "wish.house_viewed", wish, at=at)


@verb
def remind_of_wishes(at: datetime) -> int:
    """Remind those who claimed a wish long ago, and again after as many days; returns how many were told."""
    before = at - timedelta(days=value_of(REMIND_AFTER, on=local_day(at)))
    waiting = Q(reminded_at=None, claimed_at__lte=before) | Q(reminded_at__lte=before)
    due = Wish.objects.select_for_update(of=("self",)).filter(waiting, state=WishState.CLAIMED)
    told = 0
    for wish in due.select_related("claimed_by").order_by("pk"):
        if wish.claimed_by is None:
            raise ValueError("a claimed wish has somebody")
        key = f"wish:{wish.public_id}:{local_day(at)}"
        tell(wish.claimed_by, REMINDER, {"words": wish.words}, key=key, at=at, href=f"/wishes/{wish.public_id}/")
        told += 1
    Wish.objects.filter(waiting, state=WishState.CLAIMED).update(reminded_at=at)
    return told
