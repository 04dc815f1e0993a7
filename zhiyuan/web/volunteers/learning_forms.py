"""What is typed about trainings, other platforms' numbers, and the lists behind them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.volunteers.models import Platform, TrainingKind
from zhiyuan.domain.volunteers.numbers import platforms
from zhiyuan.domain.volunteers.training import MOST_MINUTES, training_kinds
from zhiyuan.web.forms import Day, Plain

NEEDED = {"required": _("This is needed.")}


class TrainingForm(Plain):
    kind: "forms.ModelChoiceField[TrainingKind]" = forms.ModelChoiceField(
        label=_("Kind of training"), queryset=None, empty_label="—", error_messages=NEEDED
    )
    name = forms.CharField(label=_("Its name"), max_length=60, error_messages=NEEDED)
    content = forms.CharField(label=_("Main content"), max_length=200, error_messages=NEEDED)
    minutes = forms.IntegerField(
        label=_("Learning time in minutes"),
        help_text=_("Kept apart from the hours of service."),
        min_value=1,
        max_value=MOST_MINUTES,
        error_messages=NEEDED,
    )
    organiser = forms.CharField(label=_("Who held it"), max_length=60, error_messages=NEEDED)
    held_on = forms.DateField(label=_("Day"), widget=Day(), error_messages=NEEDED)
    passed = forms.BooleanField(label=_("Passed"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = training_kinds()  # type: ignore[attr-defined]


class NumberForm(Plain):
    platform: "forms.ModelChoiceField[Platform]" = forms.ModelChoiceField(
        label=_("Whose number?"), queryset=None, empty_label="—", error_messages=NEEDED
    )
    number = forms.CharField(
        label=_("Number there"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=NEEDED,
    )
    since = forms.DateField(label=_("Since when"), widget=Day(), required=False)
    source = forms.CharField(
        label=_("Where it stands"), help_text=_("A card, a screen, a list."), max_length=60, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].queryset = platforms()  # type: ignore[attr-defined]


class ListForm(Plain):
    which = forms.ChoiceField(
        label=_("Which list?"), choices=[("training", _("Kinds of training")), ("platform", _("Platforms"))]
    )
    code = forms.CharField(
        label=_("Code"), help_text=_("An existing code is changed."), max_length=24, error_messages=NEEDED
    )
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=40, error_messages=NEEDED)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, error_messages=NEEDED)
    months = forms.IntegerField(
        label=_("Counts for how many months"),
        help_text=_("For kinds of training. Empty: it never runs out."),
        min_value=1,
        max_value=600,
        required=False,
    )
