"""Hours of contact by channel, place and kind of day; limits keep their own rows."""

import datetime

from django.db import migrations, models


# The hours that held for everything and everywhere go on to do so.
MOVE = """
INSERT INTO journeys_contacthours (effective_date, channel, division_prefix, day_kind, opens,
                                   closes, is_overnight, is_lifted, source)
SELECT effective_date, channel, '', day_kind, opens, closes, false, false, source
FROM journeys_contactrule,
     unnest(ARRAY['sms', 'email', 'phone']) AS channel,
     unnest(ARRAY['workday', 'rest']) AS day_kind
ORDER BY effective_date, channel, day_kind;
"""
FIXED = """
CREATE TRIGGER contacthours_fixed BEFORE UPDATE OR DELETE ON journeys_contacthours
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
FREE = "DROP TRIGGER contacthours_fixed ON journeys_contacthours"

class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0011_refusals_side_by_side"),
    ]

    operations = [
        migrations.CreateModel(
            name='ContactHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(verbose_name='in force from')),
                ('channel', models.CharField(choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone')], max_length=8, verbose_name='channel')),
                ('division_prefix', models.CharField(blank=True, default='', max_length=12, verbose_name='division code begins with')),
                ('day_kind', models.CharField(choices=[('workday', 'Workday'), ('rest', 'Rest day')], max_length=8, verbose_name='kind of day')),
                ('opens', models.TimeField(null=True, verbose_name='contact from')),
                ('closes', models.TimeField(null=True, verbose_name='contact until')),
                ('is_overnight', models.BooleanField(default=False, verbose_name='go on past midnight')),
                ('is_lifted', models.BooleanField(default=False, verbose_name='follows the wider place again')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'contact hours',
                'verbose_name_plural': 'contact hours',
            },
        ),
        migrations.AddConstraint(
            model_name='contacthours',
            constraint=models.UniqueConstraint(fields=('channel', 'division_prefix', 'day_kind', 'effective_date'), name='contact_hours_once'),
        ),
        migrations.AddConstraint(
            model_name='contacthours',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['sms', 'email', 'phone']), ('day_kind__in', ['workday', 'rest'])), name='contact_hours_known'),
        ),
        migrations.AddConstraint(
            model_name='contacthours',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes', None), ('is_overnight', False), ('opens', None)), models.Q(('is_lifted', False), ('is_overnight', False), ('closes__isnull', False), ('opens__isnull', False), models.Q(('closes__gt', models.F('opens')), ('closes', datetime.time(0, 0)), _connector='OR')), models.Q(('is_lifted', False), ('is_overnight', True), ('closes__isnull', False), ('opens__isnull', False), ('closes__gt', datetime.time(0, 0)), ('closes__lt', models.F('opens'))), _connector='OR'), name='contact_hours_in_order'),
        ),
        migrations.AddConstraint(
            model_name='contacthours',
            constraint=models.CheckConstraint(condition=models.Q(('division_prefix__regex', '^[0-9]*$')), name='contact_hours_place_is_digits'),
        ),
        migrations.AddConstraint(
            model_name='contacthours',
            constraint=models.CheckConstraint(condition=models.Q(('is_lifted', False), models.Q(('division_prefix', ''), _negated=True), _connector='OR'), name='contact_hours_lifted_of_a_place'),
        ),
        migrations.RunSQL(MOVE, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='contactrule',
            name='contact_rule_hours',
        ),
        migrations.RemoveField(
            model_name='contactrule',
            name='closes',
        ),
        migrations.RemoveField(
            model_name='contactrule',
            name='opens',
        ),
        migrations.RunSQL(FIXED, FREE),
    ]
