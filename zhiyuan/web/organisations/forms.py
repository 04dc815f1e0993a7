"""What staff type about teams, sites and roles. Forms check the shape; what may be done, the rooms decide."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area, Level
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.models import (
    Category,
    ChecklistItem,
    Role,
    Site,
    SiteLevel,
    Team,
    TeamKind,
    Track,
)
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import (
    areas_of_permission,
    categories,
    possible_guides,
    teams_of_permission,
)
from zhiyuan.domain.organisations.teams import (
    Opening,
    SiteFacts,
    TeamFacts,
    obstacle_to_check,
    obstacle_to_opening,
)
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import normal_phone
from zhiyuan.web.forms import Clock, Day, Plain

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
STRETCHES_A_DAY = 2
NO_DAY = {"invalid": _("Choose a day, or leave it empty.")}


class PlaceField(forms.ChoiceField):
    """One of the areas that somebody's roles reach, listed by township; its value is the area itself."""

    places: dict[str, Area]

    def offer(self, areas: Iterable[Area]) -> None:
        self.places = {area.code: area for area in areas}
        groups: list[tuple[str, Any]] = [("", "—")]
        inside: dict[str, list[tuple[str, str]]] = {}
        for area in self.places.values():
            if area.level == Level.VILLAGE and area.parent:
                inside.setdefault(area.parent.name, []).append((area.code, area.name))
            else:
                groups.append((area.code, area.name))
        self.choices = [*groups, *inside.items()]

    def clean(self, value: Any) -> Any:
        return self.places.get(super().clean(value))


