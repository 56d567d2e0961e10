"""Contacts can be released; the outbox knows its states and finds what is in doubt."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0002_only_added_to'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='released_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'in_doubt')), fields=['not_before'], name='message_in_doubt'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state', 'sent')), fields=['sent_at'], name='message_sent_at'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sending', 'sent', 'failed', 'in_doubt', 'parked', 'cancelled'])), name='message_state_known'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['failed', 'cancelled', 'parked']), _negated=True), models.Q(('failure_kind', ''), _negated=True), _connector='OR'), name='message_end_has_reason'),
        ),
    ]
