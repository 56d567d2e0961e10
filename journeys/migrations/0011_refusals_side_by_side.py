"""Each refusal stands beside the first one, under the key of its source."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0010_consent_texts"),
    ]

    operations = [
        migrations.AddField(
            model_name='donotcontact',
            name='reference',
            field=models.CharField(max_length=80, null=True),
        ),
        migrations.AlterField(
            model_name='donotcontact',
            name='at',
            field=models.DateTimeField(verbose_name='said at'),
        ),
        migrations.AlterField(
            model_name='donotcontact',
            name='customer',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='refusals', to='journeys.customer'),
        ),
        migrations.AddIndex(
            model_name='donotcontact',
            index=models.Index(fields=['customer', 'at', 'id'], name='do_not_contact_of_customer'),
        ),
        migrations.AddIndex(
            model_name='donotcontact',
            index=models.Index(fields=['-at', '-id'], name='do_not_contact_said'),
        ),
        migrations.AddConstraint(
            model_name='donotcontact',
            constraint=models.UniqueConstraint(fields=('reference',), name='do_not_contact_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='donotcontact',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='do_not_contact_has_words'),
        ),
        migrations.AddConstraint(
            model_name='donotcontact',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), _negated=True), name='do_not_contact_reference_not_empty'),
        ),
    ]
