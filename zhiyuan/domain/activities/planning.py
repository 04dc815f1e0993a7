"""An activity is published, called off, finished."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from django.db.models import QuerySet, TextChoices
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.attendance import credit_attendance
from zhiyuan.domain.activities.models import Activity, ActivityState, Form, NeededBasic, Shift, SignUp
from zhiyuan.domain.activities.signup import release
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.parameters import value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.text import grams
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.models import DeclineReason, Need, NeedState
from zhiyuan.domain.needs.serving import hand_back, mark_done, mark_scheduled
from zhiyuan.domain.notices.outbox import post_message
from zhiyuan.domain.organisations.models import Category, Site, Skill, Team
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.ages import FULL_AGE
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.basics import Asked
from zhiyuan.domain.volunteers.models import TrainingKind

LONGEST_SHIFT = timedelta(hours=12)


class PlanObstacle(TextChoices):
    """Why an activity cannot be published as planned (R26)."""

    NO_TITLE = "plan_without_title", _("Give the activity a title.")
    NO_CONTENT = "plan_without_content", _("Say what will be done.")
    NO_PLACE = "plan_without_place", _("Say where to meet.")
    NO_RISK = "plan_without_risk", _("Say what the risks are and how to avoid them. The law asks for it.")
    NO_SHIFT = "plan_without_shift", _("Give at least one time with places.")
    BACKWARDS = "shift_backwards", _("The end must be after the start.")
    TOO_LONG = "shift_too_long", _("One shift has 12 hours at the most. Make two of it.")
    NO_PLACES = "shift_without_places", _("A shift has between 1 and 5,000 places.")
    PAST = "shift_in_the_past", _("This time has passed. An activity that has started cannot be published as new.")
    TEAM_ENDED = "planning_team_ended", _("This team has ended and publishes nothing more.")
    NOT_ACCEPTED = (
        "order_not_accepted",
        _("Only a request that your team has accepted, and not yet planned, becomes an activity."),
    )


class ActivityObstacle(TextChoices):
    """Why an activity cannot be called off or finished."""

    NOT_OPEN = "activity_not_open", _("This activity is already finished or cancelled.")
    UNDER_WAY = "activity_under_way", _("People have already checked in. Finish the activity instead.")
    NO_REASON = "cancelling_without_reason", _("Say why. Everybody who signed up is told.")
    NOT_BEGUN = "activity_not_begun", _("A shift has not begun yet. Wait for its start, or cancel the activity.")
    HELPED_UNKNOWN = "helped_unknown", _("Say how many people were helped: a number from 0 to 30,000.")


@dataclass(frozen=True)
class PlannedShift:
    starts_at: datetime
    ends_at: datetime
    places: int


@dataclass(frozen=True)
class Plan:
    """What the law wants an activity to say before anybody signs up, and what we ask beside it."""

    title: str
    content: str
    place: str
    area: Area
    category: Category
    shifts: tuple[PlannedShift, ...]
    risk: str
    form: Form
    in_charge: Person
    site: Site | None = None
    needed_skills: tuple[Skill, ...] = ()
    needed_training: TrainingKind | None = None
    needed_from: int = 14
    dangerous: bool = False
    need: Need | None = None
    needed_basics: tuple[Asked, ...] = ()  # what the file must hold of whoever signs up


def obstacle_to_shift(shift: PlannedShift, *, at: datetime) -> PlanObstacle | None:
    if shift.ends_at <= shift.starts_at:
        return PlanObstacle.BACKWARDS
    if shift.ends_at - shift.starts_at > LONGEST_SHIFT:
        return PlanObstacle.TOO_LONG
    if not 1 <= shift.places <= 5000:
        return PlanObstacle.NO_PLACES
    return PlanObstacle.PAST if shift.starts_at <= at else None


def obstacle_to_publish(team: Team, plan: Plan, *, at: datetime) -> PlanObstacle | None:
    """What is missing or wrong in a plan; None when it can be published."""
    wanted = (
        (plan.title, PlanObstacle.NO_TITLE),
        (plan.content, PlanObstacle.NO_CONTENT),
        (plan.place, PlanObstacle.NO_PLACE),
        (plan.risk, PlanObstacle.NO_RISK),
    )
    if missing := next((obstacle for text, obstacle in wanted if not text.strip()), None):
        return missing
    if not plan.shifts:
        return PlanObstacle.NO_SHIFT
    if faults := [fault for shift in plan.shifts if (fault := obstacle_to_shift(shift, at=at))]:
        return faults[0]
    if team.until:
        return PlanObstacle.TEAM_ENDED
    need = plan.need
    if need and (need.team_id != team.pk or need.state != NeedState.ACCEPTED):
        return PlanObstacle.NOT_ACCEPTED
    return None


@verb
def publish_activity(team: Team, plan: Plan, *, by: Person, at: datetime) -> Activity:
    """Open an activity for sign-up. When it answers a request, the request has a date from now on."""
    require(by, Permission.PLAN_ACTIVITY, team=team)
    if obstacle := obstacle_to_publish(team, plan, at=at):
        raise Refused(obstacle)
    if plan.need:
        mark_scheduled(plan.need, until=max(shift.ends_at for shift in plan.shifts), by=by, at=at)
    activity = _write(team, plan, by=by, at=at)
    need = plan.need.public_id if plan.need else None
    record(by, "activity.published", activity, at=at, team=team.public_id, shifts=len(plan.shifts), need=need)
    return activity


def _needed_from(plan: Plan) -> int:
    """Danger is for those of full age on the first day, whatever age was written."""
    if not plan.dangerous:
        return plan.needed_from
    first = min(shift.starts_at for shift in plan.shifts)
    return max(plan.needed_from, value_of(FULL_AGE, on=local_day(first)))


def _write(team: Team, plan: Plan, *, by: Person, at: datetime) -> Activity:
    activity = Activity.objects.create(
        title=plan.title,
        content=plan.content,
        team=team,
        area=plan.area,
        place=plan.place,
        site=plan.site,
        category=plan.category,
        form=plan.form,
        track=team.track,
        in_charge=plan.in_charge,
        risk=plan.risk,
        needed_from=_needed_from(plan),
        needed_training=plan.needed_training,
        dangerous=plan.dangerous,
        need=plan.need,
        starts_at=min(shift.starts_at for shift in plan.shifts),
        ends_at=max(shift.ends_at for shift in plan.shifts),
        created_at=at,
        created_by=by,
        grams=grams(plan.title, plan.place, plan.area.place, team.name),
    )
    activity.needed_skills.set(plan.needed_skills)
    NeededBasic.objects.bulk_create(NeededBasic(activity=activity, basic=basic) for basic in plan.needed_basics)
    Shift.objects.bulk_create(
        Shift(activity=activity, code_secret=pyotp.random_base32(), **vars(shift)) for shift in plan.shifts
    )
    return activity


def _lock(activity: Activity) -> tuple[Activity, list[Shift]]:
    """The activity and its shifts as they stand, held until the commit; shifts first, as sign-up does."""
    shifts = list(Shift.objects.select_for_update(no_key=True).filter(activity=activity).order_by("pk"))
    rows = Activity.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("team", "need", "category", "area", "in_charge").get(pk=activity.pk), shifts


def _signups(shifts: list[Shift]) -> QuerySet[SignUp]:
    rows = SignUp.objects.filter(shift__in=shifts).order_by("pk")
    return rows.select_related("volunteer__person", "checked_in_by", "checked_out_by", "shift__activity__team")


def obstacle_to_cancel_activity(activity: Activity) -> ActivityObstacle | None:
    """Why an activity cannot be called off; None when nothing stands in the way."""
    if activity.state != ActivityState.PUBLISHED:
        return ActivityObstacle.NOT_OPEN
    inside = SignUp.objects.filter(shift__activity=activity, checked_in_at__isnull=False)
    return ActivityObstacle.UNDER_WAY if inside.exists() else None


@verb
def cancel_activity(activity: Activity, reason: str, *, by: Person, at: datetime) -> Activity:
    """Call an activity off: everybody who signed up is free again and told; a request goes back to the desk."""
    activity, shifts = _lock(activity)
    require(by, Permission.PLAN_ACTIVITY, team=activity.team)
    if obstacle := obstacle_to_cancel_activity(activity):
        raise Refused(obstacle)
    if not reason.strip():
        raise Refused(ActivityObstacle.NO_REASON)
    told = list(_signups(shifts).filter(state=SignUp.State.ADMITTED))
    for signup in told:
        release(signup, reason, at=at)
        _tell(signup, reason, at=at)
    activity.state, activity.ended_at, activity.cancel_reason = ActivityState.CANCELLED, at, reason[:200]
    activity.save(update_fields=["state", "ended_at", "cancel_reason"])
    if activity.need and activity.need.state == NeedState.SCHEDULED:
        hand_back(activity.need, DeclineReason.OTHER, reason, by=by, at=at)
    record(by, "activity.cancelled", activity, at=at, signed_up=len(told))
    return activity


def _tell(signup: SignUp, reason: str, *, at: datetime) -> None:
    person = signup.volunteer.person
    starts_at = timezone.localtime(signup.starts_at)
    with translation.override(person.language):
        text = gettext("“%(title)s” on %(month)s/%(day)s is cancelled: %(reason)s. You need not come.") % {
            "title": signup.shift.activity.title,
            "month": starts_at.month,
            "day": starts_at.day,
            "reason": reason.rstrip("。."),
        }
    if person.phone:
        post_message(person.phone, text, key=f"activity-cancelled:{signup.public_id}", at=at)


@verb
def finish_activity(
    activity: Activity, *, helped: int, outcome: str, left_over: str = "", by: Person, at: datetime
) -> Activity:
    """Close an activity: complete attendances get their minutes at once, who was never called did not come. For a
    request the outcome is the closing report, and `left_over` says what is still to be done.

    Somebody whose check-out is missing gets nothing yet: they are listed for correction, not forgotten.
    """
    activity, shifts = _lock(activity)
    require(by, Permission.TAKE_ATTENDANCE, team=activity.team)
    if obstacle := obstacle_to_finish(activity, at=at):
        raise Refused(obstacle)
    if not 0 <= helped <= 30000:
        raise Refused(ActivityObstacle.HELPED_UNKNOWN)
    _mark_absent(shifts)
    complete = _signups(shifts).filter(state=SignUp.State.CHECKED_OUT)
    credited = [signup for signup in complete if credit_attendance(signup, at=at)]
    activity.state, activity.ended_at = ActivityState.FINISHED, at
    activity.helped, activity.outcome = helped, outcome[:500]
    activity.save(update_fields=["state", "ended_at", "helped", "outcome"])
    if activity.need and activity.need.state in (NeedState.SCHEDULED, NeedState.SERVING):
        mark_done(activity.need, helped=helped, outcome=outcome, left_over=left_over, by=by, at=at)
    record(by, "activity.finished", activity, at=at, credited=len(credited), helped=helped)
    return activity


def obstacle_to_finish(activity: Activity, *, at: datetime) -> ActivityObstacle | None:
    """Why an activity cannot be finished; None when nothing stands in the way."""
    if activity.state != ActivityState.PUBLISHED:
        return ActivityObstacle.NOT_OPEN
    still_to_come = Shift.objects.filter(activity=activity, starts_at__gt=at)
    return ActivityObstacle.NOT_BEGUN if still_to_come.exists() else None


def _mark_absent(shifts: list[Shift]) -> None:
    for shift in shifts:
        absent = SignUp.objects.filter(shift=shift, state=SignUp.State.ADMITTED).update(state=SignUp.State.NO_SHOW)
        if absent:
            shift.taken -= absent
            shift.save(update_fields=["taken"])
