"""One line of the menu as its keeper types it."""

from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.organisations.menu import ItemFacts, keeps_the_counties
from zhiyuan.domain.organisations.models import Category, MenuItem, Site, SiteLevel
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import menu, sites_of_permission
from zhiyuan.domain.people.models import Person
from zhiyuan.web.forms import Plain

_MONTHS = [("", "—"), *MONTHS.items()]


def _month(value: str) -> int | None:
    return int(value) if value else None


class MenuItemForm(Plain):
    category: "forms.ModelChoiceField[Category]" = forms.ModelChoiceField(
        label=_("Kind of help"),
        queryset=None,
        empty_label="—",
        error_messages={"required": _("Choose the kind of help.")},
    )
    name_zh = forms.CharField(
        label=_("Name in Chinese"), max_length=40, error_messages={"required": _("Give the name in Chinese.")}
    )
    name_en = forms.CharField(
        label=_("Name in English"), max_length=60, error_messages={"required": _("Give the name in English.")}
    )
    note_zh = forms.CharField(
        label=_("Note in Chinese"), help_text=_("A few words below it."), max_length=80, required=False
    )
    note_en = forms.CharField(
        label=_("Note in English"), help_text=_("A few words below it."), max_length=120, required=False
    )
    levels = forms.MultipleChoiceField(
        label=_("Which sites offer it"),
        help_text=_("None ticked: all of them."),
        choices=SiteLevel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    from_month = forms.TypedChoiceField(
        label=_("From month"), choices=_MONTHS, coerce=_month, empty_value=None, required=False
    )
    to_month = forms.TypedChoiceField(
        label=_("To month"),
        help_text=_("Both empty: all year. 10 to 3 runs over the new year."),
        choices=_MONTHS,
        coerce=_month,
        empty_value=None,
        required=False,
    )
    site: "forms.ModelChoiceField[Site]" = forms.ModelChoiceField(
        label=_("Whose item"),
        queryset=None,
        required=False,
        empty_label=_("Of the whole county"),
        to_field_name="public_id",
        error_messages={"required": _("Choose the site that offers it.")},
    )
    order = forms.IntegerField(
        label=_("Place in the list"),
        help_text=_("Smaller numbers stand first."),
        min_value=0,
        max_value=999,
        initial=50,
    )
    on = forms.BooleanField(label=_("It is offered now"), required=False, initial=True)

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = menu()  # type: ignore[attr-defined]
        site: Any = self.fields["site"]
        site.queryset = sites_of_permission(by, Permission.MANAGE_SITES).order_by("area_id", "pk")
        if not keeps_the_counties(by):
            site.required, site.empty_label = True, "—"

    def facts(self) -> ItemFacts:
        said = dict(self.cleaned_data)
        return ItemFacts(**{**said, "levels": tuple(SiteLevel(level) for level in said["levels"])})


def what_an_item_is(item: MenuItem) -> dict[str, Any]:
    """What the form begins with."""
    names = ("name_zh", "name_en", "note_zh", "note_en", "from_month", "to_month", "order", "on")
    facts = {name: getattr(item, name) for name in names}
    levels = [level.value for level in item.offered_at]
    return facts | {
        "category": item.category_id,
        "levels": levels,
        "site": item.site.public_id if item.site else None,
    }
