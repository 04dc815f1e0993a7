from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from tests.build import (
    BAOCHENG,
    MABAO,
    MENGBA_VILLAGE,
    NOW,
    TUNZI,
    a_clerk,
    a_grant,
    a_household,
    a_merge,
    a_person,
    a_resident,
    an_auditor,
    an_office,
    area,
)
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.models import JournalEntry
from zhiyuan.domain.organisations.models import Role
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.phones import PhoneObstacle, phone_key
from zhiyuan.domain.residents.keeping import KeepingObstacle, ResidentFacts, keep_resident
from zhiyuan.domain.residents.models import Resident, Speech, Wish
from zhiyuan.domain.residents.names import name_key
from zhiyuan.domain.residents.permissions import ResidentObstacle

pytestmark = pytest.mark.django_db


def _facts(**changes):
    return replace(ResidentFacts(name="王桂兰", phone="10000000017", area=area(MABAO)), **changes)


def _refusal(resident, by, **changes):
    with pytest.raises(Refused) as refusal:
        keep_resident(resident, _facts(**changes), by=by, at=NOW)
    return refusal.value.obstacle


def test_a_clerk_writes_down_what_was_learnt_and_what_changed_is_noted_without_what_it_says():
    clerk, resident = a_clerk(TUNZI), a_resident(name="王奶奶", phone="10000000017")

    keep_resident(
        resident,
        _facts(
            phone="100 0000 0018",
            speech=Speech.OTHER,
            speech_words="藏语",
            wishes=(Wish.LARGE_PRINT, Wish.HEARS_BADLY),
            helper_name="李芳",
            helper_relation="女儿",
            helper_phone="100 0000 0019",
        ),
        by=clerk,
        at=NOW,
    )

    resident = Resident.objects.get()
    assert (resident.name, resident.phone, resident.speech_words) == ("王桂兰", "10000000018", "藏语")
    assert (resident.name_key, resident.phone_key) == (name_key("王桂兰"), phone_key("10000000018"))
    assert resident.wish_list == [Wish.HEARS_BADLY, Wish.LARGE_PRINT]
    assert (resident.helper_name, resident.helper_relation, resident.helper_phone) == ("李芳", "女儿", "10000000019")
    entry = JournalEntry.objects.get(action="resident.kept")
    changed = "name phone speech speech_words wishes helper_name helper_relation helper_phone"
    assert (entry.actor, entry.facts) == (clerk.public_id, {"changed": changed})


def test_what_is_private_rests_sealed():
    resident = a_resident(helper_name="李芳", helper_phone="10000000019", wishes="hears_badly")
    a_household(resident, address="柳树湾七号", way="过桥左手", note="婆媳同住")

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM residents_resident, residents_household")
        row = " ".join(map(str, cursor.fetchone()))
    secrets = ("王桂兰", resident.phone, "李芳", "10000000019", "hears", "柳树湾", "过桥", "婆媳")
    assert [secret for secret in secrets if secret in row] == []


def test_what_is_left_out_is_taken_out_and_nothing_new_leaves_no_line():
    clerk = a_clerk(TUNZI)
    resident = a_resident(phone="10000000017", wishes="sees_badly", speech="other", speech_words="藏语")

    keep_resident(resident, _facts(speech_words="没选其他"), by=clerk, at=NOW)
    keep_resident(resident, _facts(), by=clerk, at=NOW)

    resident.refresh_from_db()
    assert (resident.wishes, resident.speech, resident.speech_words) == ("", "", "")
    assert JournalEntry.objects.filter(action="resident.kept").count() == 1


def test_whoever_moves_to_another_village_leaves_the_household():
    resident = a_resident(phone="10000000017")
    household = a_household(resident)

    keep_resident(resident, _facts(wishes=(Wish.SEES_BADLY,)), by=a_clerk(TUNZI), at=NOW)
    resident.refresh_from_db()
    assert resident.household == household
    keep_resident(resident, _facts(area=area(BAOCHENG)), by=a_clerk(TUNZI), at=NOW)
    resident.refresh_from_db()
    assert (resident.area_id, resident.household) == (BAOCHENG, None)


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"name": " "}, KeepingObstacle.NO_NAME),
        ({"phone": "12"}, PhoneObstacle.NOT_A_PHONE),
        ({"speech": Speech.OTHER, "speech_words": " "}, KeepingObstacle.NO_LANGUAGE),
        ({"helper_phone": "10000000019"}, KeepingObstacle.NO_HELPER),
        ({"helper_relation": "女儿"}, KeepingObstacle.NO_HELPER),
        ({"helper_name": "李芳", "helper_phone": "12"}, PhoneObstacle.NOT_A_PHONE),
    ],
)
def test_a_slip_is_named_and_nothing_is_stored(changes, obstacle):
    resident = a_resident(name="王奶奶")

    assert _refusal(resident, a_clerk(TUNZI), **changes) == obstacle
    assert Resident.objects.get().name == "王奶奶"


def test_a_resident_lives_in_a_village_that_still_stands():
    resident, clerk = a_resident(), a_clerk("621027000000")
    ended = area(BAOCHENG)
    ended.until = date(2026, 1, 1)

    for place in (area(TUNZI), ended):
        assert _refusal(resident, clerk, area=place) == KeepingObstacle.NOT_HERE


def test_only_who_enters_or_verifies_needs_there_changes_anything():
    resident, mover = a_resident(), a_clerk(TUNZI)
    stranger = a_person()
    a_grant(stranger, Role.GRID_WORKER, area_code=TUNZI)

    for person in (an_office(), an_auditor(), a_clerk("621027102000"), stranger, a_person()):
        assert _refusal(resident, person) == AccessObstacle.NOT_YOURS
    assert _refusal(resident, mover, area=area(MENGBA_VILLAGE)) == AccessObstacle.NOT_YOURS


def test_an_entry_that_was_merged_is_not_changed_any_more():
    merged = a_resident()
    a_merge(a_resident(), merged)

    assert _refusal(merged, a_clerk(TUNZI)) == ResidentObstacle.MERGED
