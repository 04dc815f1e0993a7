"""Surveys: who makes them, who answers, and how ticks become needs, once."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.build import (
    BAOCHENG,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_grant,
    a_leader,
    a_menu_item,
    a_person,
    a_survey,
    a_team,
    an_answer,
    an_auditor,
    an_office,
    area,
)
from zhiyuan.domain.collecting.models import Answer, Choice, Survey
from zhiyuan.domain.collecting.queries import choices_of, survey_by_form, surveys_kept_by, wanted_in
from zhiyuan.domain.collecting.surveys import (
    AnswerFacts,
    SurveyFacts,
    SurveyObstacle,
    answer_survey,
    make_needs,
    make_survey,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.models import Door, Need
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.phones import PhoneObstacle

pytestmark = pytest.mark.django_db


def a_grid_worker():
    person = a_person()
    a_grant(person, Role.GRID_WORKER, area_code=TUNZI)
    return person


def survey_facts(**changes):
    items = changes.pop("items", None)
    said = {"title": "入冬问需", "area": area(TUNZI), "opens_on": TODAY, "closes_on": TODAY, "items": items}
    return SurveyFacts(**{**said, "items": [a_menu_item()] if items is None else items, **changes})


def said(survey, **changes):
    facts = {"name": "王奶奶", "phone": "100 0000 0017", "area": area(MABAO), "items": list(survey.items.all())}
    return AnswerFacts(**{**facts, "consents": True, **changes})


def refusal_of(survey, by=None, **changes):
    with pytest.raises(Refused) as refusal:
        answer_survey(survey, said(survey, **changes), by=by, at=NOW)
    assert Answer.objects.count() == 0
    return refusal.value.obstacle


@pytest.mark.parametrize("who", [a_clerk, a_dispatcher, lambda: an_office(TUNZI), an_office])
def test_clerks_dispatchers_and_offices_make_surveys_of_their_area(who):
    by = who()

    survey = make_survey(survey_facts(), by=by, at=NOW)

    assert list(surveys_kept_by(by)) == [survey]
    assert [item.code for item in survey.items.all()] == ["medicine_fetch"]
    assert survey_by_form(survey.form_id) == survey


@pytest.mark.parametrize("who", [a_grid_worker, an_auditor, lambda: a_leader(a_team()), lambda: a_clerk(MENGBA)])
def test_nobody_else_makes_one_or_reads_one(who):
    by = who()
    a_survey()

    with pytest.raises(Refused) as refusal:
        make_survey(survey_facts(), by=by, at=NOW)
    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    assert list(surveys_kept_by(by)) == []


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"title": " "}, SurveyObstacle.NO_TITLE),
        ({"items": []}, SurveyObstacle.NO_ITEMS),
        ({"closes_on": TODAY - timedelta(days=1)}, SurveyObstacle.BACKWARDS),
    ],
)
def test_a_slip_in_a_survey_is_named(changes, obstacle):
    with pytest.raises(Refused) as refusal:
        make_survey(survey_facts(**changes), by=a_clerk(), at=NOW)
    assert refusal.value.obstacle == obstacle
    assert Survey.objects.count() == 0


def test_an_answer_ticks_items_and_rests_sealed():
    survey = a_survey(items=(a_menu_item(), a_menu_item("two")))

    answer = answer_survey(survey, said(survey, words="煤在院门口"), by=None, at=NOW, place="net")

    assert (answer.choices.count(), answer.entered_by) == (2, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, words FROM collecting_answer")
        row = " ".join(cursor.fetchone())
    assert not [secret for secret in ("王奶奶", "10000000017", "煤") if secret in row]


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"items": []}, SurveyObstacle.NOTHING_TICKED),
        ({"name": " "}, SurveyObstacle.NO_NAME),
        ({"consents": False}, SurveyObstacle.NO_CONSENT),
        ({"phone": "12"}, PhoneObstacle.NOT_A_PHONE),
    ],
)
def test_a_slip_in_an_answer_is_named(changes, obstacle):
    assert refusal_of(a_survey(items=(a_menu_item(),)), **changes) == obstacle


@pytest.mark.parametrize("code", [MENGBA_VILLAGE, TUNZI])
def test_a_survey_is_answered_by_villages_of_its_area(code):
    assert refusal_of(a_survey(items=(a_menu_item(),)), area=area(code)) == SurveyObstacle.OTHER_PLACE


@pytest.mark.parametrize("shift", [-10, 10])
def test_a_survey_is_answered_on_its_days(shift):
    days = {"opens_on": TODAY + timedelta(days=shift), "closes_on": TODAY + timedelta(days=shift)}

    assert refusal_of(a_survey(items=(a_menu_item(),), **days)) == SurveyObstacle.NOT_OPEN


def test_a_flood_from_one_telephone_is_stopped_and_a_clerk_goes_on():
    survey, clerk = a_survey(items=(a_menu_item(),)), a_clerk()
    for _time in range(5):
        answer_survey(survey, said(survey), by=None, at=NOW)

    with pytest.raises(Refused) as refusal:
        answer_survey(survey, said(survey), by=None, at=NOW)

    assert refusal.value.obstacle == SurveyObstacle.TOO_MANY
    assert answer_survey(survey, said(survey), by=clerk, at=NOW).entered_by == clerk


@pytest.mark.parametrize("who", [lambda: a_clerk(MENGBA), an_auditor, a_person])
def test_paper_is_entered_by_those_who_enter_needs_there(who):
    assert refusal_of(a_survey(items=(a_menu_item(),)), by=who()) == AccessObstacle.NOT_YOURS


def test_the_same_telephone_ticking_again_is_marked_and_not_counted():
    survey = a_survey(items=(a_menu_item(),))
    for phone in ("10000000017", "10000000017", "10000000018"):
        answer_survey(survey, said(survey, phone=phone), by=None, at=NOW)

    assert [choice.again for choice in Choice.objects.order_by("pk")] == [False, True, False]
    assert [(row.place, row.ticks, row.open) for row in wanted_in(survey)] == [("屯字镇 马堡村", 2, 2)]


def test_ticks_become_needs_once_and_know_each_other():
    survey, clerk = a_survey(items=(a_menu_item(), a_menu_item("two"))), a_clerk()
    answer = an_answer(survey)
    first, second = choices_of(survey)

    made = make_needs(survey, [first], by=clerk, at=NOW)
    again = make_needs(survey, [first, second], by=clerk, at=NOW)

    need = made[0]
    assert (need.door, need.entered_by, need.area_id, need.item.code) == (Door.SURVEY, clerk, MABAO, "medicine_fetch")
    assert need.survey_choice.answer == answer
    assert (len(again), Need.objects.count()) == (1, 2)
    assert [(row.item.code, row.open) for row in wanted_in(survey)] == [("medicine_fetch", 0), ("two", 0)]


def test_a_tick_of_another_survey_makes_no_need():
    mine, other = a_survey(items=(a_menu_item(),)), a_survey(items=(a_menu_item("two"),))
    an_answer(other)

    assert make_needs(mine, choices_of(other), by=a_clerk(), at=NOW) == []


@pytest.mark.parametrize("who", [lambda: an_office(TUNZI), an_auditor, lambda: a_clerk(MENGBA)])
def test_only_those_who_enter_needs_there_make_needs(who):
    survey = a_survey(items=(a_menu_item(),))
    an_answer(survey)

    with pytest.raises(Refused) as refusal:
        make_needs(survey, choices_of(survey), by=who(), at=NOW)
    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    assert Need.objects.count() == 0


def test_ticks_are_found_by_item_and_place():
    survey = a_survey(items=(a_menu_item(), a_menu_item("two")))
    an_answer(survey)
    an_answer(survey, area_code=BAOCHENG, phone="10000000018")

    assert choices_of(survey, item="two").count() == 2
    assert choices_of(survey, item="two", area=BAOCHENG).count() == 1
