from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from zhiyuan.domain.foundation.database import NoOverlap, SearchIndex


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("activities", "0001_initial")]
    operations: ClassVar[list[Operation]] = [
        NoOverlap(
            "SignUp",
            owner="volunteer_id",
            starts="starts_at",
            ends="ends_at",
            condition="state NOT IN ('cancelled', 'no_show')",
        ),
        SearchIndex("Activity"),
    ]
