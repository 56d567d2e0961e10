"""Scores of leads; and a lead is to be scored when it comes, after each call, and when it goes to
another branch or becomes a customer."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

_PROTECT = django.db.models.deletion.PROTECT
FORWARD = """
CREATE FUNCTION journeys_lead_score_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.score_due := true;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_score_due BEFORE UPDATE OF attempts, branch_id, customer_id ON journeys_lead
    FOR EACH ROW WHEN ((NEW.attempts, NEW.branch_id, NEW.customer_id)
                       IS DISTINCT FROM (OLD.attempts, OLD.branch_id, OLD.customer_id))
    EXECUTE FUNCTION journeys_lead_score_due();
"""
BACKWARD = """
DROP TRIGGER lead_score_due ON journeys_lead;
DROP FUNCTION journeys_lead_score_due();
"""


def _of(to: str, **more: object) -> models.Field:
    return models.ForeignKey(
        db_index=False, null=True, on_delete=_PROTECT, related_name="+", to=to, **more
    )


class Migration(migrations.Migration):
    dependencies = [("journeys", "0174_calls_of_a_phone"), ("portal", "0019_parts_of_authors")]
    operations = [
        migrations.AddField(
            model_name="lead",
            name="score_due",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                name="lead_score_due", fields=["id"],
                condition=Q(score_due=True, state__in=["new", "working"]),
            ),
        ),
        migrations.CreateModel(
            name="LeadScore",
            fields=[
                (
                    "lead",
                    models.OneToOneField(
                        on_delete=_PROTECT, primary_key=True, related_name="score",
                        serialize=False, to="journeys.lead",
                    ),
                ),
                ("version", _of("journeys.callmodel")),
                ("chance", models.FloatField(null=True)),
                ("points", models.PositiveSmallIntegerField(null=True)),
                ("facts", models.JSONField()),
                ("scored_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        name="lead_score_is_one",
                        condition=Q(chance=None, points__isnull=False)
                        | Q(chance__isnull=False, points=None, version__isnull=False),
                    ),
                    models.CheckConstraint(
                        name="lead_score_in_bounds",
                        condition=(Q(chance=None) | Q(chance__gte=0, chance__lte=1))
                        & (Q(points=None) | Q(points__lte=100)),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadScoring",
            fields=[
                (
                    "branch",
                    models.OneToOneField(
                        on_delete=_PROTECT, primary_key=True, related_name="+",
                        serialize=False, to="portal.branch",
                    ),
                ),
                ("version", _of("journeys.callmodel")),
                ("up_to", models.PositiveBigIntegerField(null=True)),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]  # fmt: skip
