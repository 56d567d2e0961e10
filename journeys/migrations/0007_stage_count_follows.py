"""The counts of stages follow each change of a customer's stage, in the same statement."""

from django.db import migrations

LEGS = """CROSS JOIN LATERAL (VALUES
        (0, 0), (1, r.application_date - r.awareness_date), (2, r.issued_date - r.application_date),
        (3, r.activated_date - r.issued_date), (4, r.used_date - r.activated_date),
        (5, r.loyalty_date - r.used_date)
    ) AS leg (step, days)"""
COLUMNS = "branch_id, product_id, month, step, days"


def counted(rows):
    return f"""SELECT r.branch_id, r.product_id, date_trunc('month', r.awareness_date)::date AS month,
           leg.step, leg.days, sum(r.sign)::int AS change
    FROM ({rows}) r {LEGS}
    WHERE leg.days IS NOT NULL GROUP BY 1, 2, 3, 4, 5 HAVING sum(r.sign) <> 0"""


COME, GONE = "SELECT *, 1 AS sign FROM come", "SELECT *, -1 AS sign FROM gone"
SAME = """c.branch_id = d.branch_id AND c.product_id IS NOT DISTINCT FROM d.product_id
        AND c.month = d.month AND c.step = d.step AND c.days = d.days"""


def follow(event, rows, tables):
    name = f"journeys_count_stages_{event.lower()}"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Planned anew each time: one customer and a million need different plans.
    EXECUTE $plan$
    WITH d AS MATERIALIZED ({counted(rows)}),
    emptied AS (
        DELETE FROM journeys_stagecount c USING d WHERE {SAME} AND c.customers + d.change = 0
    ),
    changed AS (
        UPDATE journeys_stagecount c SET customers = c.customers + d.change
        FROM d WHERE {SAME} AND c.customers + d.change <> 0
    )
    INSERT INTO journeys_stagecount ({COLUMNS}, customers)
    SELECT {COLUMNS}, change FROM d
    WHERE NOT EXISTS (SELECT FROM journeys_stagecount c WHERE {SAME})
    $plan$;
    RETURN NULL;
END $$;
CREATE TRIGGER stages_counted_{event.lower()} AFTER {event} ON journeys_customerstage
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


FOLLOW = "".join([
    follow("INSERT", COME, "NEW TABLE AS come"),
    follow("UPDATE", f"{COME} UNION ALL {GONE}", "NEW TABLE AS come OLD TABLE AS gone"),
    follow("DELETE", GONE, "OLD TABLE AS gone"),
])
UNFOLLOW = "".join(
    f"DROP TRIGGER stages_counted_{event} ON journeys_customerstage;"
    f" DROP FUNCTION journeys_count_stages_{event}();"
    for event in ("insert", "update", "delete")
)
FILL = f"""INSERT INTO journeys_stagecount ({COLUMNS}, customers)
{counted("SELECT *, 1 AS sign FROM journeys_customerstage")}"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0006_stage_count")]
    operations = [
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
