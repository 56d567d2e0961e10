"""What gateways call back with: receipts, what people answer, and calls that were refused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0116_bad_addresses"),
        ('portal', '0005_uploads_and_api'),
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone'), ('push', 'Push message'), ('on_site', 'Message in mobile bank')], max_length=8, verbose_name='channel')),
                ('reference', models.CharField(max_length=80)),
                ('callee', models.BinaryField(max_length=16, null=True)),
                ('sender_masked', models.CharField(max_length=40, verbose_name='from')),
                ('words', models.TextField(blank=True, verbose_name='words')),
                ('finding', models.CharField(choices=[('refused', 'Refusal recorded'), ('unknown', 'Refusal from a number that nobody is on file with'), ('other', 'No refusal found in it')], max_length=12, verbose_name='understood as')),
                ('at', models.DateTimeField(verbose_name='received at')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled at')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='what was done')),
            ],
        ),
        migrations.CreateModel(
            name='BadCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=8, verbose_name='channel')),
                ('door', models.CharField(max_length=10, verbose_name='kind of call')),
                ('cause', models.CharField(choices=[('not_configured', 'Neither a secret nor source addresses are set'), ('bad_address', 'Not from an address that may call'), ('bad_secret', 'Without the right secret or signature'), ('no_channel', 'No channel takes such calls'), ('no_key', 'It names no message'), ('unknown_key', 'It names a message that was never sent'), ('unknown_kind', 'It says nothing that is understood'), ('no_sender', 'It names no sender'), ('not_readable', 'It is no form and no JSON object'), ('too_many', 'Too many calls')], max_length=20, verbose_name='cause')),
                ('address', models.GenericIPAddressField(null=True, verbose_name='from')),
                ('minute', models.DateTimeField(verbose_name='minute')),
                ('calls', models.PositiveIntegerField(default=1, verbose_name='calls')),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('delivered', 'Delivered'), ('read', 'Read'), ('failed', 'Not delivered'), ('expired', 'Not delivered in time'), ('rejected', 'Refused on the way')], max_length=10, verbose_name='receipt')),
                ('at', models.DateTimeField(verbose_name='received at')),
                ('gateway_reference', models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.AddField(
            model_name='answer',
            name='customer',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='journeys.customer'),
        ),
        migrations.AddField(
            model_name='answer',
            name='settled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='badcall',
            index=models.Index(fields=['-minute', '-id'], name='bad_call_latest'),
        ),
        migrations.AddConstraint(
            model_name='badcall',
            constraint=models.UniqueConstraint(fields=('minute', 'channel', 'door', 'cause', 'address'), name='bad_call_once_a_minute', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='badcall',
            constraint=models.CheckConstraint(condition=models.Q(('calls__gte', 1)), name='bad_call_is_some'),
        ),
        migrations.AddConstraint(
            model_name='badcall',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['not_configured', 'bad_address', 'bad_secret', 'no_channel', 'no_key', 'unknown_key', 'unknown_kind', 'no_sender', 'not_readable', 'too_many'])), name='bad_call_cause_known'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='message',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='journeys.message'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['customer', 'id'], name='answer_of_customer'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(fields=['-id'], name='answer_latest'),
        ),
        migrations.AddIndex(
            model_name='answer',
            index=models.Index(condition=models.Q(('settled_at', None), models.Q(('finding', 'refused'), _negated=True)), fields=['-id'], name='answer_to_look_at'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('channel', 'reference'), name='answer_once'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('finding__in', ['refused', 'unknown', 'other'])), name='answer_finding_known'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='answer_has_reference'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('note', ''), ('settled_at', None), ('settled_by', None)), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('note', ''), _negated=True)), _connector='OR'), name='answer_settled_with_note'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(fields=('message', 'kind'), name='receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['delivered', 'read', 'failed', 'expired', 'rejected'])), name='receipt_kind_known'),
        ),
        migrations.RunSQL(
            sql='CREATE TRIGGER receipt_fixed BEFORE UPDATE OR DELETE ON journeys_receipt\n    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();',
            reverse_sql='DROP TRIGGER receipt_fixed ON journeys_receipt;',
        ),
        migrations.RunSQL(
            sql='CREATE TRIGGER answer_stays BEFORE DELETE ON journeys_answer\n    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();',
            reverse_sql='DROP TRIGGER answer_stays ON journeys_answer;',
        ),
    ]
