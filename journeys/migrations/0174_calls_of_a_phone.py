"""Calls to a lead count for a customer who comes on file with its phone afterwards, or is given it:
they are written to the customer's ledger, whoever writes the customer.

As far back as the longest window of the caps before the latest of them. Under the key that the call
itself would have written (`journeys.telemarketing.queries.own_key`), so that none counts twice.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journeys_count_calls(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever notes a call at this moment has its lead locked: we wait, and see the call.
    PERFORM 1 FROM journeys_lead AS lead
    WHERE lead.customer_id IS NULL
      AND lead.callee IN (SELECT callee FROM journeys_customer WHERE id = ANY(ids))
    ORDER BY lead.id FOR NO KEY UPDATE;
    INSERT INTO journeys_contact (customer_id, channel, purpose, at, origin, dedup_key)
    SELECT customer.id, 'phone', 'marketing', made.at, 'calls', made.key
    FROM journeys_customer AS customer
    CROSS JOIN LATERAL (
        SELECT hold.called_at AS at, max(hold.called_at) OVER () AS latest,
               'call:' || lead.id || ':' || (lead.attempts + 1 - row_number() OVER (
                   PARTITION BY lead.id ORDER BY hold.called_at DESC, hold.id DESC)) AS key
        FROM journeys_lead AS lead JOIN journeys_leadhold AS hold ON hold.lead_id = lead.id
        WHERE lead.callee = customer.callee AND lead.customer_id IS NULL
          AND hold.called_at IS NOT NULL
    ) AS made
    WHERE customer.id = ANY(ids) AND made.at > made.latest - interval '720 hours'
    ORDER BY customer.id, made.at
    ON CONFLICT (customer_id, dedup_key) DO NOTHING;
END $$;

CREATE FUNCTION journeys_calls_of_come() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ids bigint[];
BEGIN
    -- Planned anew each time: one customer and a million need different plans.
    EXECUTE $plan$
        SELECT array_agg(come.id) FROM come WHERE EXISTS (
            SELECT FROM journeys_lead AS lead
            WHERE lead.callee = come.callee AND lead.customer_id IS NULL)
    $plan$ INTO ids;
    IF ids IS NOT NULL THEN
        PERFORM journeys_count_calls(ids);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER calls_counted_insert AFTER INSERT ON journeys_customer
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION journeys_calls_of_come();

CREATE FUNCTION journeys_calls_of_phone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM journeys_lead AS lead
               WHERE lead.callee = NEW.callee AND lead.customer_id IS NULL) THEN
        PERFORM journeys_count_calls(ARRAY[NEW.id]);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER calls_counted_update AFTER UPDATE OF callee ON journeys_customer
    FOR EACH ROW WHEN (NEW.callee IS NOT NULL AND NEW.callee IS DISTINCT FROM OLD.callee)
    EXECUTE FUNCTION journeys_calls_of_phone();
"""
BACKWARD = """
DROP TRIGGER calls_counted_update ON journeys_customer;
DROP FUNCTION journeys_calls_of_phone();
DROP TRIGGER calls_counted_insert ON journeys_customer;
DROP FUNCTION journeys_calls_of_come();
DROP FUNCTION journeys_count_calls(bigint[]);
"""
# Those who came before this.
FILL = """
SELECT journeys_count_calls(array_agg(customer.id)) FROM journeys_customer AS customer
WHERE EXISTS (SELECT FROM journeys_lead AS lead
              WHERE lead.callee = customer.callee AND lead.customer_id IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0173_pools_in_order")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
