"""Up to which minute calls were asked about in turn, so that a late sweep skips nobody's turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0155_joint_returns")]

    operations = [
        migrations.CreateModel(
            name="CallTurn",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, primary_key=True, serialize=False
                    ),
                ),
                ("asked_until", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="call_turn_one_row"
                    )
                ],
            },
        ),
    ]
