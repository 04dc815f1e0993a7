"""What somebody tells of themselves later on."""

from datetime import datetime

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import Actor, record, verb
from zhiyuan.domain.people.models import Person, Sex


class DetailObstacle(TextChoices):
    UNKNOWN_LANGUAGE = "unknown_language", _("The pages do not speak this language yet.")


@verb
def tell_details(person: Person, *, sex: Sex, language: str, by: Actor, at: datetime) -> None:
    """Say one's sex, which is asked for by law and may stay unsaid, and the language one is written to in."""
    if language not in dict(settings.LANGUAGES):
        raise Refused(DetailObstacle.UNKNOWN_LANGUAGE)
    person.sex, person.language = sex, language
    person.save(update_fields=["sex", "language"])
    record(by, "person.details_told", person, at=at, language=language)
