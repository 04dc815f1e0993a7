"""What is known of a resident is kept right: telephone, village, speech, wishes, who helps them."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area, Level
from zhiyuan.domain.areas.queries import lies_in
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import normal_phone, phone_key
from zhiyuan.domain.residents.models import Resident, Speech, Wish
from zhiyuan.domain.residents.names import family_key, name_key
from zhiyuan.domain.residents.permissions import lock_to_keep, may_keep_in


class KeepingObstacle(TextChoices):
    NO_NAME = "resident_without_name", _("Say what the resident is called. A family name is enough.")
    NOT_HERE = "resident_not_here", _("Choose the village or community where the resident lives.")
    NO_LANGUAGE = "speech_without_language", _("Say which language the resident speaks.")
    NO_HELPER = "helper_without_name", _("Say who helps, or take the helper's telephone and relation out.")


@dataclass(frozen=True)
class ResidentFacts:
    """What staff may change of a resident, whole: what is left out is taken out."""

    name: str
    phone: str
    area: Area
    speech: Speech = Speech.UNSAID
    speech_words: str = ""
    wishes: tuple[Wish, ...] = ()
    helper_name: str = ""
    helper_relation: str = ""
    helper_phone: str = ""


def obstacle_to_keep(facts: ResidentFacts) -> KeepingObstacle | None:
    """Why a resident can't be kept like this; None when nothing stands in the way. Telephones are checked apart."""
    if not facts.name.strip():
        return KeepingObstacle.NO_NAME
    area = facts.area
    if area.level != Level.VILLAGE or area.until or not lies_in(area.code, settings.COUNTY_CODE):
        return KeepingObstacle.NOT_HERE
    if facts.speech == Speech.OTHER and not facts.speech_words.strip():
        return KeepingObstacle.NO_LANGUAGE
    if (facts.helper_phone or facts.helper_relation.strip()) and not facts.helper_name.strip():
        return KeepingObstacle.NO_HELPER
    return None


@verb
def keep_resident(resident: Resident, facts: ResidentFacts, *, by: Person, at: datetime) -> Resident:
    """Write down what is known now. Whoever moves to another village no longer lives in the household."""
    (resident,) = lock_to_keep(by, resident)
    if not may_keep_in(by, facts.area.code):
        raise Refused(AccessObstacle.NOT_YOURS)
    phone = normal_phone(facts.phone)
    helper_phone = normal_phone(facts.helper_phone) if facts.helper_phone else ""
    if obstacle := obstacle_to_keep(facts):
        raise Refused(obstacle)
    told = {
        "name": facts.name.strip(),
        "phone": phone,
        "area": facts.area,
        "household": resident.household if resident.area_id == facts.area.code else None,
        "speech": facts.speech,
        "speech_words": facts.speech_words.strip() if facts.speech == Speech.OTHER else "",
        "wishes": " ".join(wish.value for wish in Wish if wish in facts.wishes),
        "helper_name": facts.helper_name.strip(),
        "helper_relation": facts.helper_relation.strip(),
        "helper_phone": helper_phone,
    }
    changed = [name for name, value in told.items() if getattr(resident, name) != value]
    for name in changed:
        setattr(resident, name, told[name])
    if changed:
        resident.name_key, resident.family_key = name_key(resident.name), family_key(resident.name)
        resident.phone_key = phone_key(phone)
        resident.save()
        record(by, "resident.kept", resident, at=at, changed=" ".join(changed))
    return resident
