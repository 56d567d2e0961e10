"""Uses of member benefits come by files of partners, each by the partner's own receipt."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE TRIGGER partner_use_fixed BEFORE UPDATE OR DELETE ON campaigns_partneruse
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0133_trial_grants"), ("merchants", "0002_numbers_in_addresses")]

    operations = [
        migrations.CreateModel(
            name="PartnerUse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("partner", models.CharField(max_length=40, verbose_name="merchant number")),
                ("reference", models.CharField(max_length=40, verbose_name="receipt")),
                ("used_date", models.DateField(verbose_name="used on")),
                ("units", models.PositiveSmallIntegerField(verbose_name="units")),
                ("benefit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="partner_uses", to="campaigns.benefit")),
                ("customer", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journeys.customer")),
                ("merchant", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("partner", "reference"), name="partner_use_once"),
                    models.CheckConstraint(condition=models.Q(("units__gte", 1)), name="partner_use_is_some"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER partner_use_fixed ON campaigns_partneruse"),
    ]
