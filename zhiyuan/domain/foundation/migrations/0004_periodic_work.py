from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("foundation", "0003_guards")]
    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="PeriodicWork",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("every_seconds", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("leased_by", models.CharField(default="", max_length=16)),
                ("tries", models.PositiveIntegerField(default=0)),
                ("last_ok_at", models.DateTimeField(null=True)),
                ("last_seconds", models.FloatField(default=0)),
                ("last_result", models.BigIntegerField(null=True)),
                ("last_error", models.CharField(default="", max_length=80)),
            ],
        ),
    ]
