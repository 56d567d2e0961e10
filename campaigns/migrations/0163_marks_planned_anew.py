"""What marks by joining rows before and after a statement is planned for each statement.

A plan that PostgreSQL kept from a statement of a few rows joins them one by one: with some ten
thousand rows that takes for ever.
"""

from django.db import migrations

NAMES = (
    "campaigns_mark_journeys_contact_update", "campaigns_era_journeys_application_update",
    "campaigns_era_journeys_card_update", "campaigns_era_journeys_contact_update",
    "campaigns_era_journeys_customer_update", "campaigns_era_journeys_referral_delete",
    "campaigns_era_journeys_referral_insert", "campaigns_era_journeys_referral_update",
    "campaigns_era_journeys_transaction_update", "campaigns_era_merchants_merchant_update",
)  # fmt: skip
_EACH = """
DO $do$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT proname, prosrc FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname = ANY('{{{names}}}')
    LOOP
        EXECUTE format('CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql AS %L',
                       one.proname, {body});
    END LOOP;
END $do$;
"""
ANEW = _EACH.format(
    names=",".join(NAMES),
    body="""'BEGIN EXECUTE $plan$' || (regexp_match(one.prosrc,
            '^\\s*BEGIN\\s+(.*);\\s*RETURN NULL;\\s*END;?\\s*$'))[1] || '$plan$; RETURN NULL; END'""",
)
KEPT = _EACH.format(
    names=",".join(NAMES),
    body="""'BEGIN ' || (regexp_match(one.prosrc, '\\$plan\\$(.*)\\$plan\\$'))[1]
            || '; RETURN NULL; END'""",
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0162_grants_by_time")]
    operations = [migrations.RunSQL(ANEW, KEPT)]
