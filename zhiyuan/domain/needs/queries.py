"""Reading needs. Staff see their areas, teams the orders sent to them, residents their own by receipt."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.foundation.database import Unindexed
from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.models import Alarm, Need, NeedState, Order, Referral, Transition, Turn
from zhiyuan.domain.organisations.permissions import GRANTS, Permission, grants_of, scope_of
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import phone_key
from zhiyuan.domain.residents.models import Resident

LOOKING_UP = Limit("need-lookup", 20, 600)
_NUMBER = re.compile(r"([2-9]\d{5})-?(\d{4,5})")
_PHONE = re.compile(r"[01]\d{9,11}")
# what waits for somebody at the desk: the rest waits for a team or for the resident
AT_DESK = (NeedState.SUBMITTED, NeedState.VERIFIED)


class LookupObstacle(TextChoices):
    TOO_MANY = (
        "too_many_need_lookups",
        _("Too many numbers were tried from here. Wait ten minutes, or call the service telephone."),
    )


def _needs() -> QuerySet[Need]:
    return Need.objects.select_related("category", "area", "team", "desk")


def needs_visible_to(person: Person | None) -> QuerySet[Need]:
    """Needs of the areas that somebody works for, and those that they took down themselves. Teams reach their orders
    through the activities' queries."""
    scope = scope_of(person, Permission.SEE_NEEDS)
    if scope or person is None:
        return _needs().filter(scope.rows(area="area_id"))
    return _needs().filter(entered_by=person)


def needs_entered_by(person: Person) -> QuerySet[Need]:
    """What somebody took down for residents, newest first: they hear how it goes on."""
    return _needs().filter(entered_by=person).order_by("-created_at", "-pk")


def needs_asked_by(person: Person) -> QuerySet[Need]:
    """What somebody asked for while signed in, newest first."""
    return _needs().filter(person=person).order_by("-created_at", "-pk")


@dataclass(frozen=True)
class DeskWanted:
    """What somebody looks for at the desk; every part stands in the address."""

    state: str = ""
    township: str = ""
    urgency: str = ""
    words: str = ""
    overdue: bool = False
    escalated: bool = False  # lay too long below and came up to somebody's own desk


def _open_at_desk(person: Person | None) -> QuerySet[Need]:
    """What `needs_visible_to` shows, by the index of the desk's order."""
    if scope := scope_of(person, Permission.SEE_NEEDS):
        places = _needs().alias(place=Unindexed("area_id"))
        return places.filter(scope.rows(area="place"), turn__lt=Turn.OVER)
    return needs_visible_to(person).filter(turn__lt=Turn.OVER)


def desk_needs(person: Person | None, wanted: DeskWanted, *, at: datetime) -> QuerySet[Need]:
    """Overdue first, then what is due soonest; needs that wait for the requester or for thanks come last.

    A search by number or telephone also finds what has ended.
    """
    found = needs_visible_to(person) if wanted.words else _open_at_desk(person)
    if wanted.words:
        found = found_by(found, wanted.words)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.township:
        found = found.filter(in_area(wanted.township, "area_id"))
    if wanted.urgency:
        found = found.filter(urgency=wanted.urgency)
    if wanted.overdue:
        found = found.filter(turn=Turn.OURS, due_at__lte=at)
    if wanted.escalated:
        found = found.filter(desk__in=own_desks(person), escalations__gt=0)
    return in_desk_order(found)


def in_desk_order(needs: QuerySet[Need]) -> QuerySet[Need]:
    """The order of an index: whose turn it is, then what is due first."""
    return needs.order_by("turn", "due_at", "pk")


def own_desks(person: Person | None) -> list[str]:
    """Codes of the areas whose desk somebody sits at."""
    held = [grant for grant in grants_of(person) if Permission.VERIFY_NEED in GRANTS[grant.role]]
    return [grant.area_code for grant in held if grant.area_code]


