"""What a parent or guardian allows somebody who is not of full age, for one activity or for a time; and takes back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import Actor, record, verb
from zhiyuan.domain.people.ages import is_minor
from zhiyuan.domain.people.models import GuardianConsent, HowGiven, PaperForm, Person
from zhiyuan.domain.people.paper import Paper, take_in
from zhiyuan.domain.people.phones import normal_phone, phone_key


class GuardianObstacle(TextChoices):
    PAST = "guardian_past", _("The last day that the guardian allows lies in the past.")
    BACKWARDS = "guardian_backwards", _("The last day that the guardian allows comes before the first one.")
    NO_PAPER = "guardian_without_paper", _("Say which sheet the guardian signed: its number, day and place.")
    UNDER_AGE = "guardian_under_age", _("Whoever answers for a child is of full age. This telephone's owner is not.")
    FULL_AGE = "guardian_not_needed", _("Whoever is of full age needs no guardian.")
    WITHDRAWN = "guardian_already_withdrawn", _("This consent was already taken back.")


@dataclass(frozen=True)
class Guardian:
    """Who answers for somebody under age, what they allow, and how they said so.

    `activity`: public id of the only activity; without one, all service from `since` (today) to `until`.
    `companion`: telephone of another adult who comes along with a small child.
    """

    name: str
    phone: str
    relation: str
    until: date
    since: date | None = None
    activity: str = ""
    companion: str = ""
    how: HowGiven = HowGiven.CODE
    paper: Paper | None = None


def obstacle_to_guardian(person: Person, guardian: Guardian, *, at: datetime) -> GuardianObstacle | None:
    """Why this consent cannot be stored; None when nothing stands in the way."""
    today = local_day(at)
    if person.age_on(today) is not None and not is_minor(person, today):
        return GuardianObstacle.FULL_AGE
    if guardian.until < today:
        return GuardianObstacle.PAST
    if guardian.until < (guardian.since or today):
        return GuardianObstacle.BACKWARDS
    if guardian.how == HowGiven.PAPER and guardian.paper is None:
        return GuardianObstacle.NO_PAPER
    known = Person.objects.filter(phone_key=phone_key(normal_phone(guardian.phone))).exclude(pk=person.pk).first()
    return GuardianObstacle.UNDER_AGE if known and is_minor(known, today) else None


@verb
def give_guardian_consent(
    person: Person, guardian: Guardian, *, by: Actor, at: datetime, paper: PaperForm | None = None
) -> GuardianConsent:
    """Store what a guardian allows. `paper`: the sheet, when it was taken in already."""
    phone = normal_phone(guardian.phone)
    companion = normal_phone(guardian.companion) if guardian.companion else ""
    if obstacle := obstacle_to_guardian(person, guardian, at=at):
        raise Refused(obstacle)
    if guardian.paper and paper is None:
        paper = take_in(guardian.paper, by=by, at=at)
    consent = GuardianConsent.objects.create(
        person=person,
        guardian_name=guardian.name,
        guardian_phone=phone,
        guardian_key=phone_key(phone),
        companion_key=phone_key(companion) if companion else None,
        relation=guardian.relation,
        activity_key=guardian.activity or None,
        since=guardian.since or local_day(at),
        until=guardian.until,
        how=guardian.how,
        paper=paper,
        given_at=at,
    )
    facts = {"until": guardian.until.isoformat(), "how": guardian.how.value}
    record(by, "person.guardian_consented", person, at=at, **facts, activity=guardian.activity or None)
    return consent


def obstacle_to_withdraw_guardian(consent: GuardianConsent) -> GuardianObstacle | None:
    return GuardianObstacle.WITHDRAWN if consent.withdrawn_at else None


@verb
def withdraw_guardian_consent(consent: GuardianConsent, *, by: Actor, at: datetime) -> GuardianConsent:
    """Take a guardian's consent back: it covers nothing from this moment on, and stays on record."""
    rows = GuardianConsent.objects.select_for_update(of=("self",)).select_related("person")
    consent = rows.get(pk=consent.pk)
    if obstacle := obstacle_to_withdraw_guardian(consent):
        raise Refused(obstacle)
    consent.withdrawn_at = at
    consent.save(update_fields=["withdrawn_at"])
    record(by, "person.guardian_withdrew", consent.person, at=at)
    return consent


def guardian_allows(person: Person, day: date) -> bool:
    """Whether a guardian's standing consent covers the day, for one activity or for all."""
    return person.guardian_consents.filter(Q(withdrawn_at=None), since__lte=day, until__gte=day).exists()


def guardian_consents_of(person: Person) -> QuerySet[GuardianConsent]:
    """All that guardians ever allowed somebody, newest first."""
    return person.guardian_consents.select_related("paper__taken_by").order_by("-given_at", "-pk")


def guardian_consent(public_id: str) -> GuardianConsent | None:
    """One by its public id; whoever shows or ends it asks first who is asking."""
    return GuardianConsent.objects.filter(public_id=public_id).select_related("person__volunteer").first()


def guarded_by(person: Person) -> QuerySet[GuardianConsent]:
    """What somebody allowed others as their guardian, found by the telephone."""
    given = GuardianConsent.objects.filter(guardian_key=person.phone_key, withdrawn_at=None)
    if person.phone_key is None:
        return given.none()
    return given.exclude(person=person).select_related("person").order_by("-given_at", "-pk")
