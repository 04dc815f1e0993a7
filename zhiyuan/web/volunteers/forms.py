"""What volunteers tell of themselves, and what a clerk takes down face to face."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.files import UploadObstacle
from zhiyuan.domain.organisations.models import Category, Skill
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import categories, skills, villages_of_permission
from zhiyuan.domain.people.details import DetailObstacle
from zhiyuan.domain.people.guardians import Guardian
from zhiyuan.domain.people.models import HowGiven, Person, Sex
from zhiyuan.domain.people.paper import PaperObstacle
from zhiyuan.domain.people.registering import Helping, IdNumberObstacle, RegistrationObstacle
from zhiyuan.domain.volunteers.credentials import CredentialObstacle
from zhiyuan.domain.volunteers.models import DAY_KINDS, PARTS_OF_DAY, CredentialKind
from zhiyuan.domain.volunteers.queries import credential_kinds
from zhiyuan.web.forms import Day, Plain, TelephoneField
from zhiyuan.web.organisations.forms import WEEKDAYS, PlaceField
from zhiyuan.web.people.forms import JoinForm, PaperFields

DAYS = (*WEEKDAYS, _("Public holidays"))
PARTS = (_("Morning"), _("Afternoon"), _("Evening"))


class SkillsForm(Plain):
    skills: "forms.ModelMultipleChoiceField[Skill]" = forms.ModelMultipleChoiceField(
        label=_("What I can do"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    categories: "forms.ModelMultipleChoiceField[Category]" = forms.ModelMultipleChoiceField(
        label=_("What I would like to help with"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].queryset = skills()  # type: ignore[attr-defined]
        self.fields["categories"].queryset = categories()  # type: ignore[attr-defined]


class TimesForm(Plain):
    """The ticked cells of the grid, numbered as in `Volunteer.availability`."""

    cell = forms.TypedMultipleChoiceField(
        choices=[(cell, cell) for cell in range(DAY_KINDS * PARTS_OF_DAY)], coerce=int, required=False
    )

    def cells(self) -> int:
        return sum(1 << cell for cell in set(self.cleaned_data["cell"]))


type Grid = list[tuple[str | Promise, list[tuple[str | Promise, int, bool]]]]


def grid(availability: int) -> Grid:
    """The 24 cells as a page shows them: days by parts, each with its number and whether it is ticked."""
    return [
        (
            day,
            [
                (PARTS[part], cell, bool(availability >> cell & 1))
                for part in range(PARTS_OF_DAY)
                for cell in [row * PARTS_OF_DAY + part]
            ],
        )
        for row, day in enumerate(DAYS)
    ]


class CredentialForm(Plain):
    kind: "forms.ModelChoiceField[CredentialKind]" = forms.ModelChoiceField(
        label=_("Which certificate?"),
        queryset=None,
        empty_label="—",
        error_messages={"required": _("Choose which certificate it is.")},
    )
    issuer = forms.CharField(
        label=_("Who issued it?"),
        max_length=60,
        error_messages={"required": _("Type who issued it, as printed on it.")},
    )
    number = forms.CharField(
        label=_("Its number"),
        help_text=_("Stored encrypted; read only by whoever verifies it."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the number of the certificate.")},
    )
    expires_on = forms.DateField(
        label=_("Valid until"),
        help_text=_("Leave it empty when it never expires."),
        widget=Day(),
        required=False,
        error_messages={"invalid": _("Choose a day, or leave it empty.")},
    )
    file = forms.FileField(
        label=_("A picture of it, or a PDF"),
        help_text=_(
            "JPEG, PNG, WebP or PDF, up to 5 MB. Stored encrypted; where the picture was taken is removed. "
            "You and whoever verifies it can open it, and each opening is noted."
        ),
        required=False,
        widget=forms.FileInput(
            attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf", "class": "form-control"}
        ),
        error_messages={"empty": UploadObstacle.BROKEN.label},
    )
    refusal_fields: ClassVar[Mapping[Any, str]] = {
        CredentialObstacle.ALREADY_EXPIRED: "expires_on",
        **dict.fromkeys(UploadObstacle, "file"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = credential_kinds()  # type: ignore[attr-defined]


class DetailsForm(Plain):
    refusal_fields: ClassVar = {
        DetailObstacle.BORN_LATER: "born_on",
        DetailObstacle.BORN_KNOWN: "born_on",
        **dict.fromkeys(IdNumberObstacle, "id_number"),
    }
    born_on = forms.DateField(
        label=_("Birth date"), widget=Day(), required=False, error_messages={"invalid": _("Choose your birth date.")}
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, required=False, widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Language of pages and messages"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
    id_number = forms.CharField(
        label=_("ID number"),
        help_text=_(
            "18 signs. Stored encrypted, shown only as ****, never used to log in. Leave it empty if you like."
        ),
        max_length=24,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_id_number(self) -> str:
        return str(self.cleaned_data["id_number"]).replace(" ", "").upper()


class FaceToFaceForm(PaperFields, JoinForm):
    """The five questions as a clerk asks them, and the sheet that was signed; the village is one of the clerk's own.

    Whoever has no telephone may name somebody who takes the calls, and who was asked.
    """

    refusal_fields: ClassVar = {
        **JoinForm.refusal_fields,
        PaperObstacle.MISSING: "paper_number",
        PaperObstacle.LATER: "paper_signed_on",
        RegistrationObstacle.KNOWN_PHONE: "phone",
        RegistrationObstacle.HELPER_UNASKED: "helper_agrees",
    }
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("The volunteer's own: with it they log in later."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    without_phone = forms.BooleanField(label=_("They have no telephone of their own."), required=False)
    helper_name = forms.CharField(label=_("Who takes calls for them?"), max_length=40, required=False)
    helper_phone = TelephoneField(label=_("That person's telephone"), required=False)
    helper_relation = forms.CharField(
        label=_("Who is it?"), help_text=_("Such as: daughter, neighbour."), max_length=20, required=False
    )
    helper_agrees = forms.BooleanField(label=_("That person was asked and agrees to be called."), required=False)
    village = PlaceField(  # type: ignore[assignment]
        label=_("Village or community"), error_messages={"required": _("Choose the village or community.")}
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {
            "name": _("Name"),
            "born_on": _("Birth date"),
            "consent": _("They have read or been told what is stored, and agree to it."),
        }
        for name, label in own.items():
            self.fields[name].label = label
        self.fields["village"].offer(villages_of_permission(by, Permission.ENTER_NEED))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        if not facts.get("phone") and not facts.get("without_phone") and "phone" not in self.errors:
            self.add_error("phone", _("Type the telephone, 11 digits; or tick that they have none."))
        if facts.get("helper_phone") and not facts.get("helper_name"):
            self.add_error("helper_name", _("Say who takes the calls."))
        return facts

    def guardian(self) -> Guardian | None:
        """The guardian signed the same sheet."""
        said = super().guardian()
        return replace(said, how=HowGiven.PAPER, paper=self.paper()) if said else None

    def helper(self) -> Helping | None:
        facts = self.cleaned_data
        if facts["phone"] or not facts["helper_phone"]:
            return None
        return Helping(facts["helper_name"], facts["helper_phone"], facts["helper_relation"], facts["helper_agrees"])
