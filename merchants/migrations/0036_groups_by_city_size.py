"""Groups of partners are of the sizes of cities that merchants are compared by."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("merchants", "0035_most_of_one_customer")]
    operations = [
        migrations.AlterField(
            model_name="fundshare",
            name="kind",
            field=models.CharField(
                choices=[
                    ("scenario", "Scenario"), ("city_tier", "City size"), ("branch", "Branch"),
                ],
                max_length=12, verbose_name="grouped by",
            ),
        ),
    ]  # fmt: skip
