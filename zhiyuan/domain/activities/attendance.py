"""Who came, from when to when: by a typed code or the leader's roll call. Minutes follow from it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hmac import compare_digest

import pyotp
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.models import Activity, ActivityState, Shift, SignUp
from zhiyuan.domain.activities.signup import lock_signup
from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.crediting import Service, credit, whole_minutes
from zhiyuan.domain.hours.models import Method, ServiceRecord
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.models import NeedState
from zhiyuan.domain.needs.serving import mark_serving
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Volunteer

OPENS_BEFORE = timedelta(minutes=60)  # check-in, before the shift starts
CLOSES_AFTER = timedelta(minutes=120)  # check-out, after the shift ended; later it is told and confirmed
CODE_SECONDS = 300
CODE_TRIES = Limit("attendance-code", 10, 600)

State = SignUp.State


class AttendanceObstacle(TextChoices):
    NOTHING_NOW = "no_shift_now", _("You have no shift to check in to now. Check-in opens an hour before the start.")
    NOT_INSIDE = "not_checked_in", _("You are not checked in anywhere. Ask the leader to call the roll.")
    WRONG_CODE = (
        "wrong_attendance_code",
        _("This code is not the present one. Look at the leader's screen; it changes every 5 minutes."),
    )
    TOO_MANY_TRIES = (
        "too_many_codes",
        _("Too many codes were typed. Wait ten minutes, or ask the leader to call the roll."),
    )
    TOO_EARLY = "attendance_too_early", _("Check-in opens an hour before the shift starts.")
    TOO_LATE = "attendance_too_late", _("The shift is over. Nobody can be checked in any more.")
    NOT_YET_ABSENT = "not_yet_absent", _("The shift has not started. Nobody is absent yet.")
    NOT_EXPECTED = "not_expected", _("This sign-up was given back, or attendance is already complete.")
    LONG_OVER = (
        "check_out_long_over",
        _("The shift ended more than two hours ago. Say when the volunteer left instead."),
    )
    OUTSIDE_SHIFT = (
        "left_outside_shift",
        _("The time of leaving must lie after checking in and not after the shift's end."),
    )
    NOT_MISSING = "check_out_not_missing", _("No check-out is missing here.")
    PLACE_GONE = "place_gone", _("This volunteer has another shift at that time by now.")


# The code -----------------------------------------------------------------------------------------------------------


def shift_code(shift: Shift, at: datetime) -> str:
    """The six signs on the leader's screen; new ones every five minutes (RFC 4226, counted in such stretches)."""
    return pyotp.HOTP(shift.code_secret).at(int(at.timestamp()) // CODE_SECONDS)


def code_changes_at(at: datetime) -> datetime:
    """When the code that is shown now gives way to the next one."""
    return datetime.fromtimestamp((int(at.timestamp()) // CODE_SECONDS + 1) * CODE_SECONDS, tz=UTC)


def _is_code_of(shift: Shift, code: str, at: datetime) -> bool:
    steps = [at + timedelta(seconds=CODE_SECONDS * step) for step in (0, -1, 1)]
    return any(compare_digest(shift_code(shift, moment).encode(), code.encode()) for moment in steps)


def own_shifts_now(volunteer: Volunteer, at: datetime) -> QuerySet[SignUp]:
    """A volunteer's sign-ups whose attendance can be taken now, by either door."""
    near = SignUp.objects.filter(
        volunteer=volunteer, starts_at__lte=at + OPENS_BEFORE, ends_at__gt=at - CLOSES_AFTER
    ).filter(state__in=(State.ADMITTED, State.CHECKED_IN), shift__activity__state=ActivityState.PUBLISHED)
    return near.select_related("shift__activity__team", "volunteer__person").order_by("starts_at", "pk")


def _own_with_code(volunteer: Volunteer, state: State, code: str, at: datetime, nothing: AttendanceObstacle) -> SignUp:
    own = [signup for signup in own_shifts_now(volunteer, at) if signup.state == state]
    if not own:
        raise Refused(nothing)
    digits = "".join(sign for sign in code if sign.isalnum())
    for signup in own:
        if _is_code_of(signup.shift, digits, at):
            return signup
    raise Refused(AttendanceObstacle.WRONG_CODE)


def _spend_a_try(volunteer: Volunteer, at: datetime) -> None:
    if not spend(CODE_TRIES, volunteer.public_id, at=at):
        raise Refused(AttendanceObstacle.TOO_MANY_TRIES)


def check_in_by_code(volunteer: Volunteer, code: str, *, at: datetime) -> SignUp:
    """Arrive, by the code on the leader's screen. A wrong one counts as a try."""
    _spend_a_try(volunteer, at)
    signup = _own_with_code(volunteer, State.ADMITTED, code, at, AttendanceObstacle.NOTHING_NOW)
    return _arrive(signup, by=volunteer.person, at=at, method=Method.CODE)


def check_out_by_code(volunteer: Volunteer, code: str, *, at: datetime) -> SignUp:
    """Leave, by the code on the leader's screen."""
    _spend_a_try(volunteer, at)
    signup = _own_with_code(volunteer, State.CHECKED_IN, code, at, AttendanceObstacle.NOT_INSIDE)
    return _leave(signup, by=volunteer.person, at=at, left_at=at, method=Method.CODE)


# Arriving, leaving, not coming --------------------------------------------------------------------------------------


def obstacle_to_arrive(signup: SignUp, *, at: datetime) -> AttendanceObstacle | None:
    """Why a volunteer cannot be checked in; None when nothing stands in the way."""
    if signup.state not in (State.ADMITTED, State.NO_SHOW) or _is_over(signup):
        return AttendanceObstacle.NOT_EXPECTED
    if at < signup.starts_at - OPENS_BEFORE:
        return AttendanceObstacle.TOO_EARLY
    return AttendanceObstacle.TOO_LATE if at >= signup.ends_at else None


def obstacle_to_leave(signup: SignUp, *, at: datetime) -> AttendanceObstacle | None:
    """Why a volunteer cannot be checked out now; None when nothing stands in the way."""
    if signup.state != State.CHECKED_IN:
        return AttendanceObstacle.NOT_EXPECTED
    return AttendanceObstacle.LONG_OVER if at > signup.ends_at + CLOSES_AFTER else None


def obstacle_to_absence(signup: SignUp, *, at: datetime) -> AttendanceObstacle | None:
    """Why a volunteer cannot be marked as not having come; None when nothing stands in the way."""
    if signup.state not in (State.ADMITTED, State.CHECKED_IN) or _is_over(signup):
        return AttendanceObstacle.NOT_EXPECTED
    return AttendanceObstacle.NOT_YET_ABSENT if at < signup.starts_at else None


def _is_over(signup: SignUp) -> bool:
    return signup.shift.activity.state != ActivityState.PUBLISHED


@verb
def call_roll(signup: SignUp, *, by: Person, at: datetime, present: bool) -> SignUp:
    """The leader's word on whether somebody came. A slip of the finger is mended by calling again."""
    require(by, Permission.TAKE_ATTENDANCE, team=signup.shift.activity.team)
    if present:
        return _arrive(signup, by=by, at=at, method=Method.ROLL_CALL)
    return no_show(signup, by=by, at=at)


@verb
def check_out(signup: SignUp, *, by: Person, at: datetime) -> SignUp:
    """The leader's word that somebody leaves now."""
    require(by, Permission.TAKE_ATTENDANCE, team=signup.shift.activity.team)
    return _leave(signup, by=by, at=at, left_at=at, method=Method.ROLL_CALL)


@verb
def check_out_everybody(shift: Shift, *, by: Person, at: datetime) -> int:
    """Check out all who are still there; returns how many."""
    require(by, Permission.TAKE_ATTENDANCE, team=shift.activity.team)
    inside = SignUp.objects.filter(shift=shift, state=State.CHECKED_IN).select_related("shift__activity__team")
    return len([check_out(signup, by=by, at=at) for signup in inside.order_by("pk")])


@verb
def _arrive(signup: SignUp, *, by: Person, at: datetime, method: Method) -> SignUp:
    signup = lock_signup(signup)
    if obstacle := obstacle_to_arrive(signup, at=at):
        raise Refused(obstacle)
    returned = signup.state == State.NO_SHOW
    signup.state, signup.checked_in_at, signup.checked_in_by = State.CHECKED_IN, at, by
    signup.checked_in_method = method
    try:
        with transaction.atomic():
            signup.save(update_fields=["state", "checked_in_at", "checked_in_by", "checked_in_method"])
            if returned:
                Shift.objects.filter(pk=signup.shift_id).update(taken=F("taken") + 1)
    except IntegrityError:  # somebody marked absent took another shift since
        raise Refused(AttendanceObstacle.PLACE_GONE) from None
    record(by, "signup.checked_in", signup, at=at, method=method.value)
    _begin_serving(signup.shift.activity, by=by, at=at)
    return signup


def _begin_serving(activity: Activity, *, by: Person, at: datetime) -> None:
    """Whoever comes first starts the service that somebody asked for."""
    if activity.need and activity.need.state == NeedState.SCHEDULED:
        mark_serving(activity.need, by=by, at=at)


@verb
def _leave(signup: SignUp, *, by: Person, at: datetime, left_at: datetime, method: Method) -> SignUp:
    signup = lock_signup(signup)
    if obstacle := obstacle_to_leave(signup, at=left_at):
        raise Refused(obstacle)
    signup.state, signup.checked_out_at, signup.checked_out_by = State.CHECKED_OUT, left_at, by
    signup.checked_out_method = method
    signup.save(update_fields=["state", "checked_out_at", "checked_out_by", "checked_out_method"])
    record(by, "signup.checked_out", signup, at=at, method=method.value)
    if _is_over(signup):  # the activity was finished without this one
        credit_attendance(signup, at=at)
    return signup


@verb
def no_show(signup: SignUp, *, by: Person, at: datetime) -> SignUp:
    """Mark that somebody did not come; their place counts as free again."""
    require(by, Permission.TAKE_ATTENDANCE, team=signup.shift.activity.team)
    signup = lock_signup(signup)
    if obstacle := obstacle_to_absence(signup, at=at):
        raise Refused(obstacle)
    signup.state, signup.checked_in_at, signup.checked_in_by = State.NO_SHOW, None, None
    signup.checked_in_method = ""
    signup.save(update_fields=["state", "checked_in_at", "checked_in_by", "checked_in_method"])
    Shift.objects.filter(pk=signup.shift_id).update(taken=F("taken") - 1)
    record(by, "signup.no_show", signup, at=at)
    return signup


# A check-out that is missing ----------------------------------------------------------------------------------------


def is_missing_check_out(signup: SignUp, *, at: datetime) -> bool:
    """Whether somebody came and nobody took down when they left (R50)."""
    waited_enough = at > signup.ends_at + CLOSES_AFTER or _is_over(signup)
    return signup.state == State.CHECKED_IN and waited_enough


def obstacle_to_correct(signup: SignUp, left_at: datetime, *, at: datetime) -> AttendanceObstacle | None:
    """Why this time of leaving cannot be put in afterwards; None when nothing stands in the way."""
    if not is_missing_check_out(signup, at=at):
        return AttendanceObstacle.NOT_MISSING
    came_at = signup.checked_in_at or signup.starts_at
    if not came_at < left_at <= min(signup.ends_at, at):
        return AttendanceObstacle.OUTSIDE_SHIFT
    return None


@verb
def correct_check_out(signup: SignUp, left_at: datetime, *, by: Person, at: datetime) -> SignUp:
    """Say afterwards when somebody left: the leader, or the volunteer. The record is marked, and another
    one confirms it.
    """
    own = by.pk == signup.volunteer.person_id
    if not own and not may(by, Permission.TAKE_ATTENDANCE, team=signup.shift.activity.team):
        raise Refused(AccessObstacle.NOT_YOURS)
    if obstacle := obstacle_to_correct(lock_signup(signup), left_at, at=at):
        raise Refused(obstacle)
    return _leave(signup, by=by, at=at, left_at=left_at, method=Method.CORRECTION)


# Minutes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stretch:
    """What counts of somebody's attendance: neither before the shift nor after it."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        return whole_minutes(self.starts_at, self.ends_at)


def counted_stretch(signup: SignUp) -> Stretch | None:
    """The part of the shift somebody was there; None without both a check-in and a check-out."""
    if signup.checked_in_at is None or signup.checked_out_at is None:
        return None
    return Stretch(max(signup.checked_in_at, signup.starts_at), min(signup.checked_out_at, signup.ends_at))


def source_of(signup: SignUp) -> str:
    """What the ledger knows a sign-up's minutes by."""
    return f"signup:{signup.public_id}"


def _enterer(signup: SignUp) -> Person:
    """Who took the attendance: a leader, when one had a hand in it; else the volunteer, by code."""
    hands = [hand for hand in (signup.checked_out_by, signup.checked_in_by) if hand]
    others = [hand for hand in hands if hand.pk != signup.volunteer.person_id]
    return (others or hands)[0]


def credit_attendance(signup: SignUp, *, at: datetime) -> ServiceRecord | None:
    """Give the minutes of a complete attendance; None when it has not one whole minute within the shift."""
    stretch = counted_stretch(signup)
    if stretch is None or stretch.minutes < 1:
        return None
    activity = signup.shift.activity
    method = signup.checked_out_method or signup.checked_in_method
    service = Service(
        volunteer=signup.volunteer,
        team=activity.team,
        area=activity.area,
        category=activity.category,
        track=activity.track,
        activity_name=activity.title,
        content=activity.content,
        place=activity.place,
        person_in_charge=activity.in_charge.name,
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
        method=Method(method),
    )
    return credit(service, source=source_of(signup), entered_by=_enterer(signup), at=at)
