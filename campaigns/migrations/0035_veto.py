"""A version that compliance vetoed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0031_word_decisions_stay"),
    ]

    operations = [
        migrations.AlterField(
            model_name='campaignversion',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Waiting for approval'), ('approved', 'Approved'), ('returned', 'Returned'), ('vetoed', 'Vetoed')], default='draft', max_length=10),
        ),
    ]
