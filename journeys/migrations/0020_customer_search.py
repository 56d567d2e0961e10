"""Customers are found by initials, by the end of the phone, and by the full e-mail address."""

import django.db.models.expressions
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0019_points_by_batch")]
    operations = [
        migrations.AddField(
            "customer",
            "name_initials",
            models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("name_pinyin"),
                    models.Value("([^ ])[^ ]* ?"),
                    models.Value(r"\1"),
                    models.Value("g"),
                    function="regexp_replace",
                ),
                output_field=models.CharField(max_length=200),
            ),
        ),
        migrations.AddIndex(
            "customer", models.Index(fields=["email_index"], name="customer_email_index")
        ),
        migrations.AddIndex(
            "customer",
            models.Index(
                django.db.models.functions.text.Right("phone_masked", 4),
                models.F("id"),
                name="customer_phone_tail",
            ),
        ),
        migrations.AddIndex(
            "customer", models.Index(fields=["name_initials", "id"], name="customer_initials")
        ),
    ]
