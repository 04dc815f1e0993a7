"""A need is taken from anybody, with a number at once."""

from datetime import date, timedelta

import pytest
from django.db import connection

from tests.build import (
    COUNTY,
    MABAO,
    MENGBA_VILLAGE,
    NOW,
    TODAY,
    TUNZI,
    a_category,
    a_clerk,
    a_dispatcher,
    a_leader,
    a_need,
    a_person,
    a_team,
    a_volunteer,
    an_auditor,
    area,
)
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.fields import TextObstacle
from zhiyuan.domain.foundation.limits import spend
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.needs.clocks import is_overdue
from zhiyuan.domain.needs.filing import (
    FROM_ONE_PLACE,
    FilingObstacle,
    MandateObstacle,
    NeedFacts,
    WithdrawalObstacle,
    answer_question,
    file_need,
    withdraw_need,
)
from zhiyuan.domain.needs.models import Door, Mandate, Need, NeedState, TeamRecord, Urgency, VerifyMethod
from zhiyuan.domain.needs.moving import MovingObstacle
from zhiyuan.domain.needs.verifying import ask_requester, verify_need
from zhiyuan.domain.notices.models import Message
from zhiyuan.domain.organisations.permissions import AccessObstacle
from zhiyuan.domain.people.phones import PhoneObstacle

pytestmark = pytest.mark.django_db


def facts(**changes):
    said = {
        "name": "王奶奶",
        "phone": "100 0000 0017",
        "area": area(MABAO),
        "words": "降压药快吃完了。",
        "category": a_category(),
    }
    return NeedFacts(**{**said, **changes})


def refusal_of(*, door=Door.WEB, by=None, **changes):
    with pytest.raises(Refused) as refusal:
        file_need(facts(**changes), door=door, by=by, at=NOW)
    assert Need.objects.count() == 0
    return refusal.value.obstacle


def test_numbers_count_up_within_a_day_and_begin_anew_with_the_next():
    first = file_need(facts(), door=Door.WEB, by=None, at=NOW)
    second = file_need(facts(), door=Door.WEB, by=None, at=NOW)
    tomorrow = file_need(facts(), door=Door.WEB, by=None, at=NOW + timedelta(days=1))

    assert [need.number for need in (first, second, tomorrow)] == ["261124-0001", "261124-0002", "261125-0001"]
    assert len({need.receipt_id for need in (first, second, tomorrow)}) == 3


def test_whoever_asks_is_told_the_number():
    need = file_need(facts(), door=Door.WEB, by=None, at=NOW)

    message = Message.objects.get()
    assert message.phone == "10000000017"
    assert need.number in message.text


