"""Triggers that mark the months of which facts were written, at the end of each statement, so that
counts of branches are told again however late a fact comes.

Marks are only added, never looked up, so that nobody waits: a mark that is seen belongs to facts that
are seen. A statement about cards leaves one mark, from the earliest month on that it concerns.
"""

from django.db import migrations

_MONTH = "date_trunc('month', {})::date"
_NEXT = "(date_trunc('month', {}) + interval '1 month')::date"
_LOCAL = "{}.at AT TIME ZONE 'Asia/Shanghai'"
_EVER = "date '1900-01-01'"
_MARK = "INSERT INTO campaigns_eramark (first, \"end\") {}"


def _months(rows):
    """Marks of single months, for rows of a day each."""
    return _MARK.format(
        f"SELECT DISTINCT {_MONTH.format('r.day')}, {_NEXT.format('r.day')} FROM ({rows}) r"
    )


def _since(rows):
    """One mark, from the earliest month of the rows on."""
    return _MARK.format(
        f"SELECT {_MONTH.format('min(r.day)')}, NULL::date FROM ({rows}) r HAVING min(r.day) IS NOT NULL"
    )


def _both(day_of, changed, where="TRUE"):
    """Days of rows before and after, of those that changed in what is read."""
    old, new = (", ".join(f"{side}.{name}" for name in changed) for side in ("gone", "come"))
    pair = f"gone JOIN come ON come.id = gone.id WHERE ({old}) IS DISTINCT FROM ({new})"
    return " UNION ALL ".join(
        f"SELECT {day_of(side)} AS day FROM {pair} AND {where.format(row=side)}"
        for side in ("gone", "come")
    )


_POSTED = ["card_id", "kind", "amount", "posted_date", "merchant_id"]
_TOLD = "{row}.purpose = 'marketing' AND {row}.origin LIKE 'campaign:%'"
_ISSUED = "SELECT c.issued_date AS day FROM journeys_card c JOIN {row} ON {row}.{by} = c.application_id"


def _told(side):
    return f"SELECT {_LOCAL.format(side)} AS day FROM {side} WHERE {_TOLD.format(row=side)}"


_CARDS_CHANGED = f"""SELECT CASE
        WHEN (gone.branch_id, gone.customer_id) IS DISTINCT FROM (come.branch_id, come.customer_id) THEN {_EVER}
        WHEN (gone.application_id, gone.is_primary, gone.issued_date)
            IS DISTINCT FROM (come.application_id, come.is_primary, come.issued_date)
            THEN LEAST(gone.issued_date, come.issued_date)
        ELSE LEAST(gone.closed_date, come.closed_date) END AS day
    FROM gone JOIN come ON come.id = gone.id
    WHERE (gone.branch_id, gone.customer_id, gone.application_id, gone.is_primary, gone.issued_date, gone.closed_date)
        IS DISTINCT FROM (come.branch_id, come.customer_id, come.application_id, come.is_primary, come.issued_date, come.closed_date)"""
_PLACED = """SELECT c.issued_date AS day FROM journeys_card c JOIN come ON come.id = c.application_id
    JOIN gone ON gone.id = come.id
    WHERE (gone.post_id, gone.merchant_id) IS DISTINCT FROM (come.post_id, come.merchant_id)"""
_MOVED = f"""SELECT {_EVER} AS day FROM gone JOIN come ON come.id = gone.id
    WHERE gone.branch_id IS DISTINCT FROM come.branch_id"""
_PARTNERS = f"""SELECT CASE WHEN NOT gone.is_partner AND come.is_partner
            AND gone.merged_into_id IS NOT DISTINCT FROM come.merged_into_id
        THEN coalesce(come.joined_date, {_EVER}) ELSE {_EVER} END AS day
    FROM gone JOIN come ON come.id = gone.id
    WHERE (gone.is_partner, gone.joined_date, gone.merged_into_id)
        IS DISTINCT FROM (come.is_partner, come.joined_date, come.merged_into_id)"""
_BROUGHT = _months(
    _ISSUED.format(row="come", by="application_id") + " UNION ALL " + _ISSUED.format(row="gone", by="application_id")
)
# Of each table and event: the statement that marks.
MARKS = {
    ("journeys_card", "INSERT"): _since("SELECT issued_date AS day FROM come"),
    ("journeys_card", "UPDATE"): _since(_CARDS_CHANGED),
    ("journeys_card", "DELETE"): _since("SELECT issued_date AS day FROM gone"),
    ("journeys_application", "UPDATE"): _months(_PLACED),
    ("journeys_referral", "INSERT"): _months(_ISSUED.format(row="come", by="application_id")),
    ("journeys_referral", "UPDATE"): _BROUGHT,
    ("journeys_referral", "DELETE"): _months(_ISSUED.format(row="gone", by="application_id")),
    ("journeys_transaction", "INSERT"): _months("SELECT posted_date AS day FROM come"),
    ("journeys_transaction", "UPDATE"): _months(_both("{}.posted_date".format, _POSTED)),
    ("journeys_transaction", "DELETE"): _months("SELECT posted_date AS day FROM gone"),
    ("journeys_contact", "INSERT"): _months(_told("come")),
    ("journeys_contact", "UPDATE"): _months(
        _both(_LOCAL.format, ["customer_id", "at", "released_at", "purpose", "origin"], _TOLD)
    ),
    ("journeys_contact", "DELETE"): _months(_told("gone")),
    ("journeys_customer", "UPDATE"): _since(_MOVED),
    ("merchants_merchant", "UPDATE"): _since(_PARTNERS),
}
_SEEN = {
    "INSERT": "REFERENCING NEW TABLE AS come",
    "UPDATE": "REFERENCING NEW TABLE AS come OLD TABLE AS gone",
    "DELETE": "REFERENCING OLD TABLE AS gone",
}


def _name(table, event):
    return f"campaigns_era_{table}_{event.lower()}"


COME = "".join(
    f"""
CREATE FUNCTION {_name(table, event)}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {statement};
    RETURN NULL;
END $$;
CREATE TRIGGER era_marked_{event.lower()} AFTER {event} ON {table}
    {_SEEN[event]} FOR EACH STATEMENT EXECUTE FUNCTION {_name(table, event)}();
"""
    for (table, event), statement in MARKS.items()
)
GO = "".join(
    f"DROP TRIGGER era_marked_{event.lower()} ON {table}; DROP FUNCTION {_name(table, event)}();\n"
    for table, event in MARKS
)
GUARD = """
CREATE TRIGGER erarule_fixed BEFORE UPDATE OR DELETE ON campaigns_erarule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0152_era"), ("journeys", "0146_days_in_order")]
    operations = [
        migrations.RunSQL(COME, GO),
        migrations.RunSQL(GUARD, "DROP TRIGGER erarule_fixed ON campaigns_erarule;"),
    ]
