"""A merchant's days, kept with each change of the transactions; the index that summed them from
the transactions goes."""

import django.db.models.deletion
from django.db import migrations, models

SUMS = """count(*) FILTER (WHERE r.kind = 'purchase') AS purchases,
    count(*) FILTER (WHERE r.kind = 'refund') AS refunds, sum(r.amount) AS amount"""
# Writers at once may meet on a day: each adds to what stands there when its turn comes.
ADD = """
    INSERT INTO journeys_merchantday AS m (merchant_id, day, purchases, refunds, amount)
    SELECT merchant_id, day, purchases, refunds, amount FROM ({changes}) d
    ORDER BY merchant_id, day
    ON CONFLICT (merchant_id, day) DO UPDATE SET purchases = m.purchases + excluded.purchases,
        refunds = m.refunds + excluded.refunds, amount = m.amount + excluded.amount"""
COME = f"""SELECT r.merchant_id, r.posted_date AS day, {SUMS} FROM come r
    WHERE r.merchant_id IS NOT NULL GROUP BY 1, 2"""
# Only the days that come off worse or better; a row that moved to another day changes two.
MOVED = """SELECT r.merchant_id, r.posted_date AS day,
        (sum(r.sign) FILTER (WHERE r.kind = 'purchase'))::int AS purchases,
        (sum(r.sign) FILTER (WHERE r.kind = 'refund'))::int AS refunds,
        sum(r.sign * r.amount) AS amount
    FROM ({rows}) r WHERE r.merchant_id IS NOT NULL GROUP BY 1, 2"""
GONE_ROWS = "SELECT merchant_id, posted_date, kind, amount, -1 AS sign FROM gone"
COME_ROWS = "SELECT merchant_id, posted_date, kind, amount, 1 AS sign FROM come"
# What is taken from a day stands there already: it is changed in place, since a proposed row must
# itself pass the checks.
CHANGE = """
    WITH d AS MATERIALIZED (
        SELECT merchant_id, day, coalesce(purchases, 0) AS purchases,
            coalesce(refunds, 0) AS refunds, amount
        FROM ({moved}) moved
        WHERE (purchases, refunds, amount) IS DISTINCT FROM (0, 0, 0)
    ), stood AS (
        UPDATE journeys_merchantday m SET purchases = m.purchases + d.purchases,
            refunds = m.refunds + d.refunds, amount = m.amount + d.amount
        FROM d WHERE m.merchant_id = d.merchant_id AND m.day = d.day
        RETURNING m.merchant_id, m.day
    )"""
NEW = """SELECT d.* FROM d LEFT JOIN stood USING (merchant_id, day) WHERE stood.day IS NULL"""
EMPTIED = """
    DELETE FROM journeys_merchantday m USING (
        SELECT DISTINCT merchant_id, posted_date AS day FROM gone
    ) d
    WHERE m.merchant_id = d.merchant_id AND m.day = d.day AND m.purchases = 0 AND m.refunds = 0"""


def follow(event, tables, *statements):
    name = f"journeys_sum_merchant_days_{event.lower()}"
    # Planned anew each time: one transaction and a million need different plans.
    work = "".join(f"\n    EXECUTE $plan${statement}\n    $plan$;" for statement in statements)
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{work}
    RETURN NULL;
END $$;
CREATE TRIGGER merchant_days_{event.lower()} AFTER {event} ON journeys_transaction
    {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


MOVED_BY_UPDATE = MOVED.format(rows=f"{COME_ROWS} UNION ALL {GONE_ROWS}")
FOLLOW = "".join([
    follow("INSERT", "REFERENCING NEW TABLE AS come", ADD.format(changes=COME)),
    follow(
        "UPDATE", "REFERENCING NEW TABLE AS come OLD TABLE AS gone",
        CHANGE.format(moved=MOVED_BY_UPDATE) + ADD.format(changes=NEW), EMPTIED,
    ),
    follow(
        "DELETE", "REFERENCING OLD TABLE AS gone",
        CHANGE.format(moved=MOVED.format(rows=GONE_ROWS)) + " SELECT FROM stood", EMPTIED,
    ),
    follow("TRUNCATE", "", " DELETE FROM journeys_merchantday"),
])
UNFOLLOW = "".join(
    f"DROP TRIGGER merchant_days_{event} ON journeys_transaction;"
    f" DROP FUNCTION journeys_sum_merchant_days_{event}();"
    for event in ("insert", "update", "delete", "truncate")
)
# The unique index comes at the end of the migration.
FILL = f"""INSERT INTO journeys_merchantday (merchant_id, day, purchases, refunds, amount)
{COME.replace("FROM come r", "FROM journeys_transaction r")} ORDER BY 1, 2"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0017_refunds_are_found")]
    operations = [
        migrations.CreateModel(
            name="MerchantDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("purchases", models.IntegerField(verbose_name="purchases")),
                ("refunds", models.IntegerField(verbose_name="refunds")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=18, verbose_name="turnover (CNY)")),
                ("merchant", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="merchants.merchant")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        name="merchant_day_once", fields=["merchant", "day"],
                        include=["amount", "purchases", "refunds"],
                    ),
                    models.CheckConstraint(
                        name="merchant_day_counts",
                        condition=models.Q(purchases__gte=0, refunds__gte=0),
                    ),
                ],
            },
        ),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex("transaction", "transaction_merchant_day"),
    ]
