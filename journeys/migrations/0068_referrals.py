"""Who brought whom."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0064_refusals_of_erased"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True, verbose_name="application number")),
                ("on_date", models.DateField(verbose_name="brought on")),
                ("application", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="referral", to="journeys.application")),
                ("recorded_by", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("referred", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="brought_by", to="journeys.customer")),
                ("referrer", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="brought", to="journeys.customer")),
            ],
            options={
                "indexes": [models.Index(fields=["referrer", "on_date"], name="referral_of_referrer")],
                "constraints": [models.CheckConstraint(condition=models.Q(("referrer", models.F("referred")), _negated=True), name="referral_not_of_oneself")],
            },
        ),
    ]
