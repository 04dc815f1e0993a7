"""Model fields that keep text clean, whichever door it came through."""

from typing import Any

from django.db import models

from zhiyuan.domain.foundation.text import clean_text


class CleanCharField(models.CharField):  # type: ignore[type-arg]
    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return clean_text(value) if isinstance(value, str) else value


class CleanTextField(models.TextField):  # type: ignore[type-arg]
    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return clean_text(value) if isinstance(value, str) else value
