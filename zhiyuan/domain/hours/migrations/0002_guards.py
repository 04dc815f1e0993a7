from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from zhiyuan.domain.foundation.database import AppendOnly, CopiesMatch


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("hours", "0001_initial")]
    operations: ClassVar[list[Operation]] = [
        AppendOnly("ServiceRecord"),
        AppendOnly("Confirmation"),
        CopiesMatch(
            "Confirmation", link="record_id", source="hours_servicerecord", columns=["person_id", "entered_by_id"]
        ),
    ]
