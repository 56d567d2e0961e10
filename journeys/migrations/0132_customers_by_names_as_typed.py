"""A name is found as it is typed: without its blanks, with signs of full width or without, in
capitals or small letters (0150)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0131_refunds_of_a_customer")]
    operations = [
        migrations.RemoveIndex("customer", "customer_name"),
        migrations.AddIndex(
            "customer",
            models.Index(
                models.Func(
                    "name",
                    template=(
                        "lower(replace(normalize(%(expressions)s, NFKC), ' ', '') COLLATE \"C\")"
                    ),
                    output_field=models.TextField(),
                ),
                "id",
                name="customer_name_typed",
            ),
        ),
        # How often each beginning is met is known of an expression by this alone.
        migrations.RunSQL("ANALYZE journeys_customer", migrations.RunSQL.noop),
    ]
