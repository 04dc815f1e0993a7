"""Supervision: for those who see requests, of their own places, for one of four periods."""

from datetime import timedelta

import pytest

from tests.build import (
    COUNTY,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_team,
    a_volunteer,
    an_auditor,
    an_office,
    an_order,
)
from tests.web.doors import log_in, queries_of
from zhiyuan.domain.needs.models import NeedState, Order, Rating, Transition

pytestmark = pytest.mark.django_db
PAGE = "/supervision/"


@pytest.mark.parametrize("who", [an_office, an_auditor, a_clerk, a_dispatcher])
def test_who_sees_requests_sees_how_they_are_dealt_with(client, who):
    log_in(client, who())

    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("who", ["leader", "volunteer", "account"])
def test_others_have_no_such_page(client, who):
    people = {
        "leader": lambda: a_leader(a_team()),
        "volunteer": lambda: a_volunteer().person,
        "account": a_person,
    }
    log_in(client, people[who]())

    assert client.get(PAGE).status_code == 404


def test_it_opens_with_the_widest_place_that_somebody_works_for(client):
    for who, code in ((an_office(), COUNTY), (a_clerk(), TUNZI)):
        log_in(client, who)
        assert client.get(PAGE).context["area"].code == code


def test_a_place_of_others_is_not_there(client):
    log_in(client, a_clerk())

    for code in (MENGBA, MENGBA_VILLAGE, COUNTY, "nonsense", "6" * 40):
        assert client.get(PAGE, {"area": code}).status_code == 404
    assert client.get(PAGE, {"area": TUNZI}).status_code == 200


@pytest.mark.parametrize(
    ("days", "counted", "taken"),
    [("7", 1, 7), ("30", 2, 30), ("90", 3, 90), ("365", 4, 365), ("8", 2, 30), ("x", 2, 30), ("٣٠", 2, 30)],
)
def test_a_period_is_one_of_four(client, days, counted, taken):
    log_in(client, a_clerk())
    for ago in (1, 20, 60, 300):
        a_need(created_at=NOW - timedelta(days=ago))

    context = client.get(PAGE, {"days": days}).context

    assert (context["found"].asked, context["days"]) == (counted, taken)


def test_a_place_of_the_list_leads_to_its_own_figures_with_the_period_kept(client):
    log_in(client, an_office())
    a_need()

    page = client.get(PAGE, {"days": "90"}).content.decode()

    assert f"area={TUNZI}" in page
    assert "马堡村" in client.get(PAGE, {"days": "90", "area": TUNZI}).content.decode()


def test_it_costs_the_same_for_few_and_many(client):
    log_in(client, an_office())
    team = a_team()

    def one_more(code):
        need = a_need(state=NeedState.RATED, team=team, area_code=code, times_sent=1)
        Rating.objects.create(need=need, stars=4, at=NOW)
        an_order(need, team, state=Order.State.PASSED_OVER)
        Transition.objects.create(need=need, from_state="submitted", to_state="verified", at=NOW, minutes=5, late=False)
        a_need(area_code=code)

    one_more(MENGBA_VILLAGE)
    few = queries_of(client, PAGE)
    for code in ("621027103200", "621027103201", "621027102201"):
        one_more(code)

    assert queries_of(client, PAGE) == few <= 10  # six of them count


def test_no_names_of_residents_stand_on_the_page(client):
    log_in(client, an_office())
    a_need(name="王秀兰", words="降压药快吃完了")

    page = client.get(PAGE).content.decode()

    assert "王秀兰" not in page
    assert "降压药" not in page
