"""Messages that went wrong are few, and found by their own index."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '9outreach_zzindexes'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state__in', ['in_doubt', 'parked', 'failed', 'cancelled'])), fields=['state', '-id'], name='message_trouble'),
        ),
    ]
