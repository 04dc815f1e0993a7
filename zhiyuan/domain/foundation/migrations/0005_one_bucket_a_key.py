from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation


def forget_all(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Counts of earlier windows stand in several rows a key; they hold nobody back for longer than a day."""
    apps.get_model("foundation", "RateBucket").objects.all().delete()


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("foundation", "0004_periodic_work")]
    operations: ClassVar[list[Operation]] = [
        migrations.RunPython(forget_all, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="ratebucket", name="one_bucket_a_window"),
        migrations.AlterField(model_name="ratebucket", name="key", field=models.CharField(max_length=64, unique=True)),
    ]
