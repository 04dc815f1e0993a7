"""Taking a place in a shift, and giving it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.models import Activity, ActivityState, NeededBasic, Shift, SignUp
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.parameters import value_on
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.models import KeptApart, Need
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.ages import AGE_OF, FULL_AGE, Ages, ages_on
from zhiyuan.domain.people.models import Consent, GuardianConsent, Person, Purpose
from zhiyuan.domain.volunteers.basics import Asked, not_yet_given
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
    NOT_ADMITTED = "under_least_age", _("Children of this age take part in no activity yet.")
    UNACCOMPANIED = (
        "unaccompanied",
        _("Small children come only with the guardian or the adult named by them: who comes along signs up first."),
    )
    MINOR_DANGER = "minor_danger", _("This activity is dangerous. It is only for people of 18 and older.")
    MINOR_NEEDS_CONSENT = "minor_needs_consent", _("You are under 18, and no guardian's consent covers that day.")
    MISSING_SKILL = "missing_skill", _("A skill is needed that you have not entered, or whose certificate has expired.")
    BIRTH_DATE_MISSING = "needs_birth_date", _("This activity needs your birth date, which is not in your file yet.")
    ID_NUMBER_MISSING = (
        "needs_id_number",
        _("This activity needs your ID number, for the insurance or the certificate. It is not in your file yet."),
    )
    SEX_MISSING = "needs_sex", _("This activity needs to know your sex, which is not in your file yet.")
    TELEPHONE_MISSING = "needs_telephone", _("This activity needs a telephone of your own, to reach you on the spot.")
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


MISSING_BASICS = {
    Asked.BIRTH_DATE: SignupObstacle.BIRTH_DATE_MISSING,
    Asked.ID_NUMBER: SignupObstacle.ID_NUMBER_MISSING,
    Asked.SEX: SignupObstacle.SEX_MISSING,
    Asked.TELEPHONE: SignupObstacle.TELEPHONE_MISSING,
}


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
    ages: Ages
    needed_from: int
    dangerous: bool
    guardian_allows: bool
    accompanied: bool
    missing_basic: str | None
    lacks_skill: bool
    lacks_training: bool


def _obstacle(facts: _Facts, at: datetime) -> SignupObstacle | None:
    """The rule itself."""
    age, ages = facts.age, facts.ages
    minor = age is not None and age < ages.full
    missing = MISSING_BASICS[Asked(facts.missing_basic)] if facts.missing_basic else None
    checks = (
        (facts.state == ActivityState.CANCELLED, SignupObstacle.CANCELLED),
        (facts.signed_up, SignupObstacle.SIGNED_UP),
        (facts.starts_at <= at or facts.state == ActivityState.FINISHED, SignupObstacle.STARTED),
        (facts.clashes, SignupObstacle.CLASH),
        (not facts.consented, SignupObstacle.NOT_CONSENTED),
        # somebody whose age is unknown cannot show that they are 18
        (facts.dangerous and (minor or age is None), SignupObstacle.MINOR_DANGER),
        (age is not None and age < ages.admitted, SignupObstacle.NOT_ADMITTED),
        (age is not None and age < facts.needed_from, SignupObstacle.TOO_YOUNG),
        (minor and not facts.guardian_allows, SignupObstacle.MINOR_NEEDS_CONSENT),
        (age is not None and age < ages.alone and not facts.accompanied, SignupObstacle.UNACCOMPANIED),
        (missing is not None, missing),
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


def _apart(volunteer: Volunteer) -> Exists:
    """Whether a shift serves a household that this volunteer is kept apart from."""
    served = Need.objects.filter(
        Q(pk=OuterRef(OuterRef("activity__need_id"))) | Q(merged_into=OuterRef(OuterRef("activity__need_id")))
    )
    return Exists(
        KeptApart.objects.filter(volunteer=volunteer, ended_at=None, phone_key__in=served.values("phone_key"))
    )


def _allowing(volunteer: Volunteer, day: OuterRef, activity: OuterRef) -> QuerySet[GuardianConsent]:
    """What the volunteer's guardians allow on a day, for all service or for this activity."""
    standing = GuardianConsent.objects.filter(person=volunteer.person_id, withdrawn_at=None)
    named = Q(activity_key=None) | Q(activity_key=activity)
    return standing.filter(named, since__lte=day, until__gte=day)


def _companions(volunteer: Volunteer) -> QuerySet[SignUp]:
    """Sign-ups for the same shift of those who may accompany the volunteer: the guardian, or the adult they name."""
    allowing = _allowing(volunteer, OuterRef(OuterRef("day")), OuterRef(OuterRef("activity__public_id")))
    held = SignUp.objects.filter(shift=OuterRef("pk"), state__in=SignUp.HOLDING)
    guardian = Q(volunteer__person__phone_key__in=allowing.values("guardian_key"))
    companion = Q(volunteer__person__phone_key__in=allowing.values("companion_key"))
    return held.exclude(volunteer=volunteer).filter(guardian | companion)


def _missing_basic(volunteer: Volunteer) -> Combinable:
    """The first basic that the shift's activity needs and this volunteer has not given."""
    missing = not_yet_given(volunteer.person)
    nothing = Value(None, output_field=CharField())
    needed = NeededBasic.objects.filter(activity=OuterRef("activity_id"), basic__in=missing).order_by("basic")
    return Subquery(needed.values("basic")[:1]) if missing else nothing


