"""One small demo county for all tests here."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction


@pytest.fixture(autouse=True)
def a_tuesday_morning() -> None:
    """Here the clock runs as it does: the county is seeded once, for all tests, as of the real day."""


@pytest.fixture(scope="package")
def county(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    from tests.cli.seeded import seeded_twice  # noqa: PLC0415 Django is set up only after this file has been read

    with django_db_blocker.unblock():
        yield seeded_twice()
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def undone(county: Any) -> Iterator[None]:
    """What a test changes in the county is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
