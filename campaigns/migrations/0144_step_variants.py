"""The receipt of a step says in which of its variants it was told; the variants are counted by an
index that holds such rows alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0143_control_group_marked"),
        ("journeys", "0139_message_variant"),
    ]

    operations = [
        migrations.AddField(
            model_name="touchstep",
            name="variant",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=40, verbose_name="variant"
            ),
        ),
        migrations.AddIndex(
            model_name="touchstep",
            index=models.Index(
                condition=models.Q(("variant", ""), _negated=True),
                fields=["version", "code", "variant", "state"],
                name="touch_step_variants",
            ),
        ),
    ]
