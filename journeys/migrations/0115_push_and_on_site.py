"""Push messages and messages in mobile bank are channels: consents and hours know them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0112_sending_rates"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='consent',
            name='consent_channel_of_marketing_alone',
        ),
        migrations.RemoveConstraint(
            model_name='contacthours',
            name='contact_hours_known',
        ),
        migrations.AlterField(
            model_name='consent',
            name='channel',
            field=models.CharField(blank=True, choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone'), ('push', 'Push message'), ('on_site', 'Message in mobile bank')], max_length=8, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='channel',
            field=models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone'), ('push', 'Push message'), ('on_site', 'Message in mobile bank')], max_length=8),
        ),
        migrations.AlterField(
            model_name='contacthours',
            name='channel',
            field=models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone'), ('push', 'Push message'), ('on_site', 'Message in mobile bank')], max_length=8, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='message',
            name='channel',
            field=models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone'), ('push', 'Push message'), ('on_site', 'Message in mobile bank')], max_length=8, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='messagetemplate',
            name='channel',
            field=models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone'), ('push', 'Push message'), ('on_site', 'Message in mobile bank')], max_length=8, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='receivedmessage',
            name='channel',
            field=models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone'), ('push', 'Push message'), ('on_site', 'Message in mobile bank')], max_length=8, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='sendingrate',
            name='channel',
            field=models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone'), ('push', 'Push message'), ('on_site', 'Message in mobile bank')], max_length=8, verbose_name='channel'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel__in', ['sms', 'email', 'phone', 'push', 'on_site']), ('purpose', 'marketing')), models.Q(('channel', ''), ('purpose__in', ['sharing', 'decisions'])), _connector='OR'), name='consent_channel_of_marketing_alone'),
        ),
        migrations.AddConstraint(
            model_name='contacthours',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['sms', 'email', 'phone', 'push', 'on_site']), ('day_kind__in', ['workday', 'rest'])), name='contact_hours_known'),
        ),
    ]
