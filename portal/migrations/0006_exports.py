"""Which files were taken out of the portal, by whom and why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_uploads_and_api")]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8)),
                ('kind', models.CharField(max_length=40)),
                ('made_at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('filters', models.JSONField(default=list)),
                ('columns', models.JSONField(default=list)),
                ('rows', models.PositiveIntegerField()),
                ('bytes', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'indexes': [models.Index(fields=['-made_at', '-id'], name='export_newest'), models.Index(fields=['by', '-made_at'], name='export_own'), models.Index(fields=['sha256'], name='export_sha256')],
                'constraints': [models.UniqueConstraint(fields=('code',), name='export_code_once'), models.CheckConstraint(condition=models.Q(('code__regex', '^[23456789ABCDEFGHJKLMNPQRSTUVWXYZ]{8}$')), name='export_code_plain'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='export_hash_is_sha256'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='export_has_reason')],
            },
        ),
    ]
