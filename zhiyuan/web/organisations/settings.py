"""The county's settings: every threshold with its day and reason, and the holidays and make-up days of each year."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.foundation.parameters import Parameter, parameters
from zhiyuan.domain.organisations.marking_days import (
    days_of_year,
    forget_special_days,
    missing_year,
    set_special_days,
    years_of_days,
)
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.setting import (
    Said,
    Setting,
    manages_settings,
    set_parameter,
    setting_on,
    settings_on,
)
from zhiyuan.web.access import BOTH, POST, staff
from zhiyuan.web.forms import refused_into
from zhiyuan.web.organisations.setting_forms import DaysForm, SettingForm
from zhiyuan.web.organisations.setting_words import in_words
from zhiyuan.web.request import SignedInRequest


@dataclass(frozen=True)
class Line:
    """A setting as the page says it."""

    setting: Setting

    @property
    def value(self) -> str:
        return in_words(self.setting.value, self.setting.parameter.unit)

    @property
    def default(self) -> str:
        return in_words(self.setting.parameter.default, self.setting.parameter.unit)

    @property
    def least(self) -> str:
        return in_words(self.setting.least, self.setting.parameter.unit)

    @property
    def most(self) -> str:
        return in_words(self.setting.most, self.setting.parameter.unit)

    @property
    def coming(self) -> list[tuple[str, Said]]:
        return self._in_words(self.setting.coming)

    @property
    def history(self) -> list[tuple[str, Said]]:
        return self._in_words(self.setting.said)

    def _in_words(self, said: "list[Said] | tuple[Said, ...]") -> list[tuple[str, Said]]:
        return [(in_words(one.row.value, self.setting.parameter.unit), one) for one in said]


def _county_only(request: SignedInRequest) -> None:
    if not manages_settings(request.person):
        raise Http404


@staff(Permission.MANAGE_SETTINGS)
def listing(request: SignedInRequest) -> HttpResponse:
    _county_only(request)
    today = local_day(now())
    groups: dict[str, list[Line]] = {}
    for setting in settings_on(today):
        groups.setdefault(str(setting.parameter.group), []).append(Line(setting))
    context = {"section": "settings", "groups": list(groups.items()), "missing_year": missing_year(today)}
    return render(request, "settings/list.html", context)


def _declared(name: str) -> Parameter:
    found = next((one for one in parameters() if one.name == name), None)
    if found is None:
        raise Http404
    return found


@staff(Permission.MANAGE_SETTINGS, methods=BOTH)
def one(request: SignedInRequest, parameter: str) -> HttpResponse:
    _county_only(request)
    at = now()
    setting = setting_on(_declared(parameter), local_day(at))
    form = SettingForm(request.POST or None, setting=setting)
    if request.method == "POST" and form.is_valid():
        with refused_into(form):
            set_parameter(setting.parameter, **form.cleaned_data, by=request.person, at=at)
            messages.success(request, _("Kept. The value holds from its day on."))
            return redirect("/settings/")
    context = {"section": "settings", "line": Line(setting), "form": form}
    return render(request, "settings/one.html", context, status=422 if form.errors else 200)


@staff(Permission.MANAGE_SETTINGS, methods=BOTH)
def days(request: SignedInRequest) -> HttpResponse:
    _county_only(request)
    at = now()
    today = local_day(at)
    years = years_of_days(today)
    year = next((one for one in years if str(one) == request.GET.get("year")), today.year)
    form = DaysForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.said()
        with refused_into(form):
            set_special_days(**said, by=request.person, at=at)
            messages.success(request, _("Kept. Clocks and working days follow it."))
            return redirect(f"/settings/days/?year={said['first'].year}")
    context = {
        "section": "settings",
        "years": years,
        "year": year,
        "stretches": days_of_year(year),
        "today": today,
        "missing_year": missing_year(today),
        "form": form,
    }
    return render(request, "settings/days.html", context, status=422 if form.errors else 200)


@staff(Permission.MANAGE_SETTINGS, methods=POST)
def forget_days(request: SignedInRequest) -> HttpResponse:
    _county_only(request)
    first, last = _day(request.POST.get("first", "")), _day(request.POST.get("last", ""))
    forget_special_days(first, last, by=request.person, at=now())
    messages.success(request, _("Taken back. These days are again as the program knows them."))
    return redirect(f"/settings/days/?year={first.year}")


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
