"""Numbers of the national system and of other platforms."""

import pytest

from tests.build import MENGBA, NOW, TODAY, TUNZI, a_clerk, a_dispatcher, a_volunteer, an_office
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.volunteers.models import ExternalNumber, Platform, TrainingKind, Volunteer
from zhiyuan.domain.volunteers.numbers import (
    NumberObstacle,
    add_number,
    keep_platform,
    keep_training_kind,
    numbers_of,
    platforms,
    remove_number,
)
from zhiyuan.domain.volunteers.queries import found_by

pytestmark = pytest.mark.django_db


def refusal_of(act, *args, **named):
    with pytest.raises(Refused) as refusal:
        act(*args, **named)
    return refusal.value.obstacle


@pytest.fixture
def national():
    return Platform.objects.create(code="national", name_zh="全国志愿服务信息系统", name_en="National system")


def note(volunteer, platform, number="6210 2700 0123", by=None):
    facts = {"since": TODAY, "source": "证书", "by": by or volunteer.person, "at": NOW}
    return add_number(volunteer, platform, number, **facts)


def test_a_number_stands_on_the_file_and_finds_it_however_it_is_spaced(national):
    volunteer = a_volunteer()

    noted = note(volunteer, national)

    assert list(numbers_of(volunteer)) == [noted]
    assert noted.number == "6210 2700 0123"
    assert list(found_by(Volunteer.objects.all(), "6210-27000123")) == [volunteer]


def test_a_number_stands_once_a_platform(national):
    other = Platform.objects.create(code="city", name_zh="市平台", name_en="City")
    note(a_volunteer(), national)

    assert refusal_of(note, a_volunteer(), national, "621027000123") == NumberObstacle.NUMBER_TAKEN
    assert note(a_volunteer(), other)
    assert refusal_of(note, a_volunteer(), national, " - ") == NumberObstacle.EMPTY_NUMBER


def test_it_is_noted_and_removed_by_its_owner_or_the_clerk_of_the_place(national):
    volunteer = a_volunteer()
    noted = note(volunteer, national, by=a_clerk(TUNZI))

    for person in (a_clerk(MENGBA), a_volunteer().person):
        assert refusal_of(note, volunteer, national, "2", by=person) == AccessObstacle.NOT_YOURS
        assert refusal_of(remove_number, noted, by=person, at=NOW) == AccessObstacle.NOT_YOURS
    remove_number(noted, by=volunteer.person, at=NOW)
    assert not ExternalNumber.objects.exists()


def test_the_county_s_office_keeps_the_lists():
    office = an_office()

    keep_platform("city", "市平台", "City", by=office, at=NOW)
    keep_platform("city", "市志愿平台", "City", by=office, at=NOW)
    keep_training_kind("first_aid", "急救", "First aid", 24, by=office, at=NOW)

    assert [one.name_zh for one in platforms()] == ["市志愿平台"]
    assert TrainingKind.objects.get().months == 24
    for person in (an_office(TUNZI), a_dispatcher()):
        assert refusal_of(keep_platform, "x1", "甲", "A", by=person, at=NOW) == AccessObstacle.NOT_YOURS
    assert refusal_of(keep_platform, "No Code", "甲", "A", by=office, at=NOW) == NumberObstacle.BAD_CODE
