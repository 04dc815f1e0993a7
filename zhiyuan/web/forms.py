"""What the forms of all pages share: the house's look, and refusals shown where they belong."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.areas.queries import townships, villages
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.models import MenuItem
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.phones import normal_phone


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        # with a last day the browser takes four digits for the year and goes on to the month by itself
        super().__init__(format="%Y-%m-%d", attrs={"max": "9999-12-31"})


class Clock(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class Plain(forms.Form):
    """A form whose fields look like the house's. `refusal_fields`: where a refusal is shown, when not at the form."""

    refusal_fields: ClassVar[Mapping[Any, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
                continue
            if isinstance(field.widget, forms.Select):
                field.widget.attrs.setdefault("class", "form-select")
            elif isinstance(field.widget, forms.TextInput | forms.NumberInput | forms.Textarea | Day | Clock):
                field.widget.attrs.setdefault("class", "form-control")


@contextmanager
def refused_into(form: Plain, field: str | None = None) -> Iterator[None]:
    """Show a refusal at the form, so that what was typed stays. What is not yours stays a page that is not there."""
    try:
        yield
    except Refused as refusal:
        if refusal.obstacle is AccessObstacle.NOT_YOURS:
            raise
        form.add_error(form.refusal_fields.get(refusal.obstacle, field), refusal.sentence)


class TelephoneField(forms.CharField):
    """A telephone, as digits alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}), **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return normal_phone(typed) if typed else ""
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence, code=refusal.obstacle.value) from refusal


class VillageField(forms.ChoiceField):
    """A village or community, listed under its township; its value is the area itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_villages_by_township, **kwargs)

    def limit_to(self, codes: Iterable[str]) -> None:
        """Offer only these: the villages that somebody works for. A single one is chosen already."""
        wanted = set(codes)
        groups = [(town, [one for one in listed if one[0] in wanted]) for town, listed in _villages_by_township()[1:]]
        kept = [(town, listed) for town, listed in groups if listed]
        self.choices = [("", "—"), *kept]
        if len(wanted) == 1:
            self.initial = next(iter(wanted))

    def clean(self, value: Any) -> Any:
        code = super().clean(value)
        return next((area for area in villages() if area.code == code), None) if code else None


def _villages_by_township() -> list[tuple[str, Any]]:
    inside: dict[str, list[tuple[str, str]]] = {place.code: [] for place in townships()}
    names: dict[str, Area] = {}
    for village in villages():
        if village.parent is not None:
            names[village.parent.code] = village.parent
            label = f"{village.name}（{village.parent.name}）"  # a closed list shows no group, and names repeat
            inside.setdefault(village.parent.code, []).append((village.code, label))
    groups = [(names[code].name, listed) for code, listed in inside.items() if listed]
    return [("", "—"), *groups]


class MenuItemField(forms.ChoiceField):
    """One of the lines offered, listed under its category; its value is the line itself."""

    items: dict[str, MenuItem]

    def __init__(self, **kwargs: Any) -> None:
        wrong = {"invalid_choice": _("This line is not on the menu any more. Choose another one.")}
        super().__init__(error_messages=wrong, **kwargs)
        self.items = {}

    def offer(self, items: Iterable[MenuItem]) -> None:
        self.items = {item.code: item for item in items}
        inside: dict[str, list[tuple[str, str]]] = {}
        for item in self.items.values():
            inside.setdefault(str(item.category), []).append((item.code, str(item)))
        self.choices = [("", "—"), *inside.items()]

    def clean(self, value: Any) -> Any:
        return self.items.get(super().clean(value))
