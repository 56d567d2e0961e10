"""Triggers that mark the customers about whom facts were written, at the end of each statement.

A mark carries the number of its transaction, so that a later run can tell which of them the run
before it cannot have seen, and the latest day that the facts are of: what lies ahead of the run
before is new to a later one although it was written earlier. A consent or refusal binds from an
instant in the middle of its day; it counts as of the day after.
"""

from django.db import migrations

_DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date + 1"
_ALWAYS = "date '-infinity'"


def _latest(*columns):
    return f"GREATEST({', '.join(columns)}, {_ALWAYS})"


# Of each table: who it is about, of which day a row is, and the columns that decisions are read of.
TABLES = {
    "journeys_card": (
        "customer_id", _latest("issued_date", "activated_date", "first_used_date", "closed_date"),
        "id, application_id, product_id, is_primary, issued_date, activated_date, first_used_date, closed_date",
    ),
    "journeys_application": ("customer_id", "filed_date", "id, filed_date"),
    "journeys_transaction": (
        "customer_id", "posted_date",
        "id, card_id, amount, posted_date, posted_at, merchant_id, mcc, channel, division_code, refund_of, reference",
    ),
    "journeys_customerstage": (
        "customer_id",
        _latest("since_date", "application_date", "issued_date", "activated_date", "used_date", "loyalty_date"),
        "step, since_date, application_date, issued_date, activated_date, used_date, loyalty_date",
    ),
    "journeys_customer": (
        "id", _ALWAYS,
        "birth_date, branch_id, division_code, phone_sealed IS NULL, email_sealed IS NULL",
    ),
    "journeys_pointsentry": ("customer_id", "on_date", "id, kind, points, on_date"),
    "journeys_consent": (
        "customer_id", _DAY.format("effective_at"),
        "id, purpose, channel, is_granted, effective_at, recorded_at",
    ),
    "journeys_donotcontact": ("customer_id", _DAY.format("at"), "id, at"),
    "journeys_marketingpause": ("customer_id", _ALWAYS, "id, until"),
    "campaigns_grantreversal": (
        "(SELECT given.customer_id FROM campaigns_grant given WHERE given.id = grant_id)",
        "on_date", "id",
    ),
}
_ADD = """INSERT INTO campaigns_factchange (customer_id, transaction_id, last_date)
    SELECT r.who, pg_current_xact_id()::text::bigint, max(r.day) FROM ({rows}) r
    GROUP BY r.who"""


def _follow(table, event, tables, rows):
    name = f"campaigns_mark_{table}_{event.lower()}"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_ADD.format(rows=rows)};
    RETURN NULL;
END $$;
CREATE TRIGGER changes_marked_{event.lower()} AFTER {event} ON {table}
    {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


def _of(table):
    who, day, columns = TABLES[table]
    row = f"SELECT {who} AS who, {day} AS day"
    both = f"SELECT {who} AS who, {day} AS day, {columns}"
    changed = f"""SELECT who, day FROM (
            (TABLE_COME EXCEPT ALL TABLE_GONE) UNION ALL (TABLE_GONE EXCEPT ALL TABLE_COME)
        ) moved""".replace("TABLE_COME", f"{both} FROM come").replace("TABLE_GONE", f"{both} FROM gone")
    return (
        _follow(table, "INSERT", "REFERENCING NEW TABLE AS come", f"{row} FROM come")
        + _follow(table, "UPDATE", "REFERENCING NEW TABLE AS come OLD TABLE AS gone", changed)
        + _follow(table, "DELETE", "REFERENCING OLD TABLE AS gone", f"{row} FROM gone")
    )


GIVEN = """
CREATE FUNCTION campaigns_mark_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_factchange (customer_id, campaign_id, transaction_id, last_date)
    SELECT customer_id, campaign_id, pg_current_xact_id()::text::bigint, max(granted_date)
    FROM come GROUP BY customer_id, campaign_id;
    RETURN NULL;
END $$;
CREATE TRIGGER changes_marked_insert AFTER INSERT ON campaigns_grant
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION campaigns_mark_given();
"""
# Rows that many facts are read with: such a change concerns everybody.
REFERENCE = {
    "portal_branch": "OLD.path IS DISTINCT FROM NEW.path OR OLD.code IS DISTINCT FROM NEW.code",
    "merchants_merchant": "(OLD.number, OLD.category_id, OLD.division_code) IS DISTINCT FROM (NEW.number, NEW.category_id, NEW.division_code)",
    "merchants_merchantcategory": "OLD.scenario IS DISTINCT FROM NEW.scenario",
    "journeys_cardproduct": "OLD.code IS DISTINCT FROM NEW.code",
}
EVERYBODY = """
CREATE FUNCTION campaigns_mark_everybody() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_factchange (customer_id, transaction_id, last_date)
    VALUES (0, pg_current_xact_id()::text::bigint, date '-infinity');
    RETURN NULL;
END $$;
""" + "".join(
    f"CREATE TRIGGER changes_mark_everybody AFTER UPDATE ON {table}"
    f" FOR EACH ROW WHEN ({test}) EXECUTE FUNCTION campaigns_mark_everybody();\n"
    for table, test in REFERENCE.items()
)
# What was there before is marked where it lies ahead of the day; no run can stand on one as of an
# earlier day.
AHEAD = """INSERT INTO campaigns_factchange (customer_id, transaction_id, last_date)
VALUES (0, pg_current_xact_id()::text::bigint, CURRENT_DATE);
""" + "".join(
    f"""INSERT INTO campaigns_factchange (customer_id, transaction_id, last_date)
SELECT {who}, pg_current_xact_id()::text::bigint, max({day}) FROM {table}
WHERE {day} > CURRENT_DATE GROUP BY 1;
"""
    for table, (who, day, _columns) in TABLES.items()
    if day != _ALWAYS
)
FORWARD = "".join(map(_of, TABLES)) + GIVEN + EVERYBODY + AHEAD
BACKWARD = (
    "".join(
        f"DROP TRIGGER changes_marked_{event} ON {table};"
        f" DROP FUNCTION campaigns_mark_{table}_{event}();\n"
        for table in TABLES
        for event in ("insert", "update", "delete")
    )
    + "DROP TRIGGER changes_marked_insert ON campaigns_grant; DROP FUNCTION campaigns_mark_given();\n"
    + "".join(f"DROP TRIGGER changes_mark_everybody ON {table};\n" for table in REFERENCE)
    + "DROP FUNCTION campaigns_mark_everybody();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0070_runs_on_runs"),
        ("journeys", "0048_points_follow_spending"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
