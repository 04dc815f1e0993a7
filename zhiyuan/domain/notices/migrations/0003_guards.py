from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from zhiyuan.domain.foundation.database import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("notices", "0002_ways_of_telling")]
    operations: ClassVar[list[Operation]] = [AppendOnly("Attempt")]
