"""How many approvals a thing needs by its size, as dated levels that are only added to; the veto."""

from django.db import migrations, models

GUARD = """
CREATE TRIGGER approvallevel_fixed BEFORE UPDATE OR DELETE ON portal_approvallevel
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
UNGUARD = "DROP TRIGGER approvallevel_fixed ON portal_approvallevel;"


class Migration(migrations.Migration):

    dependencies = [
        ("portal", "0011_export_filters_as_values"),
    ]

    operations = [
        migrations.AlterField(
            model_name='submission',
            name='state',
            field=models.CharField(choices=[('pending', 'Waiting for approval'), ('approved', 'Approved'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn'), ('voided', 'Void: changed since submission'), ('vetoed', 'Vetoed')], default='pending', max_length=12),
        ),
        migrations.AlterField(
            model_name='submissiondecision',
            name='verdict',
            field=models.CharField(choices=[('approve', 'Approve'), ('return', 'Return'), ('veto', 'Veto')], max_length=8),
        ),
        migrations.CreateModel(
            name='ApprovalLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('effective_date', models.DateField(verbose_name='in force from')),
                ('measure', models.CharField(max_length=20, verbose_name='measure')),
                ('at_least', models.DecimalField(decimal_places=2, max_digits=16, verbose_name='from this much on')),
                ('approvals', models.PositiveSmallIntegerField(verbose_name='approvals needed')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'approval level',
                'verbose_name_plural': 'approval levels',
                'constraints': [models.UniqueConstraint(fields=('kind', 'effective_date', 'measure', 'at_least'), name='approval_level_once'), models.CheckConstraint(condition=models.Q(('approvals__range', (1, 9)), ('at_least__gte', 0)), name='approval_level_is_some')],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
