"""Login and registration: at most five questions."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.models import Activity
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.people.ages import decides_alone
from zhiyuan.domain.people.guardians import Guardian, GuardianObstacle
from zhiyuan.domain.people.models import HowGiven, Person
from zhiyuan.domain.people.paper import Paper, PaperObstacle
from zhiyuan.domain.people.registering import RegistrationObstacle
from zhiyuan.domain.volunteers.joining import JoiningObstacle
from zhiyuan.web.forms import Day, Plain, TelephoneField, VillageField
from zhiyuan.web.templatetags.zhiyuan import short_day


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
    """Four of the five questions, and what a guardian says for a child who may not decide alone.

    The guardian's part is shown once the birth date asks for it; a hidden `minor` says that it was there to fill in.
    """

    refusal_fields: ClassVar = {
        RegistrationObstacle.NO_CONSENT: "consent",
        RegistrationObstacle.BORN_LATER: "born_on",
        GuardianObstacle.PAST: "guardian_until",
        GuardianObstacle.UNDER_AGE: "guardian_phone",
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
        help_text=_("Some activities ask for an age. For children a parent or guardian agrees."),
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
        if self.data.get("minor") and self.is_child:
            for name, words in _ASKED_OF_GUARDIANS.items():
                if name not in self.errors and not facts.get(name):
                    self.add_error(name, words)
        return facts

    @property
    def is_child(self) -> bool:
        """Whether the law lets a guardian decide about registering, and not the child."""
        born_on = self.cleaned_data.get("born_on")
        return born_on is not None and not decides_alone(Person(born_on=born_on), local_day(now()))

    @property
    def wants_guardian(self) -> bool:
        """Whether the guardian's part is to be shown."""
        shown_before = bool(self.data.get("minor"))
        return self.is_bound and (self.is_child or (shown_before and "born_on" in self.errors))

    def guardian(self) -> Guardian | None:
        """Who answers for the child, when all of it was given."""
        facts = self.cleaned_data
        given = (facts["guardian_name"], facts["guardian_phone"], facts["guardian_relation"], facts["guardian_until"])
        if not all(given) or not facts["guardian_agrees"] or not self.is_child:
            return None
        return Guardian(*given)


class FileForm(Plain):
    """What somebody with an account still has to say to become a volunteer."""

    refusal_fields = JoinForm.refusal_fields
    village = JoinForm.base_fields["village"]
    consent = JoinForm.base_fields["consent"]


class GuardianForm(Plain):
    """Who answers for somebody under age, and what they allow: one activity, or all service for a time."""

    refusal_fields: ClassVar = {
        GuardianObstacle.PAST: "until",
        GuardianObstacle.BACKWARDS: "until",
        GuardianObstacle.UNDER_AGE: "phone",
        GuardianObstacle.NO_PAPER: "paper_number",
        PaperObstacle.MISSING: "paper_number",
        PaperObstacle.LATER: "paper_signed_on",
    }
    name = forms.CharField(
        label=_("Name of the parent or guardian"),
        max_length=40,
        error_messages={"required": _("Type the name of the parent or guardian.")},
    )
    phone = TelephoneField(
        label=_("Their telephone"), error_messages={"required": _("Type the telephone of the parent or guardian.")}
    )
    relation = forms.CharField(
        label=_("Who are they?"),
        help_text=_("Father, mother, or another guardian."),
        max_length=20,
        error_messages={"required": _("Say who they are, such as: mother.")},
    )
    activity = forms.ChoiceField(label=_("What do they agree to?"), required=False)
    until = forms.DateField(
        label=_("They agree until"),
        widget=Day(),
        required=False,
        error_messages={"invalid": _("Choose until when they agree.")},
    )
    companion = TelephoneField(
        label=_("Who comes along, if not they themselves?"),
        help_text=_("Only for small children: the telephone of the adult, who signs up too."),
        required=False,
    )

    def __init__(self, *args: Any, choices: Iterable[Activity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activities = {activity.public_id: activity for activity in choices}
        named = [
            (key, f"{activity.title} {short_day(activity.starts_at)}") for key, activity in self.activities.items()
        ]
        self.fields["activity"].choices = [("", _("All service until a day")), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if not facts.get("activity") and not facts.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose until when they agree."))
        return facts

    def guardian(self, how: HowGiven = HowGiven.CODE, paper: Paper | None = None) -> Guardian:
        facts = self.cleaned_data
        activity = self.activities.get(facts["activity"])
        return Guardian(
            name=facts["name"],
            phone=facts["phone"],
            relation=facts["relation"],
            until=local_day(activity.ends_at) if activity else facts["until"],
            activity=activity.public_id if activity else "",
            companion=facts["companion"],
            how=how,
            paper=paper,
        )


class PaperFields(Plain):
    """The sheet that was signed, as the clerk reads it off."""

    paper_number = forms.CharField(
        label=_("Number of the signed sheet"),
        max_length=40,
        error_messages={"required": _("Type the number of the sheet that was signed.")},
    )
    paper_signed_on = forms.DateField(
        label=_("Signed on"),
        widget=Day(),
        error_messages={"required": _("Choose the day."), "invalid": _("Choose the day.")},
    )
    paper_kept_at = forms.CharField(
        label=_("Where it is kept"),
        help_text=_("Such as: folder 2026, township station."),
        max_length=60,
        error_messages={"required": _("Say where the sheet is kept.")},
    )

    def paper(self) -> Paper:
        facts = self.cleaned_data
        return Paper(facts["paper_number"], facts["paper_signed_on"], facts["paper_kept_at"])


class GuardianAtCounterForm(PaperFields, GuardianForm):
    """The same as a clerk takes it down: on paper or in person."""

    how = forms.ChoiceField(
        label=_("How did they agree?"),
        choices=[(how.value, how.label) for how in (HowGiven.PAPER, HowGiven.IN_PERSON)],
        initial=HowGiven.PAPER,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("paper_number", "paper_signed_on", "paper_kept_at"):
            self.fields[name].required = False
        self.fields["relation"].label = _("Who are they to the child?")

    def guardian_at_counter(self) -> Guardian:
        how = HowGiven(self.cleaned_data["how"])
        given = all(self.cleaned_data[name] for name in ("paper_number", "paper_signed_on", "paper_kept_at"))
        return self.guardian(how, self.paper() if how == HowGiven.PAPER and given else None)
