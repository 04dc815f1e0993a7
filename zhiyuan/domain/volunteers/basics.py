"""The eight basics that the law wants of a volunteer: which are known, why each is asked and by whom, and when."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import Volunteer


class Asked(TextChoices):
    """The basics that nobody has to give before an activity needs them."""

    BIRTH_DATE = "birth_date", _("Birth date")
    ID_NUMBER = "id_number", _("ID number")
    SEX = "sex", _("Sex")
    TELEPHONE = "telephone", _("Telephone")


@dataclass(frozen=True)
class Basic:
    """One of the eight, whether it is known, why it is asked, and by whom."""

    label: str | Promise
    known: bool
    why: str | Promise
    asked_by: str | Promise


_AT_REGISTERING = _("everybody, when registering")
_WHEN_NEEDED = _("the team whose activity needs it, when you sign up")


def legal_basics(volunteer: Volunteer) -> list[Basic]:
    """The eight basics of the rules on service records (article 5): each is there or is not."""
    person = volunteer.person
    return [
        Basic(_("Name"), bool(person.name), _("So that the record is yours."), _AT_REGISTERING),
        Basic(_("Sex"), bool(person.sex), _("The form of the record has it; you may leave it unsaid."), _WHEN_NEEDED),
        Basic(_("Birth date"), person.born_on is not None, _("For what the law says about age."), _AT_REGISTERING),
        Basic(
            _("ID number"),
            person.id_number_key is not None,
            _("An accident insurance or a certificate is made out to it."),
            _WHEN_NEEDED,
        ),
        Basic(_("Residence"), bool(volunteer.area_id), _("To show what is near."), _AT_REGISTERING),
        Basic(_("Telephone"), person.phone_key is not None, _("So that the leader reaches you."), _AT_REGISTERING),
        Basic(
            _("Professional skills"),
            volunteer.skills.exists(),
            _("To show what fits you."),
            _("nobody; tell them if you like"),
        ),
        Basic(
            _("Kinds of service"),
            volunteer.categories.exists(),
            _("To show first what you would like to do."),
            _("nobody; tell them if you like"),
        ),
    ]


def not_yet_given(person: Person) -> list[Asked]:
    """Which of the basics that an activity may ask for somebody has not given."""
    given = {
        Asked.BIRTH_DATE: person.born_on is not None,
        Asked.ID_NUMBER: person.id_number_key is not None,
        Asked.SEX: bool(person.sex),
        Asked.TELEPHONE: person.phone_key is not None,
    }
    return [basic for basic, known in given.items() if not known]
