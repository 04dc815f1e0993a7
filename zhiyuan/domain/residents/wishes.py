"""What whoever visits should know of a resident, in words."""

from django.utils.translation import gettext as _

from zhiyuan.domain.residents.models import Resident, Speech


def wishes_in_words(resident: Resident) -> list[str]:
    """How to speak with them, then what makes the visit easier; empty when nothing was asked yet."""
    speech = [_speech_in_words(resident)] if resident.speech else []
    return [*speech, *(str(wish.label) for wish in resident.wish_list)]


def _speech_in_words(resident: Resident) -> str:
    if resident.speech == Speech.OTHER:
        return _("Speaks %(language)s") % {"language": resident.speech_words}
    return str(Speech(resident.speech).label)
