"""Decisions of earlier runs keep the days of their card as they are known now. What they were near
to was not noted: a later live run stands on none of them, so that the next is about everybody."""

from django.db import migrations, models
from django.db.models import Q

_FILL = """
UPDATE campaigns_decision decision
SET issued_date = card.issued_date, activated_date = card.activated_date,
    filed_date = (SELECT filed_date FROM journeys_application application
                  WHERE application.id = card.application_id)
FROM journeys_card card WHERE card.id = decision.card_id
"""
_FORGET = "UPDATE campaigns_run SET mark = '' WHERE mark <> ''"


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0126_decisions_keep_days"),
        ("journeys", "__first__"),
    ]

    operations = [
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RunSQL(_FORGET, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=Q(("given", None), ("award", "granted"), _connector="OR"),
                name="decision_given_is_granted",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=Q(("card", None), ("issued_date__isnull", False), _connector="OR"),
                name="decision_card_has_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("deadline", None), ("gap", None)),
                    Q(
                        ("deadline__isnull", False),
                        ("gap__gt", 0),
                        ("outcome__in", ["not_qualified", "no_tier"]),
                    ),
                    _connector="OR",
                ),
                name="decision_near_has_deadline",
            ),
        ),
    ]
