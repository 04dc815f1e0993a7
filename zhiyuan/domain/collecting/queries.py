"""Reading what was collected: one's own rounds, one's area's surveys, and the wishes that everybody may read."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.collecting.models import Answer, Choice, Round, Survey, Visit, Wish, WishState
from zhiyuan.domain.collecting.surveys import KEEPS
from zhiyuan.domain.needs.models import ENDED
from zhiyuan.domain.organisations.models import MenuItem
from zhiyuan.domain.organisations.permissions import Permission, scope_of
from zhiyuan.domain.people.models import Person


def rounds_of(person: Person) -> QuerySet[Round]:
    """One's own rounds, newest first, with how many households, needs and open needs there are."""
    needs = Q(visits__need__isnull=False)
    counted = Round.objects.filter(by=person).select_related("area")
    counted = counted.annotate(
        households=Count("visits"),
        needs=Count("visits", filter=needs),
        still_open=Count("visits", filter=needs & ~Q(visits__need__state__in=ENDED)),
    )
    return counted.order_by("-day", "-pk")


def visits_of(walk: Round) -> QuerySet[Visit]:
    """The households of a round, with what became of each need."""
    return Visit.objects.filter(round=walk).select_related("need__category", "need__item", "need__team").order_by("pk")


def surveys_kept_by(person: Person | None) -> QuerySet[Survey]:
    """Surveys of the areas that somebody works for, newest first."""
    reached = Q(pk__in=[])
    for permission in KEEPS:
        reached |= scope_of(person, permission).rows()
    found = Survey.objects.filter(reached).select_related("area", "made_by")
    return found.annotate(answered=Count("answers", distinct=True)).order_by("-created_at", "-pk")


def survey_by_form(form_id: str) -> Survey | None:
    """The survey whose public form this is. The address itself is the permission."""
    return Survey.objects.select_related("area").filter(form_id=form_id).first()


def items_of(survey: Survey) -> QuerySet[MenuItem]:
    """What a survey asks about, in the menu's order."""
    items = survey.items.select_related("category")
    return items.order_by("category__order", "category_id", "order", "pk")


@dataclass(frozen=True)
class Wanted:
    """How often an item was ticked in a village, and how many of the ticks have no need yet."""

    item: MenuItem
    place: str
    area: str
    ticks: int
    open: int


def wanted_in(survey: Survey) -> list[Wanted]:
    """The survey item by item and village by village; the same telephone ticking again is not counted. Two queries."""
    rows = Choice.objects.filter(answer__survey=survey, again=False)
    counted = rows.values("item_id", "answer__area_id", "answer__area__place").annotate(
        ticks=Count("pk"), open=Count("pk", filter=Q(need=None))
    )
    found: dict[int, list[Wanted]] = {}
    items = {item.pk: item for item in items_of(survey)}
    for row in counted.order_by("-ticks", "answer__area_id"):
        one = Wanted(
            items[row["item_id"]], row["answer__area__place"], row["answer__area_id"], row["ticks"], row["open"]
        )
        found.setdefault(row["item_id"], []).append(one)
    return [one for key in items for one in found.get(key, [])]


def choices_of(survey: Survey, *, item: str = "", area: str = "") -> QuerySet[Choice]:
    """Single ticks, those without a need first; of one item or one place when named."""
    found = Choice.objects.filter(answer__survey=survey).select_related("answer__area", "item__category", "need")
    if item:
        found = found.filter(item__code=item)
    if area:
        found = found.filter(in_area(area, "answer__area_id"))
    return found.order_by("need_id", "answer__area_id", "pk")


def answers_in(survey: Survey) -> int:
    return Answer.objects.filter(survey=survey).count()


def _wishes() -> QuerySet[Wish]:
    return Wish.objects.select_related("area", "category", "claimed_by")


PUBLIC = (WishState.OPEN, WishState.CLAIMED, WishState.FULFILLED)


def wishes_in_state(state: WishState, *, township: str = "") -> QuerySet[Wish]:
    """What everybody may read, newest first; a place narrows it."""
    found = _wishes().filter(state=state, state__in=PUBLIC)
    if township:
        found = found.filter(in_area(township))
    return found.order_by("-changed_at", "-pk")


def wishes_readable_by(person: Person | None) -> QuerySet[Wish]:
    """Public ones; before and after that for the desk of their village alone."""
    return _wishes().filter(Q(state__in=PUBLIC) | scope_of(person, Permission.VERIFY_NEED).rows())


def wishes_to_approve(person: Person | None) -> QuerySet[Wish]:
    """What waits for somebody's yes, oldest first."""
    waiting = _wishes().filter(scope_of(person, Permission.VERIFY_NEED).rows(), state=WishState.PROPOSED)
    return waiting.order_by("created_at", "pk")


def wishes_claimed_by(person: Person) -> QuerySet[Wish]:
    return _wishes().filter(claimed_by=person, state=WishState.CLAIMED).order_by("claimed_at", "pk")
