"""Reading what was sent."""

from django.db.models import QuerySet

from zhiyuan.domain.notices.models import SinkMessage


def sink_messages(most: int) -> QuerySet[SinkMessage]:
    """What the gateway of demo and test received, newest first."""
    return SinkMessage.objects.order_by("-at", "-pk")[:most]
