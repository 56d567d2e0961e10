"""Triggers that mark the cards about which something was written, at the end of each statement, and
the cards that are there already; what was set is never changed.

Marks are only added, never looked up, so that nobody waits: a mark that is seen belongs to facts that
are seen.
"""

from django.db import migrations

_MARK = "INSERT INTO journeys_cardmark (card_id, first, month) {}"
_MONTH = "date_trunc('month', {}.issued_date)::date"
# A refund is no doing of the customer's.
_POSTED = _MARK.format("SELECT DISTINCT r.card_id, NULL::date, NULL::date FROM ({}) r")
_MOVED = """SELECT {side}.card_id FROM gone JOIN come ON come.id = gone.id
    WHERE {side}.amount > 0 AND (gone.card_id, gone.amount > 0, gone.posted_date)
        IS DISTINCT FROM (come.card_id, come.amount > 0, come.posted_date)"""
_READ = [
    "issued_date",
    "closed_date",
    "activated_date",
    "branch_id",
    "product_id",
    "is_primary",
    "customer_id",
]
_DIFFERS = "({}) IS DISTINCT FROM ({})".format(
    *(", ".join(f"{side}.{name}" for name in _READ) for side in ("gone", "come"))
)
# Closed or activated on another day: nothing before the earlier of both is another figure.
_FIRST = """CASE WHEN (gone.issued_date, gone.branch_id, gone.product_id, gone.is_primary, gone.customer_id)
        IS DISTINCT FROM (come.issued_date, come.branch_id, come.product_id, come.is_primary, come.customer_id)
    THEN LEAST(gone.issued_date, come.issued_date)
    WHEN gone.closed_date IS NOT DISTINCT FROM come.closed_date THEN LEAST(gone.activated_date, come.activated_date)
    WHEN gone.activated_date IS NOT DISTINCT FROM come.activated_date THEN LEAST(gone.closed_date, come.closed_date)
    ELSE LEAST(gone.closed_date, come.closed_date, gone.activated_date, come.activated_date) END"""
_CHANGED = " UNION ".join(
    f"SELECT come.id, {_FIRST}, {_MONTH.format(side)} FROM gone JOIN come ON come.id = gone.id WHERE {_DIFFERS}"
    for side in ("gone", "come")
)
MARKS = {
    ("journeys_transaction", "INSERT"): _POSTED.format("SELECT card_id FROM come WHERE amount > 0"),
    ("journeys_transaction", "UPDATE"): _POSTED.format(
        " UNION ALL ".join(_MOVED.format(side=side) for side in ("gone", "come"))
    ),
    ("journeys_transaction", "DELETE"): _POSTED.format("SELECT card_id FROM gone WHERE amount > 0"),
    ("journeys_card", "INSERT"): _MARK.format(
        f"SELECT come.id, come.issued_date, {_MONTH.format('come')} FROM come"
    ),
    ("journeys_card", "UPDATE"): _MARK.format(_CHANGED),
    ("journeys_card", "DELETE"): """
    DELETE FROM journeys_cardrest r USING gone WHERE r.card_id = gone.id;
    """
    + _MARK.format(f"SELECT gone.id, gone.issued_date, {_MONTH.format('gone')} FROM gone"),
}
_SEEN = {
    "INSERT": "REFERENCING NEW TABLE AS come",
    "UPDATE": "REFERENCING NEW TABLE AS come OLD TABLE AS gone",
    "DELETE": "REFERENCING OLD TABLE AS gone",
}


def _name(table, event):
    return f"journeys_activity_{table.removeprefix('journeys_')}_{event.lower()}"


def _planned(event, statement):
    """Rows before and after are joined: planned for each statement, since a plan that was kept for
    a few rows takes for ever with many."""
    return f"EXECUTE $plan$ {statement} $plan$" if event == "UPDATE" else statement


COME = "".join(
    f"""
CREATE FUNCTION {_name(table, event)}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_planned(event, statement)};
    RETURN NULL;
END $$;
CREATE TRIGGER activity_marked_{event.lower()} AFTER {event} ON {table}
    {_SEEN[event]} FOR EACH STATEMENT EXECUTE FUNCTION {_name(table, event)}();
"""
    for (table, event), statement in MARKS.items()
)
GO = "".join(
    f"DROP TRIGGER activity_marked_{event.lower()} ON {table}; DROP FUNCTION {_name(table, event)}();\n"
    for table, event in MARKS
)
_FIXED = ("activedefinition", "sleeprule", "activityproof")
GUARD = "".join(
    f"""
CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON journeys_{table}
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
    for table in _FIXED
)
UNGUARD = "".join(f"DROP TRIGGER {table}_fixed ON journeys_{table};" for table in _FIXED)
FILL = _MARK.format(
    "SELECT c.id, NULL::date, " + _MONTH.format("c") + " FROM journeys_card c ORDER BY c.id"
)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0180_activity")]
    operations = [
        migrations.RunSQL(COME, GO),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(FILL, "DELETE FROM journeys_cardmark"),
    ]
