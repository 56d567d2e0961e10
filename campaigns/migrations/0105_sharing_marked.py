"""A refusal holds for whoever shares phone, ID number or e-mail address with the one who said it:
what changes any of these is marked for all whom it concerns. A change of keys marks nobody.

Of a value that thousands have, each is looked at once, not each with each other. The statement of
customers is planned for the rows that it meets: the same session corrects one and takes in a file.
"""

from importlib import import_module

from django.db import migrations

_phones = import_module("campaigns.migrations.0090_callees_marked")
_before = import_module("campaigns.migrations.0091_lasting_callees_marked")
_KEPT = "journeys_erasedrefusal"
COLUMNS = ("callee", "bearer", "reader")


def _each(form, **values):
    return "".join(form.format(column=column, **values) for column in COLUMNS)


# All who share something with one who spoke.
_SHARING = """
    UNION ALL SELECT other.id, said.day FROM journeys_customer other JOIN (
        SELECT own.{column}, max({{day}}) AS day FROM {{rows}}
        JOIN journeys_customer own ON own.id = {{rows}}.customer_id GROUP BY own.{column}
    ) said USING ({column})"""
# Whoever has what comes on the list.
_LISTED = """
    UNION ALL SELECT other.id AS who, date '-infinity' AS day FROM {rows}
        JOIN journeys_customer other ON other.{column} = {rows}.value_hash"""
# A customer's own change. Another value concerns him where somebody refused who has the old or the
# new one, or where it stands on the list, and where he refused himself all who have either.
_CHANGED = """, changed_{column} AS MATERIALIZED (
        (SELECT id, {column} FROM come EXCEPT SELECT id, {column} FROM gone)
        UNION ALL (SELECT id, {column} FROM gone EXCEPT SELECT id, {column} FROM come)
    )"""
_BOUND = """
    UNION ALL SELECT changed.id, date '-infinity' FROM changed_{column} changed
        WHERE changed.{column} IN (
            SELECT other.{column} FROM journeys_customer other
            JOIN journeys_donotcontact refusal ON refusal.customer_id = other.id
            WHERE other.{column} IN (SELECT each.{column} FROM changed_{column} each))
    UNION ALL SELECT changed.id, date '-infinity' FROM changed_{column} changed
        JOIN {kept} kept ON kept.value_hash = changed.{column}
    UNION ALL SELECT other.id, date '-infinity' FROM journeys_customer other
        WHERE other.{column} IN (
            SELECT own.{column} FROM changed_{column} own
            JOIN journeys_donotcontact refusal ON refusal.customer_id = own.id)"""
_OWN = f"""WITH moved AS (
        (SELECT id AS who, {_phones._CUSTOMER} FROM come
         EXCEPT ALL SELECT id, {_phones._CUSTOMER} FROM gone)
        UNION ALL
        (SELECT id AS who, {_phones._CUSTOMER} FROM gone
         EXCEPT ALL SELECT id, {_phones._CUSTOMER} FROM come)
    ){_each(_CHANGED)}
    SELECT who, date '-infinity' AS day FROM moved{_each(_BOUND, kept=_KEPT)}"""
_CUSTOMERS = f"""
CREATE OR REPLACE FUNCTION campaigns_mark_journeys_customer_update() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE $marks${_phones._ADD.format(rows=_OWN)}$marks$;
    RETURN NULL;
END $$;
"""


def _list_functions():
    both = {rows: _each(_LISTED, rows=rows).removeprefix("\n    UNION ALL ") for rows in ("come", "gone")}
    found = {"insert": both["come"], "delete": both["gone"], "update": f"{both['come']} UNION ALL {both['gone']}"}
    return "".join(_phones._function(_KEPT, event, rows) for event, rows in found.items())


# Whom a word of before holds for from now on.
_STANDING = _phones._ADD.format(
    rows="SELECT other.id AS who, date '-infinity' AS day FROM journeys_customer other WHERE "
    + " OR ".join(
        f"other.{column} IN (SELECT own.{column} FROM journeys_donotcontact refusal"
        " JOIN journeys_customer own ON own.id = refusal.customer_id)"
        for column in ("bearer", "reader")
    )
)
FORWARD = (
    _phones._refusals(f"{_phones._SAID} {_each(_SHARING)}")
    + _CUSTOMERS
    + _list_functions()
    + f"{_STANDING};"
)
BACKWARD = (
    _phones._refusals(_before._by_callee(f"{_phones._SAID} UNION ALL {_phones._CALLEES}"))
    + _phones._function(
        "journeys_customer", "update", _before._by_callee(_phones._OWN) + _before._LISTED
    )
    + "".join(
        _phones._function(_KEPT, event, rows) for event, (_tables, rows) in _before._EVENTS.items()
    )
)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0104_had_elsewhere"),
        ("journeys", "0104_callees_beside_phones_of_leads"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
