"""The contract that a move asks for is the merchant's own, of the directory. What partnerships noted
beside it goes over, where the directory has nothing of these days and of this number."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION merchants_phase_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_partnership%ROWTYPE;
    rule merchants_partnershiprule%ROWTYPE;
    five constant text[] := ARRAY['comparison', 'confirmed', 'perfect', 'wavering', 'adjustment'];
    last_at timestamptz;
    asks text := NULL;
BEGIN
    -- Locked, so that of two moves at once the second finds the first.
    SELECT * INTO held FROM merchants_partnership WHERE id = NEW.partnership_id FOR UPDATE;
    IF NEW.number <> held.moved + 1 OR NEW.from_phase <> held.phase THEN
        RAISE EXCEPTION 'partnership % stands in % after move %: this move does not follow on it',
            held.id, coalesce(nullif(held.phase, ''), 'no phase'), held.moved
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT max(at) INTO last_at FROM merchants_phasechange WHERE partnership_id = held.id;
    IF NEW.on_date < held.since OR NEW.at < last_at THEN
        RAISE EXCEPTION 'partnership % was moved last on %: a move is not put before another',
            held.id, held.since USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.approval_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM portal_submission WHERE id = NEW.approval_id AND kind = 'phase_change'
            AND state = 'approved' AND target_key = held.id::text
            AND snapshot ->> 'to' = NEW.to_phase AND snapshot ->> 'from' = NEW.from_phase) THEN
        RAISE EXCEPTION 'submission % does not allow this move', NEW.approval_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.approval_id IS NULL AND held.moved > 0 THEN
        SELECT * INTO rule FROM merchants_partnershiprule WHERE effective_date <= NEW.on_date
            ORDER BY effective_date DESC LIMIT 1;
        IF rule.id IS NULL THEN
            asks := 'no rule is in force';
        ELSIF NEW.from_phase || '-' || NEW.to_phase = ANY (rule.second_person) THEN
            asks := 'the rule in force says so';
        ELSIF NEW.to_phase <> 'ended' AND NEW.from_phase = ANY (five)
            AND NEW.on_date < held.since + rule.least_days THEN
            asks := 'it may move from ' || (held.since + rule.least_days) || ' on';
        ELSIF NEW.to_phase <> 'ended' AND EXISTS (
            SELECT FROM merchants_phasechange WHERE partnership_id = held.id
                AND from_phase = NEW.to_phase AND on_date > NEW.on_date - rule.return_days) THEN
            asks := 'it left this phase less than ' || rule.return_days || ' days ago';
{held}            asks := 'no contract holds';
        ELSIF NEW.to_phase = 'perfect' AND NEW.on_date < held.since + rule.stable_days THEN
            asks := 'it was not stable for ' || rule.stable_days || ' days';
        END IF;
        IF asks IS NOT NULL THEN
            RAISE EXCEPTION 'partnership %: this move needs a second person: %', held.id, asks
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""
OF_THE_MERCHANT = """\
        ELSIF NEW.to_phase = 'confirmed' AND NOT EXISTS (
            SELECT FROM merchants_merchantcontract WHERE merchant_id = held.merchant_id
                AND first_date <= NEW.on_date
                AND coalesce(last_date, NEW.on_date) >= NEW.on_date) THEN
"""
OF_THE_PARTNERSHIP = """\
        ELSIF NEW.to_phase = 'confirmed' AND NOT coalesce(
            held.contract_from <= NEW.on_date AND held.contract_end > NEW.on_date, FALSE) THEN
"""
GO_OVER = """
INSERT INTO merchants_merchantcontract (merchant_id, number, signed_date, first_date, last_date,
                                        notice_days, renewal, words)
SELECT coalesce(m.merged_into_id, m.id), p.contract_number, p.contract_from, p.contract_from,
       p.contract_end - 1, 0, 'talks', ''
  FROM merchants_partnership p JOIN merchants_merchant m ON m.id = p.merchant_id
 WHERE p.contract_number <> '' AND p.contract_end - 1 > p.contract_from
 ORDER BY p.id DESC
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0012_evidence_of_turnover")]
    operations = [
        migrations.RunSQL(GO_OVER, migrations.RunSQL.noop),
        migrations.RunSQL(
            GUARD.format(held=OF_THE_MERCHANT), GUARD.format(held=OF_THE_PARTNERSHIP)
        ),
    ]