def _is_long_grown(volunteer: Volunteer) -> bool:
    """Whether somebody was older when they joined than any age that a county may set."""
    age = volunteer.person.age_on(local_day(volunteer.joined_at))
    return age is None or age >= FULL_AGE.most


def _ages(volunteer: Volunteer) -> dict[str, Combinable]:
    """The ages that hold on the shift's day; looked up only for those to whom they can matter."""
    if _is_long_grown(volunteer):
        return {name: Value(parameter.default) for name, parameter in AGE_OF.items()}
    return {name: value_on(parameter, OuterRef("day")) for name, parameter in AGE_OF.items()}


def shifts_with_facts(shifts: QuerySet[Shift], volunteer: Volunteer) -> QuerySet[Shift]:
    """The shifts with all that `obstacle_in` asks about this volunteer, in the same query."""
    own = SignUp.objects.filter(volunteer=volunteer).exclude(state=SignUp.State.CANCELLED)
    busy = own.exclude(state=SignUp.State.NO_SHOW)
    consents = Consent.objects.filter(person=volunteer.person_id, purpose=Purpose.SERVICE, withdrawn_at=None)
    return shifts.select_related("activity").annotate(
        day=TruncDate("starts_at"),
        signed_up=Exists(own.filter(shift=OuterRef("pk"))),
        clashes=Exists(busy.filter(starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at"))),
        consented=Exists(consents),
        guardian_allows=Exists(_allowing(volunteer, OuterRef("day"), OuterRef("activity__public_id"))),
        accompanied=Value(True) if _is_long_grown(volunteer) else Exists(_companions(volunteer)),
        **_ages(volunteer),
        missing_basic=_missing_basic(volunteer),
        lacks_skill=_lacking(volunteer),
        apart=_apart(volunteer),
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
        full=shift.places_left <= 0 or found["apart"],  # kept apart in silence: nobody learns of the other's word
        signed_up=found["signed_up"],
        clashes=found["clashes"],
        consented=found["consented"],
        age=volunteer.person.age_on(local_day(shift.starts_at)),
        ages=Ages(found["full"], found["own_consent"], found["alone"], found["admitted"]),
        needed_from=activity.needed_from,
        dangerous=activity.dangerous,
        guardian_allows=found["guardian_allows"],
        accompanied=found["accompanied"],
        missing_basic=found["missing_basic"],
        lacks_skill=found["lacks_skill"],
        lacks_training=activity.needed_training_id is not None and not found["trained"],
    )
    return _obstacle(facts, at)


def lacks_guardian(shift: Shift, volunteer: Volunteer) -> bool:
    """Whether a shift with facts falls on a day when the volunteer is under age and no guardian allows it."""
    age = volunteer.person.age_on(local_day(shift.starts_at))
    found = vars(shift)
    return age is not None and age < found["full"] and not found["guardian_allows"]


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
    """A filter on shifts with facts that repeats the rule about age, for lists of what somebody can take."""
    age = volunteer.person.age_on(on)
    if age is None:
        return Q(activity__dangerous=False)
    ages = ages_on(on) if age < FULL_AGE.most else None
    fits = Q(activity__needed_from__lte=age)
    if ages is None or age >= ages.full:
        return fits
    fits &= Q(activity__dangerous=False, guardian_allows=True)
    if age < ages.admitted:
        return Q(pk__in=[])
    return fits if age >= ages.alone else fits & Q(accompanied=True)


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
    free_place(signup, reason, by=by, at=at)
    return signup


def free_place(signup: SignUp, reason: str, *, by: Person, at: datetime) -> None:
    """Give a locked sign-up's place back, and the places of small children who would now come alone."""
    release(signup, reason, at=at)
    record(by, "shift.sign_up_cancelled", signup, at=at, shift=signup.shift.public_id)
    for child in _left_alone(signup):
        release(lock_signup(child), gettext("Whoever comes along cannot come."), at=at)
        record(by, "shift.sign_up_cancelled", child, at=at, shift=signup.shift.public_id)


def _left_alone(signup: SignUp) -> list[SignUp]:
    """Sign-ups for the same shift of those who were to come along with this one's volunteer and with nobody else."""
    key = signup.volunteer.person.phone_key
    if key is None:
        return []
    led = GuardianConsent.objects.filter(Q(guardian_key=key) | Q(companion_key=key), withdrawn_at=None)
    held = SignUp.objects.filter(shift=signup.shift_id, state=SignUp.State.ADMITTED)
    children = held.filter(volunteer__person__in=led.values("person")).select_related("volunteer__person")
    return [child for child in children.order_by("pk") if _comes_alone(child)]


def _comes_alone(signup: SignUp) -> bool:
    shift = shifts_with_facts(Shift.objects.filter(pk=signup.shift_id), signup.volunteer).get()
    age, found = signup.volunteer.person.age_on(local_day(shift.starts_at)), vars(shift)
    return age is not None and age < found["alone"] and not found["accompanied"]


def release(signup: SignUp, reason: str, *, at: datetime) -> None:
    """Mark a locked sign-up as given back and free its place."""
    signup.state, signup.cancelled_at, signup.cancel_reason = SignUp.State.CANCELLED, at, reason[:120]
    signup.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    Shift.objects.filter(pk=signup.shift_id).update(taken=F("taken") - 1)
