"""What somebody tells of themselves later on."""

from datetime import date, datetime

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import Actor, record, verb
from zhiyuan.domain.people.models import Person, Sex
from zhiyuan.domain.people.registering import give_id_number


class DetailObstacle(TextChoices):
    BORN_KNOWN = (
        "birth_date_known",
        _("The birth date is already in the file. To correct it, call the service telephone."),
    )
    BORN_LATER = "birth_date_later", _("The birth date lies in the future. Please look again.")
    UNKNOWN_LANGUAGE = "unknown_language", _("The pages do not speak this language yet.")


@verb
def tell_details(person: Person, *, sex: Sex, language: str, by: Actor, at: datetime) -> None:
    """Say one's sex, which is asked for by law and may stay unsaid, and the language one is written to in."""
    if language not in dict(settings.LANGUAGES):
        raise Refused(DetailObstacle.UNKNOWN_LANGUAGE)
    person.sex, person.language = sex, language
    person.save(update_fields=["sex", "language"])
    record(by, "person.details_told", person, at=at, language=language)


def obstacle_to_birth_date(person: Person, born_on: date, *, at: datetime) -> DetailObstacle | None:
    """Why this cannot be given as one's birth date; None when nothing stands in the way."""
    if person.born_on is not None:
        return DetailObstacle.BORN_KNOWN
    return DetailObstacle.BORN_LATER if born_on > local_day(at) else None


@verb
def give_birth_date(person: Person, born_on: date, *, by: Actor, at: datetime) -> None:
    """Say when one was born, once: what the rules about age count on is not changed by oneself."""
    if obstacle := obstacle_to_birth_date(person, born_on, at=at):
        raise Refused(obstacle)
    person.born_on = born_on
    person.save(update_fields=["born_on"])
    record(by, "person.birth_date_given", person, at=at)


@verb
def keep_details(
    person: Person, *, sex: Sex, language: str, born_on: date | None, id_number: str, by: Actor, at: datetime
) -> None:
    """All that a page of details said, or nothing of it."""
    tell_details(person, sex=sex, language=language, by=by, at=at)
    if born_on:
        give_birth_date(person, born_on, by=by, at=at)
    if id_number:
        give_id_number(person, id_number, by=by, at=at)
