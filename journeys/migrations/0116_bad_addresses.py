"""Mail addresses from which mail came back for good, kept until somebody says they work again."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0115_push_and_on_site"),
        ('portal', '0005_uploads_and_api'),
    ]

    operations = [
        migrations.CreateModel(
            name='BadAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_sealed', models.BinaryField(null=True)),
                ('address_index', models.BinaryField(max_length=17, null=True)),
                ('address_masked', models.CharField(blank=True, max_length=120, verbose_name='e-mail')),
                ('cause', models.CharField(max_length=120, verbose_name='cause')),
                ('since', models.DateTimeField(verbose_name='since')),
                ('until', models.DateTimeField(null=True, verbose_name='until')),
            ],
        ),
        migrations.AddField(
            model_name='badaddress',
            name='customer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='bad_addresses', to='journeys.customer'),
        ),
        migrations.AddField(
            model_name='badaddress',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='badaddress',
            index=models.Index(fields=['customer', 'id'], name='bad_address_of_customer'),
        ),
        migrations.AddIndex(
            model_name='badaddress',
            index=models.Index(fields=['-since', '-id'], name='bad_address_latest'),
        ),
        migrations.AddConstraint(
            model_name='badaddress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('address_index', None), ('address_sealed', None)), models.Q(('address_index__isnull', False), ('address_sealed__isnull', False)), _connector='OR'), name='bad_address_sealed_with_index'),
        ),
        migrations.AddConstraint(
            model_name='badaddress',
            constraint=models.CheckConstraint(condition=models.Q(('cause', ''), _negated=True), name='bad_address_has_cause'),
        ),
        migrations.AddConstraint(
            model_name='badaddress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_by', None), ('until', None)), models.Q(('ended_by__isnull', False), ('until__gte', models.F('since')), ('until__isnull', False)), _connector='OR'), name='bad_address_ended_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='badaddress',
            constraint=models.UniqueConstraint(condition=models.Q(('address_index__isnull', False), ('until', None)), fields=('address_index',), name='bad_address_open_once'),
        ),
        migrations.RunSQL(
            sql='CREATE TRIGGER bad_address_stays BEFORE DELETE ON journeys_badaddress\n    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();',
            reverse_sql='DROP TRIGGER bad_address_stays ON journeys_badaddress;',
        ),
    ]
