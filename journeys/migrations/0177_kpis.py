"""The ledger of daily figures, their proofs, the mails that tell them, and indexes to count days by."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0177_calendar_of_posts'),
        ('portal', '0019_parts_of_authors'),
    ]

    operations = [
        migrations.CreateModel(
            name='CutoffRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(unique=True, verbose_name='in force from')),
                ('cutoff_time', models.TimeField(verbose_name='cut-off of the day')),
                ('closed_time', models.TimeField(verbose_name='closed on the next day at')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'cut-off of reports',
                'verbose_name_plural': 'cut-offs of reports',
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='cutoff_rule_has_source')],
            },
        ),
        migrations.CreateModel(
            name='FigureDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False, verbose_name='day')),
                ('cutoff_at', models.DateTimeField(verbose_name='cut-off')),
                ('closed_at', models.DateTimeField(verbose_name='closed at')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('closed_at__gt', models.F('cutoff_at'))), name='figure_day_closes_after_cutoff')],
            },
        ),
        migrations.CreateModel(
            name='FigureEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('core_banking', 'Core banking system'), ('application', 'Card application'), ('registry', 'Company registry data'), ('internal', 'Internal data'), ('post', 'On-site post'), ('referral', 'Referral'), ('campaign', 'Campaign'), ('file', 'Imported file'), ('merchant', 'At a merchant'), ('unknown', 'Not known')], max_length=16, verbose_name='source')),
                ('filed', models.IntegerField(default=0, verbose_name='Applications filed')),
                ('approved', models.IntegerField(default=0, verbose_name='Approved')),
                ('refused', models.IntegerField(default=0, verbose_name='Refused')),
                ('withdrawn', models.IntegerField(default=0, verbose_name='Withdrawn')),
                ('issued', models.IntegerField(default=0, verbose_name='New cards')),
                ('supplementary', models.IntegerField(default=0, verbose_name='of these supplementary')),
                ('activated', models.IntegerField(default=0, verbose_name='Cards activated')),
                ('known_at', models.DateTimeField(verbose_name='known at')),
                ('day', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='journeys.figureday')),
                ('branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.staff')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.cardproduct')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'known_at', 'branch', 'team', 'person', 'product', 'source'), name='figure_entry_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('source__in', ['core_banking', 'application', 'registry', 'internal', 'post', 'referral', 'campaign', 'file', 'merchant', 'unknown'])), name='figure_entry_source_known'), models.CheckConstraint(condition=models.Q(('activated', 0), ('approved', 0), ('filed', 0), ('issued', 0), ('refused', 0), ('supplementary', 0), ('withdrawn', 0), _negated=True), name='figure_entry_says_something')],
            },
        ),
        migrations.CreateModel(
            name='FigureMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='figure_mark_of_day')],
            },
        ),
        migrations.CreateModel(
            name='FigureProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('days', models.PositiveIntegerField(verbose_name='days')),
                ('gaps', models.PositiveIntegerField(verbose_name='figures that differ')),
                ('verdict', models.CharField(choices=[('holds', 'All figures agree'), ('differs', 'Figures differ')], max_length=8, verbose_name='verdict')),
                ('is_newest', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('gaps', 0), ('verdict', 'holds')), models.Q(('gaps__gt', 0), ('verdict', 'differs')), _connector='OR'), name='figure_proof_verdict_agrees'), models.UniqueConstraint(condition=models.Q(('is_newest', True)), fields=('is_newest',), name='figure_proof_one_newest')],
            },
        ),
        migrations.CreateModel(
            name='FigureGap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('source', models.CharField(choices=[('core_banking', 'Core banking system'), ('application', 'Card application'), ('registry', 'Company registry data'), ('internal', 'Internal data'), ('post', 'On-site post'), ('referral', 'Referral'), ('campaign', 'Campaign'), ('file', 'Imported file'), ('merchant', 'At a merchant'), ('unknown', 'Not known')], max_length=16, verbose_name='source')),
                ('measure', models.CharField(choices=[('filed', 'Applications filed'), ('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('issued', 'New cards'), ('supplementary', 'of these supplementary'), ('activated', 'Cards activated')], max_length=16, verbose_name='figure')),
                ('kept', models.IntegerField(verbose_name='in the ledger')),
                ('counted', models.IntegerField(verbose_name='by the recount')),
                ('branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.staff')),
                ('product', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.cardproduct')),
                ('team', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.team')),
                ('proof', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='found', to='journeys.figureproof')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proof', 'day', 'branch', 'team', 'person', 'product', 'source', 'measure'), name='figure_gap_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('kept', models.F('counted')), _negated=True), name='figure_gap_differs')],
            },
        ),
        migrations.CreateModel(
            name='ReportMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('state', models.CharField(choices=[('sending', 'Being handed over'), ('sent', 'Sent'), ('failed', 'Not taken by the mail server')], max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=1, verbose_name='attempts')),
                ('tried_at', models.DateTimeField(verbose_name='tried at')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.staff')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'staff'), name='report_mail_once'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(('sent_at', None), ('state__in', ['sending', 'failed'])), _connector='OR'), name='report_mail_sent_has_time')],
            },
        ),
        migrations.CreateModel(
            name='ReportWish',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_wanted', models.BooleanField()),
                ('changed_at', models.DateTimeField()),
                ('staff', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.staff')),
            ],
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['filed_date'], name='application_by_filed'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('decided_date__isnull', False)), fields=['decided_date'], name='application_by_decided'),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(condition=models.Q(('activated_date__isnull', False)), fields=['activated_date'], name='card_by_activation'),
        ),
    ]
