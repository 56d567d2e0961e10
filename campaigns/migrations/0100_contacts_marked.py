"""Who is held back by the caps waits for the first free instant that the gate named. What may bring
it forward is marked: a contact that is called off or moved, and a change of the rules, hours or days
that the gate goes by.

Contacts move with every message that is sent. Those of people whom no campaign holds back say
nothing: sending and settling lock the customer, so that one of the two sees what the other wrote.
"""

from django.db import migrations

_UPDATED = """SELECT come.customer_id FROM come JOIN gone USING (id)
        WHERE (come.purpose, come.dedup_key) IS DISTINCT FROM (gone.purpose, gone.dedup_key)
           OR come.released_at IS DISTINCT FROM gone.released_at
           OR come.at <> gone.at AND EXISTS (
               SELECT FROM campaigns_decision held
               WHERE held.customer_id = come.customer_id AND held.gate = 'cap_reached')"""


RULES = (
    "journeys_contactrule", "journeys_contacthours", "journeys_calendaryear", "journeys_calendarday",
)
_EVERYBODY = "".join(
    f"CREATE TRIGGER changes_mark_everybody_{event.lower()} AFTER {event} ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION campaigns_mark_everybody();\n"
    for table in RULES
    for event in ("INSERT", "UPDATE", "DELETE")
)
FORWARD = (
    f"""
CREATE FUNCTION campaigns_mark_journeys_contact_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_factchange (customer_id, transaction_id, last_date)
    SELECT DISTINCT customer_id, pg_current_xact_id()::text::bigint, date '-infinity'
    FROM ({_UPDATED}) held;
    RETURN NULL;
END $$;
CREATE TRIGGER changes_marked_update AFTER UPDATE ON journeys_contact
    REFERENCING NEW TABLE AS come OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION campaigns_mark_journeys_contact_update();
"""
    + _EVERYBODY
)
BACKWARD = """
DROP TRIGGER changes_marked_update ON journeys_contact;
DROP FUNCTION campaigns_mark_journeys_contact_update();
""" + "".join(
    f"DROP TRIGGER changes_mark_everybody_{event} ON {table};\n"
    for table in RULES
    for event in ("insert", "update", "delete")
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0097_grants_for_persons"), ("journeys", "0060_case_pauses")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
