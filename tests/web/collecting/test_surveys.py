"""Surveys on pages: made, answered on a phone or on paper, turned into needs."""

import pytest

from tests.build import (
    MABAO,
    MENGBA,
    TODAY,
    TUNZI,
    a_category,
    a_clerk,
    a_grant,
    a_leader,
    a_menu_item,
    a_survey,
    a_team,
    an_answer,
    an_office,
    area,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.collecting.models import Answer, Choice, Survey
from zhiyuan.domain.needs.models import Need
from zhiyuan.domain.organisations.models import Role

pytestmark = pytest.mark.django_db


def said(**changes):
    facts = {"items": ["medicine_fetch"], "village": MABAO, "name": "王奶奶", "phone": "100 0000 0017", "consent": "on"}
    return {**facts, **changes}


def test_a_clerk_makes_a_survey_and_finds_its_address(client):
    area(MABAO)
    a_menu_item()
    log_in(client, a_clerk())

    days = {"opens_on": TODAY.isoformat(), "closes_on": TODAY.isoformat()}
    answer = client.post("/surveys/new/", {"title": "入冬问需", "area": TUNZI, "items": ["medicine_fetch"], **days})

    survey = Survey.objects.get()
    assert answer.url == f"/surveys/{survey.public_id}/"
    assert f"/s/{survey.form_id}/" in client.get(answer.url).content.decode()
    assert "入冬问需" in client.get("/surveys/").content.decode()


def test_a_slip_in_a_survey_stays_on_the_page(client):
    a_menu_item()
    log_in(client, a_clerk())

    assert client.post("/surveys/new/", {"title": "入冬问需"}).status_code == 422
    assert Survey.objects.count() == 0


def test_a_resident_answers_and_is_thanked(client):
    survey = a_survey(items=(a_menu_item(),))

    answer = client.post(f"/s/{survey.form_id}/", said())

    assert answer.url == f"/s/{survey.form_id}/?done=1"
    assert "答复收到了" in client.get(answer.url).content.decode()
    assert Answer.objects.get().name == "王奶奶"


@pytest.mark.parametrize("changes", [{"items": []}, {"consent": ""}, {"phone": "12"}, {"village": "621027102200"}])
def test_a_slip_in_an_answer_is_named_and_the_rest_stays(client, changes):
    survey = a_survey(items=(a_menu_item(),))

    answer = client.post(f"/s/{survey.form_id}/", said(**changes))

    assert answer.status_code == 422
    assert 'value="王奶奶"' in answer.content.decode()
    assert Answer.objects.count() == 0


def test_a_survey_that_is_over_says_so_and_leads_on(client):
    survey = a_survey(items=(a_menu_item(),), opens_on="2026-01-01", closes_on="2026-01-02")

    page = client.get(f"/s/{survey.form_id}/").content.decode()

    assert "现在不收答复" in page
    assert "/ask/" in page
    assert client.get("/s/nonsense/").status_code == 404


def test_paper_is_entered_sheet_by_sheet(client):
    survey, clerk = a_survey(items=(a_menu_item(),)), a_clerk()
    log_in(client, clerk)

    answer = client.post(f"/surveys/{survey.public_id}/paper/", said())

    assert answer.url == f"/surveys/{survey.public_id}/paper/"
    assert Answer.objects.get().entered_by == clerk


def test_ticks_become_requests_and_lead_to_them(client):
    survey = a_survey(items=(a_menu_item(),))
    an_answer(survey)
    log_in(client, a_clerk())
    address = f"/surveys/{survey.public_id}/"
    assert "1 户等着" in client.get(address).content.decode()

    form = {"choice": [Choice.objects.get().public_id]}
    for _time in range(2):
        client.post(f"{address}needs/", form)

    need = Need.objects.get()
    page = client.get(address).content.decode()
    assert f"/desk/{need.public_id}/" in page
    assert address in client.get(f"/desk/{need.public_id}/").content.decode()
    assert "都转办了" in page


def test_many_answers_become_one_activity_of_a_team_that_can(client):
    survey = a_survey(items=(a_menu_item(),))
    an_answer(survey)
    team = a_team(phone="10000000044")
    team.categories.add(a_category("medicine"))
    leader = a_leader(team)
    log_in(client, a_clerk())
    address = f"/surveys/{survey.public_id}/?item=medicine_fetch"
    assert "马堡村分队" in client.get(address).content.decode()
    assert "/plan/?title=" not in client.get(address).content.decode()

    a_grant(leader, Role.CLERK, area_code=TUNZI)
    log_in(client, leader)

    assert f"/my-teams/{team.public_id}/plan/?title=" in client.get(address).content.decode()
    plan = client.get(f"/my-teams/{team.public_id}/plan/?title=入冬问需&category=medicine").content.decode()
    assert 'value="入冬问需"' in plan
    assert '<option value="medicine" selected>' in plan


def test_names_are_masked_on_the_list_and_foreign_surveys_are_not_there(client):
    survey = a_survey(items=(a_menu_item(),))
    an_answer(survey)
    log_in(client, an_office(TUNZI))
    page = client.get(f"/surveys/{survey.public_id}/").content.decode()
    assert "王**" in page
    assert "王奶奶" not in page

    log_in(client, a_clerk(MENGBA))

    assert client.get(f"/surveys/{survey.public_id}/").status_code == 404


def test_lists_ask_as_often_for_many_as_for_one(client):
    survey = a_survey(items=(a_menu_item(),))
    an_answer(survey)
    log_in(client, a_clerk())
    pages = ("/surveys/", f"/surveys/{survey.public_id}/")
    one = [queries_of(client, page) for page in pages]
    for number in range(3):
        an_answer(a_survey(items=(a_menu_item(f"more{number}"),)))
        an_answer(survey, phone=f"1000000010{number}")

    assert [queries_of(client, page) for page in pages] == one
    assert max(one) <= 8
