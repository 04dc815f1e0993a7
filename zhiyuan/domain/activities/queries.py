"""Reading activities. What is on is public; who signed up is seen by themselves and by those who take attendance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Case, Exists, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.utils import timezone

from zhiyuan.domain.activities.attendance import CLOSES_AFTER
from zhiyuan.domain.activities.models import Activity, ActivityState, NeededBasic, Shift, SignUp
from zhiyuan.domain.activities.signup import age_fits, shifts_with_facts
from zhiyuan.domain.areas.models import Level, code_range
from zhiyuan.domain.areas.queries import in_area, lies_in
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.needs.looking import house_is_open
from zhiyuan.domain.needs.models import Look, Need, NeedState, Order
from zhiyuan.domain.organisations.models import Site, Team
from zhiyuan.domain.organisations.permissions import Permission, may, scope_of
from zhiyuan.domain.organisations.queries import own_teams
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.basics import Asked, not_yet_given
from zhiyuan.domain.volunteers.models import Pause, Volunteer
from zhiyuan.domain.volunteers.pausing import standing_on

OVER = (ActivityState.FINISHED, ActivityState.CANCELLED)


def activities_visible() -> QuerySet[Activity]:
    """All activities, open or over: they are public."""
    return Activity.objects.select_related(
        "team__area", "area", "category", "site", "in_charge", "need__area", "needed_training"
    )


def activities_kept_by(person: Person | None) -> QuerySet[Activity]:
    """Those whose attendance somebody may take."""
    reached = scope_of(person, Permission.TAKE_ATTENDANCE).rows(area="team__area_id", team="team__path")
    return activities_visible().filter(reached)


def activity_for(need: Need) -> Activity | None:
    """The standing activity that answers a request, the newest one; None while it has no date."""
    made = activities_visible().filter(need=need).exclude(state=ActivityState.CANCELLED)
    return made.order_by("-created_at", "-pk").first()


# Shifts that are open ------------------------------------------------------------------------------------------------


def open_shifts(at: datetime) -> QuerySet[Shift]:
    """Shifts that have not started, soonest first."""
    # said by what it is not: SQLite then walks the shifts in the order of their index and stops when the page is full,
    # instead of sorting the shifts of all published activities
    coming = Shift.objects.filter(starts_at__gt=at).exclude(activity__state__in=OVER)
    return coming.select_related("activity__area", "activity__team").order_by("starts_at", "pk")


def with_places(shifts: QuerySet[Shift]) -> QuerySet[Shift]:
    return shifts.filter(taken__lt=F("places"))


def open_shifts_near(area_code: str | None, at: datetime, most: int) -> list[Shift]:
    """Shifts with places: those of the same village first, then of the township, then the others; soonest first."""
    shifts = with_places(open_shifts(at))
    if area_code is None:
        return list(shifts[:most])
    return list(_nearest_first(shifts, area_code)[:most])


def _nearest_first(shifts: QuerySet[Shift], area_code: str) -> QuerySet[Shift]:
    low, high = code_range(area_code[:9] + "000", Level.TOWNSHIP)
    distance = Case(
        When(activity__area=area_code, then=Value(0)),
        When(activity__area__gte=low, activity__area__lt=high, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return shifts.annotate(distance=distance).order_by("distance", "starts_at", "pk")


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for among the open shifts."""

    township: str = ""
    category: str = ""
    words: str = ""
    has_places: bool = False
    this_week: bool = False


def wanted_shifts(wanted: Wanted, at: datetime) -> QuerySet[Shift]:
    shifts = open_shifts(at)
    if wanted.township:
        shifts = shifts.filter(in_area(wanted.township, "activity__area_id"))
    if wanted.category:
        shifts = shifts.filter(activity__category=wanted.category)
    if wanted.words:
        shifts = shifts.filter(activity__grams__match=wanted.words)
    if wanted.has_places:
        shifts = with_places(shifts)
    if wanted.this_week:
        shifts = shifts.filter(starts_at__lt=_end_of_week(at))
    return shifts


def _end_of_week(at: datetime) -> datetime:
    """The next Monday's first moment in the county."""
    day = local_day(at)
    return _midnight(day + timedelta(days=7 - day.weekday()))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def only_takeable(shifts: QuerySet[Shift], volunteer: Volunteer, at: datetime) -> QuerySet[Shift]:
    """Of shifts with facts, those that the rule lets this volunteer take today."""
    fits = Q(signed_up=False, clashes=False, lacks_skill=False, missing_basic=None, consented=True, apart=False)
    fits &= Q(activity__needed_training=None) | Q(trained=True)
    return with_places(shifts).filter(fits & age_fits(volunteer, local_day(at)))


