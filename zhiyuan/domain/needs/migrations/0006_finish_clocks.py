from django.db import migrations, models
import django.db.models.deletion

from zhiyuan.domain.foundation.database import AppendOnly, GuardAgain, SearchIndex


class Migration(migrations.Migration):

    dependencies = [
        ('needs', '0005_fill_clocks'),
    ]

    operations = [
        migrations.AlterField(
            model_name='need',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='areas.area'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('team__isnull', False), models.Q(('state__in', ['accepted', 'scheduled', 'serving', 'done', 'confirmed', 'rated']), _negated=True), _connector='OR'), name='a_taken_need_has_a_team'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('alarm_at__isnull', False), ('state__in', ['closed', 'rejected', 'withdrawn', 'merged']), _connector='OR'), name='an_open_need_has_a_clock'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='a_merged_need_says_into_which'),
        ),
        GuardAgain(SearchIndex("Need")),
        AppendOnly("Alarm"),
        AppendOnly("Look"),
    ]
