"""Each figure counts what its sentence says; its rows open to those who may."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA,
    MENGBA_VILLAGE,
    NOW,
    TOMORROW,
    TUNZI,
    YESTERDAY,
    a_county,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_service_record,
    a_team,
    a_volunteer,
    an_activity,
    an_office,
)
from tests.clock import SHANGHAI
from zhiyuan.domain.activities.models import ActivityState
from zhiyuan.domain.bulletin.figures import FIGURES, ON_HOME, Figure, by_township, readings, rows_open_to
from zhiyuan.domain.hours.confirming import reverse
from zhiyuan.domain.needs.models import NeedState, Rating
from zhiyuan.domain.people.models import Person

pytestmark = pytest.mark.django_db


def figure(key: str) -> Figure:
    return next(one for one in FIGURES if one.key == key)


def value(key: str, at: datetime = NOW) -> int:
    return readings((key,), at)[0].value


def rows_for(key: str, person: Person | None) -> set[Any]:
    rows = rows_open_to(figure(key), person, NOW)
    assert rows is not None
    return set(rows)


def test_an_empty_county_counts_nothing():
    a_county()

    assert {reading.figure.key: reading.value for reading in readings(tuple(one.key for one in FIGURES), NOW)} == {
        one.key: 0 for one in FIGURES
    }


def test_every_figure_says_what_it_counts_and_in_what():
    for one in FIGURES:
        assert str(one.name)
        assert str(one.unit)
        assert str(one.meaning).endswith((".", "。"))


def test_a_volunteer_counts_from_joining_until_the_account_is_closed():
    a_volunteer()
    closed = a_volunteer()
    closed.person.is_active = False
    closed.person.save()

    assert value("volunteers") == 1
    assert value("volunteers", NOW - timedelta(days=301)) == 0


def test_somebody_active_counts_once_however_often_they_served():
    team, often, once, long_ago = a_team(), a_volunteer(), a_volunteer(), a_volunteer()
    a_service_record(often, team)
    a_service_record(often, team, starts_at=YESTERDAY - timedelta(days=7))
    a_service_record(once, team)
    a_service_record(long_ago, team, starts_at=NOW - timedelta(days=366))

    assert value("active") == 2


def test_hours_are_those_that_another_person_confirmed_and_nobody_took_back():
    team, volunteer = a_team(), a_volunteer()
    leader = a_leader(team)
    a_service_record(volunteer, team, minutes=90, confirmed_by=leader)
    a_service_record(volunteer, team, minutes=60, starts_at=YESTERDAY - timedelta(days=1))
    taken_back = a_service_record(
        volunteer, team, minutes=45, starts_at=YESTERDAY - timedelta(days=2), confirmed_by=leader
    )
    reverse(taken_back, "写错了", by=leader, at=NOW)

    assert value("hours") == 90


def test_activities_count_from_2024_on_when_they_have_begun_and_were_not_cancelled():
    team = a_team()
    an_activity(team, starts_at=datetime(2024, 1, 1, 0, 0, tzinfo=SHANGHAI))
    an_activity(team, starts_at=datetime(2023, 12, 31, 23, 59, tzinfo=SHANGHAI))
    an_activity(team, starts_at=YESTERDAY, state=ActivityState.CANCELLED)
    an_activity(team, starts_at=TOMORROW)

    assert value("activities") == 1


def test_silence_is_never_counted_as_content():
    team = a_team()
    rated = a_need(state=NeedState.RATED, team=team)
    a_need(state=NeedState.DONE, team=team)
    a_need(state=NeedState.SERVING, team=team)
    Rating.objects.create(need=rated, stars=4, at=NOW)

    assert (value("needs_done"), value("needs_rated"), value("needs_unrated")) == (2, 1, 1)


def test_ended_teams_do_not_count():
    a_team()
    a_team(until=NOW.date())

    assert value("teams") == 1


def test_townships_add_up_to_the_county():
    a_volunteer(area_code=MABAO)
    a_volunteer(area_code=MABAO)
    a_volunteer(area_code=MENGBA_VILLAGE)

    shares = by_township(figure("volunteers"), NOW)

    assert [(share.area.code, share.value) for share in shares] == [(MENGBA, 1), (TUNZI, 2)]


def test_what_belongs_to_the_county_itself_is_a_line_of_its_own():
    a_team(area_code=COUNTY)
    a_team(area_code=MABAO)

    assert [(share.area.code, share.value) for share in by_township(figure("teams"), NOW)] == [(COUNTY, 1), (TUNZI, 1)]


def test_rows_about_people_open_within_ones_own_branch_only():
    near, far = a_volunteer(area_code=MABAO), a_volunteer(area_code=MENGBA_VILLAGE)

    assert rows_for("volunteers", an_office()) == {near, far}
    assert rows_for("volunteers", a_dispatcher(TUNZI)) == {near}
    assert rows_open_to(figure("volunteers"), a_person(), NOW) is None
    assert rows_open_to(figure("volunteers"), None, NOW) is None


def test_hours_open_to_the_leader_of_the_team():
    ours, theirs, volunteer = a_team(), a_team(name="包城村分队"), a_volunteer()
    mine = a_service_record(volunteer, ours, confirmed_by=a_leader(ours))
    a_service_record(volunteer, theirs, starts_at=YESTERDAY - timedelta(days=1), confirmed_by=a_leader(theirs))

    assert rows_for("hours", a_leader(ours)) == {mine}


def test_rows_about_no_person_open_to_everybody():
    team = a_team()

    assert rows_for("teams", None) == {team}


def test_all_figures_of_the_home_page_are_counted_in_one_query():
    a_volunteer()

    with CaptureQueriesContext(connection) as queries:
        readings(ON_HOME, NOW)

    assert len(queries) == 2  # the journal's last event, and the counts
