"""The six questions of a request, and what is said at its steps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.needs.filing import FilingObstacle, NeedFacts
from zhiyuan.domain.needs.keeping_apart import ApartObstacle
from zhiyuan.domain.needs.models import Body, Door, Mandate, Need, NeedState, Urgency, VerifyMethod
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.referring import ReferralObstacle
from zhiyuan.domain.organisations.menu import menu_of
from zhiyuan.domain.organisations.models import Category, MenuItem, Site
from zhiyuan.domain.organisations.queries import menu
from zhiyuan.web.forms import Day, MenuItemField, Plain, VillageField


class NeedForm(Plain):
    """At most six questions; whoever asks for somebody else says so in the fifth. A line of the menu says its kind of
    help by itself.
    """

    refusal_fields: ClassVar = {FilingObstacle.ITEM_ELSEWHERE: "item"}
    category: "forms.ModelChoiceField[Category]" = forms.ModelChoiceField(
        label=_("1. What help is needed?"),
        queryset=None,
        empty_label=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose what comes closest.")},
    )
    item = MenuItemField(label=_("Or pick it from the menu"), required=False)
    words = forms.CharField(
        label=_("2. Say it in your own words"),
        help_text=_("As much or as little as you like."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a few words what is needed.")},
    )
    village = VillageField(
        label=_("3. Where?"),
        help_text=_("Others see only the village. The house is shown to those who come."),
        error_messages={"required": _("Choose the village or community.")},
    )
    address = forms.CharField(label=_("How to find the house"), max_length=120, required=False)
    urgency = forms.ChoiceField(
        label=_("4. When?"), choices=Urgency.choices, initial=Urgency.NORMAL, widget=forms.RadioSelect
    )
    wanted_by = forms.DateField(
        label=_("A day that suits"),
        widget=Day(),
        required=False,
        error_messages={"invalid": _("Choose a day, or leave it empty.")},
    )
    name = forms.CharField(
        label=_("5. Who needs help, and on which telephone?"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Say how we may call you. A family name is enough.")},
    )
    phone = forms.CharField(
        label=pgettext_lazy("need", "Telephone"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Without a telephone we cannot call back. A neighbour's will do.")},
    )
    proxy_name = forms.CharField(label=_("Your own name"), max_length=40, required=False)
    proxy_relation = forms.CharField(
        label=_("How you are related"),
        help_text=_("Daughter, neighbour, village clerk …"),
        max_length=20,
        required=False,
    )
    proxy_phone = forms.CharField(
        label=_("Your own telephone"),
        help_text=_("You are told too. Leave it empty if it is the one above."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    mandate = forms.ChoiceField(label=_("May you ask for them?"), choices=Mandate.choices, required=False)
    risk = forms.CharField(
        label=_("6. Anything that helpers must know?"),
        help_text=_("A dog, ice, stairs, an illness. Leave it empty if there is nothing."),
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, site: Site | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = menu()  # type: ignore[attr-defined]
        self.fields["item"].offer(menu_of(site, on=local_day(now())))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        item: MenuItem | None = said.get("item")
        if item and not said.get("category"):
            said["category"] = item.category
        if not said.get("category") and not {"category", "item"} & set(self.errors):
            self.add_error("category", _("Choose what comes closest."))
        return said

    def facts(self) -> NeedFacts:
        said = dict(self.cleaned_data)
        area = said.pop("village")
        own = {name: said[name] for name in NeedFacts.__dataclass_fields__ if name in said}
        chosen = {"urgency": Urgency(said["urgency"]), "mandate": Mandate(said["mandate"])}
        return NeedFacts(**{**own, "area": area, **chosen})


class EntryForm(NeedForm):
    """The same six questions as a clerk fills them in, with the way they came."""

    DOORS = (Door.PHONE, Door.VISIT, Door.PAPER, Door.SOCIAL_WORKER)
    door = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(door.value, door.label) for door in DOORS],
        initial=Door.PHONE,
        widget=forms.RadioSelect,
    )
    verified = forms.CharField(
        label=_("Verified in the same conversation"),
        help_text=_("What you made sure of. Leave it empty to verify later."),
        max_length=200,
        required=False,
    )

    def limit_to(self, villages: Iterable[Area]) -> None:
        """A clerk enters for the villages that they work for; others are not offered."""
        self.fields["village"].limit_to(village.code for village in villages)  # type: ignore[attr-defined]

    @property
    def door_chosen(self) -> Door:
        return Door(self.cleaned_data["door"])


class FollowForm(Plain):
    number = forms.CharField(
        label=_("Number of the request"),
        help_text=_("It stands in the message and on the receipt, e.g. 261123-0047."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Type the number, e.g. 261123-0047.")},
    )
    phone = forms.CharField(
        label=pgettext_lazy("need", "Telephone"),
        help_text=_("The one that was given with the request."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Type the telephone that was given.")},
    )


class WordsForm(Plain):
    """One answer, question or reason, in words."""

    words = forms.CharField(max_length=200, error_messages={"required": _("Say it in a few words.")})


class VerifyForm(Plain):
    method = forms.ChoiceField(
        label=_("How"), choices=VerifyMethod.choices, initial=VerifyMethod.PHONE, widget=forms.RadioSelect
    )
    result = forms.CharField(
        label=_("What you found"),
        max_length=200,
        error_messages={"required": _("Say what you found, such as: spoke to her, true.")},
    )


class ReferForm(Plain):
    refusal_fields: ClassVar = {ReferralObstacle.NO_DEPARTMENT: "department"}
    body = forms.ChoiceField(label=pgettext_lazy("referral", "To whom"), choices=Body.choices)
    department = forms.CharField(label=_("Which department or unit"), max_length=40, required=False)
    note = forms.CharField(
        label=_("What they were told"),
        max_length=200,
        error_messages={"required": _("Say what you told them, and who took it.")},
    )


class ApartForm(Plain):
    HOUSEHOLD, VOLUNTEER = "household", "volunteer"
    refusal_fields: ClassVar = {ApartObstacle.UNKNOWN: "number"}
    number = forms.CharField(
        label=_("The volunteer's number or telephone"),
        max_length=20,
        error_messages={"required": _("Type the number or the telephone.")},
    )
    side = forms.ChoiceField(
        label=_("Who does not want it"),
        choices=((HOUSEHOLD, _("the household")), (VOLUNTEER, _("the volunteer"))),
        initial=HOUSEHOLD,
    )
    reason = forms.CharField(label=_("Why, in a word"), max_length=120, required=False)
    together = forms.BooleanField(label=_("It is good again: end it"), required=False)


class RateForm(Plain):
    STARS = ((5, _("Very good")), (4, _("Good")), (3, _("All right")), (2, _("Poor")), (1, _("Bad")))
    stars = forms.TypedChoiceField(
        label=_("How was it?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five.")},
    )
    words = forms.CharField(label=_("In a few words"), max_length=200, required=False)


@dataclass(frozen=True)
class Overtaken:
    """What somebody sent by a form that the page no longer offers, because the request had moved on."""

    sentence: str
    typed: str


def overtaken(need: Need, sent: Mapping[str, Plain], shown: Mapping[str, object]) -> list[Overtaken]:
    """The forms among those sent, by their names, that have something wrong and no place on the page any more."""
    gone = [form for name, form in sent.items() if form.errors and not shown[name]]
    moved_on = str(MovingObstacle.NOT_FROM_HERE.label) % {"state": NeedState(need.state).label}
    return [Overtaken("".join(map(str, form.non_field_errors())) or moved_on, _typed(form)) for form in gone]


def _typed(form: Plain) -> str:
    texts = (form[name].value() for name, field in form.fields.items() if type(field) is forms.CharField)
    return " ".join(text for text in texts if text)
