"""Whom a customer brought, and how far the cards of these came, are facts about the customer who
brought them: what changes either marks that customer too."""

from importlib import import_module

from django.db import migrations

_before = import_module("campaigns.migrations.0071_changes_marked")
_ADD, _follow = _before._ADD, _before._follow
_WHO, _DAY, _COLUMNS = _before.TABLES["journeys_card"]
_BROUGHT = """UNION ALL SELECT referral.referrer_id, {rows}.day FROM {rows}
        JOIN journeys_referral referral ON referral.referred_id = {rows}.who"""


def _function(event, rows):
    return f"""
CREATE OR REPLACE FUNCTION campaigns_mark_journeys_card_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_ADD.format(rows=rows)};
    RETURN NULL;
END $$;
"""


def _plain(rows):
    return f"SELECT {_WHO} AS who, {_DAY} AS day FROM {rows}"


def _moved():
    both = f"SELECT {_WHO} AS who, {_DAY} AS day, {_COLUMNS}"
    return f"""SELECT who, day FROM (
            ({both} FROM come EXCEPT ALL {both} FROM gone)
            UNION ALL ({both} FROM gone EXCEPT ALL {both} FROM come)
        ) moved"""


def _with_brought(rows):
    own = f"WITH own AS ({rows}) SELECT who, day FROM own "
    return own + _BROUGHT.format(rows="own")


_CARDS = {"insert": _plain("come"), "update": _moved(), "delete": _plain("gone")}
# A card may have a day that has not come when the referral does.
_REFERRAL = f"""SELECT referrer_id AS who, GREATEST(on_date, (
        SELECT max({_DAY}) FROM journeys_card card WHERE card.customer_id = referred_id)) AS day
    FROM come"""

FORWARD = _follow(
    "journeys_referral", "INSERT", "REFERENCING NEW TABLE AS come", _REFERRAL
) + "".join(_function(event, _with_brought(rows)) for event, rows in _CARDS.items())
BACKWARD = (
    "".join(_function(event, rows) for event, rows in _CARDS.items())
    + "DROP TRIGGER changes_marked_insert ON journeys_referral;"
    " DROP FUNCTION campaigns_mark_journeys_referral_insert();"
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0095_less_to_multiply"), ("journeys", "0069_referral_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
