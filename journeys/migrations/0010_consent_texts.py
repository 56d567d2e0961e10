"""A consent names the words that were agreed to; statements come in under the source's own key."""

import django.db.models.deletion
from django.db import migrations, models


# What was agreed to so far named a version alone: its words were not kept with it.
FILL = """
ALTER TABLE journeys_consent DISABLE TRIGGER consent_fixed;
INSERT INTO journeys_consenttext (code, version, purpose, words, words_en, effective_date)
SELECT left(coalesce(nullif(text_version, ''), 'unversioned'), 32), 1, 'marketing',
       '此版本的原文未随同意记录保存。', 'The words of this version were not kept with its consents.',
       min(least(effective_at, recorded_at))::date
FROM journeys_consent WHERE is_granted GROUP BY 1;
UPDATE journeys_consent AS said SET text_id = named.id FROM journeys_consenttext AS named
WHERE said.is_granted
  AND named.code = left(coalesce(nullif(said.text_version, ''), 'unversioned'), 32);
UPDATE journeys_consent SET evidence = '–' WHERE evidence = '';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE journeys_consent ENABLE TRIGGER consent_fixed;
"""
FIXED = """
CREATE TRIGGER consenttext_fixed BEFORE UPDATE OR DELETE ON journeys_consenttext
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
FREE = "DROP TRIGGER consenttext_fixed ON journeys_consenttext"

class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0009_care"),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsentText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=32, verbose_name='code')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('purpose', models.CharField(choices=[('marketing', 'Marketing'), ('sharing', 'Data shared with a merchant'), ('decisions', 'Decisions made by machines')], max_length=12, verbose_name='purpose')),
                ('words', models.TextField(verbose_name='words in Chinese')),
                ('words_en', models.TextField(verbose_name='words in English')),
                ('effective_date', models.DateField(verbose_name='in force from')),
            ],
        ),
        migrations.AddConstraint(
            model_name='consenttext',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='consent_text_once'),
        ),
        migrations.AddConstraint(
            model_name='consenttext',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='consent_text_version_counts'),
        ),
        migrations.AddConstraint(
            model_name='consenttext',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('words', ''), _negated=True), models.Q(('words_en', ''), _negated=True)), name='consent_text_has_words'),
        ),
        migrations.AddConstraint(
            model_name='consenttext',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['marketing', 'sharing', 'decisions'])), name='consent_text_purpose_known'),
        ),
        migrations.AddField(
            model_name='consent',
            name='reference',
            field=models.CharField(max_length=80, null=True),
        ),
        migrations.AddField(
            model_name='consent',
            name='text',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='journeys.consenttext'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='consent',
            name='consent_latest',
        ),
        migrations.RemoveField(
            model_name='consent',
            name='text_version',
        ),
        migrations.AlterField(
            model_name='consent',
            name='channel',
            field=models.CharField(blank=True, choices=[('sms', 'SMS'), ('email', 'E-mail'), ('phone', 'Telephone')], max_length=8, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='consent',
            name='purpose',
            field=models.CharField(choices=[('marketing', 'Marketing'), ('sharing', 'Data shared with a merchant'), ('decisions', 'Decisions made by machines')], max_length=12, verbose_name='purpose'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['customer', 'purpose'], include=('channel', 'effective_at', 'recorded_at', 'is_granted'), name='consent_of_customer'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['-recorded_at', '-id'], name='consent_recorded'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(fields=['text', '-recorded_at', '-id'], name='consent_text_recorded'),
        ),
        migrations.AddIndex(
            model_name='consent',
            index=models.Index(condition=models.Q(('is_granted', False)), fields=['channel', '-recorded_at', '-id'], name='consent_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.UniqueConstraint(fields=('reference',), name='consent_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel__in', ['sms', 'email', 'phone']), ('purpose', 'marketing')), models.Q(('channel', ''), ('purpose__in', ['sharing', 'decisions'])), _connector='OR'), name='consent_channel_of_marketing_alone'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_granted', True), ('text__isnull', False)), models.Q(('is_granted', False), ('text__isnull', True)), _connector='OR'), name='consent_given_names_its_text'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('is_granted', True), ('effective_at__lte', models.F('recorded_at')), _connector='OR'), name='consent_withdrawn_at_once'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('evidence', ''), _negated=True), name='consent_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='consent_reference_not_empty'),
        ),
        migrations.RunSQL(FIXED, FREE),
    ]
