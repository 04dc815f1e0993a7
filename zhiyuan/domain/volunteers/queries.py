"""Reading volunteers. Who sees whom: staff their areas, leaders the members of their teams."""

import re
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextChoices
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.queries import in_area
from zhiyuan.domain.foundation.database import Unindexed
from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.sealed import blind_index
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.models import Skill, Team
from zhiyuan.domain.organisations.permissions import Permission, may, scope_of
from zhiyuan.domain.people.models import ClosedAccount, Consent, Helper, Person, Purpose
from zhiyuan.domain.people.phones import phone_key
from zhiyuan.domain.volunteers.models import (
    Credential,
    CredentialKind,
    ExternalNumber,
    Membership,
    PhoneShown,
    Volunteer,
    VolunteerSkill,
)
from zhiyuan.domain.volunteers.pausing import pausing

FILES_AN_HOUR = Limit("volunteer-files", 300, 3600)
LOOKUPS_AN_HOUR = Limit("person-lookups", 120, 3600)
_NUMBER = re.compile(r"ZY[0-9A-Z]{8}")
_PHONE = re.compile(r"[01]\d{9,11}")


class FileObstacle(TextChoices):
    TOO_MANY_FILES = "too_many_files", _("You have opened 300 files within an hour. Please go on later.")
    TOO_MANY_LOOKUPS = "too_many_lookups", _("You have looked up 120 numbers within an hour. Please go on later.")


def volunteers_visible_to(person: Person | None) -> QuerySet[Volunteer]:
    """Volunteers who live in the areas, or are members of the teams, that somebody's roles reach."""
    scope = scope_of(person, Permission.SEE_VOLUNTEERS)
    reached = scope.rows(area="area_id")
    if scope.teams:
        members = Membership.objects.filter(scope.rows(area=None, team="team__path"), until=None)
        reached |= Q(pk__in=members.values("volunteer_id"))
    # whoever closed their account is seen by auditors alone
    closed = Q(person__in=ClosedAccount.objects.values("person_id"))
    unsealed = scope_of(person, Permission.READ_JOURNAL).rows(area="area_id")
    # nearly nobody is merged: the index of it would read nearly all
    found = Volunteer.objects.alias(other=Unindexed("merged_into")).filter(reached & (~closed | unsealed), other=None)
    return found.select_related("person", "area")


def files_of(volunteer: Volunteer) -> QuerySet[Volunteer, int]:
    """The keys of a volunteer's file and of those that were merged into it."""
    return Volunteer.objects.filter(Q(pk=volunteer.pk) | Q(merged_into=volunteer.pk)).values_list("pk", flat=True)


