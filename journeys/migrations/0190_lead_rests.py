from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0189_potential_models")]

    operations = [
        migrations.CreateModel(
            name="LeadRest",
            fields=[
                (
                    "lead",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=models.deletion.PROTECT,
                        primary_key=True,
                        related_name="rest",
                        serialize=False,
                        to="journeys.lead",
                    ),
                ),
                ("until", models.DateTimeField()),
            ],
        ),
    ]
