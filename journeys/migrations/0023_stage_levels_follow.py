"""The counts of all levels follow each change of a customer's stage, in the same statement."""

from django.db import migrations

LEGS = """CROSS JOIN LATERAL (VALUES
        (0, 0), (1, r.application_date - r.awareness_date), (2, r.issued_date - r.application_date),
        (3, r.activated_date - r.issued_date), (4, r.used_date - r.activated_date),
        (5, r.loyalty_date - r.used_date),
        (6, CASE WHEN r.step = 'ended' THEN 0 END), (7, CASE WHEN r.step = 'approved' THEN 0 END),
        (8, CASE WHEN r.step = 'supplemented' THEN 0 END)
    ) AS leg (step, days)"""
GROUP = "level, branch_key, product_key, month, step"
COLUMNS = f"{GROUP}, days, customers"
SETS = """(step, days), (branch, step, days), (product, step, days), (month, step, days),
              (product, month, step, days), (branch, product, step, days)"""


def counted(rows):
    """Each level is one grouping: what it does not tell apart is null in it, and 0 in its key."""
    return f"""SELECT 7 - GROUPING(month, product, branch) AS level,
           coalesce(branch, 0) AS branch_key, coalesce(product, 0) AS product_key,
           coalesce(month, '0001-01-01') AS month, step, days, sum(sign)::int AS customers
    FROM (
        SELECT r.branch_id AS branch, coalesce(r.product_id, 0) AS product,
               date_trunc('month', r.awareness_date)::date AS month, leg.step, leg.days, r.sign
        FROM ({rows}) r {LEGS} WHERE leg.days IS NOT NULL
    ) AS taken
    GROUP BY GROUPING SETS ({SETS}) HAVING sum(sign) <> 0"""


def gathered(rows):
    """One row for each group and step."""
    return f"""SELECT {GROUP}, array_agg(days ORDER BY days) AS days,
           array_agg(customers ORDER BY days) AS customers
    FROM ({rows}) AS listed GROUP BY {GROUP}"""


def same(one, other):
    names = GROUP.split(", ")
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in names)


COME, GONE = "SELECT *, 1 AS sign FROM come", "SELECT *, -1 AS sign FROM gone"
# What stood there of the groups concerned, and what changes it.
SUMMED = f"""SELECT {GROUP}, days, sum(customers)::int AS customers FROM (
        SELECT {', '.join(f'c.{name}' for name in GROUP.split(', '))}, had.days, had.customers
        FROM concerned g JOIN journeys_stagecount c ON {same("c", "g")}
        CROSS JOIN LATERAL unnest(c.days, c.customers) AS had (days, customers)
        UNION ALL SELECT {GROUP}, days, customers FROM changes
    ) AS joined GROUP BY {GROUP}, days HAVING sum(customers) <> 0"""


def follow(event, rows, tables):
    name = f"journeys_count_stages_{event.lower()}"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Counts are read, added to and written back: never by two at once. Refreshing the stages takes
    -- the same lock before; whoever writes without it takes it here.
    PERFORM pg_advisory_xact_lock(hashtextextended('journeys:stages', 0));
    -- Planned anew each time: one customer and a million need different plans.
    EXECUTE $plan$
    WITH changes AS MATERIALIZED ({counted(rows)}),
    concerned AS MATERIALIZED (SELECT DISTINCT {GROUP} FROM changes),
    made AS MATERIALIZED ({gathered(SUMMED)}),
    emptied AS (
        DELETE FROM journeys_stagecount c USING concerned g
        WHERE {same("c", "g")} AND NOT EXISTS (SELECT FROM made m WHERE {same("m", "g")})
    )
    INSERT INTO journeys_stagecount ({COLUMNS}) SELECT {COLUMNS} FROM made
    ON CONFLICT ({GROUP}) DO UPDATE SET days = excluded.days, customers = excluded.customers
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
FILL = f"""INSERT INTO journeys_stagecount ({COLUMNS})
{gathered(counted("SELECT *, 1 AS sign FROM journeys_customerstage"))}"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0022_stage_levels")]
    operations = [
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
