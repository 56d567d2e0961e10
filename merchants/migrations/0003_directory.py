"""Divisions, stores, contact persons, contracts, clauses on data, requests about partners, merges."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0002_numbers_in_addresses'),
        ('portal', '0018_imports_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='ContactReveal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('name', 'Full name'), ('phone', 'Phone'), ('email', 'E-mail')], max_length=8)),
                ('kind', models.CharField(choices=[('call', 'To call or write to the merchant'), ('visit', 'To prepare a visit'), ('correction', 'Checking or correcting the data'), ('review', 'Compliance review')], max_length=12)),
                ('words', models.TextField()),
                ('at', models.DateTimeField()),
                ('on_date', models.DateField()),
                ('number_of_day', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='DataClause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('talks', 'In talks'), ('signed', 'Signed')], max_length=8, verbose_name='state')),
                ('purposes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('redemption', 'Redeeming offers at the till'), ('membership', "Linking the merchant's membership"), ('settlement', 'Settling shared costs'), ('service', 'Handling complaints together')], max_length=12), size=None, verbose_name='purposes')),
                ('data_kinds', models.CharField(blank=True, max_length=200, verbose_name='kinds of data')),
                ('handling', models.CharField(blank=True, max_length=400, verbose_name='way of handling')),
                ('first_date', models.DateField(blank=True, null=True, verbose_name='holds from')),
                ('last_date', models.DateField(blank=True, null=True, verbose_name='last day')),
            ],
        ),
        migrations.CreateModel(
            name='Division',
            fields=[
                ('code', models.CharField(max_length=6, primary_key=True, serialize=False, verbose_name='code')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('name_en', models.CharField(max_length=60, verbose_name='English name')),
            ],
        ),
        migrations.CreateModel(
            name='MerchantContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='contact number')),
                ('role', models.CharField(choices=[('owner', 'Owner or legal representative'), ('manager', 'Manager of the business'), ('store', 'Manager of a store'), ('finance', 'Finance'), ('marketing', 'Marketing'), ('other', 'Other')], max_length=12, verbose_name='role')),
                ('name_sealed', models.BinaryField(null=True)),
                ('name_index', models.BinaryField(max_length=17, null=True)),
                ('name_masked', models.CharField(max_length=40, verbose_name='name')),
                ('phone_sealed', models.BinaryField(null=True)),
                ('phone_index', models.BinaryField(max_length=17, null=True)),
                ('phone_masked', models.CharField(blank=True, max_length=20, verbose_name='phone')),
                ('email_sealed', models.BinaryField(null=True)),
                ('email_index', models.BinaryField(max_length=17, null=True)),
                ('email_masked', models.CharField(blank=True, max_length=120, verbose_name='e-mail')),
                ('is_main', models.BooleanField(default=False, verbose_name='main contact')),
                ('left_date', models.DateField(blank=True, null=True, verbose_name='left on')),
            ],
        ),
        migrations.CreateModel(
            name='MerchantContract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='contract number')),
                ('signed_date', models.DateField(verbose_name='signed on')),
                ('first_date', models.DateField(verbose_name='holds from')),
                ('last_date', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('notice_days', models.PositiveSmallIntegerField(default=0, verbose_name='days of notice')),
                ('renewal', models.CharField(choices=[('none', 'It ends'), ('talks', 'New talks'), ('automatic', 'It goes on unless notice is given')], default='talks', max_length=12, verbose_name='at its end')),
                ('renewal_months', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='months that it goes on')),
                ('words', models.TextField(blank=True, verbose_name='remarks')),
            ],
        ),
        migrations.CreateModel(
            name='MerchantMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moved', models.JSONField()),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('undo_reason', models.TextField(blank=True, verbose_name='why it was undone')),
            ],
        ),
        migrations.CreateModel(
            name='PartnerRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(choices=[('admit', 'Admit as a partner'), ('release', 'End the partnership')], max_length=8, verbose_name='what is asked')),
                ('reason', models.TextField(verbose_name='reason')),
                ('asked_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('pending', 'Waits for approval'), ('approved', 'Approved'), ('returned', 'Returned')], default='pending', max_length=8, verbose_name='state')),
                ('closed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Store',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='store number')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('name_en', models.CharField(blank=True, max_length=120, verbose_name='English name')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('open', 'Open'), ('paused', 'Closed for a time'), ('closed', 'Closed for good')], default='open', max_length=8, verbose_name='state')),
                ('opened_date', models.DateField(blank=True, null=True, verbose_name='opened on')),
                ('closed_date', models.DateField(blank=True, null=True, verbose_name='closed on')),
            ],
        ),
        migrations.AddField(
            model_name='merchant',
            name='credit_code',
            field=models.CharField(blank=True, max_length=18, verbose_name='unified social credit code'),
        ),
        migrations.AddField(
            model_name='merchant',
            name='legal_name',
            field=models.CharField(blank=True, max_length=160, verbose_name='registered name'),
        ),
        migrations.AddField(
            model_name='merchant',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='aliases', to='merchants.merchant'),
        ),
        migrations.AddField(
            model_name='merchant',
            name='name_key',
            field=models.CharField(blank=True, max_length=240),
        ),
        migrations.AddField(
            model_name='merchant',
            name='source',
            field=models.CharField(choices=[('acquiring', 'Acquiring system'), ('manager', 'Found by a relationship manager'), ('lead', 'Lead that was won'), ('referral', 'Referred by another merchant'), ('other', 'Another source')], default='acquiring', max_length=12, verbose_name='source'),
        ),
        migrations.AddIndex(
            model_name='merchant',
            index=models.Index(condition=models.Q(('credit_code', ''), _negated=True), fields=['credit_code'], name='merchant_by_credit_code'),
        ),
        migrations.AddIndex(
            model_name='merchant',
            index=models.Index(condition=models.Q(('name_key', ''), _negated=True), fields=['name_key'], name='merchant_by_name_key'),
        ),
        migrations.AddConstraint(
            model_name='merchant',
            constraint=models.CheckConstraint(condition=models.Q(('credit_code__regex', '^([0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10})?$')), name='merchant_credit_code_form'),
        ),
        migrations.AddConstraint(
            model_name='merchant',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['acquiring', 'manager', 'lead', 'referral', 'other'])), name='merchant_source_known'),
        ),
        migrations.AddConstraint(
            model_name='merchant',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), models.Q(('merged_into', models.F('id')), _negated=True), _connector='OR'), name='merchant_not_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='merchant',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', None), ('is_partner', False), _connector='OR'), name='merchant_merged_is_no_partner'),
        ),
        migrations.AddField(
            model_name='contactreveal',
            name='actor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='dataclause',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clauses', to='merchants.merchant'),
        ),
        migrations.AddConstraint(
            model_name='division',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^(\\d{2}|\\d{4}|\\d{6})$')), name='division_code_form'),
        ),
        migrations.AddField(
            model_name='merchantcontact',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='merchants.merchant'),
        ),
        migrations.AddField(
            model_name='contactreveal',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='merchants.merchantcontact'),
        ),
        migrations.AddField(
            model_name='merchantcontract',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='merchants.merchant'),
        ),
        migrations.AddField(
            model_name='merchantmerge',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='merchantmerge',
            name='kept',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='merchants.merchant'),
        ),
        migrations.AddField(
            model_name='merchantmerge',
            name='merged',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_by', to='merchants.merchant'),
        ),
        migrations.AddField(
            model_name='merchantmerge',
            name='undone_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='partnerrequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='partnerrequest',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partner_requests', to='merchants.merchant'),
        ),
        migrations.AddField(
            model_name='store',
            name='division',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stores', to='merchants.division', verbose_name='division'),
        ),
        migrations.AddField(
            model_name='store',
            name='merchant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stores', to='merchants.merchant'),
        ),
        migrations.AddConstraint(
            model_name='dataclause',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_date', None), ('last_date', None), ('state', 'talks')), models.Q(('first_date__isnull', False), ('last_date__isnull', False), ('state', 'signed'), models.Q(('purposes', []), _negated=True), models.Q(('data_kinds', ''), _negated=True), models.Q(('handling', ''), _negated=True)), _connector='OR'), name='data_clause_signed_says_all'),
        ),
        migrations.AddConstraint(
            model_name='dataclause',
            constraint=models.CheckConstraint(condition=models.Q(('last_date', None), ('last_date__gte', models.F('first_date')), _connector='OR'), name='data_clause_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='dataclause',
            constraint=models.CheckConstraint(condition=models.Q(('purposes__contained_by', ['redemption', 'membership', 'settlement', 'service'])), name='data_clause_purposes_known'),
        ),
        migrations.AddConstraint(
            model_name='dataclause',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'talks')), fields=('merchant',), name='data_clause_one_in_talks'),
        ),
        migrations.AddConstraint(
            model_name='dataclause',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state', 'signed')), expressions=[('merchant', '='), (models.Func('first_date', 'last_date', models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='data_clause_no_overlap'),
        ),
        migrations.AddIndex(
            model_name='merchantcontact',
            index=models.Index(fields=['phone_index'], name='merchant_contact_by_phone'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontact',
            constraint=models.CheckConstraint(condition=models.Q(('number__regex', '^(?!\\.{1,2}$)[^/\\\\?#%]+$')), name='merchant_contact_number_addressable'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontact',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'manager', 'store', 'finance', 'marketing', 'other'])), name='merchant_contact_role_known'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('phone_index', None), ('phone_sealed', None)), models.Q(('phone_index__isnull', False), ('phone_sealed__isnull', False)), _connector='OR'), name='merchant_contact_phone_with_index'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email_index', None), ('email_sealed', None)), models.Q(('email_index__isnull', False), ('email_sealed__isnull', False)), _connector='OR'), name='merchant_contact_email_with_index'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontact',
            constraint=models.UniqueConstraint(condition=models.Q(('is_main', True), ('left_date', None)), fields=('merchant',), name='merchant_contact_one_main'),
        ),
        migrations.AddIndex(
            model_name='contactreveal',
            index=models.Index(fields=['-at', '-id'], name='contact_reveal_newest'),
        ),
        migrations.AddConstraint(
            model_name='contactreveal',
            constraint=models.UniqueConstraint(fields=('actor', 'on_date', 'number_of_day'), name='contact_reveal_number_once'),
        ),
        migrations.AddConstraint(
            model_name='contactreveal',
            constraint=models.CheckConstraint(condition=models.Q(('number_of_day__range', (1, 40))), name='contact_reveal_within_limit'),
        ),
        migrations.AddConstraint(
            model_name='contactreveal',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='contact_reveal_has_words'),
        ),
        migrations.AddConstraint(
            model_name='contactreveal',
            constraint=models.CheckConstraint(condition=models.Q(('field__in', ['name', 'phone', 'email'])), name='contact_reveal_field_known'),
        ),
        migrations.AddConstraint(
            model_name='contactreveal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['call', 'visit', 'correction', 'review'])), name='contact_reveal_kind_known'),
        ),
        migrations.AddIndex(
            model_name='merchantcontract',
            index=models.Index(fields=['last_date'], name='merchant_contract_ends'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontract',
            constraint=models.CheckConstraint(condition=models.Q(('last_date', None), ('last_date__gt', models.F('first_date')), _connector='OR'), name='merchant_contract_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontract',
            constraint=models.CheckConstraint(condition=models.Q(('last_date', None), ('signed_date__lte', models.F('last_date')), _connector='OR'), name='merchant_contract_signed_before_end'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontract',
            constraint=models.CheckConstraint(condition=models.Q(('notice_days__lte', 366)), name='merchant_contract_notice_short'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('last_date__isnull', False), ('renewal', 'automatic'), ('renewal_months__isnull', False), ('renewal_months__range', (1, 60))), models.Q(('renewal__in', ['none', 'talks']), ('renewal_months', None)), _connector='OR'), name='merchant_contract_renewal_said'),
        ),
        migrations.AddConstraint(
            model_name='merchantcontract',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('merchant', '='), (models.Func('first_date', 'last_date', models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='merchant_contract_no_overlap'),
        ),
        migrations.AddConstraint(
            model_name='merchantmerge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('merged',), name='merchant_merge_one_standing'),
        ),
        migrations.AddConstraint(
            model_name='merchantmerge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('merged')), _negated=True), name='merchant_merge_of_two'),
        ),
        migrations.AddConstraint(
            model_name='merchantmerge',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='merchant_merge_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='merchantmerge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undo_reason', ''), ('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False), models.Q(('undo_reason', ''), _negated=True)), _connector='OR'), name='merchant_merge_undone_says_all'),
        ),
        migrations.AddConstraint(
            model_name='partnerrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('merchant',), name='partner_request_one_pending'),
        ),
        migrations.AddConstraint(
            model_name='partnerrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'pending')), models.Q(('closed_at__isnull', False), ('state__in', ['approved', 'returned'])), _connector='OR'), name='partner_request_closed_has_time'),
        ),
        migrations.AddConstraint(
            model_name='partnerrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='partner_request_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='partnerrequest',
            constraint=models.CheckConstraint(condition=models.Q(('step__in', ['admit', 'release'])), name='partner_request_step_known'),
        ),
        migrations.AddConstraint(
            model_name='store',
            constraint=models.CheckConstraint(condition=models.Q(('number__regex', '^(?!\\.{1,2}$)[^/\\\\?#%]+$')), name='store_number_addressable'),
        ),
        migrations.AddConstraint(
            model_name='store',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'open', 'paused', 'closed'])), name='store_state_known'),
        ),
        migrations.AddConstraint(
            model_name='store',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_date__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_date', None)), _connector='OR'), name='store_closed_has_date'),
        ),
        migrations.AddConstraint(
            model_name='store',
            constraint=models.CheckConstraint(condition=models.Q(('opened_date', None), ('closed_date', None), ('closed_date__gte', models.F('opened_date')), _connector='OR'), name='store_closed_after_opening'),
        ),
    ]
