"""The ledger: once for each source, whole minutes, another person's yes, taken back by a line, never edited."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from tests.build import (
    COUNTY,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    YESTERDAY,
    a_deputy,
    a_dispatcher,
    a_grant,
    a_leader,
    a_service_record,
    a_team,
    a_volunteer,
    an_auditor,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.confirming import (
    ConfirmObstacle,
    ReversalObstacle,
    confirm,
    confirm_many,
    obstacle_to_confirm,
    reverse,
)
from zhiyuan.domain.hours.crediting import CreditObstacle, Service, credit, whole_minutes
from zhiyuan.domain.hours.models import Confirmation, Method, ServiceRecord
from zhiyuan.domain.hours.queries import minutes_of, records_to_confirm, records_visible_to
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import AccessObstacle

pytestmark = pytest.mark.django_db


def a_service(volunteer, *, starts_at=YESTERDAY, minutes=90.0, team=None):
    team = team or a_team()
    return Service(
        volunteer=volunteer,
        team=team,
        area=team.area,
        category=None,
        track="",
        activity_name="清扫门前积雪",
        content="扫雪",
        place="马堡村",
        person_in_charge="段平",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        method=Method.ROLL_CALL,
    )


def refusal(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.obstacle


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (59, 0), (60, 1), (119, 1), (3599, 59), (3600, 60), (-60, 0)])
def test_only_whole_minutes_count(seconds, minutes):
    assert whole_minutes(NOW, NOW + timedelta(seconds=seconds)) == minutes


def test_one_source_gives_minutes_once():
    volunteer, team = a_volunteer(), a_team()
    service, leader = a_service(volunteer, team=team), a_leader(team)

    first = credit(service, source="signup:1", entered_by=leader, at=NOW)
    again = credit(service, source="signup:1", entered_by=leader, at=NOW)

    assert (first.pk, first.minutes) == (again.pk, 90)
    assert ServiceRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("minutes", "obstacle"), [(0.5, CreditObstacle.NO_WHOLE_MINUTE), (721, CreditObstacle.OVER_TWELVE_HOURS)]
)
def test_a_record_has_one_minute_to_twelve_hours(minutes, obstacle):
    service = a_service(a_volunteer(), minutes=minutes)

    assert refusal(lambda: credit(service, source="s", entered_by=a_leader(service.team), at=NOW)) == obstacle
    assert ServiceRecord.objects.count() == 0


def test_no_minute_counts_twice_until_it_is_taken_back():
    volunteer, team = a_volunteer(), a_team()
    leader = a_leader(team)
    first = credit(a_service(volunteer, team=team), source="a", entered_by=leader, at=NOW)
    overlapping = a_service(volunteer, team=team, starts_at=YESTERDAY + timedelta(minutes=89))
    touching = a_service(volunteer, team=team, starts_at=YESTERDAY + timedelta(minutes=90))

    assert refusal(lambda: credit(overlapping, source="b", entered_by=leader, at=NOW)) == CreditObstacle.COUNTED_TWICE
    reverse(first, "记错了人", by=leader, at=NOW)
    assert credit(overlapping, source="b", entered_by=leader, at=NOW).minutes == 90
    assert refusal(lambda: credit(touching, source="c", entered_by=leader, at=NOW)) == CreditObstacle.COUNTED_TWICE


# Another person's yes -----------------------------------------------------------------------------------------------


def test_hours_are_provisional_until_another_person_says_yes():
    team, volunteer = a_team(), a_volunteer()
    leader, deputy = a_leader(team), a_deputy(team)
    entry = a_service_record(volunteer, team, minutes=90, entered_by=leader)

    assert minutes_of(volunteer).provisional == 90
    confirm(entry, by=deputy, at=NOW)

    assert (minutes_of(volunteer).confirmed, minutes_of(volunteer).provisional) == (90, 0)
    assert list(records_to_confirm(deputy)) == []


def test_nobody_confirms_their_own_hours_or_what_they_entered():
    team, volunteer = a_team(), a_volunteer()
    leader = a_leader(team)
    a_grant(volunteer.person, Role.DEPUTY, team=team)
    entry = a_service_record(volunteer, team, entered_by=leader)

    assert refusal(lambda: confirm(entry, by=volunteer.person, at=NOW)) == ConfirmObstacle.OWN_HOURS
    assert refusal(lambda: confirm(entry, by=leader, at=NOW)) == ConfirmObstacle.OWN_ENTRY


def test_the_database_itself_refuses_the_enterers_and_the_volunteers_yes():
    team, volunteer = a_team(), a_volunteer()
    leader = a_leader(team)
    entry = a_service_record(volunteer, team, entered_by=leader)

    for by in (leader, volunteer.person):
        with pytest.raises(Error), transaction.atomic():
            Confirmation.objects.create(
                record=entry, person=entry.person, entered_by=leader, confirmed_by=by, confirmed_at=NOW
            )
    liar = a_volunteer().person
    with pytest.raises(Error), transaction.atomic():  # a copied column that says something else
        Confirmation.objects.create(record=entry, person=liar, entered_by=liar, confirmed_by=leader, confirmed_at=NOW)


@pytest.mark.parametrize("who", ["another team", "stranger", "auditor"])
def test_only_who_confirms_for_the_team_does(who):
    team = a_team()
    by = {
        "another team": lambda: a_leader(a_team(name="别队", area_code=MENGBA_VILLAGE)),
        "stranger": lambda: a_volunteer().person,
        "auditor": an_auditor,
    }[who]()
    entry = a_service_record(a_volunteer(), team)

    assert refusal(lambda: confirm(entry, by=by, at=NOW)) == AccessObstacle.NOT_YOURS


def test_a_record_is_confirmed_once():
    team = a_team()
    entry, deputy = a_service_record(a_volunteer(), team), a_deputy(team)
    confirm(entry, by=deputy, at=NOW)

    assert refusal(lambda: confirm(entry, by=deputy, at=NOW)) == ConfirmObstacle.CONFIRMED
    assert confirm_many([entry], deputy, NOW) == 0


def test_long_days_go_higher_up():
    branch = a_team(name="屯字镇支队", area_code=TUNZI)
    team, volunteer = a_team(parent=branch), a_volunteer()
    deputy, above, county = a_deputy(team), a_leader(branch), a_dispatcher(COUNTY)
    long = a_service_record(volunteer, team, minutes=481)

    assert obstacle_to_confirm(long, deputy) == ConfirmObstacle.OVER_EIGHT_HOURS
    assert obstacle_to_confirm(long, above) is None
    a_service_record(volunteer, team, minutes=240, starts_at=YESTERDAY + timedelta(hours=9))
    assert obstacle_to_confirm(long, above) == ConfirmObstacle.OVER_TWELVE_A_DAY
    assert obstacle_to_confirm(long, county) is None


# Taking back --------------------------------------------------------------------------------------------------------


def test_a_reversal_answers_the_line_and_the_sums_follow():
    team, volunteer = a_team(), a_volunteer()
    leader = a_leader(team)
    entry = a_service_record(volunteer, team, minutes=60, confirmed_by=leader)

    answer = reverse(entry, "那天没有来", by=leader, at=NOW)

    assert (answer.reverses, answer.minutes, answer.content) == (entry, 60, "那天没有来")
    assert (minutes_of(volunteer).confirmed, minutes_of(volunteer).provisional) == (0, 0)


def test_a_reversal_needs_a_reason_and_answers_once_and_is_no_record_to_answer():
    team = a_team()
    leader, entry = a_leader(team), a_service_record(a_volunteer(), team)

    assert refusal(lambda: reverse(entry, " ", by=leader, at=NOW)) == ReversalObstacle.NO_REASON
    answer = reverse(entry, "错", by=leader, at=NOW)
    assert refusal(lambda: reverse(entry, "错", by=leader, at=NOW)) == ReversalObstacle.TAKEN_BACK
    assert refusal(lambda: reverse(answer, "错", by=leader, at=NOW)) == ReversalObstacle.NOT_A_CREDIT
    assert refusal(lambda: confirm(entry, by=a_deputy(team), at=NOW)) == ConfirmObstacle.REVERSED


def test_strangers_take_nothing_back():
    entry = a_service_record(a_volunteer(), a_team())

    assert refusal(lambda: reverse(entry, "错", by=a_volunteer().person, at=NOW)) == AccessObstacle.NOT_YOURS


def test_who_sees_which_lines():
    team, volunteer = a_team(), a_volunteer()
    entry = a_service_record(volunteer, team)
    stranger = a_leader(a_team(name="别队", area_code=MENGBA_VILLAGE))

    def seen(person):
        return list(records_visible_to(person))

    assert seen(volunteer.person) == seen(a_leader(team)) == seen(a_dispatcher()) == seen(an_auditor()) == [entry]
    assert seen(stranger) == seen(a_volunteer().person) == seen(None) == []


@pytest.mark.parametrize("table", ["hours_servicerecord", "hours_confirmation"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET person_id = person_id", "DELETE FROM {0}"])
def test_the_ledger_is_never_edited(table, statement):
    team = a_team()
    a_service_record(a_volunteer(), team, confirmed_by=a_leader(team))

    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))

    assert (ServiceRecord.objects.count(), Confirmation.objects.count()) == (1, 1)
