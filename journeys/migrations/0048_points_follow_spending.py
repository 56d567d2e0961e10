"""A batch of points may be corrected: it is worth its entry and the corrections that name it."""

import importlib

from django.db import migrations, models
from django.db.models import Q

_first = importlib.import_module("journeys.migrations.0019_points_by_batch")

KINDS = [
    ("earned", "Earned"), ("redeemed", "Redeemed"), ("expired", "Expired"),
    ("restored", "Given back"), ("adjusted", "Corrected"),
]


def _replaced(text, *pairs):
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


# The worth of a batch is written together with what was used and what expired of it, so that the
# row adds up at every moment.
SETTLE = _replaced(
    _first.SETTLE,
    ("rest bigint[]; lost bigint[];", "rest bigint[]; lost bigint[]; worth bigint[];"),
    (
        "            array_agg(points), array_agg(expired)\n"
        "        INTO batches, days, ends, rest, lost\n",
        "            array_agg(worth_now), array_agg(expired), array_agg(worth_now)\n"
        "        INTO batches, days, ends, rest, lost, worth\n",
    ),
    (
        "            SELECT b.* FROM journeys_pointsbatch b\n"
        "            JOIN journeys_pointsentry e ON e.id = b.entry_id\n",
        "            SELECT b.*, e.points + coalesce(corrected.points, 0)::bigint AS worth_now\n"
        "            FROM journeys_pointsbatch b\n"
        "            JOIN journeys_pointsentry e ON e.id = b.entry_id\n"
        "            LEFT JOIN (\n"
        "                SELECT batch_id, sum(points) AS points FROM journeys_pointsentry\n"
        "                WHERE customer_id = holder AND kind = 'adjusted' GROUP BY batch_id\n"
        "            ) corrected ON corrected.batch_id = b.entry_id\n",
    ),
    (
        "        UPDATE journeys_pointsbatch b SET used = b.points - now.rest,\n",
        "        UPDATE journeys_pointsbatch b SET points = now.worth, used = now.worth - now.rest,\n",
    ),
    (
        "        FROM unnest(batches, rest) AS now (entry_id, rest)\n"
        "        WHERE b.entry_id = now.entry_id AND b.used <> b.points - now.rest;\n",
        "        FROM unnest(batches, rest, worth) AS now (entry_id, rest, worth)\n"
        "        WHERE b.entry_id = now.entry_id\n"
        "            AND (b.points, b.used) <> (now.worth, now.worth - now.rest);\n",
    ),
)
FOLLOW = _replaced(
    _first.FOLLOW.partition("CREATE TRIGGER")[0],
    (
        "IF NOT EXISTS (SELECT FROM come WHERE batch_id IS NULL) THEN",
        "IF NOT EXISTS (SELECT FROM come WHERE batch_id IS NULL OR kind = 'adjusted') THEN",
    ),
    (
        "        FROM (SELECT DISTINCT customer_id FROM come WHERE batch_id IS NULL) told\n"
        "        WHERE EXISTS (\n",
        "        FROM (\n"
        "            SELECT customer_id, bool_or(kind = 'adjusted') AS is_corrected FROM come\n"
        "            WHERE batch_id IS NULL OR kind = 'adjusted' GROUP BY customer_id\n"
        "        ) told\n"
        "        WHERE is_corrected OR EXISTS (\n",
    ),
)
BEFORE = (_first.SETTLE + _first.FOLLOW.partition("CREATE TRIGGER")[0]).replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
GAINED = ["earned", "restored"]


class Migration(migrations.Migration):
    dependencies = [("journeys", "0047_copies_within_limit")]
    operations = [
        migrations.AlterField(
            "pointsentry", "kind",
            models.CharField(choices=KINDS, max_length=8, verbose_name="kind"),
        ),
        migrations.RemoveConstraint("pointsentry", "points_sign_follows_kind"),
        migrations.AddConstraint(
            "pointsentry",
            models.CheckConstraint(
                name="points_sign_follows_kind",
                condition=Q(kind__in=GAINED, points__gt=0)
                | (Q(kind="adjusted") & ~Q(points=0))
                | (~Q(kind__in=[*GAINED, "adjusted"]) & Q(points__lt=0)),
            ),
        ),
        migrations.RemoveConstraint("pointsentry", "points_batch_follows_kind"),
        migrations.AddConstraint(
            "pointsentry",
            models.CheckConstraint(
                name="points_batch_follows_kind",
                condition=Q(kind__in=["restored", "adjusted"], batch__isnull=False)
                | Q(kind="expired")
                | Q(kind__in=["earned", "redeemed"], batch=None),
            ),
        ),
        migrations.AddIndex(
            "pointsentry",
            models.Index(
                name="points_of_spending", fields=["on_date"],
                condition=Q(reference__startswith="earned:"),
            ),
        ),
        migrations.RunSQL(SETTLE + FOLLOW, BEFORE),
    ]
