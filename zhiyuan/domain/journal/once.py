"""A call that is sent twice happens once: its key is stored in the transaction of its effect."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from zhiyuan.domain.foundation.clock import local_day
from zhiyuan.domain.foundation.forgetting import forget
from zhiyuan.domain.foundation.models import Call
from zhiyuan.domain.foundation.parameters import Parameter, Unit, declare, value_of
from zhiyuan.domain.foundation.refused import Refused
from zhiyuan.domain.journal.verbs import Actor, unit_of_work

CALLS_KEPT = declare(
    Parameter(
        "calls.kept",
        _("Keeping and forgetting"),
        _("How long a form that was sent is remembered, so that sent again it happens once"),
        Unit.DAYS,
        7,
        least=7,
        most=365,
        source=_("A telephone without a signal may send it days later."),
    )
)


class CallObstacle(TextChoices):
    KEY_REUSED = "key_reused", _("This form was already sent with other content. Please open the page again.")


@dataclass
class OneCall:
    """What an earlier sending answered, or the place for this one's answer."""

    answer: dict[str, object] = field(default_factory=dict)
    replayed: bool = False


class _NothingDone(Exception):
    """Rolls an unanswered call back, key and all."""


@contextmanager
def once(by: Actor, key: str, body: bytes, *, at: datetime) -> Iterator[OneCall]:
    """Run the block for this key at most once. A second sender waits for the first, then is handed its answer.

    The block sets `answer`; without one (nothing was changed) the key stays free. Another body under a used key is
    refused. When the process dies inside, key and effect are both gone and a retry does the work.
    """
    digest = hashlib.sha256(body).hexdigest()
    call = OneCall()
    try:
        with unit_of_work():
            earlier = _claim(by.public_id, key, digest, at)
            if earlier is None:
                yield call
                if not call.answer:
                    raise _NothingDone
                Call.objects.filter(actor=by.public_id, key=key).update(answer=call.answer)
                return
    except _NothingDone:
        return
    if earlier.body_sha256 != digest:
        raise Refused(CallObstacle.KEY_REUSED)
    call.answer, call.replayed = earlier.answer, True
    yield call


def _claim(actor: str, key: str, digest: str, at: datetime) -> Call | None:
    """Take the key, or find who took it. On PostgreSQL the insert waits for a first sender that is still at work."""
    try:
        with transaction.atomic():
            Call.objects.create(actor=actor, key=key, body_sha256=digest, at=at)
    except IntegrityError:
        return Call.objects.get(actor=actor, key=key)
    return None


def forget_calls(at: datetime) -> int:
    """Keys of forms that nobody will send once more."""
    return forget(Call.objects.filter(at__lt=at - timedelta(days=value_of(CALLS_KEPT, on=local_day(at)))))
