"""How old the dry run behind a submission may be, and how far audience and cost may move: dated rules
that are only added to."""

from django.db import migrations, models

GUARD = """
CREATE TRIGGER submissionrule_fixed BEFORE UPDATE OR DELETE ON campaigns_submissionrule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
UNGUARD = "DROP TRIGGER submissionrule_fixed ON campaigns_submissionrule;"


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0043_gift_guard_by_statement"),
        ("portal", "0013_authors_and_late_vetoes"),
    ]

    operations = [
        migrations.CreateModel(
            name="SubmissionRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective_date", models.DateField(unique=True, verbose_name="in force from")),
                ("dry_run_days", models.PositiveSmallIntegerField(help_text="A version is submitted with a dry run as of at most so many days before.", verbose_name="days a dry run is good for")),
                ("audience_percent", models.PositiveSmallIntegerField(help_text="Beyond it the approval is void, and a live run stops before it gives.", verbose_name="audience may move by (%)")),
                ("audience_slack", models.PositiveIntegerField(default=0, verbose_name="customers that never count")),
                ("cost_percent", models.PositiveSmallIntegerField(verbose_name="cost may move by (%)")),
                ("cost_slack", models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="CNY that never count")),
                ("source", models.TextField(verbose_name="source of the rule")),
            ],
            options={
                "verbose_name": "rule of submission",
                "verbose_name_plural": "rules of submission",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audience_percent__lte", 100), ("cost_percent__lte", 100), ("cost_slack__gte", 0),
                            ("dry_run_days__range", (1, 90)), models.Q(("source", ""), _negated=True),
                        ),
                        name="submission_rule_bounds",
                    )
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
