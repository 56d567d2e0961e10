"""A refusal holds for the phone, and who lives nowhere known lives at the branch: what changes
either is marked for everybody whom it concerns."""

from importlib import import_module

from django.db import migrations

_before = import_module("campaigns.migrations.0071_changes_marked")
_ADD = _before._ADD
_WHO, _DAY, _COLUMNS = _before.TABLES["journeys_donotcontact"]
_SAID = "SELECT customer_id AS who, {day} AS day FROM {rows}"
# All who are on file with the phone of one who spoke.
_CALLEES = """SELECT other.id AS who, {day} AS day FROM {rows}
        JOIN journeys_customer own ON own.id = {rows}.customer_id
        JOIN journeys_customer other ON other.phone_index = own.phone_index"""
_CUSTOMER = _before.TABLES["journeys_customer"][2]


def _function(table, event, rows):
    return f"""
CREATE OR REPLACE FUNCTION campaigns_mark_{table}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_ADD.format(rows=rows)};
    RETURN NULL;
END $$;
"""


def _spoken(form):
    come, gone = (form.format(day=f"({_DAY})".replace("(at ", f"({rows}.at "), rows=rows) for rows in ("come", "gone"))
    return {"insert": come, "delete": gone, "update": f"{come} UNION ALL {gone}"}


def _refusals(form):
    return "".join(
        _function("journeys_donotcontact", event, rows) for event, rows in _spoken(form).items()
    )


# A customer's own change. Another phone concerns him where somebody refused who has the old or the
# new one, and where he refused himself all who have either; so keys that change mark next to nobody.
_OWN = f"""WITH moved AS (
        (SELECT id AS who, {_CUSTOMER} FROM come EXCEPT ALL SELECT id, {_CUSTOMER} FROM gone)
        UNION ALL
        (SELECT id AS who, {_CUSTOMER} FROM gone EXCEPT ALL SELECT id, {_CUSTOMER} FROM come)
    ), called AS (SELECT id, phone_index FROM come EXCEPT SELECT id, phone_index FROM gone),
    phones AS (
        SELECT id, phone_index FROM called
        UNION SELECT gone.id, gone.phone_index FROM gone JOIN called USING (id)
    )
    SELECT who, date '-infinity' AS day FROM moved
    UNION ALL SELECT phones.id, date '-infinity' FROM phones
        JOIN journeys_customer other
            ON other.phone_index = phones.phone_index AND other.id <> phones.id
        JOIN journeys_donotcontact refusal ON refusal.customer_id = other.id
    UNION ALL SELECT other.id, date '-infinity' FROM phones
        JOIN journeys_donotcontact refusal ON refusal.customer_id = phones.id
        JOIN journeys_customer other ON other.phone_index = phones.phone_index"""
_BRANCH = """
DROP TRIGGER changes_mark_everybody ON portal_branch;
CREATE TRIGGER changes_mark_everybody AFTER UPDATE ON portal_branch
    FOR EACH ROW WHEN ({}) EXECUTE FUNCTION campaigns_mark_everybody();
"""
_PATH = _before.REFERENCE["portal_branch"]
_PLACE = "OLD.division_code IS DISTINCT FROM NEW.division_code"


def _before_own():
    both = "SELECT id AS who, date '-infinity' AS day, " + _CUSTOMER
    return f"""SELECT who, day FROM (
            ({both} FROM come EXCEPT ALL {both} FROM gone)
            UNION ALL ({both} FROM gone EXCEPT ALL {both} FROM come)
        ) moved"""


FORWARD = (
    _refusals(f"{_SAID} UNION ALL {_CALLEES}")
    + _function("journeys_customer", "update", _OWN)
    + _BRANCH.format(f"{_PATH} OR {_PLACE}")
)
BACKWARD = (
    _refusals(_SAID)
    + _function("journeys_customer", "update", _before_own())
    + _BRANCH.format(_PATH)
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0089_versions_seen_by_drafts"), ("journeys", "0060_case_pauses")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
