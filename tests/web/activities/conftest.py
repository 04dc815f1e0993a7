from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # NOW of tests.build, not importable so early


@pytest.fixture(autouse=True)
def a_tuesday_morning(settings):
    """The doors' clock at the moment of the builders' rows."""
    settings.CLOCK_SHIFT_SECONDS = (MORNING - timezone.now()).total_seconds()
