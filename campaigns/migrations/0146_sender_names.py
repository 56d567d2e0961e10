"""The names under which the bank may send: dated rows that are only added to."""

from django.db import migrations, models

GUARD = """
CREATE TRIGGER sendername_fixed BEFORE UPDATE OR DELETE ON campaigns_sendername
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
UNGUARD = "DROP TRIGGER sendername_fixed ON campaigns_sendername;"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0145_counts_of_touch_plans")]

    operations = [
        migrations.CreateModel(
            name="SenderName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="Without brackets, as it is registered with the operators.", max_length=40, verbose_name="sender")),
                ("effective_date", models.DateField(verbose_name="in force from")),
                ("is_permitted", models.BooleanField(default=True, verbose_name="may be used")),
                ("source", models.TextField(verbose_name="source of the rule")),
            ],
            options={
                "verbose_name": "sender name",
                "verbose_name_plural": "sender names",
                "constraints": [
                    models.UniqueConstraint(fields=("name", "effective_date"), name="sender_name_once"),
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[^][【】\\s][^][【】]{0,38}[^][【】\\s]$"), models.Q(("source", ""), _negated=True)),
                        name="sender_name_plain",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