def team_shifts(team: Team, at: datetime, most: int) -> list[Shift]:
    """What a team has before it that anybody can still join, soonest first."""
    return list(open_shifts(at).filter(activity__team=team)[:most])


def site_shifts(site: Site, at: datetime, most: int) -> list[Shift]:
    """What is on at a site or in its village, from this morning on; what was cancelled is not."""
    here = Q(activity__site=site) | Q(activity__area=site.area_id)
    on = Shift.objects.filter(here, starts_at__gte=_midnight(local_day(at))).exclude(
        activity__state=ActivityState.CANCELLED
    )
    return list(on.select_related("activity__area", "activity__team").order_by("starts_at", "pk")[:most])


def fitting_shifts(volunteer: Volunteer, at: datetime, most: int, *, but: Activity | None = None) -> list[Shift]:
    """What a volunteer can take: their own teams' first, then nearest, then soonest. While they pause, nothing."""
    shifts = open_shifts(at).exclude(activity=but) if but else open_shifts(at)
    pauses = Pause.objects.filter(standing_on(local_day(at)), volunteer=volunteer)
    ready = only_takeable(shifts_with_facts(shifts, volunteer), volunteer, at).exclude(Exists(pauses))
    order = (F("own_team").desc(), F("distance"), "starts_at", "pk")
    return list(_nearest_first(ready, volunteer.area_id).order_by(*order)[:most])


# Sign-ups ------------------------------------------------------------------------------------------------------------


def _signups() -> QuerySet[SignUp]:
    return SignUp.objects.select_related(
        "shift__activity__team", "shift__activity__area", "shift__activity__in_charge", "shift__activity__need",
        "volunteer__person",
    )  # fmt: skip


def next_signups(volunteer: Volunteer, at: datetime) -> list[SignUp]:
    """What a volunteer has before them, or is in the middle of; soonest first."""
    ahead = _signups().filter(volunteer=volunteer, shift__activity__state=ActivityState.PUBLISHED)
    coming = Q(state=SignUp.State.ADMITTED, ends_at__gt=at)
    inside = Q(state=SignUp.State.CHECKED_IN, ends_at__gt=at - CLOSES_AFTER)
    return list(ahead.filter(coming | inside).order_by("starts_at", "pk"))


def basics_missing_for(volunteer: Volunteer, signups: Sequence[SignUp]) -> list[Asked]:
    """What the file lacks of all that these activities need."""
    missing = not_yet_given(volunteer.person)
    if not missing or not signups:
        return []
    needed = NeededBasic.objects.filter(activity__shifts__signups__in=signups, basic__in=missing)
    return [Asked(basic) for basic in needed.order_by("basic").values_list("basic", flat=True).distinct()]


def signups_waiting_for_hours(volunteer: Volunteer) -> QuerySet[SignUp]:
    """Complete attendances of activities that are not finished yet: the minutes come when the leader finishes."""
    return (
        _signups()
        .filter(volunteer=volunteer, state=SignUp.State.CHECKED_OUT, shift__activity__state=ActivityState.PUBLISHED)
        .order_by("starts_at", "pk")
    )


def own_signup(volunteer: Volunteer, shift: Shift) -> SignUp | None:
    """A volunteer's standing sign-up for a shift."""
    return _signups().filter(volunteer=volunteer, shift=shift).exclude(state=SignUp.State.CANCELLED).first()


def own_signups(volunteer: Volunteer) -> QuerySet[SignUp]:
    return _signups().filter(volunteer=volunteer)


def signups_kept_by(person: Person | None) -> QuerySet[SignUp]:
    """Sign-ups of the activities whose attendance somebody may take, and their own."""
    reached = scope_of(person, Permission.TAKE_ATTENDANCE).rows(
        area="shift__activity__team__area_id", team="shift__activity__team__path"
    )
    own = Q(volunteer__person=person) if person else Q(pk__in=[])
    return _signups().filter(reached | own)


def house_open_to(activity: Activity, person: Person | None, *, at: datetime) -> Look.Capacity | None:
    """As what somebody may see where a resident lives, and the telephone: who leads the team, or who signed up; None
    when it is not theirs or not the time (R93)."""
    if person is None or activity.need is None or activity.need.team_id != activity.team_id:
        return None
    if not house_is_open(activity.need, at=at):
        return None
    if may(person, Permission.ANSWER_ORDER, team=activity.team):
        return Look.Capacity.LEADER
    held = SignUp.objects.filter(shift__activity=activity, volunteer__person=person, state__in=SignUp.HOLDING)
    return Look.Capacity.HELPER if held.exists() else None


