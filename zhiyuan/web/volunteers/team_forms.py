"""What volunteers and leaders type about belonging to teams."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.organisations.models import Team
from zhiyuan.domain.organisations.permissions import Permission
from zhiyuan.domain.organisations.queries import teams_of_permission, teams_within_reach
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.models import InvitedHow, Membership, PhoneShown, Volunteer
from zhiyuan.web.forms import Day, Plain

NO_TEAM = {"required": _("Choose a team."), "invalid_choice": _("Choose a team.")}
WHY = _("In a few words. It stands in the history of the file.")


class ContactForm(Plain):
    invited_how = forms.ChoiceField(
        label=_("When a team invites me"), choices=InvitedHow.choices, widget=forms.RadioSelect
    )
    phone_shown = forms.ChoiceField(
        label=_("Who sees my telephone"), choices=PhoneShown.choices, widget=forms.RadioSelect
    )


class PauseForm(Plain):
    until = forms.DateField(
        label=_("Last day of the pause"),
        help_text=_("Leave it empty to pause until you say otherwise. Nobody asks why."),
        widget=Day(),
        required=False,
        error_messages={"invalid": _("Choose a day, or leave it empty.")},
    )


class InviteForm(Plain):
    who = forms.CharField(
        label=_("Volunteer number or whole telephone"),
        help_text=_("Whether somebody has it, nobody learns here. Whoever is with us sees the invitation."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the volunteer's number (ZY and 8 signs) or the whole telephone.")},
    )


class ReasonForm(Plain):
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The volunteer reads it."),
        max_length=120,
        error_messages={"required": _("Say why. The volunteer is told.")},
    )


class TeamChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One team, named with its place; its value is the public id."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(to_field_name="public_id", queryset=None, empty_label="—", **kwargs)

    def label_from_instance(self, obj: Team) -> str:
        return f"{obj.name}（{obj.area.name}）"


class MoveForm(Plain):
    target = TeamChoice(
        label=_("Which team would you like to move to?"),
        error_messages=NO_TEAM,
    )
    why = forms.CharField(label=_("Why?"), help_text=WHY, max_length=120, error_messages={"required": _("Say why.")})

    def __init__(self, *args: Any, volunteer: Volunteer, source: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = teams_within_reach(volunteer.area_id).exclude(pk=source.pk)
        self.fields["target"].queryset = offered  # type: ignore[attr-defined]


class OrderedMoveForm(Plain):
    source = TeamChoice(label=_("From"), error_messages=NO_TEAM)
    target = TeamChoice(label=_("To"), error_messages=NO_TEAM)
    on = forms.DateField(label=_("From which day on?"), widget=Day(), error_messages={"required": _("Choose a day.")})
    why = forms.CharField(label=_("Why?"), help_text=WHY, max_length=120, error_messages={"required": _("Say why.")})

    def __init__(self, *args: Any, by: Person, standing: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        managed = teams_of_permission(by, Permission.MANAGE_TEAMS).order_by("area_id", "pk")
        own = [membership.team_id for membership in standing]
        self.fields["source"].queryset = managed.filter(pk__in=own)  # type: ignore[attr-defined]
        self.fields["target"].queryset = managed.exclude(pk__in=own)  # type: ignore[attr-defined]


class PairForm(Plain):
    NAMES = ("first", "second")
    first = forms.CharField(label=_("Number of one file"), max_length=12)
    second = forms.CharField(label=_("Number of the other"), max_length=12)


class MergeForm(Plain):
    keep = forms.ChoiceField(
        label=_("Which file stays?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the file that stays.")},
    )
    why = forms.CharField(
        label=_("How do you know that they are one person?"),
        max_length=120,
        error_messages={"required": _("Say how you know that they are one person.")},
    )

    def __init__(self, *args: Any, files: tuple[Volunteer, Volunteer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["keep"].choices = [(one.public_id, one.number) for one in files]  # type: ignore[attr-defined]
