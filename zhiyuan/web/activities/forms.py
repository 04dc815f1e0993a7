"""What volunteers and leaders type. Forms check the shape; what may be done, the rooms decide."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.activities.models import Activity, Form
from zhiyuan.domain.activities.planning import Plan, PlannedShift, PlanObstacle, obstacle_to_shift
from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.areas.queries import county_areas
from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.needs.models import DeclineReason, Need
from zhiyuan.domain.organisations.models import Category, Skill, Team
from zhiyuan.domain.organisations.queries import categories, leaders_of, skills
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.volunteers.basics import Asked
from zhiyuan.domain.volunteers.models import TrainingKind
from zhiyuan.domain.volunteers.training import training_kinds
from zhiyuan.web.forms import Clock, Day, Plain

MOST_SHIFTS = 3


class LeavingForm(Plain):
    """Why somebody cannot come after all."""

    REASONS: tuple[str | Promise, ...] = (
        _("Ill"),
        _("Work or school"),
        _("Family"),
        _("Away from home"),
        _("Something else"),
    )
    reason = forms.ChoiceField(label=_("Why can you not come?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [(str(reason), reason) for reason in self.REASONS]  # type: ignore[attr-defined]


class CodeForm(Plain):
    code = forms.CharField(
        label=_("The six digits on the leader's screen"),
        max_length=12,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "class": "form-control zy-code", "maxlength": 12}
        ),
        error_messages={"required": _("Type the six digits that the leader shows.")},
    )


class LeftForm(Plain):
    """When somebody left, told afterwards: a time on the day of the shift."""

    left = forms.TimeField(
        label=_("Left at"),
        widget=Clock(),
        error_messages={"required": _("Say when, such as 11:30."), "invalid": _("Say when, such as 11:30.")},
    )

    @classmethod
    def beginning_with(cls, ends_at: datetime) -> "LeftForm":
        """As most would fill it: they left when the shift ended."""
        return cls(initial={"left": timezone.localtime(ends_at).time()}, auto_id=False)  # many stand on one page

    def left_at(self, ends_at: datetime) -> datetime:
        """That time, on the day on which the shift ended, or the evening before when it ended after midnight."""
        end = timezone.localtime(ends_at)
        moment = timezone.make_aware(datetime.combine(end.date(), self.cleaned_data["left"]))
        return moment - timedelta(days=1) if moment - end > timedelta(hours=12) else moment


class ReasonForm(Plain):
    reason = forms.CharField(
        label=_("Reason"), max_length=120, error_messages={"required": _("Say why, in a few words.")}
    )


class DeclineForm(Plain):
    kind = forms.ChoiceField(
        label=_("Why?"),
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what comes closest.")},
    )
    reason = forms.CharField(
        label=_("In a few words"),
        help_text=_("The desk reads it and looks for a team that fits better."),
        max_length=200,
        required=False,
        error_messages={"required": _("Say why, in a few words.")},
    )

    @property
    def why(self) -> DeclineReason:
        return DeclineReason(self.cleaned_data["kind"])


class FinishForm(Plain):
    helped = forms.IntegerField(
        label=_("How many people were helped?"),
        help_text=_("People who got something from it, each counted once; not the volunteers."),
        min_value=0,
        max_value=30000,
        error_messages={"required": _("Type a number; 0 if it was nobody.")},
    )
    outcome = forms.CharField(
        label=_("What came of it?"),
        help_text=_("One or two sentences. No names or telephones of residents."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    left_over = forms.CharField(
        label=_("What is left to do?"),
        help_text=_("The desk sees it and finds somebody. Leave it empty when nothing is."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def for_request(self) -> None:
        """The closing report of a request says what was done; other activities have nothing left over."""
        self.fields["outcome"].required = True
        self.fields["outcome"].error_messages["required"] = _("Say in a sentence what was done.")


def _two_years_from_now() -> date:
    return local_day(now()) + timedelta(days=730)


class ShiftForm(Plain):
    refusal_fields: ClassVar[Mapping[Any, str]] = {
        PlanObstacle.BACKWARDS: "ends",
        PlanObstacle.TOO_LONG: "ends",
        PlanObstacle.NO_PLACES: "places",
        PlanObstacle.PAST: "day",
    }
    day = forms.DateField(
        label=_("Day"),
        widget=Day(),
        error_messages={"required": _("Choose a day."), "invalid": _("Choose a day.")},
        validators=[MaxValueValidator(_two_years_from_now, _("Choose a day within the next two years."))],
    )
    starts = forms.TimeField(
        label=_("From"),
        widget=Clock(),
        error_messages={"required": _("A time such as 08:30."), "invalid": _("A time such as 08:30.")},
    )
    ends = forms.TimeField(
        label=_("To"),
        widget=Clock(),
        error_messages={"required": _("A time such as 11:30."), "invalid": _("A time such as 11:30.")},
    )
    places = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=5000,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), PlanObstacle.NO_PLACES.label),
    )

    def planned(self) -> PlannedShift:
        facts = self.cleaned_data
        starts_at = timezone.make_aware(datetime.combine(facts["day"], facts["starts"]))
        ends_at = timezone.make_aware(datetime.combine(facts["day"], facts["ends"]))
        if ends_at <= starts_at:  # a night shift ends on the next day
            ends_at += timedelta(days=1)
        return PlannedShift(starts_at, ends_at, facts["places"])

    def is_possible(self, at: datetime) -> bool:
        """Whether such a shift could be published; if not, the form says at which field why."""
        if not self.is_valid():
            return False
        obstacle = obstacle_to_shift(self.planned(), at=at) if self.cleaned_data else None
        if obstacle:
            self.add_error(self.refusal_fields[obstacle], str(obstacle.label))
        return obstacle is None


def shift_forms(data: QueryDict | None = None, initials: Sequence[dict[str, Any]] = ()) -> list[ShiftForm]:
    """The first shift must be given; the others may stay empty."""
    padded = [*initials, *({} for _unused in range(MOST_SHIFTS))][:MOST_SHIFTS]
    return [
        ShiftForm(
            data,
            prefix=f"shift{number}",
            initial=None if data else initial,
            empty_permitted=number > 1,
            use_required_attribute=number == 1,
        )
        for number, initial in enumerate(padded, start=1)
    ]


def planned_shifts(shifts: Iterable[ShiftForm]) -> tuple[PlannedShift, ...]:
    """The shifts of valid forms that were filled."""
    return tuple(shift.planned() for shift in shifts if shift.cleaned_data)


class _Places(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Area) -> str:
        return obj.place


class PlanForm(Plain):
    title = forms.CharField(label=_("Title"), max_length=60, error_messages={"required": PlanObstacle.NO_TITLE.label})
    place = forms.CharField(
        label=_("Where to meet"), max_length=120, error_messages={"required": PlanObstacle.NO_PLACE.label}
    )
    content = forms.CharField(
        label=_("What will be done"),
        help_text=_("Everybody can read this: no names, telephones or house numbers of residents."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": PlanObstacle.NO_CONTENT.label},
    )
    risk = forms.CharField(
        label=_("Risks, and how to avoid them"),
        help_text=_("Volunteers read and tick this before they sign up. The law asks for it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": PlanObstacle.NO_RISK.label},
    )
    category: "forms.ModelChoiceField[Category]" = forms.ModelChoiceField(
        label=_("Kind of service"), queryset=None, empty_label=None
    )
    area = _Places(label=_("Village or community"), queryset=None, empty_label=None)
    in_charge = forms.ChoiceField(label=_("In charge on the spot"))
    form = forms.ChoiceField(label=_("Form of service"), choices=Form.choices)
    needed_from = forms.IntegerField(label=_("From which age"), min_value=6, max_value=80, initial=14)
    needed_skills: "forms.ModelMultipleChoiceField[Skill]" = forms.ModelMultipleChoiceField(
        label=_("Skills that everybody must have"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    needed_basics = forms.MultipleChoiceField(
        label=_("What the file must hold of everybody"),
        choices=Asked.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    needed_training: "forms.ModelChoiceField[TrainingKind]" = forms.ModelChoiceField(
        label=_("Training before the post"), queryset=None, required=False, empty_label=_("None is needed")
    )
    dangerous = forms.BooleanField(label=_("Dangerous: only for people of 18 and older"), required=False)

    def __init__(self, *args: Any, team: Team, by: Person, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [grant.person for grant in leaders_of(team, local_day(at))]
        self.people = {person.public_id: person for person in [by, *held]}
        self.fields["category"].queryset = categories()  # type: ignore[attr-defined]
        self.fields["area"].queryset = county_areas()  # type: ignore[attr-defined]
        self.fields["needed_training"].queryset = training_kinds()  # type: ignore[attr-defined]
        self.fields["needed_skills"].queryset = skills()  # type: ignore[attr-defined]
        self.fields["in_charge"].choices = [(key, person.name) for key, person in self.people.items()]  # type: ignore[attr-defined]

    def plan(self, shifts: Iterable[PlannedShift], need: Need | None) -> Plan:
        facts = dict(self.cleaned_data)
        in_charge, form = self.people[facts.pop("in_charge")], Form(facts.pop("form"))
        chosen = tuple(facts.pop("needed_skills"))
        basics = tuple(Asked(basic) for basic in facts.pop("needed_basics"))
        facts |= {"needed_skills": chosen, "needed_basics": basics, "need": need}
        return Plan(**facts, shifts=tuple(shifts), in_charge=in_charge, form=form)


# What a new plan begins with ------------------------------------------------------------------------------------------

type Initial = tuple[dict[str, Any], list[dict[str, Any]]]


def blank_plan(team: Team, by: Person, today: date) -> Initial:
    facts = {
        "area": team.area_id,
        "place": team.area.place,
        "risk": gettext("Mind the road and the weather. Go in twos. Call the leader when something happens."),
        "in_charge": by.public_id,
        "form": Form.DAILY.value,
        "needed_from": 14,
    }
    saturday = today + timedelta(days=(4 - today.weekday()) % 7 + 1)
    return facts, [{"day": saturday, "starts": time(9), "ends": time(11), "places": 5}]


def plan_from_order(need: Need, by: Person, today: date) -> Initial:
    """A request becomes an activity: nothing of who asked or where exactly, for everybody can read it."""
    facts, _shifts = blank_plan(need.team or _without_team(), by, today)
    category = str(need.category)
    facts |= {
        "title": f"{category} {need.area.name}"[:60],
        "content": gettext("%(category)s for a resident of %(place)s. The address comes after signing up.")
        % {"category": category, "place": need.area.place},
        "place": need.area.place,
        "area": need.area_id,
        "category": need.category_id,
        "form": Form.MENU.value,
        "needed_skills": [],
    }
    if need.risk:
        facts["risk"] = need.risk
    day = max(need.wanted_by or today, today + timedelta(days=1))
    return facts, [{"day": day, "starts": time(9), "ends": time(11), "places": 2}]


def _without_team() -> Team:
    raise ValueError("an accepted order has a team")


def plan_from_activity(earlier: Activity, today: date) -> Initial:
    """Last month's activity again: all as it was, on the next such weekday."""
    facts = {
        name: getattr(earlier, name)
        for name in ("title", "content", "place", "risk", "form", "needed_from", "dangerous")
    }
    facts |= {
        "area": earlier.area_id,
        "category": earlier.category_id,
        "in_charge": earlier.in_charge.public_id,
        "needed_skills": [skill.code for skill in earlier.needed_skills.all()],
        "needed_basics": [needed.basic for needed in earlier.needed_basics.all()],
        "needed_training": earlier.needed_training_id,
    }
    first = local_day(earlier.starts_at)
    ahead = (first.weekday() - today.weekday() - 1) % 7 + 1
    shifts = []
    for shift in earlier.shifts.order_by("starts_at")[:MOST_SHIFTS]:
        starts_at, ends_at = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
        day = today + timedelta(days=ahead) + (starts_at.date() - first)
        shifts.append({"day": day, "starts": starts_at.time(), "ends": ends_at.time(), "places": shift.places})
    return facts, shifts