def roster(shift: Shift) -> list[SignUp]:
    """Everybody who holds or held a place in a shift, without those who gave it back; in the order of signing up."""
    held = _signups().filter(shift=shift).exclude(state=SignUp.State.CANCELLED)
    return list(held.select_related("checked_in_by", "checked_out_by").order_by("signed_up_at", "pk"))


def _missing_check_outs(at: datetime) -> QuerySet[SignUp]:
    over = Q(ends_at__lt=at - CLOSES_AFTER) | Q(shift__activity__state=ActivityState.FINISHED)
    return _signups().filter(over, state=SignUp.State.CHECKED_IN).order_by("ends_at", "pk")


def own_missing_check_outs(volunteer: Volunteer, at: datetime) -> QuerySet[SignUp]:
    """Attendances of a volunteer that nobody checked out: the hours wait for the time of leaving."""
    return _missing_check_outs(at).filter(volunteer=volunteer)


def signups_to_correct(person: Person | None, at: datetime) -> QuerySet[SignUp]:
    """Check-outs that are missing: one's own, and those of the teams that somebody leads (R50)."""
    own = Q(volunteer__person=person) if person else Q(pk__in=[])
    return _missing_check_outs(at).filter(own | Q(shift__activity__team__in=own_teams(person)))


# What a leader has to do --------------------------------------------------------------------------------------------


def orders_to_answer(person: Person | None) -> QuerySet[Order]:
    """Orders at the teams somebody leads that wait for a yes or no; the most pressing first."""
    waiting = Order.objects.filter(team__in=own_teams(person), state=Order.State.OPEN)
    return _with_need(waiting).order_by(F("need__due_at").asc(nulls_last=True), "pk")


def needs_to_claim(person: Person | None, most: int) -> list[tuple[Need, Team]]:
    """Requests that are open to be claimed by the teams somebody leads, each with the team that fits best: one that
    does this kind of service."""
    own = list(own_teams(person).prefetch_related("categories"))
    reached = Q(pk__in=[])
    for team in own:
        reached |= _reaches(team)
    offered = Need.objects.filter(reached, state=NeedState.OFFERED).select_related("category", "area")
    return [(need, _claimant(need, own)) for need in offered.order_by("due_at", "pk")[:most]]


def needs_offered_to(team: Team) -> QuerySet[Need]:
    """Requests that a team may claim."""
    return Need.objects.filter(_reaches(team), state=NeedState.OFFERED)


def _claimant(need: Need, own: list[Team]) -> Team:
    able = [team for team in own if need.category in team.categories.all()]
    near = [team for team in own if need.offered_in_id and lies_in(team.area_id, need.offered_in_id)]
    return next((team for team in able if team in near), near[0])


def _reaches(team: Team) -> Q:
    """Offers to the place where a team stands: its township or the county."""
    return Q(offered_in=team.area_id) | Q(offered_in=team.area_id[:9] + "000") | Q(offered_in=settings.COUNTY_CODE)


def orders_to_plan(person: Person | None) -> QuerySet[Need]:
    """Requests that these teams accepted and that have no date yet."""
    taken = Need.objects.filter(team__in=own_teams(person), state=NeedState.ACCEPTED)
    return taken.select_related("category", "area", "team").order_by(F("due_at").asc(nulls_last=True), "pk")


def _with_need(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.select_related("need__category", "need__area", "need__desk", "team")


def orders_within_reach(person: Person | None) -> QuerySet[Order]:
    """Orders at the teams for which somebody may answer."""
    return _with_need(Order.objects.filter(_answered_by(person)))


def taken_within_reach(person: Person | None) -> QuerySet[Need]:
    """Requests that one of the teams for which somebody may answer has taken."""
    return Need.objects.filter(_answered_by(person)).select_related("category", "area", "team")


def _answered_by(person: Person | None) -> Q:
    return scope_of(person, Permission.ANSWER_ORDER).rows(area="team__area_id", team="team__path")


def coming_activities(person: Person | None) -> QuerySet[Activity]:
    """Open activities of the teams that somebody leads, soonest first; those that are over wait to be finished."""
    return (
        activities_visible()
        .filter(team__in=own_teams(person), state=ActivityState.PUBLISHED)
        .annotate(places=Sum("shifts__places"), taken=Sum("shifts__taken"))
        .order_by("starts_at", "pk")
    )


def past_activities(team: Team) -> QuerySet[Activity]:
    """What a team has done before, newest first: to be done again."""
    return Activity.objects.filter(team=team).select_related("area").order_by("-starts_at", "-pk")
