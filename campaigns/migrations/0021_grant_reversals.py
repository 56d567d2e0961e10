"""What was taken back, and why."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0020_grants_by_slot")]
    operations = [
        migrations.CreateModel(
            name='GrantReversal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('exchanged', 'Exchanged for a higher tier'), ('condition_lost', 'A condition holds no longer after a refund')], max_length=14, verbose_name='reason')),
                ('on_date', models.DateField(verbose_name='as of')),
                ('failed_at', models.PositiveSmallIntegerField(null=True)),
                ('facts', models.JSONField(default=list)),
                ('at', models.DateTimeField(verbose_name='taken back at')),
            ],
        ),
        migrations.AddField(
            model_name='grantreversal',
            name='grant',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='campaigns.grant'),
        ),
        migrations.AddIndex(
            model_name='grantreversal',
            index=models.Index(fields=['-at', '-id'], name='reversal_latest'),
        ),
        migrations.AddConstraint(
            model_name='grantreversal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('failed_at', None), ('kind', 'exchanged')), models.Q(('failed_at__isnull', False), ('kind', 'condition_lost')), _connector='OR'), name='reversal_has_reason'),
        ),
    ]
