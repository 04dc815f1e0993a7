"""What is typed about rounds, surveys and wishes. Forms check the shape; what may be done, the room decides."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.collecting.models import Survey
from zhiyuan.domain.collecting.queries import items_of
from zhiyuan.domain.collecting.surveys import KEEPS, AnswerFacts, SurveyFacts, SurveyObstacle
from zhiyuan.domain.collecting.wishes import WishFacts, WishObstacle
from zhiyuan.domain.needs.filing import NeedFacts
from zhiyuan.domain.needs.models import Urgency
from zhiyuan.domain.organisations.menu import by_category
from zhiyuan.domain.organisations.models import Category, MenuItem
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import areas_of_permission, menu, villages_of_permission
from zhiyuan.domain.people.models import Person
from zhiyuan.web.forms import Day, Plain, TelephoneField, VillageField
from zhiyuan.web.organisations.forms import PlaceField

FIRST_ROWS, MORE_ROWS, MOST_ROWS = 3, 3, 30


@dataclass(frozen=True)
class Wares:
    """What a row of a round may choose from, read once for all rows."""

    choices: list[tuple[str, Any]]
    chosen: dict[str, tuple[Category, MenuItem | None]]


def wares(items: Iterable[MenuItem]) -> Wares:
    """Kinds of help with their lines below them; a kind can be chosen by itself."""
    choices: list[tuple[str, Any]] = [("", "—")]
    chosen: dict[str, tuple[Category, MenuItem | None]] = {}
    inside = {course.category.code: course.items for course in by_category(items)}
    for category in menu():
        lines = inside.get(category.code, ())
        chosen |= {f"k:{category.code}": (category, None), **{f"i:{item.code}": (category, item) for item in lines}}
        general = _now("%(kind)s, in general") % {"kind": category} if lines else str(category)
        choices.append(
            (str(category), [*((f"i:{item.code}", str(item)) for item in lines), (f"k:{category.code}", general)])
        )
    return Wares(choices, chosen)


class RoundForm(Plain):
    key = forms.CharField(max_length=32, widget=forms.HiddenInput)
    village = PlaceField(
        label=_("Village or community"), error_messages={"required": _("Choose the village or community.")}
    )
    day = forms.DateField(
        label=_("Day of the round"),
        widget=Day(),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].offer(villages_of_permission(by, Permission.ENTER_NEED))  # type: ignore[attr-defined]


class RowForm(Plain):
    """One household. Empty rows are passed over; whoever needs nothing is ticked."""

    key = forms.CharField(max_length=32, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), max_length=40, required=False)
    phone = TelephoneField(label=pgettext_lazy("need", "Telephone"), required=False)
    what = forms.ChoiceField(label=_("What is needed?"), required=False)
    words = forms.CharField(label=_("In their words"), max_length=500, required=False)
    address = forms.CharField(label=_("How to find the house"), max_length=120, required=False)
    urgency = forms.ChoiceField(label=_("When?"), choices=Urgency.choices, initial=Urgency.NORMAL, required=False)
    nothing = forms.BooleanField(label=_("Nothing needed here"), required=False)

    TYPED = ("name", "phone", "what", "words", "address")

    def __init__(self, *args: Any, offered: Wares, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        what: Any = self.fields["what"]
        what.choices = offered.choices

    @property
    def is_empty(self) -> bool:
        return self.is_bound and not any(self[name].value() for name in (*self.TYPED, "nothing"))

    def as_typed(self) -> "RowForm":
        """The same row as it stands, without a word on what is missing."""
        typed = {name: self[name].value() for name in self.fields}
        return RowForm(prefix=self.prefix, offered=self.offered, initial={**typed, "key": typed["key"] or new_key()})

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("nothing"):
            for name in self.TYPED:  # a slip in what is not needed harms nobody
                self.errors.pop(name, None)
            return said
        asked = {
            "name": _("Say how this household is called."),
            "phone": _("A telephone is needed to call back; a neighbour's will do."),
            "what": _("Choose what is needed, or tick that nothing is."),
        }
        for name, sentence in asked.items():
            if not said.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return said

    def facts(self, village: Area) -> NeedFacts | None:
        """The need of this household; None when nothing is needed."""
        said = self.cleaned_data
        if said["nothing"]:
            return None
        category, item = self.offered.chosen[said["what"]]
        return NeedFacts(
            name=said["name"],
            phone=said["phone"],
            area=village,
            words=said["words"] or str(item or category),
            category=category,
            item=item,
            urgency=Urgency(said["urgency"] or Urgency.NORMAL),
            address=said["address"],
        )


def new_key() -> str:
    return secrets.token_urlsafe(16)


def row_forms(data: QueryDict | None, offered: Wares) -> list[RowForm]:
    """Rows as they were sent, or the first empty ones."""
    if data is None:
        return blank_rows(offered, 0, FIRST_ROWS)
    typed = data.get("rows", "")
    count = min(int(typed), MOST_ROWS) if typed.isascii() and typed.isdigit() and len(typed) < 4 else FIRST_ROWS
    return [RowForm(data, prefix=f"row{number}", offered=offered) for number in range(count)]


def blank_rows(offered: Wares, start: int, count: int) -> list[RowForm]:
    numbers = range(start, min(start + count, MOST_ROWS))
    return [RowForm(prefix=f"row{n}", offered=offered, initial={"key": new_key()}) for n in numbers]


class SurveyForm(Plain):
    refusal_fields: ClassVar = {
        SurveyObstacle.NO_TITLE: "title",
        SurveyObstacle.NO_ITEMS: "items",
        SurveyObstacle.BACKWARDS: "closes_on",
    }
    title = forms.CharField(
        label=_("Title of the survey"), max_length=40, error_messages={"required": _("Give the survey a title.")}
    )
    intro = forms.CharField(
        label=_("What residents read first"),
        help_text=_("Who asks, and what becomes of the answers."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    area = PlaceField(label=_("Area"), error_messages={"required": _("Choose whom it is for.")})
    opens_on = forms.DateField(label=_("First day"), widget=Day(), error_messages={"required": _("Choose a day.")})
    closes_on = forms.DateField(label=_("Last day"), widget=Day(), error_messages={"required": _("Choose a day.")})
    items = forms.MultipleChoiceField(
        label=_("What is asked about"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what the survey asks about.")},
    )

    def __init__(self, *args: Any, by: Person, items: Iterable[MenuItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reached = {area.code: area for permission in KEEPS for area in areas_of_permission(by, permission)}
        self.fields["area"].offer(reached[code] for code in sorted(reached))  # type: ignore[attr-defined]
        self.offered = {item.code: item for item in items}
        choices: Any = self.fields["items"]
        choices.choices = [(code, f"{item.category} {item}") for code, item in self.offered.items()]

    def facts(self) -> SurveyFacts:
        said = dict(self.cleaned_data)
        return SurveyFacts(**{**said, "items": [self.offered[code] for code in said["items"]]})


class AnswerForm(Plain):
    refusal_fields: ClassVar = {SurveyObstacle.NOTHING_TICKED: "items", SurveyObstacle.OTHER_PLACE: "village"}
    items = forms.MultipleChoiceField(
        label=_("1. What do you need?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick what you need.")},
    )
    words = forms.CharField(
        label=_("2. Anything more to say?"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    village = VillageField(
        label=_("3. Where do you live?"), error_messages={"required": _("Choose the village or community.")}
    )
    name = forms.CharField(
        label=_("4. How may we call you?"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Say how we may call you. A family name is enough.")},
    )
    phone = TelephoneField(
        label=_("5. On which telephone?"),
        error_messages={"required": _("Without a telephone we cannot call back. A neighbour's will do.")},
    )
    consent = forms.BooleanField(
        label=_("My answers may be kept and used to help me, and for nothing else."),
        error_messages={"required": _("Without a yes to keeping the answers, nothing can be kept.")},
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {item.code: item for item in items_of(survey)}
        choices: Any = self.fields["items"]
        choices.choices = [(code, str(item)) for code, item in self.offered.items()]

    def facts(self) -> AnswerFacts:
        said = self.cleaned_data
        items = [self.offered[code] for code in said["items"]]
        return AnswerFacts(said["name"], said["phone"], said["village"], items, said["words"], said["consent"])


class PaperForm(AnswerForm):
    consent = forms.BooleanField(
        label=_("The household has said yes to keeping its answers (signature or word)."),
        error_messages={"required": _("Without a yes to keeping the answers, nothing can be kept.")},
    )


class WishForm(Plain):
    category: "forms.ModelChoiceField[Category]" = forms.ModelChoiceField(
        label=_("Kind of help"),
        queryset=None,
        empty_label="—",
        error_messages={"required": _("Choose the kind of help.")},
    )
    words = forms.CharField(
        label=_("The wish, in one sentence"),
        help_text=_("Everybody can read it: no names, no house. A thing or a deed, never money."),
        max_length=120,
        error_messages={"required": _("Say in a few words what is wished for.")},
    )
    for_whom = forms.CharField(
        label=_("For whom"),
        help_text=_("A first name or an initial: Xiao Ming, Granny W. Everybody can read it."),
        max_length=10,
        error_messages={"required": _("Say for whom it is.")},
    )
    village = VillageField(label=_("Where?"), error_messages={"required": _("Choose the village or community.")})
    name = forms.CharField(
        label=_("Full name"),
        help_text=_("Only whoever fulfils the wish reads name, telephone and house."),
        max_length=40,
        error_messages={"required": _("Say how we may call you. A family name is enough.")},
    )
    phone = TelephoneField(
        label=pgettext_lazy("need", "Telephone"),
        error_messages={"required": _("Without a telephone we cannot call back. A neighbour's will do.")},
    )
    address = forms.CharField(label=_("How to find the house"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = menu()  # type: ignore[attr-defined]

    def facts(self) -> WishFacts:
        said = dict(self.cleaned_data)
        area = said.pop("village")
        return WishFacts(**said, area=area)


class ClaimForm(Plain):
    claimed_for = forms.CharField(
        label=_("In whose name"),
        help_text=_("Your team or unit. Leave it empty when you do it yourself."),
        max_length=40,
        required=False,
    )


class ReasonForm(Plain):
    reason = forms.CharField(
        label=_("Why"), max_length=200, error_messages={"required": _("Say in a few words what was done, or why.")}
    )


class FulfilForm(Plain):
    refusal_fields: ClassVar = {WishObstacle.LATER: "day", WishObstacle.SILENT: "note"}
    day = forms.DateField(label=_("Day it was done"), widget=Day(), error_messages={"required": _("Choose a day.")})
    note = forms.CharField(
        label=_("What was done"),
        help_text=_("Everybody can read it: no names, no house."),
        max_length=200,
        error_messages={"required": _("Say in a few words what was done, or why.")},
    )
    thanks = forms.CharField(label=_("Words of thanks"), max_length=200, required=False)