def test_what_is_private_rests_sealed():
    said = facts(
        address="二组第三家",
        proxy_name="王小梅",
        proxy_relation="女儿",
        proxy_phone="10000000018",
        mandate=Mandate.SPOKEN,
    )
    file_need(said, door=Door.WEB, by=None, at=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone, address, proxy_name, proxy_phone, grams FROM needs_need")
        row = " ".join(cursor.fetchone())
    assert not [secret for secret in ("王奶奶", "10000000017", "二组第三家", "王小梅", "10000000018") if secret in row]


def test_somebody_signed_in_finds_it_among_their_own():
    person = a_person()

    need = file_need(facts(), door=Door.WEB, by=person, at=NOW)

    assert (need.person, need.entered_by) == (person, None)


@pytest.mark.parametrize(
    ("changes", "obstacle"),
    [
        ({"name": " "}, FilingObstacle.NO_NAME),
        ({"words": " "}, FilingObstacle.NO_WORDS),
        ({"phone": "12"}, PhoneObstacle.NOT_A_PHONE),
        ({"wanted_by": TODAY - timedelta(days=1)}, FilingObstacle.PAST),
        ({"proxy_name": "王小梅"}, FilingObstacle.NO_RELATION),
        ({"proxy_name": "王小梅", "proxy_relation": "女儿"}, MandateObstacle.NO_MANDATE),
        (
            {"proxy_name": "王小梅", "proxy_relation": "女儿", "mandate": Mandate.FAMILY, "proxy_phone": "12"},
            PhoneObstacle.NOT_A_PHONE,
        ),
    ],
)
def test_a_slip_is_named_and_nothing_is_stored(changes, obstacle):
    assert refusal_of(**changes) == obstacle


def test_help_is_needed_in_a_village_not_in_a_township():
    assert refusal_of(area=area("621027103000")) == FilingObstacle.NOT_HERE


def test_today_is_not_too_late():
    assert file_need(facts(wanted_by=date(2026, 11, 24)), door=Door.WEB, by=None, at=NOW).wanted_by == TODAY


def test_one_telephone_asks_five_times_a_day_online():
    for _ in range(5):
        file_need(facts(), door=Door.WEB, by=None, at=NOW)

    with pytest.raises(Refused) as refusal:
        file_need(facts(), door=Door.WEB, by=None, at=NOW)

    assert refusal.value.obstacle == FilingObstacle.TOO_MANY
    assert Need.objects.count() == 5
    assert file_need(facts(), door=Door.PHONE, by=a_clerk(MABAO), at=NOW).door == Door.PHONE


def test_one_place_asks_sixty_times_an_hour_online():
    for _ in range(60):
        spend(FROM_ONE_PLACE, "a village's shared network", at=NOW)

    with pytest.raises(Refused) as refusal:
        file_need(facts(), door=Door.WEB, by=None, at=NOW, place="a village's shared network")

    assert refusal.value.obstacle == FilingObstacle.TOO_MANY
    assert file_need(facts(), door=Door.WEB, by=None, at=NOW, place="another network")


def test_what_is_longer_than_its_field_is_refused():
    assert refusal_of(words="药" * 501) == TextObstacle.TEXT_TOO_LONG


def test_a_clerk_enters_for_their_own_villages():
    clerk = a_clerk(MABAO)

    need = file_need(facts(), door=Door.VISIT, by=clerk, at=NOW)

    assert (need.entered_by, need.person) == (clerk, None)


@pytest.mark.parametrize("who", ["stranger", "sibling", "nobody"])
def test_others_enter_nothing_by_telephone(who):
    by = {"stranger": a_person(), "sibling": a_clerk(MENGBA_VILLAGE), "nobody": None}[who]

    assert refusal_of(door=Door.PHONE, by=by) == AccessObstacle.NOT_YOURS


def test_the_resident_withdraws_until_a_day_is_fixed():
    early, late = a_need(), a_need(state=NeedState.SCHEDULED, team=a_team())

    withdraw_need(early, "孩子买了", by=None, at=NOW)
    with pytest.raises(Refused) as refusal:
        withdraw_need(late, "不用了", by=None, at=NOW)

    assert Need.objects.get(pk=early.pk).state == NeedState.WITHDRAWN
    assert refusal.value.obstacle == WithdrawalObstacle.DATE_FIXED


@pytest.mark.parametrize("state", [NeedState.DISPATCHED, NeedState.ACCEPTED])
def test_a_team_that_was_asked_is_told_that_it_was_withdrawn_and_is_free(state):
    team = a_team()
    leader, need = a_leader(team), a_need(state=state, team=team)

    withdraw_need(need, "孩子买了", by=None, at=NOW)

    message = Message.objects.get()
    assert (message.phone, need.number in message.text) == (leader.phone, True)
    assert TeamRecord.objects.get(team=team).open_orders == 0


@pytest.mark.parametrize("act", [withdraw_need, answer_question])
@pytest.mark.parametrize("who", ["resident by receipt", "resident signed in", "clerk", "dispatcher above"])
def test_the_resident_and_the_desk_withdraw_and_answer(act, who):
    resident = a_person()
    need = a_need(state=NeedState.WAITING, person=resident)
    by = {
        "resident by receipt": lambda: None,
        "resident signed in": lambda: resident,
        "clerk": lambda: a_clerk(MABAO),
        "dispatcher above": lambda: a_dispatcher(COUNTY),
    }[who]()

    act(need, "孩子买了", by=by, at=NOW)

    need.refresh_from_db()
    assert need.state == (NeedState.WITHDRAWN if act is withdraw_need else NeedState.SUBMITTED)


@pytest.mark.parametrize("act", [withdraw_need, answer_question])
@pytest.mark.parametrize("who", ["volunteer", "clerk of another township", "leader", "auditor"])
def test_others_neither_withdraw_nor_answer(act, who):
    need = a_need(state=NeedState.WAITING)
    by = {
        "volunteer": lambda: a_volunteer().person,
        "clerk of another township": lambda: a_clerk(MENGBA_VILLAGE),
        "leader": lambda: a_leader(a_team()),
        "auditor": an_auditor,
    }[who]()

    with pytest.raises(Refused) as refusal:
        act(need, "不用了", by=by, at=NOW)

    assert refusal.value.obstacle == AccessObstacle.NOT_YOURS
    assert Need.objects.get(pk=need.pk).state == NeedState.WAITING


def test_withdrawing_and_answering_need_words():
    need, asked = a_need(), a_need(state=NeedState.WAITING)

    for act, which in ((withdraw_need, need), (answer_question, asked)):
        with pytest.raises(Refused) as refusal:
            act(which, " ", by=None, at=NOW)
        assert refusal.value.obstacle == MovingObstacle.SILENT


def test_an_answer_lets_the_clock_run_again():
    need = a_need(state=NeedState.WAITING, due_at=None)

    answer_question(need, "下午在家", by=None, at=NOW)

    need.refresh_from_db()
    assert need.state == NeedState.SUBMITTED
    assert need.due_at is not None


def test_whoever_asks_for_another_hears_of_it_too():
    said = facts(proxy_name="王小梅", proxy_relation="女儿", proxy_phone="100 0000 0018", mandate=Mandate.SPOKEN)

    file_need(said, door=Door.PHONE, by=a_clerk(MABAO), at=NOW)

    assert sorted(message.phone for message in Message.objects.all()) == ["10000000017", "10000000018"]


@pytest.mark.parametrize(
    ("clerks_of", "desk"),
    [((MABAO, TUNZI, COUNTY), MABAO), ((TUNZI, COUNTY), TUNZI), ((COUNTY,), COUNTY), ((), COUNTY)],
)
def test_it_lies_on_the_lowest_desk_that_has_somebody(clerks_of, desk):
    for code in clerks_of:
        a_clerk(code)

    need = file_need(facts(), door=Door.WEB, by=None, at=NOW)

    assert (need.desk_id, need.escalations) == (desk, 0)


def test_a_question_does_not_wind_the_clock_back():
    clerk = a_clerk(MABAO)
    need = file_need(facts(), door=Door.WEB, by=None, at=NOW)  # a working day for it: seven hours
    for asked, answered in ((2, 26), (29, 50)):  # Tuesday 11:00 to Wednesday 11:00, 14:00 to Thursday 11:00
        ask_requester(need, "几点在家？", by=clerk, at=NOW + timedelta(hours=asked))
        answer_question(need, "下午", by=None, at=NOW + timedelta(hours=answered))

    need.refresh_from_db()
    assert need.used_minutes == 3 * 60
    assert need.due_at == NOW + timedelta(days=2, hours=2 + 4 + 2.5)  # four hours are left, and noon


def test_what_was_late_before_a_question_is_late_after_it():
    need = file_need(facts(urgency=Urgency.URGENT), door=Door.WEB, by=None, at=NOW)
    ask_requester(need, "几点在家？", by=a_clerk(MABAO), at=NOW + timedelta(hours=2))

    answer_question(need, "下午", by=None, at=NOW + timedelta(hours=20))

    need.refresh_from_db()
    assert is_overdue(need, NOW + timedelta(hours=20))


def test_a_need_that_was_verified_and_asked_about_is_verified_anew_in_full_time():
    clerk = a_clerk(MABAO)
    need = file_need(facts(), door=Door.WEB, by=None, at=NOW)
    verify_need(need, VerifyMethod.PHONE, "属实", by=clerk, at=NOW + timedelta(hours=1))
    ask_requester(need, "哪天方便？", by=clerk, at=NOW + timedelta(hours=2))

    answer_question(need, "周四", by=None, at=NOW + timedelta(hours=3))

    need.refresh_from_db()
    assert need.due_at == NOW + timedelta(days=1, hours=3)


@pytest.mark.parametrize("state", [NeedState.SUBMITTED, NeedState.REJECTED, NeedState.WITHDRAWN])
def test_only_a_question_is_answered(state):
    need = a_need(state=state)

    with pytest.raises(Refused) as refusal:
        answer_question(need, "下午", by=None, at=NOW)

    assert refusal.value.obstacle == MovingObstacle.NOT_FROM_HERE
    assert Need.objects.get().state == state


@pytest.mark.django_db(transaction=True)
def test_several_who_ask_at_once_get_numbers_of_their_own():
    said = facts()

    answers = race([lambda: file_need(said, door=Door.WEB, by=None, at=NOW).number] * 4)

    assert sorted(map(str, answers)) == [f"261124-000{count}" for count in (1, 2, 3, 4)]
