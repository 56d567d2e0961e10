"""How fast a gateway may be given messages: rows with a day and a source, only added to."""

from django.db import migrations, models

GUARD = """
CREATE TRIGGER sending_rate_fixed BEFORE UPDATE OR DELETE ON journeys_sendingrate
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
UNGUARD = "DROP TRIGGER sending_rate_fixed ON journeys_sendingrate"


class Migration(migrations.Migration):

    dependencies = [("journeys", "0111_origin_halts")]

    operations = [
        migrations.CreateModel(
            name="SendingRate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(choices=[("sms", "SMS"), ("email", "E-mail"), ("phone", "Telephone")], max_length=8, verbose_name="channel")),
                ("gateway", models.CharField(blank=True, max_length=120, verbose_name="gateway")),
                ("effective_date", models.DateField(verbose_name="in force from")),
                ("per_minute", models.PositiveIntegerField(verbose_name="messages in a minute")),
                ("burst", models.PositiveIntegerField(verbose_name="at once, at most")),
                ("source", models.CharField(max_length=200, verbose_name="source of the rule")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "gateway", "effective_date"), name="sending_rate_once"),
                    models.CheckConstraint(condition=models.Q(("burst__gte", 1), ("per_minute__gte", 1)), name="sending_rate_lets_through"),
                    models.CheckConstraint(condition=models.Q(("source", ""), _negated=True), name="sending_rate_has_source"),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
