"""Consent, purpose by purpose: what each asks, giving it, taking it back. A yes is never assumed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import Actor, record, verb
from zhiyuan.domain.people.ages import decides_alone
from zhiyuan.domain.people.models import Consent, Person, Purpose
from zhiyuan.domain.people.phones import masked_name


class ConsentObstacle(TextChoices):
    GIVEN = "consent_already_given", _("You have already said yes to this.")
    NOT_GIVEN = "consent_not_given", _("You have not said yes to this, so there is nothing to take back.")
    OTHER_VERSION = "consent_other_version", _("The text has changed meanwhile. Please read it once more.")
    GUARDIAN_DECIDES = (
        "consent_guardian_decides",
        _("For a child a parent or guardian says yes or no to this, at any service site."),
    )
    MEANS_LEAVING = (
        "consent_means_leaving",
        _("Without this consent nobody can be a volunteer here: taking it back means closing the account."),
    )


@dataclass(frozen=True)
class ConsentText:
    """What one version says. A text that changes in what it asks is a new version."""

    version: str
    what_for: str | Promise
    data: str | Promise
    who: str | Promise
    without: str | Promise


CONSENT_TEXTS: dict[Purpose, ConsentText] = {
    Purpose.SERVICE: ConsentText(
        "2026-11",
        _("To register you as a volunteer, and to record truly what you do, as the law asks."),
        _("Name, telephone, birth date, village; what you do, where, when and how long."),
        _("You, the leaders where you sign up, the staff of your area."),
        _("Nobody can be a volunteer here without it."),
    ),
    Purpose.PUBLICATION: ConsentText(
        "2026-11",
        _("To show your name beside your hours in public lists."),
        _("Name, team, hours."),
        _("Everybody."),
        _("Your hours are shown with the family name alone."),
    ),
    Purpose.LOCATION: ConsentText(
        "2026-11",
        _("To see at check-in that you are near the place."),
        _("How far away the telephone is at that one moment, in four steps; no track, no coordinates."),
        _("The leader of the activity."),
        _("You type the code or the leader calls the roll; it counts as much."),
    ),
    Purpose.NATIONAL: ConsentText(
        "2026-11",
        _("To enter your service in the national record too."),
        _("Name, ID number, sex, birth date, telephone, village; activity, place, time and hours."),
        _(
            "The National Voluntary Service Information System (全国志愿服务信息系统), "
            "chinavolunteer.mca.gov.cn; questions are answered there."
        ),
        _("Your record stays in the county and is worth as much here."),
    ),
    Purpose.PHOTOGRAPHS: ConsentText(
        "2026-11",
        _("To show what was done, in reports and on the pages of your team."),
        _("Pictures with you in them; without the place that the camera notes."),
        _("Everybody."),
        _("You are not photographed, or made unrecognisable."),
    ),
    Purpose.HEALTH: ConsentText(
        "2026-11",
        _("So that a post which is hard on the body is given only to those who can bear it."),
        _("What you say yourself about your health, for that post alone; erased when it is over."),
        _("The person in charge of that post."),
        _("You are not asked, and such posts are not offered."),
    ),
}
CONSENT_VERSION = CONSENT_TEXTS[Purpose.SERVICE].version


def standing_consents(person: Person) -> dict[str, Consent]:
    """What somebody agrees to today, by purpose."""
    return {consent.purpose: consent for consent in person.consents.filter(withdrawn_at=None)}


def consent_history(person: Person) -> QuerySet[Consent]:
    """Each yes with when it was taken back, newest first."""
    return person.consents.select_related("paper__taken_by").order_by("-given_at", "-pk")


def agrees(person: Person, purpose: Purpose) -> bool:
    """Whether somebody agrees to a purpose at this moment. Ask it at the moment of use, never keep the answer."""
    return person.consents.filter(purpose=purpose, withdrawn_at=None).exists()


def public_names(people: Iterable[Person]) -> dict[int, str]:
    """How people are called where everybody reads it: by name when they agree to that, else by the family name."""
    people = list(people)
    open_now = Consent.objects.filter(person__in=people, purpose=Purpose.PUBLICATION, withdrawn_at=None)
    named = set(open_now.values_list("person_id", flat=True))
    return {person.pk: person.name if person.pk in named else masked_name(person.name) for person in people}


def consents_to_renew(person: Person) -> list[Consent]:
    """Standing consents to an earlier text: each is asked for once more. Whoever said no is never asked again."""
    standing = standing_consents(person).values()
    return [consent for consent in standing if consent.version != CONSENT_TEXTS[Purpose(consent.purpose)].version]


def _standing(person: Person, purpose: Purpose) -> Consent | None:
    return person.consents.filter(purpose=purpose, withdrawn_at=None).first()


def obstacle_to_give(person: Person, purpose: Purpose, version: str, *, at: datetime) -> ConsentObstacle | None:
    """Why somebody cannot say yes to this text; None when nothing stands in the way."""
    if version != CONSENT_TEXTS[purpose].version:
        return ConsentObstacle.OTHER_VERSION
    if not decides_alone(person, local_day(at)):
        return ConsentObstacle.GUARDIAN_DECIDES
    standing = _standing(person, purpose)
    return ConsentObstacle.GIVEN if standing and standing.version == version else None


@verb
def give_consent(person: Person, purpose: Purpose, *, version: str, by: Actor, at: datetime) -> Consent:
    """Say yes to one purpose, in the version that was read. A yes to an earlier text gives way to it."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if obstacle := obstacle_to_give(person, purpose, version, at=at):
        raise Refused(obstacle)
    person.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=at)
    consent = Consent.objects.create(person=person, purpose=purpose, version=version, given_at=at)
    record(by, "person.consented", person, at=at, purpose=purpose.value, consent=version)
    return consent


def obstacle_to_withdraw(person: Person, purpose: Purpose) -> ConsentObstacle | None:
    """Why a yes cannot be taken back by itself; None when nothing stands in the way."""
    if _standing(person, purpose) is None:
        return ConsentObstacle.NOT_GIVEN
    return ConsentObstacle.MEANS_LEAVING if purpose == Purpose.SERVICE else None


@verb
def withdraw_consent(person: Person, purpose: Purpose, *, by: Actor, at: datetime) -> None:
    """Take a yes back. It holds from this moment: whatever needs it asks again each time."""
    Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if obstacle := obstacle_to_withdraw(person, purpose):
        raise Refused(obstacle)
    person.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=at)
    record(by, "person.consent_withdrawn", person, at=at, purpose=purpose.value)


def end_consents(person: Person, *, at: datetime) -> None:
    """All of them at once, inside the verb by which somebody leaves."""
    person.consents.filter(withdrawn_at=None).update(withdrawn_at=at)
    person.guardian_consents.filter(withdrawn_at=None).update(withdrawn_at=at)
