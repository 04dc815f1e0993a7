"""Numbers that others gave a volunteer: the national one and those of other platforms."""

import re
from datetime import date, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.sealed import blind_index
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import Permission, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import ExternalNumber, Platform, TrainingKind, Volunteer
from zhiyuan.domain.volunteers.skills import require_own_file

_CODE = re.compile(r"[a-z][a-z0-9_]{1,23}")


class NumberObstacle(TextChoices):
    NUMBER_TAKEN = "external_number_taken", _("Another file has this number already. Is it the same person?")
    EMPTY_NUMBER = "external_number_empty", _("Type the number as it stands on the other platform.")
    BAD_CODE = "list_code", _("A code has small letters, digits and underscores, and begins with a letter.")


def normal_number(number: str) -> str:
    """Without spaces and hyphens, in capitals: two spellings of one number are the same."""
    return re.sub(r"[\s-]", "", number).upper()


@verb
def add_number(
    volunteer: Volunteer, platform: Platform, number: str, *, since: date | None, source: str, by: Person, at: datetime
) -> ExternalNumber:
    """Note a number of another platform; each stands on one file."""
    require_own_file(by, volunteer)
    if not normal_number(number):
        raise Refused(NumberObstacle.EMPTY_NUMBER)
    facts = {"number": number, "number_key": number_key(number), "since": since, "source": source}
    try:
        with transaction.atomic():
            noted = ExternalNumber.objects.create(volunteer=volunteer, platform=platform, **facts, noted_at=at)
    except IntegrityError:
        raise Refused(NumberObstacle.NUMBER_TAKEN) from None
    record(by, "number.noted", noted, at=at, volunteer=volunteer.public_id, platform=platform.code)
    return noted


def number_key(number: str) -> str:
    return blind_index(normal_number(number), "external_number")


@verb
def remove_number(noted: ExternalNumber, *, by: Person, at: datetime) -> None:
    """Take a wrong number off the file."""
    require_own_file(by, noted.volunteer)
    record(by, "number.removed", noted, at=at, volunteer=noted.volunteer.public_id, platform=noted.platform_id)
    noted.delete()


def numbers_of(volunteer: Volunteer) -> QuerySet[ExternalNumber]:
    kept = ExternalNumber.objects.filter(volunteer=volunteer)
    return kept.select_related("platform", "volunteer").order_by("platform__order", "platform", "pk")


def platforms() -> QuerySet[Platform]:
    return Platform.objects.order_by("order", "code")


@verb
def keep_platform(code: str, name_zh: str, name_en: str, *, by: Person, at: datetime) -> None:
    """Add a platform to the list, or call it otherwise."""
    _require_list(code, by)
    Platform.objects.update_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
    record(by, "platform.kept", f"platform:{code}", at=at)


@verb
def keep_training_kind(code: str, name_zh: str, name_en: str, months: int | None, *, by: Person, at: datetime) -> None:
    """Add a kind of training to the list, or change it. What was entered keeps its last day."""
    _require_list(code, by)
    facts = {"name_zh": name_zh, "name_en": name_en, "months": months}
    TrainingKind.objects.update_or_create(code=code, defaults=facts)
    record(by, "training_kind.kept", f"training_kind:{code}", at=at, months=months)


def _require_list(code: str, by: Person) -> None:
    require(by, Permission.MANAGE_SETTINGS, area=settings.COUNTY_CODE)
    if not _CODE.fullmatch(code):
        raise Refused(NumberObstacle.BAD_CODE)
