"""Login and registration: at most five questions."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.registering import Guardian, RegistrationObstacle
from zhiyuan.domain.volunteers.joining import JoiningObstacle
from zhiyuan.web.forms import Day, Plain, TelephoneField, VillageField


class PhoneForm(Plain):
    phone = forms.CharField(
        label=_("Your telephone"),
        help_text=_("A code comes to it. You need no password."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "autofocus": True}),
        error_messages={"required": _("Type the number of your mobile phone, 11 digits.")},
    )


class CodeForm(Plain):
    code = forms.CharField(
        label=_("The code from the message"),
        help_text=_("Six digits, valid for five minutes."),
        max_length=8,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "form-control zy-code"}
        ),
        error_messages={"required": _("Type the six digits of the message.")},
    )


class FactorForm(Plain):
    code = forms.CharField(
        label=_("The authenticator's code"),
        help_text=_("Six digits; a new one every 30 seconds."),
        max_length=8,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "form-control zy-code"}
        ),
        error_messages={"required": _("Type the six digits that the authenticator shows.")},
    )


_ASKED_OF_GUARDIANS = {
    "guardian_name": _("Type the name of the parent or guardian."),
    "guardian_phone": _("Type the telephone of the parent or guardian."),
    "guardian_relation": _("Say who they are, such as: mother."),
    "guardian_until": _("Choose until when they agree."),
    "guardian_agrees": _("Tick it when the parent or guardian agrees."),
}


class JoinForm(Plain):
    """Four of the five questions, and what a guardian says for somebody under 18.

    The guardian's part is shown once the birth date asks for it; a hidden `minor` says that it was there to fill in.
    """

    refusal_fields: ClassVar = {
        RegistrationObstacle.NO_CONSENT: "consent",
        RegistrationObstacle.BORN_LATER: "born_on",
        RegistrationObstacle.GUARDIAN_PAST: "guardian_until",
        JoiningObstacle.NOT_A_VILLAGE: "village",
    }
    name = forms.CharField(
        label=_("1. What is your name?"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Type your name as on your identity card.")},
    )
    born_on = forms.DateField(
        label=_("2. When were you born?"),
        help_text=_("Some activities ask for an age. Under 18 a parent or guardian must agree."),
        widget=Day(),
        error_messages={"required": _("Choose your birth date."), "invalid": _("Choose your birth date.")},
    )
    village = VillageField(
        label=_("3. Where do you live?"),
        help_text=_("The village or community; no house number."),
        error_messages={"required": _("Choose your village or community.")},
    )
    guardian_name = forms.CharField(label=_("Name of the parent or guardian"), max_length=40, required=False)
    guardian_phone = TelephoneField(label=_("Their telephone"), required=False)
    guardian_relation = forms.CharField(
        label=_("Who are they?"), help_text=_("Father, mother, or another guardian."), max_length=20, required=False
    )
    guardian_until = forms.DateField(label=_("They agree until"), widget=Day(), required=False)
    guardian_agrees = forms.BooleanField(
        label=_("The parent or guardian has read what is stored and agrees to registering and serving."), required=False
    )
    consent = forms.BooleanField(
        label=_("I agree that my name, telephone, village and service are stored for volunteering."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.data.get("minor") and self.is_minor:
            for name, words in _ASKED_OF_GUARDIANS.items():
                if name not in self.errors and not facts.get(name):
                    self.add_error(name, words)
        return facts

    @property
    def is_minor(self) -> bool:
        born_on = self.cleaned_data.get("born_on")
        return born_on is not None and Person(born_on=born_on).is_minor_on(local_day(now()))

    @property
    def wants_guardian(self) -> bool:
        """Whether the guardian's part is to be shown."""
        shown_before = bool(self.data.get("minor"))
        return self.is_bound and (self.is_minor or (shown_before and "born_on" in self.errors))

    def guardian(self) -> Guardian | None:
        """Who answers for somebody under 18, when all of it was given."""
        facts = self.cleaned_data
        given = (facts["guardian_name"], facts["guardian_phone"], facts["guardian_relation"], facts["guardian_until"])
        if not all(given) or not facts["guardian_agrees"]:
            return None
        return Guardian(*given)


class FileForm(Plain):
    """What somebody with an account still has to say to become a volunteer."""

    refusal_fields = JoinForm.refusal_fields
    village = JoinForm.base_fields["village"]
    consent = JoinForm.base_fields["consent"]
