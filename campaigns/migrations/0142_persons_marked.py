"""What a campaign gave is asked of a person, under whatever number: an ID number that comes, goes or
is put right is marked for all whose answers it may change.

These are whoever comes to share it, or shares it no longer, with somebody who was given something.
A file of ID numbers that nobody shares marks nobody by this.
"""

from importlib import import_module

from django.db import migrations

_sharing = import_module("campaigns.migrations.0105_sharing_marked")
_mails = import_module("campaigns.migrations.0114_bad_addresses_marked")
_GIVEN = """
    UNION ALL SELECT changed.id, date '-infinity' FROM changed_bearer changed
        WHERE EXISTS (
            SELECT FROM journeys_customer other
            JOIN campaigns_grant given ON given.customer_id = other.id
            WHERE other.bearer = changed.bearer AND other.id <> changed.id)
    UNION ALL SELECT other.id, date '-infinity' FROM journeys_customer other
        WHERE other.bearer IN (
            SELECT own.bearer FROM changed_bearer own
            WHERE EXISTS (SELECT FROM campaigns_grant given WHERE given.customer_id = own.id))
          AND other.id NOT IN (SELECT own.id FROM changed_bearer own)
    UNION ALL SELECT changed.id, date '-infinity' FROM changed_bearer changed
        WHERE changed.bearer IN (
            SELECT own.bearer FROM changed_bearer own
            GROUP BY own.bearer HAVING count(DISTINCT own.id) > 1 AND bool_or(EXISTS (
                SELECT FROM campaigns_grant given WHERE given.customer_id = own.id)))"""
FORWARD = _sharing._CUSTOMERS.replace(_sharing._OWN, _mails._NEW + _GIVEN)
BACKWARD = _sharing._CUSTOMERS.replace(_sharing._OWN, _mails._NEW)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0141_once_for_bearer"),
        ("journeys", "0116_bad_addresses"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
