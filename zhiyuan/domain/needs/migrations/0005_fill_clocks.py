"""Needs of before get a desk, a turn, a clock that rings, and their orders as rows of their own."""

from typing import Any, ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation
from django.db.models import F
from django.db.models.functions import Coalesce

OVER = ("closed", "rejected", "withdrawn")
ORDERS = {
    "dispatched": "open",
    **dict.fromkeys(("accepted", "scheduled", "serving"), "accepted"),
    **dict.fromkeys(("done", "confirmed", "rated", "closed"), "done"),
}


def fill(apps: Any, _schema_editor: Any) -> None:
    needs = apps.get_model("needs", "Need").objects
    order = apps.get_model("needs", "Order")
    needs.filter(state="waiting_for_requester").update(turn=1)
    needs.filter(state__in=("done", "confirmed", "rated")).update(turn=2, done_at=F("state_since"))
    needs.filter(state__in=OVER).update(turn=3)
    needs.exclude(state__in=OVER).update(alarm_at=Coalesce("due_at", "state_since"), warn_at=F("due_at"))
    for need in needs.select_related("area").only("area", "state").iterator(chunk_size=1000):
        needs.filter(pk=need.pk).update(desk=need.area.parent_id or need.area_id)
    for state, answer in ORDERS.items():
        rows = needs.filter(state=state, team__isnull=False).values_list("pk", "team_id", "state_since")
        order.objects.bulk_create(
            order(need_id=need, team_id=team, state=answer, sent_at=at) for need, team, at in rows.iterator()
        )
    needs.filter(state="dispatched").update(team=None)


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("needs", "0004_clocks_and_orders")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(fill, migrations.RunPython.noop)]
