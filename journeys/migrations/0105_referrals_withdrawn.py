"""A referral that was recorded wrongly is withdrawn: it stays, and stands in the way of none."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0104_callees_beside_phones_of_leads"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='referral',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='why it was withdrawn'),
        ),
        migrations.AddField(
            model_name='referral',
            name='withdrawn_at',
            field=models.DateTimeField(null=True, verbose_name='withdrawn at'),
        ),
        migrations.AddField(
            model_name='referral',
            name='withdrawn_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='referral',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='journeys.application'),
        ),
        migrations.AlterField(
            model_name='referral',
            name='number',
            field=models.CharField(max_length=40, null=True, unique=True, verbose_name='application number'),
        ),
        migrations.AlterField(
            model_name='referral',
            name='referred',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='brought_by', to='journeys.customer'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('application',), name='referral_once_for_application'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('referred',), name='referral_once_for_person'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', False), ('reason', ''), ('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('number', None), ('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='referral_withdrawn_whole'),
        ),
    ]
