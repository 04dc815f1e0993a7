from datetime import timedelta

import pytest

from tests.build import NOW
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.limits import Limit, give_back, spend, spend_each
from zhiyuan.domain.foundation.models import RateBucket
from zhiyuan.domain.journal.verbs import unit_of_work, verb

THREE_A_MINUTE = Limit("trying", 3, 60)


@pytest.mark.django_db
def test_a_limit_ends_the_tries_of_one_window_and_who():
    tries = [spend(THREE_A_MINUTE, "10000000017", at=NOW) for _ in range(4)]

    assert tries == [True, True, True, False]
    assert spend(THREE_A_MINUTE, "10000000018", at=NOW)
    assert spend(Limit("other", 3, 60), "10000000017", at=NOW)
    assert spend(THREE_A_MINUTE, "10000000017", at=NOW + timedelta(seconds=60))


@pytest.mark.django_db
def test_who_is_counted_stands_nowhere_in_clear():
    spend(THREE_A_MINUTE, "10000000017", at=NOW)

    assert "10000000017" not in str(RateBucket.objects.values())


@pytest.mark.django_db
def test_a_try_counts_even_when_its_work_is_undone():
    @verb
    def try_and_fail():
        assert spend(THREE_A_MINUTE, "10000000017", at=NOW)
        raise ZeroDivisionError

    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            try_and_fail()

    assert not spend(THREE_A_MINUTE, "10000000017", at=NOW)


@pytest.mark.django_db
def test_a_try_whose_work_stays_counts_once():
    with unit_of_work():
        spend(THREE_A_MINUTE, "10000000017", at=NOW)

    assert RateBucket.objects.get().spent == 1


@pytest.mark.django_db
def test_a_window_begins_with_the_first_try():
    late_in_a_minute = NOW.replace(second=58)

    tries = [spend(Limit("one", 1, 60), "a", at=late_in_a_minute + timedelta(seconds=n)) for n in (0, 2, 59, 60, 61)]

    assert tries == [True, False, False, True, False]


@pytest.mark.django_db
def test_a_try_that_does_not_count_is_given_back():
    once = Limit("one", 1, 60)
    spend(once, "a", at=NOW)

    give_back(once, "a")
    give_back(once, "a")

    assert [spend(once, "a", at=NOW), spend(once, "a", at=NOW)] == [True, False]


@pytest.mark.django_db
def test_of_several_limits_the_first_that_is_spent_says_when_it_is_free_again():
    hourly, daily = Limit("hourly", 2, 3600), Limit("daily", 1, 86400)
    spend(daily, "a", at=NOW)

    assert spend_each([(hourly, "a"), (daily, "a")], at=NOW) == NOW + timedelta(days=1)
    assert spend_each([(hourly, "a"), (daily, "b")], at=NOW) is None
    assert spend_each([(hourly, "a"), (daily, "c")], at=NOW) == NOW + timedelta(hours=1)
    assert spend(daily, "c", at=NOW)


@pytest.mark.django_db
def test_a_clock_that_was_put_back_holds_nobody_for_ever():
    once = Limit("one", 1, 60)
    spend(once, "a", at=NOW + timedelta(days=30))

    assert spend(once, "a", at=NOW)
    assert not spend(once, "a", at=NOW)


@pytest.mark.django_db(transaction=True)
def test_twelve_who_try_at_once_share_the_limit():
    tries = race([lambda: spend(THREE_A_MINUTE, "10000000017", at=NOW)] * 12)

    assert sorted(map(str, tries)) == ["False"] * 9 + ["True"] * 3
