"""A survey is made, answered online or on paper, and its ticks become needs (制单)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.areas.models import Area
from zhiyuan.domain.areas.queries import lies_in
from zhiyuan.domain.collecting.models import Answer, Choice, Survey
from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.limits import Limit, spend
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import record, verb
from zhiyuan.domain.needs.filing import NeedFacts, file_need
from zhiyuan.domain.needs.models import Door, Need, Urgency
from zhiyuan.domain.organisations.models import MenuItem
from zhiyuan.domain.organisations.permissions import AccessObstacle, Permission, may, require
from zhiyuan.domain.people.models import Person
from zhiyuan.domain.people.phones import normal_phone, phone_key
from zhiyuan.domain.volunteers.joining import obstacle_to_living_in

FROM_ONE_PHONE = Limit("survey-phone", 5, 86400)
FROM_ONE_PLACE = Limit("survey-place", 60, 3600)
KEEPS = (Permission.VERIFY_NEED, Permission.MANAGE_SITES)  # clerks and dispatchers; offices


class SurveyObstacle(TextChoices):
    NO_TITLE = "survey_without_title", _("Give the survey a title.")
    NO_ITEMS = "survey_without_items", _("Choose what the survey asks about.")
    BACKWARDS = "survey_ends_before_it_begins", _("The last day must not be before the first.")
    NOT_OPEN = "survey_not_open", _("This survey is not open. You can ask for help at any time all the same.")
    NOTHING_TICKED = "survey_nothing_ticked", _("Tick what you need.")
    NO_NAME = "survey_answer_without_name", _("Say how we may call you. A family name is enough.")
    OTHER_PLACE = "survey_of_another_place", _("This survey is for another place. Choose a village of its area.")
    NO_CONSENT = "survey_without_consent", _("Without a yes to keeping the answers, nothing can be kept.")
    TOO_MANY = "too_many_survey_answers", _("Many answers came from here today. Please call the service telephone.")


@dataclass(frozen=True)
class SurveyFacts:
    title: str
    area: Area
    opens_on: date
    closes_on: date
    items: Sequence[MenuItem]
    intro: str = ""


@dataclass(frozen=True)
class AnswerFacts:
    name: str
    phone: str
    area: Area
    items: Sequence[MenuItem]
    words: str = ""
    consents: bool = False


def may_keep_surveys(person: Person | None, area: str) -> bool:
    """Whether somebody makes surveys for an area and reads their answers: its clerks, dispatchers and office."""
    return any(may(person, permission, area=area) for permission in KEEPS)


def obstacle_to_make_survey(facts: SurveyFacts) -> SurveyObstacle | None:
    """Why such a survey can't be made; None when nothing stands in the way."""
    if not facts.title.strip():
        return SurveyObstacle.NO_TITLE
    if not facts.items:
        return SurveyObstacle.NO_ITEMS
    return SurveyObstacle.BACKWARDS if facts.closes_on < facts.opens_on else None


@verb
def make_survey(facts: SurveyFacts, *, by: Person, at: datetime) -> Survey:
    if not may_keep_surveys(by, facts.area.code):
        raise Refused(AccessObstacle.NOT_YOURS)
    if obstacle := obstacle_to_make_survey(facts):
        raise Refused(obstacle)
    columns = {name: value for name, value in vars(facts).items() if name != "items"}
    survey = Survey.objects.create(**columns, made_by=by, created_at=at)
    survey.items.set(facts.items)
    record(by, "survey.made", survey, at=at, area=facts.area.code)
    return survey


def is_open(survey: Survey, on: date) -> bool:
    return survey.opens_on <= on <= survey.closes_on


def obstacle_to_answer(survey: Survey, facts: AnswerFacts, *, at: datetime) -> SurveyObstacle | None:
    """Why this answer can't be taken; None when nothing stands in the way. The phone is checked by itself."""
    if not is_open(survey, local_day(at)):
        return SurveyObstacle.NOT_OPEN
    if not facts.items:
        return SurveyObstacle.NOTHING_TICKED
    if not facts.name.strip():
        return SurveyObstacle.NO_NAME
    if obstacle_to_living_in(facts.area) or not lies_in(facts.area.code, survey.area_id):
        return SurveyObstacle.OTHER_PLACE
    return None if facts.consents else SurveyObstacle.NO_CONSENT


@verb
def answer_survey(survey: Survey, facts: AnswerFacts, *, by: Person | None, at: datetime, place: str = "") -> Answer:
    """Take an answer: online from anybody (`by` None, counted against floods), or from paper by a clerk."""
    if by is not None:
        require(by, Permission.ENTER_NEED, area=facts.area.code)
    phone = normal_phone(facts.phone)
    if obstacle := obstacle_to_answer(survey, facts, at=at):
        raise Refused(obstacle)
    if by is None:
        _spend(phone, place, at=at)
    earlier = _ticked_before(survey, phone)
    answer = Answer.objects.create(
        survey=survey,
        area=facts.area,
        name=facts.name,
        phone=phone,
        phone_key=phone_key(phone),
        words=facts.words,
        entered_by=by,
        at=at,
    )
    asked = set(survey.items.values_list("pk", flat=True))
    ticks = [Choice(answer=answer, item=item, again=item.pk in earlier) for item in facts.items if item.pk in asked]
    Choice.objects.bulk_create(ticks)
    record(by, "survey.answered", survey, at=at, answer=answer.public_id, ticks=len(ticks), paper=by is not None)
    return answer


def _ticked_before(survey: Survey, phone: str) -> set[int]:
    rows = Choice.objects.filter(answer__survey=survey, answer__phone_key=phone_key(phone))
    return set(rows.values_list("item_id", flat=True))


def _spend(phone: str, place: str, *, at: datetime) -> None:
    free = spend(FROM_ONE_PHONE, phone, at=at)
    if place:
        free = spend(FROM_ONE_PLACE, place, at=at) and free
    if not free:
        raise Refused(SurveyObstacle.TOO_MANY)


@verb
def make_needs(survey: Survey, choices: Iterable[Choice], *, by: Person, at: datetime) -> list[Need]:
    """Turn ticks of a survey into needs. Those that have one already are left as they are."""
    keys = [choice.pk for choice in choices]
    rows = Choice.objects.select_for_update(of=("self",)).filter(pk__in=keys, answer__survey=survey, need=None)
    ticks = list(rows.select_related("answer__area", "item__category").order_by("pk"))
    made = []
    for tick in ticks:
        tick.need = file_need(_facts_of(survey, tick), door=Door.SURVEY, by=by, at=at)
        tick.save(update_fields=["need"])
        made.append(tick.need)
    record(by, "survey.needs_made", survey, at=at, needs=[need.public_id for need in made])
    return made


def _facts_of(survey: Survey, tick: Choice) -> NeedFacts:
    answer = tick.answer
    words = answer.words or f"{survey.title}：{tick.item.name_zh}"
    return NeedFacts(
        name=answer.name,
        phone=answer.phone,
        area=answer.area,
        words=words[:500],
        category=tick.item.category,
        item=tick.item,
        urgency=Urgency.PLANNED,
    )
