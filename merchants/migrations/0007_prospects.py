"""Leads of merchants that may become partners, and deals."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0006_name_keys'),
        ('portal', '0018_imports_again'),
    ]

    operations = [
        migrations.CreateModel(
            name='MerchantLead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('first_contact_date', models.DateField()),
                ('origin', models.CharField(blank=True, max_length=40)),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
            ],
        ),
        migrations.CreateModel(
            name='MerchantDeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('won_date', models.DateField()),
                ('developer', models.CharField(blank=True, max_length=40)),
                ('representative', models.CharField(blank=True, max_length=40)),
                ('segment', models.CharField(blank=True, max_length=60)),
                ('merchant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deals', to='merchants.merchant')),
                ('lead', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='deal', to='merchants.merchantlead')),
            ],
        ),
        migrations.AddIndex(
            model_name='merchantlead',
            index=models.Index(fields=['origin'], name='merchant_lead_by_origin'),
        ),
        migrations.AddConstraint(
            model_name='merchantlead',
            constraint=models.CheckConstraint(condition=models.Q(('number__regex', '^(?!\\.{1,2}$)[^/\\\\?#%]+$')), name='merchant_lead_number_addressable'),
        ),
        migrations.AddIndex(
            model_name='merchantdeal',
            index=models.Index(fields=['representative'], name='merchant_deal_by_person'),
        ),
    ]