def _compact(text: str) -> str:
    """Without spaces; full-width digits, as some keyboards write them, as plain ones."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _number_in(text: str) -> str | None:
    """The receipt number that somebody typed, with or without its hyphen."""
    found = _NUMBER.fullmatch(_compact(text))
    return f"{found[1]}-{found[2]}" if found else None


def found_by(needs: QuerySet[Need], words: str) -> QuerySet[Need]:
    """Those with this number or telephone, or whose words, kind or place have these signs."""
    if number := _number_in(words):
        return needs.filter(number=number)
    if _PHONE.fullmatch(compact := _compact(words)):
        return needs.filter(phone_key=phone_key(compact))
    return needs.filter(grams__match=words)


def desk_counts(person: Person | None, *, at: datetime) -> dict[str, int]:
    """How many open needs somebody's desk has: in all, overdue, and by state. One query."""
    overdue = Count("pk", filter=Q(turn=Turn.OURS, due_at__lte=at))
    raised = Count("pk", filter=Q(desk__in=own_desks(person), escalations__gt=0))
    rows = _open_at_desk(person).order_by().values("state").annotate(n=Count("pk"), late=overdue, raised=raised)
    counts = {row["state"]: row["n"] for row in rows}
    return {
        **counts,
        "all": sum(row["n"] for row in rows),
        "overdue": sum(row["late"] for row in rows),
        "escalated": sum(row["raised"] for row in rows),
    }


def next_need(person: Person | None, wanted: DeskWanted, after: Need, *, at: datetime) -> Need | None:
    """What to open when a need is dealt with: the first that waits for the desk itself."""
    waiting = desk_needs(person, wanted, at=at).filter(state__in=AT_DESK).exclude(pk=after.pk)
    if after.state in AT_DESK:
        return waiting.first()
    return waiting.filter(state=NeedState.VERIFIED).first() or waiting.first()


def need_by_receipt(receipt_id: str) -> Need | None:
    """The need whose receipt this is. The address itself is the permission."""
    rows = _needs().select_related("person", "rating", "merged_into__team", "merged_into__area", "merged_into__desk")
    return rows.filter(receipt_id=receipt_id).first()


def need_by_number(number: str, phone: str, *, place: str, at: datetime) -> Need | None:
    """The need with this number and telephone; None alike when either is wrong. `place` is counted against guessing."""
    if not spend(LOOKING_UP, place, at=at):
        raise Refused(LookupObstacle.TOO_MANY)
    digits = re.sub(r"\D", "", _compact(phone)).removeprefix("86")
    return _needs().filter(number=_number_in(number) or "", phone_key=phone_key(digits)).first()


def steps_of(need: Need) -> QuerySet[Transition]:
    """All that happened to a need, in order."""
    return Transition.objects.filter(need=need).select_related("by", "team").order_by("at", "pk")


def same_phone_needs(need: Need, person: Person | None) -> QuerySet[Need]:
    """What the same household asked for before, as far as somebody may see it; newest first."""
    earlier = needs_visible_to(person).filter(phone_key=need.phone_key).exclude(pk=need.pk)
    return earlier.select_related("rating").order_by("-created_at", "-pk")


def alarms_of(need: Need) -> QuerySet[Alarm]:
    """What the clock did about a need, in order."""
    return Alarm.objects.filter(need=need).select_related("desk").order_by("at", "pk")


def orders_of(need: Need) -> QuerySet[Order]:
    """Every team that was asked or claimed it, with its answer, in order."""
    return Order.objects.filter(need=need).select_related("team", "answered_by").order_by("sent_at", "pk")


def last_referral(need: Need) -> Referral | None:
    """Where it was passed to, the last time."""
    return Referral.objects.filter(need=need).order_by("-at", "-pk").first()


def merged_with(need: Need, person: Person | None) -> QuerySet[Need]:
    """Requests that were taken together with this one, as far as somebody may see them."""
    return needs_visible_to(person).filter(merged_into=need).order_by("created_at", "pk")


def needs_of_residents(residents: QuerySet[Resident], person: Person) -> QuerySet[Need]:
    """What was asked for residents, newest first: the needs that somebody sees or entered themselves."""
    seen = scope_of(person, Permission.SEE_NEEDS).rows(area="area_id") | Q(entered_by=person)
    found = _needs().filter(seen, resident__in=residents)
    return found.select_related("rating").order_by("-created_at", "-pk")