class OfficePhoneField(forms.CharField):
    """An office's telephone: it stands on public pages."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return normal_phone(text)
        except Refused as refusal:
            raise forms.ValidationError(refusal.sentence) from None


class TeamForm(Plain):
    name = forms.CharField(
        label=_("Full name"), max_length=60, error_messages={"required": _("Type the team's full name.")}
    )
    kind = forms.ChoiceField(label=_("Kind of team"), choices=TeamKind.choices)
    area = PlaceField(
        label=_("Area"),
        help_text=_("Where the team belongs: the county, a township or a village."),
        error_messages={"required": _("Choose where the team belongs.")},
    )
    guide: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("Business guide"),
        help_text=_("The county team that leads this line of business, beside the team above."),
        queryset=None,
        required=False,
        empty_label="—",
        to_field_name="public_id",
    )
    track = forms.ChoiceField(label=_("Integration track"), choices=Track.choices, required=False)
    team_class = forms.CharField(
        label=_("Class"),
        help_text=_("What kind of service it stands for, in a few signs."),
        max_length=20,
        required=False,
    )
    categories: "forms.ModelMultipleChoiceField[Category]" = forms.ModelMultipleChoiceField(
        label=_("Kinds of help it gives"),
        help_text=_("For these it is proposed at the desk."),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    supervising_body = forms.CharField(
        label=_("Supervising body"),
        help_text=_("Needed when the team has no legal registration of its own."),
        max_length=60,
        required=False,
    )
    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        help_text=_("18 signs, as on the certificate. Leave it empty without registration."),
        max_length=18,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    phone = OfficePhoneField(
        label=_("Office telephone"),
        help_text=_("Everybody can read it: no private number."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def __init__(self, *args: Any, by: Person, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(areas_of_permission(by, Permission.MANAGE_TEAMS))  # type: ignore[attr-defined]
        self.fields["guide"].queryset = possible_guides(team)  # type: ignore[attr-defined]
        self.fields["categories"].queryset = categories()  # type: ignore[attr-defined]

    def clean_credit_code(self) -> str:
        return str(self.cleaned_data["credit_code"]).replace(" ", "").upper()

    def facts(self) -> TeamFacts:
        said = dict(self.cleaned_data)
        kind, track = TeamKind(said.pop("kind")), Track(said.pop("track"))
        return TeamFacts(**{**said, "kind": kind, "track": track, "categories": tuple(said["categories"])})


def what_a_team_is(team: Team) -> dict[str, Any]:
    """What the form begins with."""
    names = ("name", "kind", "track", "team_class", "supervising_body", "credit_code", "phone")
    facts = {name: getattr(team, name) for name in names}
    guide = team.guide.public_id if team.guide else None
    return facts | {"area": team.area_id, "guide": guide, "categories": [c.pk for c in team.categories.all()]}


class SiteForm(Plain):
    name = forms.CharField(
        label=_("Full name"), max_length=60, error_messages={"required": _("Type the site's name as on its sign.")}
    )
    level = forms.ChoiceField(label=_("Level"), choices=SiteLevel.choices, initial=SiteLevel.STATION)
    area = PlaceField(label=_("Area"), error_messages={"required": _("Choose where the site lies.")})
    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("Team that runs it"), queryset=None, required=False, empty_label="—", to_field_name="public_id"
    )
    address = forms.CharField(label=_("Address"), help_text=_("How people find it."), max_length=120, required=False)
    phone = OfficePhoneField(
        label=_("Office telephone"),
        help_text=_("Everybody can read it: no private number."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    duty_person = forms.CharField(
        label=_("Duty person"), help_text=_("The name stands on the public page."), max_length=40, required=False
    )

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(areas_of_permission(by, Permission.MANAGE_SITES))  # type: ignore[attr-defined]
        within = teams_of_permission(by, Permission.MANAGE_SITES).order_by("area_id", "pk")
        self.fields["team"].queryset = within  # type: ignore[attr-defined]

    def facts(self, openings: Iterable[Opening]) -> SiteFacts:
        said = dict(self.cleaned_data)
        return SiteFacts(**{**said, "level": SiteLevel(said["level"])}, openings=tuple(openings))


def what_a_site_is(site: Site) -> dict[str, Any]:
    facts = {name: getattr(site, name) for name in ("name", "level", "address", "phone", "duty_person")}
    return facts | {"area": site.area_id, "team": site.team.public_id if site.team else None}


class OpeningForm(Plain):
    """One stretch of opening; both times or none."""

    opens = forms.TimeField(
        label=_("From"), widget=Clock(), required=False, error_messages={"invalid": _("A time such as 08:30.")}
    )
    closes = forms.TimeField(
        label=_("To"), widget=Clock(), required=False, error_messages={"invalid": _("A time such as 11:30.")}
    )

    def __init__(self, *args: Any, weekday: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekday = weekday
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{WEEKDAYS[weekday]} {field.label}"

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        opens, closes = said.get("opens"), said.get("closes")
        if not self.errors and (opens is None) != (closes is None):
            raise forms.ValidationError(_("Give both times, or leave both empty."))
        if opens and closes and (obstacle := obstacle_to_opening(Opening(self.weekday, opens, closes))):
            raise forms.ValidationError(str(obstacle.label))
        return said

    def opening(self) -> Opening | None:
        said = self.cleaned_data
        return Opening(self.weekday, said["opens"], said["closes"]) if said["opens"] else None


type Week = list[tuple[str | Promise, list[OpeningForm]]]


def week_forms(data: QueryDict | None = None, *, site: Site | None = None) -> Week:
    """Seven days of two stretches each."""
    known: dict[int, list[dict[str, Any]]] = {}
    if site:
        for stretch in site.opening_hours.order_by("weekday", "opens"):
            known.setdefault(stretch.weekday, []).append({"opens": stretch.opens, "closes": stretch.closes})
    return [
        (
            name,
            [
                OpeningForm(
                    data,
                    weekday=weekday,
                    prefix=f"day{weekday}-{number}",
                    initial=dict(enumerate(known.get(weekday, []))).get(number, {}),
                )
                for number in range(STRETCHES_A_DAY)
            ],
        )
        for weekday, name in enumerate(WEEKDAYS)
    ]


def openings_of(week: Week) -> list[Opening]:
    return [opening for _name, stretches in week for form in stretches if (opening := form.opening())]


def week_is_valid(week: Week) -> bool:
    """Whether all of it can be read; each form is asked, so that each says what is wrong."""
    return not [form for _name, stretches in week for form in stretches if not form.is_valid()]


class ChecklistForm(Plain):
    """Since when each of the twelve items is met."""

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.at = at
        for item in ChecklistItem:
            field = forms.DateField(label=item.label, widget=Day(), required=False, error_messages=NO_DAY)
            field.widget.attrs["class"] = "form-control"
            self.fields[item.value] = field

    def clean(self) -> dict[str, Any]:
        for item in ChecklistItem:
            if obstacle := obstacle_to_check(self.cleaned_data.get(item.value), at=self.at):
                self.add_error(item.value, str(obstacle.label))
        return self.cleaned_data


class WhoForm(Plain):
    who = forms.CharField(
        label=_("Volunteer number or telephone"),
        help_text=_("The number begins with ZY and stands on the volunteer's own page."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the number or the telephone of the person.")},
    )


class RoleForm(Plain):
    ROLES = (
        Role.OFFICE,
        Role.DISPATCHER,
        Role.CLERK,
        Role.SOCIAL_WORKER,
        Role.GRID_WORKER,
        Role.LEADER,
        Role.DEPUTY,
    )
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in ROLES], initial=Role.CLERK)
    area = PlaceField(
        label=_("For this area"),
        help_text=_("For every role but those of a team: with all that lies in it."),
        required=False,
    )
    team: "forms.ModelChoiceField[Team]" = forms.ModelChoiceField(
        label=_("For this team"),
        help_text=_("For team leader and deputy: with the teams below."),
        queryset=None,
        required=False,
        empty_label="—",
        to_field_name="public_id",
    )
    until = forms.DateField(
        label=_("Until"),
        help_text=_("The last day; a year at the most."),
        widget=Day(),
        error_messages={"required": _("Choose the last day."), "invalid": _("Choose the last day.")},
    )

    def __init__(self, *args: Any, by: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].offer(areas_of_permission(by, Permission.GRANT_ROLES))  # type: ignore[attr-defined]
        within = teams_of_permission(by, Permission.GRANT_ROLES).order_by("area_id", "pk")
        self.fields["team"].queryset = within  # type: ignore[attr-defined]
        self.fields["until"].initial = today + timedelta(days=365)
