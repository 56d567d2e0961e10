"""Whom a control group holds, a campaign's own or the bank's, goes by the ID number: one that comes,
goes or is put right is marked for whoever it is about, where a campaign decided about them.

Of a file of new customers nothing was decided: it marks nobody by this.
"""

from importlib import import_module

from django.db import migrations

_sharing = import_module("campaigns.migrations.0105_sharing_marked")
_mails = import_module("campaigns.migrations.0114_bad_addresses_marked")
_persons = import_module("campaigns.migrations.0142_persons_marked")
_DRAWN = """
    UNION ALL SELECT changed.id, date '-infinity' FROM changed_bearer changed
        WHERE EXISTS (
            SELECT FROM campaigns_decision decided WHERE decided.customer_id = changed.id)"""
FORWARD = _sharing._CUSTOMERS.replace(_sharing._OWN, _mails._NEW + _persons._GIVEN + _DRAWN)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0150_claw_backs")]
    operations = [migrations.RunSQL(FORWARD, _persons.FORWARD)]
