"""Which keys have sealed what, and whether all of it opens."""

from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db.models import CharField, Count, ExpressionWrapper, F, Model, QuerySet, TextField, Value
from django.db.models.functions import StrIndex, Substr

from zhiyuan.domain.foundation.sealed import SealBroken, SealedField, unseal


def _sealed() -> Iterator[tuple[type[Model], SealedField]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field


def _rows(model: type[Model], field: SealedField) -> QuerySet[Model]:
    return model._default_manager.exclude(**{field.attname: ""}).order_by()


def rows_by_key() -> Counter[tuple[str, str]]:
    """How many values each key id has sealed in each place (`table.column`)."""
    found: Counter[tuple[str, str]] = Counter()
    for model, field in _sealed():
        before_the_dot = StrIndex(field.attname, Value(".")) - 1
        key_id = Substr(field.attname, 1, before_the_dot, output_field=CharField())
        counts = _rows(model, field).annotate(key_id=key_id).values("key_id").annotate(n=Count("pk"))
        found.update({(row["key_id"], field.place()): row["n"] for row in counts})
    return found


def shut_places() -> Counter[str]:
    """Places with values that do not open with the keys that are configured, and how many."""
    found: Counter[str] = Counter()
    for model, field in _sealed():
        as_stored = ExpressionWrapper(F(field.attname), output_field=TextField())
        for sealed in _rows(model, field).annotate(sealed=as_stored).values_list("sealed", flat=True).iterator():
            try:
                unseal(sealed, field.place())
            except SealBroken:
                found[field.place()] += 1
    return found
