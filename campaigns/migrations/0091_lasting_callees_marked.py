"""A refusal holds for whoever answers the phone (`callee`), under whatever key it is indexed, and
outlives the erasure of the one who said it: what changes either is marked for all whom it
concerns. A change of keys marks nobody."""

from importlib import import_module

from django.db import migrations

_before = import_module("campaigns.migrations.0090_callees_marked")
_KEPT = "journeys_erasedrefusal"


def _by_callee(sql):
    assert "phone_index" in sql
    return sql.replace("phone_index", "callee")


# Whoever is on file with a phone on the list of erased persons.
_LISTED = f"""
    UNION ALL SELECT phones.id, date '-infinity' FROM phones
        JOIN {_KEPT} kept ON kept.callee = phones.callee"""
_WHO = """SELECT other.id AS who, date '-infinity' AS day FROM {rows}
        JOIN journeys_customer other ON other.callee = {rows}.callee"""
_COME, _GONE = (_WHO.format(rows=rows) for rows in ("come", "gone"))
# Nothing updates or deletes these rows: a guard refuses it. Were it lifted, it would be marked.
_EVENTS = {
    "insert": ("REFERENCING NEW TABLE AS come", _COME),
    "update": (
        "REFERENCING NEW TABLE AS come OLD TABLE AS gone", f"{_COME} UNION ALL {_GONE}",
    ),
    "delete": ("REFERENCING OLD TABLE AS gone", _GONE),
}  # fmt: skip
_FOLLOWED = "".join(
    _before._function(_KEPT, event, rows)
    + f"""CREATE TRIGGER changes_marked_{event} AFTER {event.upper()} ON {_KEPT}
    {tables} FOR EACH STATEMENT EXECUTE FUNCTION campaigns_mark_{_KEPT}_{event}();
"""
    for event, (tables, rows) in _EVENTS.items()
)
_UNFOLLOWED = "".join(
    f"DROP TRIGGER changes_marked_{event} ON {_KEPT};"
    f" DROP FUNCTION campaigns_mark_{_KEPT}_{event}();\n"
    for event in _EVENTS
)
FORWARD = (
    _before._refusals(_by_callee(f"{_before._SAID} UNION ALL {_before._CALLEES}"))
    + _before._function("journeys_customer", "update", _by_callee(_before._OWN) + _LISTED)
    + _FOLLOWED
)
BACKWARD = (
    _UNFOLLOWED
    + _before._refusals(f"{_before._SAID} UNION ALL {_before._CALLEES}")
    + _before._function("journeys_customer", "update", _before._OWN)
)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0090_callees_marked"),
        ("journeys", "0064_refusals_of_erased"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
