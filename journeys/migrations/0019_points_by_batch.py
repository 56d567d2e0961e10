"""What is left of each batch of points: it follows from the ledger, and expires."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

KINDS = [
    ("earned", "Earned"), ("redeemed", "Redeemed"), ("expired", "Expired"),
    ("restored", "Given back"),
]

# Replays what a source told about each holder, day by day: points that arrive pay first what is
# owed; points told as expired take from batches whose day has come; what is redeemed takes from
# those that are still good; always first in, first out. What nothing covers is owed.
#
# What a batch gave depends on the told entries alone, not on the order in which they were told,
# nor on what the house let expire. Where more expired than the batch still had, the difference is
# given back by an entry of its own; where less did, the next call of expire_points finds the rest.
SETTLE = """
CREATE FUNCTION journeys_settle_points(holders bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    holder bigint;
    batches bigint[]; days date[]; ends date[]; rest bigint[]; lost bigint[];
    told record;
    arrived int; owed bigint; wanted bigint; part bigint;
BEGIN
    FOREACH holder IN ARRAY holders LOOP
        SELECT array_agg(entry_id), array_agg(on_date), array_agg(expires_date),
            array_agg(points), array_agg(expired)
        INTO batches, days, ends, rest, lost
        FROM (
            SELECT b.* FROM journeys_pointsbatch b
            JOIN journeys_pointsentry e ON e.id = b.entry_id
            WHERE b.customer_id = holder
            ORDER BY b.on_date, b.expires_date, e.reference COLLATE "C"
        ) first_in;
        CONTINUE WHEN batches IS NULL;
        arrived := 0;
        owed := 0;
        FOR told IN
            SELECT on_date, kind, -points AS points FROM journeys_pointsentry
            WHERE customer_id = holder AND points < 0 AND batch_id IS NULL
            UNION ALL SELECT 'infinity', 'end', 0
            ORDER BY on_date, kind
        LOOP
            WHILE arrived < cardinality(batches) AND days[arrived + 1] <= told.on_date LOOP
                arrived := arrived + 1;
                part := least(owed, rest[arrived]);
                owed := owed - part;
                rest[arrived] := rest[arrived] - part;
            END LOOP;
            wanted := told.points;
            IF told.kind = 'expired' THEN
                FOR place IN 1 .. arrived LOOP
                    EXIT WHEN wanted = 0;
                    IF ends[place] <= told.on_date THEN
                        part := least(wanted, rest[place]);
                        wanted := wanted - part;
                        rest[place] := rest[place] - part;
                    END IF;
                END LOOP;
            END IF;
            FOR place IN 1 .. arrived LOOP
                EXIT WHEN wanted = 0;
                IF ends[place] IS NULL OR ends[place] > told.on_date THEN
                    part := least(wanted, rest[place]);
                    wanted := wanted - part;
                    rest[place] := rest[place] - part;
                END IF;
            END LOOP;
            owed := owed + wanted;
        END LOOP;
        IF EXISTS (SELECT FROM unnest(lost, rest) AS now (lost, rest) WHERE now.lost > now.rest) THEN
            INSERT INTO journeys_pointsentry
                (reference, customer_id, kind, points, on_date, batch_id)
            SELECT 'restored:' || b.entry_id || ':' || b.changes + 1, holder, 'restored',
                b.expired - now.rest, b.expires_date, b.entry_id
            FROM unnest(batches, rest) AS now (entry_id, rest)
            JOIN journeys_pointsbatch b ON b.entry_id = now.entry_id
            WHERE b.expired > now.rest
            ORDER BY b.entry_id;
        END IF;
        UPDATE journeys_pointsbatch b SET used = b.points - now.rest,
            expired = least(b.expired, now.rest),
            changes = b.changes + (b.expired > now.rest)::int
        FROM unnest(batches, rest) AS now (entry_id, rest)
        WHERE b.entry_id = now.entry_id AND b.used <> b.points - now.rest;
    END LOOP;
END $$;
"""
# Entries of the house itself name their batch and change nothing here. The lock is that of the
# import: one after the other settles, and sees what the one before has committed.
FOLLOW = """
CREATE FUNCTION journeys_points_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    holders bigint[];
BEGIN
    IF NOT EXISTS (SELECT FROM come WHERE batch_id IS NULL) THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('intake:points', 0));
    INSERT INTO journeys_pointsbatch
        (entry_id, customer_id, on_date, expires_date, points, used, expired, changes)
    SELECT id, customer_id, on_date, expires_date, points, 0, 0, 0
    FROM come WHERE kind = 'earned' ORDER BY id;
    -- Who never used any has nothing to settle. Planned anew each time: one customer and a
    -- million need different plans.
    EXECUTE $plan$
        SELECT array_agg(customer_id ORDER BY customer_id)
        FROM (SELECT DISTINCT customer_id FROM come WHERE batch_id IS NULL) told
        WHERE EXISTS (
            SELECT FROM journeys_pointsentry e
            WHERE e.customer_id = told.customer_id AND e.points < 0 AND e.batch_id IS NULL
        )
    $plan$ INTO holders;
    IF holders IS NOT NULL THEN
        PERFORM journeys_settle_points(holders);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER points_batches_follow AFTER INSERT ON journeys_pointsentry
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION journeys_points_follow();
"""
FILL = """
INSERT INTO journeys_pointsbatch
    (entry_id, customer_id, on_date, expires_date, points, used, expired, changes)
