"""A referral changes once: when it is withdrawn. Those that are close no circle."""

from django.db import migrations

GUARDS = """
DROP TRIGGER referral_fixed ON journeys_referral;
CREATE TRIGGER referral_fixed BEFORE DELETE ON journeys_referral
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER referral_only_withdrawn BEFORE UPDATE ON journeys_referral
    FOR EACH ROW WHEN (
        NOT (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
             AND (OLD.id, OLD.application_id, OLD.referred_id, OLD.referrer_id, OLD.on_date)
                 = (NEW.id, NEW.application_id, NEW.referred_id, NEW.referrer_id, NEW.on_date)
             AND OLD.recorded_by_id IS NOT DISTINCT FROM NEW.recorded_by_id)
        AND NOT journeys_may_erase(to_jsonb(OLD), to_jsonb(NEW), '', 'reason')
    ) EXECUTE FUNCTION portal_refuse_change();
"""
UNGUARDED = """
DROP TRIGGER referral_only_withdrawn ON journeys_referral;
DROP TRIGGER referral_fixed ON journeys_referral;
CREATE TRIGGER referral_fixed BEFORE UPDATE OR DELETE ON journeys_referral
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""


def _holds(number, standing):
    return f"""
CREATE OR REPLACE FUNCTION journeys_referral_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('journeys.referrals', 0));
    IF EXISTS (
        SELECT FROM inserted JOIN journeys_application application
            ON application.id = inserted.application_id
        WHERE application.customer_id <> inserted.referred_id
           OR application.number {number} inserted.number
    ) THEN
        RAISE EXCEPTION 'a referral is of the one who applied'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_of_its_applicant';
    END IF;
    IF EXISTS (
        WITH RECURSIVE above (begun, at) AS (
            SELECT referred_id, referrer_id FROM inserted
            UNION
            SELECT above.begun, earlier.referrer_id
            FROM above JOIN journeys_referral earlier ON earlier.referred_id = above.at {standing}
            WHERE above.at <> above.begun
        )
        SELECT FROM above WHERE at = begun
    ) THEN
        RAISE EXCEPTION 'nobody is brought by one whom he brought'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_in_no_circle';
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0105_referrals_withdrawn")]
    operations = [
        migrations.RunSQL(GUARDS, UNGUARDED),
        # Nobody begins withdrawn: then the number is missing.
        migrations.RunSQL(
            _holds("IS DISTINCT FROM", "AND earlier.withdrawn_at IS NULL"), _holds("<>", "")
        ),
    ]
