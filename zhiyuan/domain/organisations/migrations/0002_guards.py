from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from zhiyuan.domain.foundation.database import SearchIndex


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("organisations", "0001_initial")]
    operations: ClassVar[list[Operation]] = [
        SearchIndex("Team"),
        SearchIndex("Site"),
    ]
