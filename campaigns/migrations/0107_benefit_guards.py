"""The entries of a benefit are only added; they move what is left, and nothing else does. A use
outside its days, after it was taken back, or of a voucher that was used is refused."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER benefit_entry_fixed BEFORE UPDATE OR DELETE ON campaigns_benefitentry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION campaigns_benefit_begins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.left <> NEW.uses OR NOT EXISTS (
        SELECT FROM campaigns_grant given
        WHERE given.id = NEW.grant_id AND given.customer_id = NEW.customer_id
          AND given.campaign_id = NEW.campaign_id AND given.granted_date = NEW.from_date
    ) THEN
        RAISE EXCEPTION 'a benefit begins whole, as its grant says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit_of_its_grant';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefit_begins BEFORE INSERT ON campaigns_benefit
    FOR EACH ROW EXECUTE FUNCTION campaigns_benefit_begins();

-- What is left is always what the entries come to.
CREATE FUNCTION campaigns_benefit_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.grant_id, NEW.campaign_id, NEW.customer_id, NEW.uses, NEW.from_date)
          IS DISTINCT FROM
          (OLD.id, OLD.grant_id, OLD.campaign_id, OLD.customer_id, OLD.uses, OLD.from_date)
       OR NEW.end_date IS DISTINCT FROM OLD.end_date
       OR NEW.left <> NEW.uses + (
            SELECT coalesce(sum(units), 0) FROM campaigns_benefitentry WHERE benefit_id = NEW.id)
    THEN
        RAISE EXCEPTION 'a benefit is moved by its entries alone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit_moved_by_entries';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefit_follows BEFORE UPDATE OR DELETE ON campaigns_benefit
    FOR EACH ROW EXECUTE FUNCTION campaigns_benefit_follows();

CREATE FUNCTION campaigns_benefit_entry_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own campaigns_benefit;
    undone campaigns_benefitentry;
    today date := (NEW.at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    -- Whoever writes an entry waits for the others of the same benefit.
    SELECT * INTO own FROM campaigns_benefit WHERE id = NEW.benefit_id FOR NO KEY UPDATE;
    IF own.customer_id <> NEW.customer_id THEN
        RAISE EXCEPTION 'an entry is of the holder of its benefit'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit_entry_of_its_holder';
    END IF;
    IF NEW.kind = 'use' THEN
        IF NEW.used_date < own.from_date OR NEW.used_date >= own.end_date
           OR NEW.used_date > today THEN
            RAISE EXCEPTION 'a benefit is used on its days'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit_used_in_time';
        END IF;
        IF EXISTS (SELECT FROM campaigns_grantreversal WHERE grant_id = own.grant_id)
           OR EXISTS (
                SELECT FROM campaigns_benefitentry taken
                WHERE taken.benefit_id = own.id AND taken.kind = 'take_back' AND NOT EXISTS (
                    SELECT FROM campaigns_benefitentry back WHERE back.undoes_id = taken.id))
           OR EXISTS (
                SELECT FROM campaigns_usedbefore lost
                WHERE lost.benefit_id = own.id AND lost.outcome IN ('', 'paid', 'waived'))
        THEN
            RAISE EXCEPTION 'a benefit that was taken back is not used'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit_not_taken_back';
        END IF;
        IF NEW.round > 1 AND NOT EXISTS (
            SELECT FROM campaigns_benefitentry before
            JOIN campaigns_benefitentry back ON back.undoes_id = before.id
            WHERE before.merchant_id = NEW.merchant_id AND before.reference = NEW.reference
              AND before.reference <> '' AND before.round = NEW.round - 1
        ) THEN
            RAISE EXCEPTION 'a voucher is used again only after its use was undone'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit_voucher_after_undo';
        END IF;
    ELSIF NEW.kind = 'expire' AND (own.end_date IS NULL OR today < own.end_date) THEN
        RAISE EXCEPTION 'a benefit expires after its last day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit_expires_in_time';
    END IF;
    IF NEW.kind IN ('expire', 'take_back') AND NEW.units <> -own.left THEN
        RAISE EXCEPTION 'all that is left expires or is taken back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit_ends_whole';
    END IF;
    IF NEW.undoes_id IS NOT NULL THEN
        SELECT * INTO undone FROM campaigns_benefitentry WHERE id = NEW.undoes_id;
        IF undone.benefit_id <> NEW.benefit_id OR undone.units <> -NEW.units
           OR (NEW.kind, undone.kind) NOT IN (
                ('undo', 'use'), ('reopen', 'expire'), ('restore', 'take_back'))
        THEN
            RAISE EXCEPTION 'what is undone is given back whole'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'benefit_undone_whole';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER benefit_entry_fits BEFORE INSERT ON campaigns_benefitentry
    FOR EACH ROW EXECUTE FUNCTION campaigns_benefit_entry_fits();

-- A use that was none: whether a refund undid the grant is looked at again.
CREATE FUNCTION campaigns_benefit_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE campaigns_benefit SET "left" = "left" + NEW.units WHERE id = NEW.benefit_id;
    IF NEW.kind = 'undo' THEN
        INSERT INTO campaigns_tolookat (first_grant, last_grant, due_date)
        SELECT grant_id, grant_id, (NEW.at AT TIME ZONE 'Asia/Shanghai')::date
        FROM campaigns_benefit WHERE id = NEW.benefit_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER benefit_moves AFTER INSERT ON campaigns_benefitentry
    FOR EACH ROW EXECUTE FUNCTION campaigns_benefit_moves();

CREATE FUNCTION campaigns_used_before_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.outcome <> ''
       OR (NEW.benefit_id, NEW.noted_at) IS DISTINCT FROM (OLD.benefit_id, OLD.noted_at) THEN
        RAISE EXCEPTION 'what was decided about a used benefit stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'used_before_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER used_before_stays BEFORE UPDATE OR DELETE ON campaigns_usedbefore
    FOR EACH ROW EXECUTE FUNCTION campaigns_used_before_stays();

-- What was granted before: once each, until the day that its published text named.
INSERT INTO campaigns_benefit (grant_id, campaign_id, customer_id, uses, "left", from_date, end_date)
SELECT given.id, given.campaign_id, given.customer_id, 1, 1, given.granted_date,
       given.granted_date + 1 + (version.content #>> '{disclosure,redeem_days}')::int
FROM campaigns_grant given
JOIN campaigns_campaignversion version ON version.id = given.version_id
CROSS JOIN LATERAL jsonb_array_elements(version.content #> '{rewards,tiers}') tier
WHERE tier ->> 'code' = given.reward AND tier ->> 'kind' = 'benefit'
  AND NOT EXISTS (SELECT FROM campaigns_grantreversal back WHERE back.grant_id = given.id)
ORDER BY given.id;
"""
UNGUARDED = """
DROP TRIGGER used_before_stays ON campaigns_usedbefore;
DROP FUNCTION campaigns_used_before_stays();
DROP TRIGGER benefit_moves ON campaigns_benefitentry;
DROP FUNCTION campaigns_benefit_moves();
DROP TRIGGER benefit_entry_fits ON campaigns_benefitentry;
DROP FUNCTION campaigns_benefit_entry_fits();
DROP TRIGGER benefit_follows ON campaigns_benefit;
DROP FUNCTION campaigns_benefit_follows();
DROP TRIGGER benefit_begins ON campaigns_benefit;
DROP FUNCTION campaigns_benefit_begins();
DROP TRIGGER benefit_entry_fixed ON campaigns_benefitentry;
"""

# Words that people write open to erasures: the ledger, its guard, whose a row is, the columns.
OPENED = [
    (
        "campaigns_benefitentry", "benefit_entry_fixed",
        "''customer:'' || ($1 ->> ''customer_id'')", "'place', 'reason'",
    ),
    (
        "campaigns_usedbefore", "used_before_stays",
        "(SELECT ''customer:'' || customer_id FROM campaigns_benefit"
        " WHERE id = ($1 ->> ''benefit_id'')::bigint)",
        "'words'",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0106_benefits"), ("journeys", "0032_ledgers_open_to_erasure")]
    operations = [
        migrations.RunSQL(GUARDS, UNGUARDED),
        *(
            migrations.RunSQL(
                f"SELECT journeys_open_to_erasure('{ledger}', '{guard}', '{owner}', {columns})",
                f"SELECT journeys_close_to_erasure('{ledger}', '{guard}')",
            )
            for ledger, guard, owner, columns in OPENED
        ),
    ]
