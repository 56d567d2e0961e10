"""Who is on file under several numbers with one ID number brings neither himself nor a circle, and
is brought once."""

from django.db import migrations

# A customer, and whoever bears the same ID number, by two look-ups of an index.
_SAME = """LATERAL (
                SELECT {of} AS id
                UNION ALL
                SELECT same.id FROM journeys_customer me
                JOIN journeys_customer same ON same.bearer = me.bearer AND same.id <> me.id
                WHERE me.id = {of}
            ) AS person"""
_OF_ONE = """
    IF EXISTS (
        SELECT FROM inserted
        JOIN journeys_customer referred ON referred.id = inserted.referred_id
        JOIN journeys_customer referrer ON referrer.id = inserted.referrer_id
        WHERE referred.bearer = referrer.bearer
    ) THEN
        RAISE EXCEPTION 'nobody is brought by himself under another number'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_not_of_same_person';
    END IF;
    IF EXISTS (
        SELECT FROM inserted
        JOIN journeys_customer me ON me.id = inserted.referred_id
        JOIN journeys_customer same ON same.bearer = me.bearer AND same.id <> me.id
        JOIN journeys_referral other
            ON other.referred_id = same.id AND other.withdrawn_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a person is brought once, whatever the number'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'referral_once_for_bearer';
    END IF;"""


def _holds(of_one: str, earlier: str, is_begun: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION journeys_referral_holds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('journeys.referrals', 0));
    IF EXISTS (
        SELECT FROM inserted JOIN journeys_application application
            ON application.id = inserted.application_id
        WHERE application.customer_id <> inserted.referred_id
           OR application.number IS DISTINCT FROM inserted.number
    ) THEN
        RAISE EXCEPTION 'a referral is of the one who applied'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_of_its_applicant';
    END IF;{of_one}
    IF EXISTS (
        WITH RECURSIVE above (begun, at) AS (
            SELECT referred_id, referrer_id FROM inserted
            UNION
            SELECT above.begun, earlier.referrer_id
            FROM above {earlier} AND earlier.withdrawn_at IS NULL
            WHERE above.at <> above.begun
        )
        SELECT FROM above {is_begun}
    ) THEN
        RAISE EXCEPTION 'nobody is brought by one whom he brought'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'referral_in_no_circle';
    END IF;
    RETURN NULL;
END $$;
"""


HOLDS = _holds(
    _OF_ONE,
    f"CROSS JOIN {_SAME.format(of='above.at')}"
    " JOIN journeys_referral earlier ON earlier.referred_id = person.id",
    f"CROSS JOIN {_SAME.format(of='above.begun')} WHERE above.at = person.id",
)
HELD = _holds(
    "", "JOIN journeys_referral earlier ON earlier.referred_id = above.at", "WHERE at = begun"
)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0134_complaint_clocks_told")]
    operations = [migrations.RunSQL(HOLDS, HELD)]
