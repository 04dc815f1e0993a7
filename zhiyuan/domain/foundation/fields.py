"""Model fields that keep text clean and within its length, whichever door it came through and whichever database."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.text import clean_text


class TextObstacle(TextChoices):
    TEXT_TOO_LONG = "text_too_long", _("This text is too long. At most %(most)s signs fit.")


class _Clean:
    """Cleans on every way into the database; on the way into a row, refuses what PostgreSQL would break on."""

    max_length: int | None

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)  # type: ignore[misc]
        return clean_text(value) if isinstance(value, str) else value

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        value = super().get_db_prep_save(value, connection)  # type: ignore[misc]
        if isinstance(value, str) and self.max_length and len(value) > self.max_length:
            raise Refused(TextObstacle.TEXT_TOO_LONG, most=self.max_length)
        return value


class CleanCharField(_Clean, models.CharField):  # type: ignore[misc, type-arg]
    pass


class CleanTextField(_Clean, models.TextField):  # type: ignore[misc, type-arg]
    pass
