"""A mail address from which mail comes back is none at the gate, and a person who was erased is
reached by no number: what changes either is marked for all whom it concerns. A change of keys marks
those alone who have such an address."""

from importlib import import_module

from django.db import migrations

_callees = import_module("campaigns.migrations.0090_callees_marked")
_sharing = import_module("campaigns.migrations.0105_sharing_marked")
_BAD = "journeys_badaddress"
_ERASED = "name = '[已删除]'"
# A customer's own change, an erasure among them; and whoever comes to a bad address, or leaves it.
_NEW = _sharing._OWN.replace(_callees._CUSTOMER, f"{_callees._CUSTOMER}, {_ERASED}") + f"""
    UNION ALL SELECT mails.id, date '-infinity' FROM (
        (SELECT id, email_index FROM come EXCEPT SELECT id, email_index FROM gone)
        UNION (SELECT id, email_index FROM gone EXCEPT SELECT id, email_index FROM come)
    ) mails JOIN {_BAD} bad ON bad.address_index = mails.email_index"""
_WHO = """SELECT other.id AS who, date '-infinity' AS day FROM {rows}
        JOIN journeys_customer other ON other.email_index = {rows}.address_index"""
_TURNED = """WITH turned AS (
        (SELECT id, address_index, until FROM come EXCEPT SELECT id, address_index, until FROM gone)
        UNION ALL
        (SELECT id, address_index, until FROM gone EXCEPT SELECT id, address_index, until FROM come)
    ) """ + _WHO.format(rows="turned")
_EVENTS = {
    "insert": ("REFERENCING NEW TABLE AS come", _WHO.format(rows="come")),
    "update": ("REFERENCING NEW TABLE AS come OLD TABLE AS gone", _TURNED),
    "delete": ("REFERENCING OLD TABLE AS gone", _WHO.format(rows="gone")),
}  # fmt: skip
_FOLLOWED = "".join(
    _callees._function(_BAD, event, rows)
    + f"""CREATE TRIGGER changes_marked_{event} AFTER {event.upper()} ON {_BAD}
    {tables} FOR EACH STATEMENT EXECUTE FUNCTION campaigns_mark_{_BAD}_{event}();
"""
    for event, (tables, rows) in _EVENTS.items()
)
_UNFOLLOWED = "".join(
    f"DROP TRIGGER changes_marked_{event} ON {_BAD};"
    f" DROP FUNCTION campaigns_mark_{_BAD}_{event}();\n"
    for event in _EVENTS
)
FORWARD = _sharing._CUSTOMERS.replace(_sharing._OWN, _NEW) + _FOLLOWED
BACKWARD = _UNFOLLOWED + _sharing._CUSTOMERS


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0108_referrals_withdrawn"), ("journeys", "0116_bad_addresses")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
