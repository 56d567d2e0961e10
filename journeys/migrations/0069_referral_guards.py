"""A referral is never changed, is of its applicant, and closes no circle."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER referral_fixed BEFORE UPDATE OR DELETE ON journeys_referral
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- One writer after the other: two rows that close a circle together would each see none.
CREATE FUNCTION journeys_referral_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('journeys.referrals', 0));
    IF EXISTS (
        SELECT FROM inserted JOIN journeys_application application
            ON application.id = inserted.application_id
        WHERE application.customer_id <> inserted.referred_id
           OR application.number <> inserted.number
    ) THEN
        RAISE EXCEPTION 'a referral is of the one who applied'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_of_its_applicant';
    END IF;
    IF EXISTS (
        WITH RECURSIVE above (begun, at) AS (
            SELECT referred_id, referrer_id FROM inserted
            UNION
            SELECT above.begun, earlier.referrer_id
            FROM above JOIN journeys_referral earlier ON earlier.referred_id = above.at
            WHERE above.at <> above.begun
        )
        SELECT FROM above WHERE at = begun
    ) THEN
        RAISE EXCEPTION 'nobody is brought by one whom he brought'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_in_no_circle';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER referral_holds AFTER INSERT ON journeys_referral
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION journeys_referral_holds();
"""
UNGUARDED = """
DROP TRIGGER referral_holds ON journeys_referral;
DROP FUNCTION journeys_referral_holds();
DROP TRIGGER referral_fixed ON journeys_referral;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0068_referrals"), ("portal", "0002_audit_chain")]
    operations = [migrations.RunSQL(GUARDS, UNGUARDED)]
