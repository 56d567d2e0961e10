"""The limit of approval is a rule with a day; the one in force until now stands as the first."""

from django.db import migrations, models
from django.db.models import F, Q

FIRST = """
CREATE TRIGGER clockrule_fixed BEFORE UPDATE OR DELETE ON journeys_clockrule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
INSERT INTO journeys_clockrule (effective_date, limit_days, near_days, source) VALUES
    ('2020-01-01', 20, 5, '本行规定：自申请之日起二十日内核发卡片；到期前五日提示。'
     'The bank''s own target: from application to issue at most 20 days; 5 days before that warn.');
"""
UNDONE = "DROP TRIGGER clockrule_fixed ON journeys_clockrule"


class Migration(migrations.Migration):
    dependencies = [("journeys", "0054_approved_on_the_clock"), ("portal", "0002_audit_chain")]
    operations = [
        migrations.CreateModel(
            name="ClockRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("effective_date", models.DateField(unique=True, verbose_name="in force from")),
                (
                    "limit_days",
                    models.PositiveSmallIntegerField(verbose_name="days from application to issue"),
                ),
                (
                    "near_days",
                    models.PositiveSmallIntegerField(
                        verbose_name="days before the limit that warn"
                    ),
                ),
                ("source", models.TextField(verbose_name="source of the rule")),
            ],
            options={
                "verbose_name": "limit of approval",
                "verbose_name_plural": "limits of approval",
                "constraints": [
                    models.CheckConstraint(
                        name="clock_rule_days",
                        condition=Q(
                            limit_days__gte=1, limit_days__lte=366, near_days__lt=F("limit_days")
                        ),
                    ),
                    models.CheckConstraint(name="clock_rule_has_source", condition=~Q(source="")),
                ],
            },
        ),
        migrations.RunSQL(FIRST, UNDONE),
    ]
