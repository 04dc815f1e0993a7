"""What the county types about its settings and days."""

from datetime import date, time
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.parameters import Unit
from zhiyuan.domain.organisations.marking_days import DayObstacle
from zhiyuan.domain.organisations.setting import Setting, SettingObstacle
from zhiyuan.web.forms import Clock, Day, Plain
from zhiyuan.web.organisations.setting_words import in_words

NO_DAY = {"required": _("Choose a day."), "invalid": _("Choose a day.")}
HINTS = {
    Unit.MINUTES: _("In minutes: 480 are eight hours."),
    Unit.DAYS: _("In days."),
    Unit.WORKDAYS: _("In working days."),
    Unit.YEARS: _("In years of age."),
    Unit.TIMES: _("How many times."),
    Unit.PERCENT: _("In per cent."),
}


class SettingForm(Plain):
    refusal_fields: ClassVar = {
        SettingObstacle.OUT_OF_RANGE: "value",
        SettingObstacle.UNCHANGED: "value",
        SettingObstacle.BACKWARDS: "value",
        SettingObstacle.PAST: "since",
        SettingObstacle.NO_REASON: "reason",
    }
    value: forms.Field
    since = forms.DateField(
        label=_("From which day"),
        help_text=_("Today or later. Until then everything stays as it is."),
        widget=Day(),
        error_messages=NO_DAY,
    )
    reason = forms.CharField(
        label=pgettext_lazy("setting", "Why"),
        help_text=_("One sentence, with the document's number where there is one."),
        max_length=200,
        error_messages={"required": SettingObstacle.NO_REASON.label},
    )
    field_order = ("value", "since", "reason")

    def __init__(self, *args: Any, setting: Setting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setting = setting
        self.fields["value"] = _value_field(setting)
        self.fields["value"].widget.attrs.setdefault("class", "form-control")
        self.fields["since"].initial = setting.day
        self.order_fields(self.field_order)

    def clean_value(self) -> int:
        said, unit = self.cleaned_data["value"], self.setting.parameter.unit
        value = said.hour * 60 + said.minute if isinstance(said, time) else int(said)
        if not self.setting.least <= value <= self.setting.most:
            limits = {"least": in_words(self.setting.least, unit), "most": in_words(self.setting.most, unit)}
            raise forms.ValidationError(gettext("Between %(least)s and %(most)s.") % limits)
        return value


def _value_field(setting: Setting) -> forms.Field:
    unit, value = setting.parameter.unit, setting.value
    wrong = {"required": _("Give a value."), "invalid": _("Give a value.")}
    label = _("New value")
    if unit == Unit.CLOCK:
        moment = time(value // 60, value % 60) if value < 24 * 60 else None
        return forms.TimeField(label=label, widget=Clock(), initial=moment, error_messages=wrong)
    if unit == Unit.SWITCH:
        choices = [("1", _("Yes")), ("0", _("No"))]
        return forms.ChoiceField(label=label, choices=choices, initial=value, error_messages=wrong)
    limits = forms.NumberInput(attrs={"min": setting.least, "max": setting.most})
    return forms.IntegerField(
        label=label, widget=limits, initial=value, help_text=HINTS.get(unit, ""), error_messages=wrong
    )


class DaysForm(Plain):
    refusal_fields: ClassVar = {
        DayObstacle.BACKWARDS: "last",
        DayObstacle.TOO_MANY: "last",
        DayObstacle.PAST: "first",
        DayObstacle.TOO_FAR: "first",
    }
    first = forms.DateField(label=_("First day"), widget=Day(), error_messages=NO_DAY)
    last = forms.DateField(
        label=_("Last day"),
        help_text=_("Empty for a single day."),
        widget=Day(),
        required=False,
        error_messages={"invalid": _("Choose a day.")},
    )
    worked = forms.ChoiceField(
        label=_("These days are"),
        choices=[("0", pgettext_lazy("day", "free")), ("1", pgettext_lazy("day", "worked"))],
        initial="0",
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    name_zh = forms.CharField(
        label=_("What they are called"),
        help_text=_("Such as Spring Festival, or make-up day for it."),
        max_length=40,
        error_messages={"required": _("Say what these days are called.")},
    )
    source = forms.CharField(
        label=pgettext_lazy("day", "Who says so"),
        help_text=_("The document with its number."),
        max_length=80,
        error_messages={"required": _("Name the document that says so.")},
    )

    def said(self) -> dict[str, Any]:
        said = self.cleaned_data
        first: date = said["first"]
        return {**said, "last": said["last"] or first, "worked": said["worked"] == "1"}
