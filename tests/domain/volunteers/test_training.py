"""Trainings: entered by others, never edited, never service minutes; and asked for before a post."""

from datetime import date, timedelta

import pytest

from tests.build import (
    MENGBA,
    NOW,
    TODAY,
    TOMORROW,
    TUNZI,
    a_clerk,
    a_leader,
    a_team,
    a_volunteer,
    an_activity,
    an_office,
)
from zhiyuan.domain.activities.queries import fitting_shifts
from zhiyuan.domain.activities.signup import SignupObstacle, obstacle_to_sign_up
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.hours.queries import Minutes, minutes_of
from zhiyuan.domain.journeys.merging import merge
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.volunteers.models import TrainingKind, TrainingRecord
from zhiyuan.domain.volunteers.training import (
    Training,
    TrainingObstacle,
    enter_training,
    learning_minutes,
    take_back_training,
    trainings_of,
    valid_until,
)

pytestmark = pytest.mark.django_db


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


@pytest.fixture
def team():
    return a_team()


@pytest.fixture
def volunteer(team):
    return a_volunteer(teams=(team,))


def a_kind(months=12):
    return TrainingKind.objects.get_or_create(
        code="first_aid", defaults={"name_zh": "急救", "name_en": "First aid", "months": months}
    )[0]


def a_training(**facts):
    facts = {"minutes": 120, "held_on": TODAY, "passed": True, **facts}
    return Training(kind=a_kind(), name="心肺复苏", content="按压、人工呼吸", organiser="县红十字会", **facts)


def test_a_leader_or_the_office_enters_what_somebody_learnt(volunteer, team):
    for person in (a_leader(team), an_office()):
        enter_training(volunteer, a_training(), by=person, at=NOW)

    lines = list(trainings_of(volunteer))
    assert [(one.minutes, one.valid_until) for one in lines] == [(120, TODAY.replace(year=TODAY.year + 1))] * 2
    assert learning_minutes(volunteer) == 240
    assert minutes_of(volunteer) == Minutes(0, 0)


def test_nobody_else_enters_it_and_nobody_their_own(volunteer, team):
    for person in (volunteer.person, a_clerk(TUNZI), a_leader(a_team(area_code=MENGBA)), an_office(MENGBA)):
        assert refusal_of(enter_training, volunteer, a_training(), by=person, at=NOW) == AccessObstacle.NOT_YOURS
    volunteer.person.role_grants.create(role=Role.LEADER, team=team, since=TODAY, until=TODAY)
    volunteer.person.__dict__.pop("_grants", None)
    own = refusal_of(enter_training, volunteer, a_training(), by=volunteer.person, at=NOW)
    assert own == TrainingObstacle.OWN_TRAINING


@pytest.mark.parametrize(
    ("facts", "obstacle"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, TrainingObstacle.HELD_LATER),
        ({"minutes": 0}, TrainingObstacle.NO_MINUTES),
        ({"minutes": 1441}, TrainingObstacle.NO_MINUTES),
    ],
)
def test_what_cannot_be_entered(volunteer, facts, obstacle):
    assert refusal_of(enter_training, volunteer, a_training(**facts), by=an_office(), at=NOW) == obstacle


def test_a_wrong_line_is_answered_by_one_that_takes_it_back(volunteer):
    office = an_office()
    entry = enter_training(volunteer, a_training(), by=office, at=NOW)
    assert refusal_of(take_back_training, entry, " ", by=office, at=NOW) == TrainingObstacle.NO_REASON

    answer = take_back_training(entry, "人记错了", by=office, at=NOW)

    assert learning_minutes(volunteer) == 0
    assert TrainingRecord.objects.count() == 2
    for line in (entry, answer):
        assert refusal_of(take_back_training, line, "又一次", by=office, at=NOW) == TrainingObstacle.TAKEN_BACK


@pytest.mark.parametrize(
    ("months", "held_on", "last"),
    [
        (None, date(2026, 1, 31), None),
        (1, date(2026, 1, 31), date(2026, 2, 28)),
        (12, date(2024, 2, 29), date(2025, 2, 28)),
        (11, date(2026, 2, 1), date(2027, 1, 1)),
    ],
)
def test_a_training_counts_for_the_months_of_its_kind(months, held_on, last):
    assert valid_until(TrainingKind(months=months), held_on) == last


# Before the post ------------------------------------------------------------------------------------------------------


def obstacle(shift, volunteer):
    return obstacle_to_sign_up(shift, volunteer, at=NOW)


def test_a_post_that_asks_for_training_takes_only_who_passed_it_and_while_it_counts(volunteer, team):
    activity = an_activity(team, needed_training=a_kind())
    shift, office = activity.shifts.get(), an_office()
    assert obstacle(shift, volunteer) == SignupObstacle.NOT_TRAINED
    assert fitting_shifts(volunteer, NOW, 9) == []
    for wrong in ({"passed": False}, {"held_on": TODAY - timedelta(days=400)}):
        enter_training(volunteer, a_training(**wrong), by=office, at=NOW)
        assert obstacle(shift, volunteer) == SignupObstacle.NOT_TRAINED

    entry = enter_training(volunteer, a_training(), by=office, at=NOW)

    assert obstacle(shift, volunteer) is None
    assert fitting_shifts(volunteer, NOW, 9) == [shift]
    take_back_training(entry, "没有参加", by=office, at=NOW)
    assert obstacle(shift, volunteer) == SignupObstacle.NOT_TRAINED


def test_the_training_counts_on_its_last_day_and_not_on_the_next(volunteer, team):
    day = TOMORROW.date()
    shift = an_activity(team, needed_training=a_kind()).shifts.get()
    last = enter_training(volunteer, a_training(held_on=day.replace(year=day.year - 1)), by=an_office(), at=NOW)
    assert last.valid_until == day

    assert obstacle(shift, volunteer) is None
    later = an_activity(team, starts_at=TOMORROW + timedelta(days=1), needed_training=a_kind()).shifts.get()
    assert obstacle(later, volunteer) == SignupObstacle.NOT_TRAINED


def test_trainings_of_a_merged_file_count(volunteer, team):
    kept = a_volunteer()
    enter_training(volunteer, a_training(), by=an_office(), at=NOW)

    merge(kept, volunteer, "同一人", by=an_office(), at=NOW)

    assert learning_minutes(kept) == 120
    assert obstacle(an_activity(team, needed_training=a_kind()).shifts.get(), kept) is None
