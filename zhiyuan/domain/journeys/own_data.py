"""All that is stored about somebody, for themselves: to read, and to take along. Nothing private of anybody else."""

from datetime import datetime
from typing import Any

from zhiyuan.domain.activities.models import SignUp
from zhiyuan.domain.hours.queries import records_of
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.queries import needs_asked_by
from zhiyuan.domain.people.consents import consent_history
from zhiyuan.domain.people.guardians import guardian_consents_of
from zhiyuan.domain.people.models import Helper, Person
from zhiyuan.domain.volunteers.models import Membership, Volunteer
from zhiyuan.domain.volunteers.queries import credentials_of

type Rows = list[dict[str, Any]]


def own_data(person: Person) -> dict[str, Any]:
    """Plain values in sections; moments as ISO text in UTC. An identity number is whole: it is one's own."""
    volunteer = Volunteer.objects.filter(person=person).select_related("area").first()
    return {
        "person": _person(person),
        "consents": _consents(person),
        "guardians": _guardians(person),
        "volunteer": _file(volunteer) if volunteer else None,
        "sign_ups": _signups(volunteer) if volunteer else [],
        "service_records": _records(volunteer) if volunteer else [],
        "needs_asked": _needs(person),
        "looks_at_my_file": _looks(volunteer) if volunteer else [],
    }


@verb
def download_own_data(person: Person, *, at: datetime) -> dict[str, Any]:
    """The same to take along, which the journal notes."""
    record(person, "person.data_downloaded", person, at=at)
    return own_data(person)


def _said(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


def _person(person: Person) -> dict[str, Any]:
    helper = Helper.objects.filter(person=person).first()
    return {
        "name": person.name,
        "telephone": person.phone or None,
        "id_number": person.id_number or None,
        "born_on": _said(person.born_on),
        "sex": person.sex or None,
        "language": person.language,
        "account_since": _said(person.created_at),
        "calls_are_taken_by": helper.relation if helper else None,
    }


def _consents(person: Person) -> Rows:
    return [
        {
            "purpose": consent.purpose,
            "version": consent.version,
            "given_at": _said(consent.given_at),
            "withdrawn_at": _said(consent.withdrawn_at),
            "paper": consent.paper.number if consent.paper else None,
        }
        for consent in consent_history(person)
    ]


def _guardians(person: Person) -> Rows:
    """Who answered for them; the telephone is the guardian's own and stays out."""
    return [
        {
            "name": consent.guardian_name,
            "relation": consent.relation,
            "since": _said(consent.since),
            "until": _said(consent.until),
            "activity": consent.activity_key,
            "how": consent.how,
            "withdrawn_at": _said(consent.withdrawn_at),
        }
        for consent in guardian_consents_of(person)
    ]


def _file(volunteer: Volunteer) -> dict[str, Any]:
    memberships = Membership.objects.filter(volunteer=volunteer).select_related("team").order_by("since", "pk")
    return {
        "number": volunteer.number,
        "village": volunteer.area.place,
        "joined_at": _said(volunteer.joined_at),
        "skills": [str(skill) for skill in volunteer.skills.order_by("order", "code")],
        "kinds_of_service": [str(category) for category in volunteer.categories.order_by("order", "code")],
        "availability": volunteer.availability,
        "teams": [{"team": one.team.name, "since": _said(one.since), "until": _said(one.until)} for one in memberships],
        "certificates": [
            {
                "kind": str(one.kind),
                "issuer": one.issuer,
                "number": one.number,
                "expires_on": _said(one.expires_on),
                "state": one.state,
            }
            for one in credentials_of(volunteer)
        ],
    }


def _signups(volunteer: Volunteer) -> Rows:
    rows = SignUp.objects.filter(volunteer=volunteer).select_related("shift__activity").order_by("starts_at", "pk")
    return [
        {
            "activity": one.shift.activity.title,
            "starts_at": _said(one.starts_at),
            "ends_at": _said(one.ends_at),
            "state": one.state,
            "signed_up_at": _said(one.signed_up_at),
            "risk_version_read": one.risk_version,
            "checked_in_at": _said(one.checked_in_at),
            "checked_out_at": _said(one.checked_out_at),
            "cancel_reason": one.cancel_reason or None,
        }
        for one in rows
    ]


def _records(volunteer: Volunteer) -> Rows:
    return [
        {
            "id": one.public_id,
            "kind": one.kind,
            "activity": one.activity_name,
            "content": one.content,
            "place": one.place,
            "team": one.team.name,
            "served_on": _said(one.served_on),
            "minutes": one.minutes,
            "confirmed": hasattr(one, "confirmation"),
        }
        for one in records_of(volunteer)
    ]


def _needs(person: Person) -> Rows:
    return [
        {
            "number": need.number,
            "category": str(need.category),
            "words": need.words,
            "state": need.state,
            "asked_at": _said(need.created_at),
        }
        for need in needs_asked_by(person)
    ]


def _looks(volunteer: Volunteer) -> Rows:
    """When somebody opened the file; who it was, the auditor says on request."""
    seen = JournalEntry.objects.filter(object=f"volunteer:{volunteer.public_id}", action="volunteer.viewed")
    return [{"at": _said(at)} for at in seen.order_by("-seq").values_list("at", flat=True)[:200]]