SELECT id, customer_id, on_date, expires_date, points, 0, 0, 0
FROM journeys_pointsentry WHERE kind = 'earned' ORDER BY id;
SELECT journeys_settle_points(coalesce(array_agg(DISTINCT customer_id), '{}'))
FROM journeys_pointsentry WHERE points < 0;
"""
UNFOLLOW = """
DROP TRIGGER points_batches_follow ON journeys_pointsentry;
DROP FUNCTION journeys_points_follow();
DROP FUNCTION journeys_settle_points(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0018_merchant_day")]
    operations = [
        migrations.AlterField(
            "pointsentry", "kind",
            models.CharField(choices=KINDS, max_length=8, verbose_name="kind"),
        ),
        migrations.AddField(
            "pointsentry", "batch",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="journeys.pointsentry",
            ),
        ),
        migrations.RemoveConstraint("pointsentry", "points_sign_follows_kind"),
        migrations.AddConstraint(
            "pointsentry",
            models.CheckConstraint(
                name="points_sign_follows_kind",
                condition=Q(kind__in=["earned", "restored"], points__gt=0)
                | (~Q(kind__in=["earned", "restored"]) & Q(points__lt=0)),
            ),
        ),
        migrations.AddConstraint(
            "pointsentry",
            models.CheckConstraint(
                name="points_only_batches_expire",
                condition=Q(expires_date=None) | Q(kind="earned", expires_date__gt=F("on_date")),
            ),
        ),
        migrations.AddConstraint(
            "pointsentry",
            models.CheckConstraint(
                name="points_batch_follows_kind",
                condition=Q(kind="restored", batch__isnull=False)
                | Q(kind="expired")
                | Q(kind__in=["earned", "redeemed"], batch=None),
            ),
        ),
        migrations.CreateModel(
            name="PointsBatch",
            fields=[
                ("entry", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="batch_state", serialize=False, to="journeys.pointsentry")),
                ("on_date", models.DateField(verbose_name="earned on")),
                ("expires_date", models.DateField(null=True, verbose_name="expire on")),
                ("points", models.BigIntegerField(verbose_name="points")),
                ("used", models.BigIntegerField(default=0, verbose_name="used")),
                ("expired", models.BigIntegerField(default=0, verbose_name="expired")),
                ("changes", models.PositiveIntegerField(default=0)),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="points_batches", to="journeys.customer")),
            ],
            options={
                "indexes": [
                    models.Index(
                        name="points_batch_due", fields=["expires_date"],
                        condition=Q(
                            points__gt=F("used") + F("expired"), expires_date__isnull=False
                        ),
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        name="points_batch_adds_up",
                        condition=Q(
                            used__gte=0, expired__gte=0, points__gte=F("used") + F("expired")
                        ),
                    ),
                    models.CheckConstraint(
                        name="points_batch_expires",
                        condition=Q(expired=0) | Q(expires_date__isnull=False),
                    ),
                ],
            },
        ),
        migrations.RunSQL(SETTLE, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
