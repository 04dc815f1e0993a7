"""Model fields that keep text clean and within its length, whichever door it came through and whichever database."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.foundation.text import clean_text


class TextObstacle(TextChoices):
    TEXT_TOO_LONG = "text_too_long", _("This text is too long. At most %(most)s signs fit.")


if TYPE_CHECKING:
    _Field = models.Field[str, str]
    _CharField = models.CharField[str, str]
    _TextField = models.TextField[str, str]
else:
    _Field, _CharField, _TextField = object, models.CharField, models.TextField


class _Clean(_Field):
    """Cleans on every way into the database; on the way into a row, refuses what PostgreSQL would break on."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return clean_text(value) if isinstance(value, str) else value

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        value = super().get_db_prep_save(value, connection)
        if isinstance(value, str) and self.max_length and len(value) > self.max_length:
            raise Refused(TextObstacle.TEXT_TOO_LONG, most=self.max_length)
        return value


class CleanCharField(_Clean, _CharField):
    pass


class CleanTextField(_Clean, _TextField):
    pass
