"""Taking a place in a shift, and giving it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.models import Activity, ActivityState, Shift, SignUp
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.models import Consent, GuardianConsent, Person, Purpose
from zhiyuan.domain.volunteers.models import Credential, Membership, Volunteer, VolunteerSkill
from zhiyuan.domain.volunteers.training import trained_for


class SignupObstacle(TextChoices):
    """Why somebody cannot take a shift."""

    CANCELLED = "activity_cancelled", _("This activity was cancelled.")
    STARTED = "started", _("This shift has already started.")
    SIGNED_UP = "signed_up", _("You are already signed up.")
    CLASH = "clash", _("You have another shift at that time.")
    NOT_CONSENTED = (
        "not_consented",
        _("Your consent to registering and recording service is missing or was taken back."),
    )
    TOO_YOUNG = "too_young", _("You are younger than this activity asks for.")
    MINOR_DANGER = "minor_danger", _("This activity is dangerous. It is only for people of 18 and older.")
    MINOR_NEEDS_CONSENT = "minor_needs_consent", _("You are under 18, and no guardian's consent covers that day.")
    MISSING_SKILL = "missing_skill", _("A skill is needed that you have not entered, or whose certificate has expired.")
    NOT_TRAINED = (
        "not_trained",
        _("This activity is only for those who passed its training, and yours is missing or no longer valid that day."),
    )
    FULL = "full", _("All places are taken.")
    RISK_NOT_SEEN = (
        "risk_not_seen",
        _("The risks have changed, or you have not ticked them yet. Please read them first."),
    )


class LeavingObstacle(TextChoices):
    """Why a sign-up cannot be given back."""

    BEGUN = "shift_begun", _("The shift has begun. Tell the person in charge.")
    NOT_HELD = "place_not_held", _("This sign-up was already given back.")
    NO_REASON = "leaving_without_reason", _("Choose why you cannot come, so that the leader knows.")


@dataclass(frozen=True)
class _Facts:
    """All that the rule looks at, for one shift and one volunteer."""

    state: str
    starts_at: datetime
    full: bool
    signed_up: bool
    clashes: bool
    consented: bool
    age: int | None
    needed_from: int
    dangerous: bool
    guardian_allows: bool
    lacks_skill: bool
    lacks_training: bool


def _obstacle(facts: _Facts, at: datetime) -> SignupObstacle | None:
    """The rule itself."""
    minor = facts.age is not None and facts.age < 18
    checks = (
        (facts.state == ActivityState.CANCELLED, SignupObstacle.CANCELLED),
        (facts.signed_up, SignupObstacle.SIGNED_UP),
        (facts.starts_at <= at or facts.state == ActivityState.FINISHED, SignupObstacle.STARTED),
        (facts.clashes, SignupObstacle.CLASH),
        (not facts.consented, SignupObstacle.NOT_CONSENTED),
        # somebody whose age is unknown cannot show that they are 18
        (facts.dangerous and (minor or facts.age is None), SignupObstacle.MINOR_DANGER),
        (facts.age is not None and facts.age < facts.needed_from, SignupObstacle.TOO_YOUNG),
        (minor and not facts.guardian_allows, SignupObstacle.MINOR_NEEDS_CONSENT),
        (facts.lacks_skill, SignupObstacle.MISSING_SKILL),
        (facts.lacks_training, SignupObstacle.NOT_TRAINED),
        (facts.full, SignupObstacle.FULL),
    )
    return next((obstacle for holds, obstacle in checks if holds), None)


def _lacking(volunteer: Volunteer) -> Exists:
    """Whether a shift's activity needs a skill that this volunteer cannot show on its day.

    Certificates decide once somebody has judged them; without any, the volunteer's own word counts.
    """
    certificates = Credential.objects.filter(volunteer=volunteer, kind__skill=OuterRef("skill_id"))
    standing = certificates.filter(
        Q(expires_on=None) | Q(expires_on__gt=OuterRef(OuterRef("day"))), state=Credential.State.VERIFIED
    )
    judged = certificates.exclude(state=Credential.State.UNVERIFIED)
    said = VolunteerSkill.objects.filter(volunteer=volunteer, skill=OuterRef("skill_id"))
    shown = Q(Exists(standing)) | (Q(Exists(said)) & ~Q(Exists(judged)))
    needed = Activity.needed_skills.through.objects.filter(activity=OuterRef("activity_id"))
    return Exists(needed.exclude(shown))


def shifts_with_facts(shifts: QuerySet[Shift], volunteer: Volunteer) -> QuerySet[Shift]:
    """The shifts with all that `obstacle_in` asks about this volunteer, in the same query."""
    own = SignUp.objects.filter(volunteer=volunteer).exclude(state=SignUp.State.CANCELLED)
    busy = own.exclude(state=SignUp.State.NO_SHOW)
    consents = Consent.objects.filter(person=volunteer.person_id, purpose=Purpose.SERVICE, withdrawn_at=None)
    guardians = GuardianConsent.objects.filter(person=volunteer.person_id, withdrawn_at=None)
    return shifts.select_related("activity").annotate(
        day=TruncDate("starts_at"),
        signed_up=Exists(own.filter(shift=OuterRef("pk"))),
        clashes=Exists(busy.filter(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))),
        consented=Exists(consents),
        guardian_allows=Exists(guardians.filter(since__lte=OuterRef("day"), until__gte=OuterRef("day"))),
        lacks_skill=_lacking(volunteer),
        trained=trained_for(volunteer, kind="activity__needed_training", day="day"),
        own_team=Exists(Membership.objects.filter(volunteer=volunteer, team=OuterRef("activity__team_id"), until=None)),
    )


def obstacle_in(shift: Shift, volunteer: Volunteer, *, at: datetime) -> SignupObstacle | None:
    """The same answer for a shift that `shifts_with_facts` made ready; asks the database nothing."""
    found = vars(shift)
    activity = shift.activity
    facts = _Facts(
        state=activity.state,
        starts_at=shift.starts_at,
        full=shift.places_left <= 0,
        signed_up=found["signed_up"],
        clashes=found["clashes"],
        consented=found["consented"],
        age=volunteer.person.age_on(local_day(shift.starts_at)),
        needed_from=activity.needed_from,
        dangerous=activity.dangerous,
        guardian_allows=found["guardian_allows"],
        lacks_skill=found["lacks_skill"],
        lacks_training=activity.needed_training_id is not None and not found["trained"],
    )
    return _obstacle(facts, at)


def obstacle_to_sign_up(shift: Shift, volunteer: Volunteer, *, at: datetime) -> SignupObstacle | None:
    """Why this volunteer cannot take the shift; None when nothing stands in the way."""
    return obstacles_to_sign_up([shift], volunteer, at=at)[shift.pk]


def obstacles_to_sign_up(
    shifts: Iterable[Shift], volunteer: Volunteer, *, at: datetime
) -> dict[int, SignupObstacle | None]:
    """The same for many shifts, by their keys, in one query."""
    keys = [shift.pk for shift in shifts]
    ready = shifts_with_facts(Shift.objects.filter(pk__in=keys), volunteer)
    return {shift.pk: obstacle_in(shift, volunteer, at=at) for shift in ready}


def age_fits(volunteer: Volunteer, on: date) -> Q:
    """A filter on shifts that repeats the rule about age, for lists of what somebody can take."""
    age = volunteer.person.age_on(on)
    if age is None:
        return Q(activity__dangerous=False)
    fits = Q(activity__needed_from__lte=age)
    return fits if age >= 18 else fits & Q(activity__dangerous=False)


@verb
def sign_up(shift: Shift, volunteer: Volunteer, *, by: Person, at: datetime, risk_version: int) -> SignUp:
    """Take a place. `risk_version` is the risk statement that the volunteer has read; nobody reads it for another."""
    if by.pk != volunteer.person_id:
        raise Refused(AccessObstacle.NOT_YOURS)
    # one person's two hands meet here, before any shift is touched: clashes are seen, never waited for in a circle
    Volunteer.objects.select_for_update(no_key=True).get(pk=volunteer.pk)
    if obstacle := obstacle_to_sign_up(shift, volunteer, at=at):
        raise Refused(obstacle)
    _take_place(shift, risk_version)
    signup = _admit(shift, volunteer, risk_version=risk_version, at=at)
    record(by, "shift.signed_up", signup, at=at, shift=shift.public_id, risk_version=risk_version)
    return signup


def _take_place(shift: Shift, risk_version: int) -> None:
    """Two volunteers, one last place: the row is changed only while there is one."""
    free = Shift.objects.filter(pk=shift.pk, taken__lt=F("places"))
    if not free.update(taken=F("taken") + 1):
        raise Refused(SignupObstacle.FULL)
    # the shift is ours until the commit, and cancelling locks it first: what is read now stays so
    state, version = Activity.objects.values_list("state", "risk_version").get(pk=shift.activity_id)
    if state != ActivityState.PUBLISHED:
        raise Refused(SignupObstacle.CANCELLED)
    if version != risk_version:
        raise Refused(SignupObstacle.RISK_NOT_SEEN)


def _admit(shift: Shift, volunteer: Volunteer, *, risk_version: int, at: datetime) -> SignUp:
    starts_at, ends_at = Shift.objects.values_list("starts_at", "ends_at").get(pk=shift.pk)
    try:
        with transaction.atomic():
            return SignUp.objects.create(
                shift=shift,
                volunteer=volunteer,
                signed_up_at=at,
                risk_version=risk_version,
                starts_at=starts_at,
                ends_at=ends_at,
            )
    except IntegrityError:  # the database's own word on overlaps, should anything have slipped past the lock
        raise Refused(SignupObstacle.CLASH) from None


def lock_signup(signup: SignUp) -> SignUp:
    """The sign-up as it stands, held until the commit. Always shift first, then sign-up: nobody waits in a circle."""
    Shift.objects.select_for_update(no_key=True).get(pk=signup.shift_id)
    rows = SignUp.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("shift__activity__team", "shift__activity__need", "volunteer__person").get(pk=signup.pk)


def obstacle_to_cancel(signup: SignUp, *, at: datetime) -> LeavingObstacle | None:
    """Why a place cannot be given back; None when nothing stands in the way."""
    if signup.state != SignUp.State.ADMITTED:
        return LeavingObstacle.NOT_HELD if signup.state == SignUp.State.CANCELLED else LeavingObstacle.BEGUN
    return LeavingObstacle.BEGUN if signup.starts_at <= at else None


@verb
def cancel_signup(signup: SignUp, reason: str, *, by: Person, at: datetime) -> SignUp:
    """Give a place back before the shift starts. It is no absence."""
    signup = lock_signup(signup)
    if by.pk != signup.volunteer.person_id:
        raise Refused(AccessObstacle.NOT_YOURS)
    if obstacle := obstacle_to_cancel(signup, at=at):
        raise Refused(obstacle)
    if not reason.strip():
        raise Refused(LeavingObstacle.NO_REASON)
    release(signup, reason, at=at)
    record(by, "shift.sign_up_cancelled", signup, at=at, shift=signup.shift.public_id)
    return signup


def release(signup: SignUp, reason: str, *, at: datetime) -> None:
    """Mark a locked sign-up as given back and free its place."""
    signup.state, signup.cancelled_at, signup.cancel_reason = SignUp.State.CANCELLED, at, reason[:120]
    signup.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    Shift.objects.filter(pk=signup.shift_id).update(taken=F("taken") - 1)
