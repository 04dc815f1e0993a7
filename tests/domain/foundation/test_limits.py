from datetime import timedelta

import pytest

from tests.build import NOW
from tests.domain.foundation.race import race
from zhiyuan.domain.foundation.limits import Limit, spend
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


@pytest.mark.django_db(transaction=True)
def test_twelve_who_try_at_once_share_the_limit():
    tries = race([lambda: spend(THREE_A_MINUTE, "10000000017", at=NOW)] * 12)

    assert sorted(map(str, tries)) == ["False"] * 9 + ["True"] * 3
