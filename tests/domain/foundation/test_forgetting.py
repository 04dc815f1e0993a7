from datetime import timedelta

import pytest

from tests.build import NOW
from zhiyuan.domain.foundation import forgetting
from zhiyuan.domain.foundation.forgetting import forget
from zhiyuan.domain.foundation.limits import Limit, forget_counts, spend
from zhiyuan.domain.foundation.models import RateBucket

pytestmark = pytest.mark.django_db
AN_HOUR = Limit("hourly", 3, 3600)


def test_rows_are_forgotten_slice_by_slice(monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    for n in range(5):
        spend(AN_HOUR, str(n), at=NOW)

    assert forget(RateBucket.objects.filter(window__gt=0)) == 5

    assert not RateBucket.objects.exists()


def test_counts_are_forgotten_when_they_hold_nobody_back():
    spend(AN_HOUR, "early", at=NOW)
    spend(AN_HOUR, "late", at=NOW + timedelta(seconds=2))

    assert forget_counts(NOW + timedelta(hours=1)) == 0
    assert forget_counts(NOW + timedelta(hours=1, seconds=1)) == 1
    assert RateBucket.objects.count() == 1
