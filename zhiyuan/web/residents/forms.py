"""What staff write down about residents and where they live."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import PhoneObstacle
from zhiyuan.domain.residents.households import Home
from zhiyuan.domain.residents.keeping import KeepingObstacle, ResidentFacts
from zhiyuan.domain.residents.models import Household, Resident, Speech, Wish
from zhiyuan.domain.residents.permissions import villages_to_keep
from zhiyuan.web.forms import Plain, TelephoneField
from zhiyuan.web.organisations.forms import PlaceField


class ResidentForm(Plain):
    refusal_fields: ClassVar = {
        KeepingObstacle.NO_NAME: "name",
        KeepingObstacle.NOT_HERE: "village",
        KeepingObstacle.NO_LANGUAGE: "speech_words",
        KeepingObstacle.NO_HELPER: "helper_name",
        PhoneObstacle.NOT_A_PHONE: "phone",
    }

    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        error_messages={"required": _("Say what the resident is called. A family name is enough.")},
    )
    phone = TelephoneField(
        label=pgettext_lazy("need", "Telephone"),
        help_text=_("A neighbour's will do."),
        error_messages={"required": _("Without a telephone nobody can call back. A neighbour's will do.")},
    )
    village = PlaceField(
        label=_("Village or community"),
        error_messages={"required": _("Choose the village or community where the resident lives.")},
    )
    speech = forms.ChoiceField(
        label=_("What do they speak?"), choices=Speech.choices, required=False, widget=forms.RadioSelect
    )
    speech_words = forms.CharField(label=_("Which other language"), max_length=40, required=False)
    wishes = forms.MultipleChoiceField(
        label=_("What should whoever comes know?"),
        choices=Wish.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    helper_name = forms.CharField(label=_("Who helps them already"), max_length=40, required=False)
    helper_relation = forms.CharField(label=_("How they are related"), max_length=20, required=False)
    helper_phone = TelephoneField(label=_("The helper's telephone"), required=False)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].offer(villages_to_keep(by))  # type: ignore[attr-defined]

    def facts(self) -> ResidentFacts:
        said = dict(self.cleaned_data)
        area: Area = said.pop("village")
        wishes = tuple(Wish(value) for value in said.pop("wishes"))
        return ResidentFacts(**{**said, "area": area, "speech": Speech(said["speech"]), "wishes": wishes})


def what_is_known(resident: Resident) -> dict[str, Any]:
    """A resident as the form shows them."""
    plain = ("name", "phone", "speech", "speech_words", "helper_name", "helper_relation", "helper_phone")
    known = {name: getattr(resident, name) for name in plain}
    return {**known, "village": resident.area_id, "wishes": [wish.value for wish in resident.wish_list]}


class HomeForm(Plain):
    address = forms.CharField(label=_("Where is the house?"), max_length=120, required=False)
    way = forms.CharField(
        label=_("How to find it"),
        help_text=_("Such as: behind the shop, second gate on the left, the dog is tied."),
        max_length=200,
        required=False,
    )
    note = forms.CharField(
        label=_("What else whoever comes should know about the household"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def home(self) -> Home:
        return Home(**self.cleaned_data)


def home_of(household: Household | None) -> dict[str, str]:
    return {"address": household.address, "way": household.way, "note": household.note} if household else {}


class MergeForm(Plain):
    kept = forms.ChoiceField(
        label=_("Which entry shall stand?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the entry that is right."),
            "invalid_choice": _("Choose one of the two."),
        },
    )
    reason = forms.CharField(
        label=_("How do you know that it is one person?"),
        help_text=_("Such as: called, she gave both names. Whoever undoes it later reads it."),
        max_length=200,
        error_messages={"required": _("Say how you know. Whoever undoes it later reads it.")},
    )

    def __init__(self, *args: Any, offered: tuple[Resident, Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(resident.public_id, resident.name) for resident in offered]
        self.fields["kept"].choices = choices  # type: ignore[attr-defined]


class UndoForm(Plain):
    reason = forms.CharField(
        label=_("Why were they two after all?"), max_length=200, error_messages={"required": _("Say why.")}
    )
