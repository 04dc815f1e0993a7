"""What somebody may do at which age: the law's numbers and the county's, each changeable from a day on."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, values_on
from zhiyuan.domain.people.models import Person

_AGES = _("Ages")
FULL_AGE = declare(
    Parameter(
        "age.full",
        _AGES,
        _("Of full age from"),
        Unit.YEARS,
        18,
        least=18,
        most=21,
        source=_("Civil Code (民法典), article 17"),
    )
)
OWN_CONSENT_FROM = declare(
    Parameter(
        "age.own_consent",
        _AGES,
        _("Registers by their own consent from"),
        Unit.YEARS,
        14,
        least=14,
        most=18,
        source=_("Personal Information Protection Law (个人信息保护法), article 31"),
    )
)
ALONE_FROM = declare(
    Parameter(
        "age.alone",
        _AGES,
        _("Comes without a guardian or another adult from"),
        Unit.YEARS,
        10,
        most=18,
        source=_("practice of the provinces"),
    )
)
ADMITTED_FROM = declare(
    Parameter(
        "age.admitted",
        _AGES,
        _("Takes part at all from"),
        Unit.YEARS,
        6,
        most=18,
        source=_("practice of the provinces"),
    )
)
AGE_OF = {"full": FULL_AGE, "own_consent": OWN_CONSENT_FROM, "alone": ALONE_FROM, "admitted": ADMITTED_FROM}


@dataclass(frozen=True)
class Ages:
    """What holds on one day."""

    full: int
    own_consent: int
    alone: int
    admitted: int


def ages_on(day: date) -> Ages:
    values = values_on(day)
    return Ages(**{name: values[parameter] for name, parameter in AGE_OF.items()})


def is_minor(person: Person, on: date) -> bool:
    """Whether somebody is known to be under full age on a day."""
    age = person.age_on(on)
    return age is not None and age < ages_on(on).full


def decides_alone(person: Person, on: date) -> bool:
    """Whether the law lets somebody consent for themselves; below, a parent or guardian does it for them."""
    age = person.age_on(on)
    return age is None or age >= ages_on(on).own_consent
