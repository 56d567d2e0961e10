"""Triggers that mark the days of which facts were written, at the end of each statement, so that a
day's figures are told again however late a fact comes.

Marks are only added, never looked up, so that nobody waits: a mark that is seen belongs to facts
that are seen. What is there already is marked once.
"""

from django.db import migrations

GROUPS = """
-- All leads that stand for one person or company with a lead: merged, however often.
CREATE FUNCTION journeys_lead_group(of_lead bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE STRICT AS $$
    WITH RECURSIVE below AS (
        SELECT journeys_lead_root(of_lead) AS id
        UNION
        SELECT merge.merged_id FROM below
        JOIN journeys_leadmerge AS merge ON merge.kept_id = below.id AND merge.undone_at IS NULL
    ) SELECT id FROM below
$$;
-- The one of them that came first: whoever collected it is credited.
CREATE FUNCTION journeys_lead_first(of_lead bigint) RETURNS bigint
LANGUAGE sql STABLE STRICT AS $$
    SELECT min(one) FROM journeys_lead_group(of_lead) AS one
$$;
-- The days that count something of these applications, or of their cards.
CREATE FUNCTION journeys_days_of_applications(ids bigint[]) RETURNS SETOF date
LANGUAGE sql STABLE STRICT AS $$
    SELECT day FROM journeys_application a, unnest(ARRAY[a.filed_date, a.decided_date]) AS day
    WHERE a.id = ANY(ids)
    UNION ALL
    SELECT day FROM journeys_card c, unnest(ARRAY[c.issued_date, c.activated_date]) AS day
    WHERE c.application_id = ANY(ids)
$$;
"""
NO_GROUPS = """
DROP FUNCTION journeys_days_of_applications(bigint[]);
DROP FUNCTION journeys_lead_first(bigint);
DROP FUNCTION journeys_lead_group(bigint);
"""
_MARK = """INSERT INTO journeys_figuremark (day)
    SELECT DISTINCT d.day FROM ({}) d (day) WHERE d.day IS NOT NULL"""


def _days(sides, first, second):
    return " UNION ALL ".join(
        f"SELECT {column} FROM {side}" for side in sides for column in (first, second)
    )


def _changed(columns, first, second):
    """Days before and after of rows that changed in what is read."""
    old, new = (", ".join(f"{side}.{name}" for name in columns) for side in ("gone", "come"))
    return (
        "SELECT unnest(ARRAY[gone.{0}, gone.{1}, come.{0}, come.{1}]) FROM gone"
        " JOIN come ON come.id = gone.id WHERE ({2}) IS DISTINCT FROM ({3})"
    ).format(first, second, old, new)


def _of(query):
    return f"SELECT journeys_days_of_applications((SELECT array_agg(x.id) FROM ({query}) x (id)))"


_FILED = ("filed_date", "decided_date")
_ISSUED = ("issued_date", "activated_date")
# Where an application came from says the same of its cards.
_PLACED = _of(
    "SELECT come.id FROM gone JOIN come ON come.id = gone.id"
    " WHERE (gone.post_id, gone.merchant_id) IS DISTINCT FROM (come.post_id, come.merchant_id)"
)
_MERGED = _of("""SELECT won.application_id FROM come CROSS JOIN LATERAL (
        SELECT journeys_lead_group(come.kept_id) UNION SELECT journeys_lead_group(come.merged_id)
    ) one (id) JOIN journeys_leadconversion won ON won.lead_id = one.id""")
_APPLICATION = ["branch_id", "product_id", "filed_date", "decided_date", "state"]
_CARD = ["application_id", "branch_id", "product_id", "is_primary", "issued_date", "activated_date"]
# Of each table and event: the days that it marks.
MARKS = {
    ("journeys_application", "INSERT"): _days(["come"], *_FILED),
    ("journeys_application", "UPDATE"): f"{_changed(_APPLICATION, *_FILED)} UNION ALL {_PLACED}",
    ("journeys_application", "DELETE"): _days(["gone"], *_FILED),
    ("journeys_card", "INSERT"): _days(["come"], *_ISSUED),
    ("journeys_card", "UPDATE"): _changed(_CARD, *_ISSUED),
    ("journeys_card", "DELETE"): _days(["gone"], *_ISSUED),
    ("journeys_leadconversion", "INSERT"): _of("SELECT application_id FROM come"),
    ("journeys_referral", "INSERT"): _of("SELECT application_id FROM come"),
    ("journeys_referral", "UPDATE"): _of(
        "SELECT application_id FROM come UNION SELECT application_id FROM gone"
    ),
    ("journeys_referral", "DELETE"): _of("SELECT application_id FROM gone"),
    ("journeys_leadmerge", "INSERT"): _MERGED,
    ("journeys_leadmerge", "UPDATE"): _MERGED,
}
_SEEN = {
    "INSERT": "REFERENCING NEW TABLE AS come",
    "UPDATE": "REFERENCING NEW TABLE AS come OLD TABLE AS gone",
    "DELETE": "REFERENCING OLD TABLE AS gone",
}


def _planned(event, statement):
    """Rows before and after are joined: planned for each statement, since a plan that was kept for
    a few rows takes for ever with many."""
    return f"EXECUTE $plan$ {statement} $plan$" if event == "UPDATE" else statement


def _name(table, event):
    return f"{table}_{event.lower()}_figures"


COME = "".join(
    f"""
CREATE FUNCTION {_name(table, event)}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_planned(event, _MARK.format(days))};
    RETURN NULL;
END $$;
CREATE TRIGGER figures_marked_{event.lower()} AFTER {event} ON {table}
    {_SEEN[event]} FOR EACH STATEMENT EXECUTE FUNCTION {_name(table, event)}();
"""
    for (table, event), days in MARKS.items()
)
GO = "".join(
    f"DROP TRIGGER figures_marked_{event.lower()} ON {table}; DROP FUNCTION {_name(table, event)}();\n"
    for table, event in MARKS
)
ALREADY_THERE = _MARK.format(
    f"{_days(['journeys_application'], *_FILED)} UNION ALL {_days(['journeys_card'], *_ISSUED)}"
)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0177_kpis")]
    operations = [
        migrations.RunSQL(GROUPS, NO_GROUPS),
        migrations.RunSQL(COME, GO),
        migrations.RunSQL(ALREADY_THERE, migrations.RunSQL.noop),
    ]