def in_list_order(volunteers: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    """Village by village in the order of joining: the order of an index, so that page 2,000 costs what page 1 does."""
    return volunteers.order_by("area_id", "joined_at", "pk")


def found_by(volunteers: QuerySet[Volunteer], words: str) -> QuerySet[Volunteer]:
    """Those whose number, here or at another platform, or telephone this is, or whose name has these signs."""
    compact = re.sub(r"[\s-]", "", words).upper()
    if _NUMBER.fullmatch(compact):
        return volunteers.filter(Q(number=compact) | Q(pk__in=_merged_files(number=compact)))
    numbered = ExternalNumber.objects.filter(number_key=blind_index(compact, "external_number"))
    if re.search(r"\d", compact) and numbered.exists():
        return volunteers.filter(pk__in=numbered.values("volunteer_id"))
    if _PHONE.fullmatch(compact):
        key = phone_key(compact)
        return volunteers.filter(Q(person__phone_key=key) | Q(pk__in=_merged_files(person__phone_key=key)))
    return volunteers.filter(grams__match=words)


def _merged_files(**found: str) -> QuerySet[Volunteer, int | None]:
    """What the files with this number or telephone have become part of: old numbers still find people."""
    return Volunteer.objects.filter(**found).exclude(merged_into=None).values_list("merged_into", flat=True)


def with_skill(volunteers: QuerySet[Volunteer], skill: Skill) -> QuerySet[Volunteer]:
    return volunteers.filter(pk__in=VolunteerSkill.objects.filter(skill=skill).values("volunteer_id"))


def in_place(volunteers: QuerySet[Volunteer], area_code: str) -> QuerySet[Volunteer]:
    """Those who live in a township or village."""
    return volunteers.filter(in_area(area_code))


def for_list(volunteers: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    """Volunteers with what a list shows: `credentials_wait`, and their skills."""
    waiting = Credential.objects.filter(volunteer=OuterRef("pk"), state=Credential.State.UNVERIFIED)
    return volunteers.annotate(credentials_wait=Exists(waiting)).prefetch_related("skills")


def with_open_credentials(volunteers: QuerySet[Volunteer]) -> QuerySet[Volunteer]:
    """Those who handed in a certificate that nobody has looked at yet."""
    waiting = Credential.objects.filter(state=Credential.State.UNVERIFIED)
    return volunteers.filter(pk__in=waiting.values("volunteer_id"))


def with_member_counts(teams: QuerySet[Team]) -> QuerySet[Team]:
    """Teams with `member_count`: how many standing members were counted last."""
    return teams.annotate(member_count=Coalesce(F("strength__members"), 0))


def person_for_role(words: str, *, by: Person, at: datetime) -> Person | None:
    """Who has this volunteer number or telephone, so that they can be given a role. Counted: nobody learns names by
    trying numbers."""
    compact = re.sub(r"[\s-]", "", words).upper()
    if not (_NUMBER.fullmatch(compact) or _PHONE.fullmatch(compact)):
        return None
    if not spend(LOOKUPS_AN_HOUR, by.public_id, at=at):
        raise Refused(FileObstacle.TOO_MANY_LOOKUPS)
    known = Q(volunteer__number=compact) if _NUMBER.fullmatch(compact) else Q(phone_key=phone_key(compact))
    return Person.objects.filter(known, is_active=True).select_related("volunteer__area").first()


def open_file(volunteer: Volunteer, *, by: Person, at: datetime) -> None:
    """Note that somebody opened a volunteer's file; refused to whoever opens them by the hundred."""
    if not spend(FILES_AN_HOUR, by.public_id, at=at):
        raise Refused(FileObstacle.TOO_MANY_FILES)
    _note_view(volunteer, by=by, at=at)


@verb
def _note_view(volunteer: Volunteer, *, by: Person, at: datetime) -> None:
    record(by, "volunteer.viewed", volunteer, at=at)


@verb
def open_roster(team: Team, *, by: Person, at: datetime) -> None:
    """Note that somebody opened the list of a team's members with their telephones."""
    record(by, "team.roster_viewed", team, at=at)


def members_of(team: Team, on: date) -> QuerySet[Volunteer]:
    """A team's standing members, with `member_since` and whether they are `resting` on a day; whoever shows them asks
    first who is asking.
    """
    members = Membership.objects.filter(team=team, until=None)
    people = Volunteer.objects.filter(pk__in=members.values("volunteer_id")).select_related("person", "area")
    since = Subquery(members.filter(volunteer=OuterRef("pk")).values("since")[:1])
    people = people.annotate(member_since=since, resting=pausing(on))
    return people.prefetch_related("skills").order_by("area_id", "joined_at", "pk")


def member_of(team: Team, public_id: str) -> QuerySet[Volunteer]:
    """One standing member of a team."""
    members = Membership.objects.filter(team=team, until=None)
    return Volunteer.objects.filter(pk__in=members.values("volunteer_id"), public_id=public_id).select_related("person")


def phone_is_open(volunteer: Volunteer, person: Person | None) -> bool:
    """Whether somebody who sees this volunteer also sees the telephone: staff of the area always do, leaders unless the
    volunteer wants it otherwise (R21).
    """
    if person is not None and person.pk == volunteer.person_id:
        return True
    by_area = may(person, Permission.SEE_VOLUNTEERS, area=volunteer.area_id)
    return by_area or volunteer.phone_shown != PhoneShown.IN_CHARGE


def sharing_members(team: Team) -> QuerySet[Volunteer]:
    """Members who show their telephone to the other members."""
    members = Membership.objects.filter(team=team, until=None).values("volunteer_id")
    sharing = Volunteer.objects.filter(pk__in=members, phone_shown=PhoneShown.MEMBERS)
    return sharing.select_related("person").order_by("area_id", "joined_at", "pk")


def membership_history(volunteer: Volunteer) -> QuerySet[Membership]:
    """Every team that a volunteer belongs or belonged to, the present ones first."""
    told = Membership.objects.filter(volunteer=volunteer).select_related("team__area", "began_by", "ended_by")
    return told.order_by(F("until").desc(nulls_first=True), "-since", "-pk")


def history_for(volunteer: Volunteer, person: Person) -> list[tuple[Membership, str]]:
    """The same with the reasons as somebody may read them: one's own, of one's area, of the teams one leads."""
    by_area = may(person, Permission.SEE_VOLUNTEERS, area=volunteer.area_id)
    knows = by_area or person.pk == volunteer.person_id
    return [
        (one, (one.why or "") if knows or may(person, Permission.ANSWER_ORDER, team=one.team) else "")
        for one in membership_history(volunteer)
    ]


def memberships_of(volunteer: Volunteer) -> QuerySet[Membership]:
    standing = Membership.objects.filter(volunteer=volunteer, until=None)
    return standing.select_related("team__area").order_by("since", "pk")


def credentials_of(volunteer: Volunteer) -> QuerySet[Credential]:
    """A volunteer's certificates, newest first."""
    return (
        Credential.objects.filter(volunteer=volunteer)
        .select_related("kind", "verified_by", "volunteer")
        .order_by("-created_at", "-pk")
    )


def credential_kinds() -> QuerySet[CredentialKind]:
    return CredentialKind.objects.order_by("order", "code")


def registration_of(volunteer: Volunteer) -> Consent | None:
    """The first consent to being registered: with it stands how that was done, and on which sheet."""
    first = Consent.objects.filter(person=volunteer.person_id, purpose=Purpose.SERVICE)
    return first.select_related("paper__taken_by").order_by("given_at", "pk").first()


def helper_of(volunteer: Volunteer) -> Helper | None:
    """Who takes the calls for somebody without a telephone of their own."""
    return Helper.objects.filter(person=volunteer.person_id).first()
