"""Runs of more kinds, decided chunk by chunk and settled one after another; their figures are kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_approved_stays")]
    operations = [
        migrations.RemoveIndex(
            model_name='runchunk',
            name='chunk_unfinished',
        ),
        migrations.AddField(
            model_name='run',
            name='figures',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='run',
            name='first_date',
            field=models.DateField(null=True, verbose_name='from'),
        ),
        migrations.AddField(
            model_name='runchunk',
            name='counts',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='runchunk',
            name='on_date',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='runchunk',
            name='settle_attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='run',
            name='kind',
            field=models.CharField(choices=[('preview', 'Preview'), ('dry_run', 'Dry run'), ('back_test', 'Back-test'), ('live', 'Live')], max_length=10, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='runchunk',
            name='state',
            field=models.CharField(choices=[('pending', 'Waiting'), ('decided', 'Decided'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=8),
        ),
        migrations.AddIndex(
            model_name='runchunk',
            index=models.Index(condition=models.Q(('state__in', ['pending', 'decided'])), fields=['enqueued_at'], name='chunk_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_date__isnull', False), ('kind', 'back_test'), ('first_date__lte', models.F('on_date'))), models.Q(models.Q(('kind', 'back_test'), _negated=True), ('first_date', None)), _connector='OR'), name='run_back_test_has_span'),
        ),
    ]
