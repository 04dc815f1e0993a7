from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from zhiyuan.domain.foundation.database import AppendOnly


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("volunteers", "0006_training_and_numbers")]
    operations: ClassVar[list[Operation]] = [
        AppendOnly("TrainingRecord"),
    ]
