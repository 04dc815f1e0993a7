"""Reading the outbox: what was sent, what is stuck, how the gateways do."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from zhiyuan.domain.notices.gateways import Gateways
from zhiyuan.domain.notices.models import Attempt, Breaker, Message, SinkMessage


def sink_messages(most: int) -> QuerySet[SinkMessage]:
    """What the gateway of demo and test received, newest first."""
    return SinkMessage.objects.order_by("-at", "-pk")[:most]


def parked_messages() -> QuerySet[Message]:
    """What was given up, newest first, with the `last_fault` that a gateway made of it."""
    last = Attempt.objects.filter(message=OuterRef("pk")).order_by("-pk")
    parked = Message.objects.filter(state=Message.State.PARKED).annotate(last_fault=Subquery(last.values("fault")[:1]))
    return parked.order_by("-due_at", "-pk")


def any_message() -> QuerySet[Message]:
    return Message.objects.all()


def oldest_waiting(at: datetime) -> datetime | None:
    """Since when the message that is due longest has been due; None when nothing waits."""
    due = Message.objects.filter(state=Message.State.WAITING, due_at__lte=at).order_by("due_at", "pk")
    return due.values_list("due_at", flat=True).first()


@dataclass(frozen=True)
class Standing:
    """How a gateway does. Without a breaker it never failed."""

    gateway: str
    breaker: Breaker | None
    is_open: bool

    @property
    def fault(self) -> str:
        return self.breaker.fault if self.breaker else ""


def standings(gateways: Gateways, *, at: datetime) -> list[Standing]:
    """The gateways in the order in which they are asked. One query."""
    breakers = {breaker.gateway: breaker for breaker in Breaker.objects.all()}
    names = dict.fromkeys(gateway.name for gateway in (*gateways.sms, *gateways.email))
    found = []
    for name in names:
        breaker = breakers.get(name)
        shut = bool(breaker and breaker.open_until and breaker.open_until > at)
        found.append(Standing(name, breaker, shut))
    return found
