from datetime import UTC, date, datetime

from django.utils import timezone

from zhiyuan.domain.foundation.clock import local_day, now
from zhiyuan.domain.foundation.ids import new_capability, new_public_id


def test_days_are_reckoned_in_the_county_and_moments_in_utc():
    assert local_day(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert local_day(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)
    assert now().tzinfo is UTC


def test_the_clock_can_be_set_from_outside(settings):
    settings.CLOCK_SHIFT_SECONDS = 86400

    assert 86390 < (now() - timezone.now()).total_seconds() < 86410


def test_ids_are_long_random_and_fit_for_addresses():
    ids = {new_public_id() for _ in range(2000)}

    assert len(ids) == 2000
    assert {len(i) for i in ids} == {16}
    assert len(new_capability()) == 26
    assert set("".join(ids)) == set("0123456789abcdefghjkmnpqrstvwxyz")
