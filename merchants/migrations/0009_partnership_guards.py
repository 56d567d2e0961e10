"""The history of a partnership is only added to, and says by itself where the partnership stands.

A move must follow on the one before, must not come before it, and has its second person where the
rule in force, the days in a phase, a return, or a missing contract ask for one. The partnership's
own columns are written by the history's trigger and by nothing else.
"""

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_phase_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
        ELSIF NEW.to_phase = 'confirmed' AND NOT coalesce(
            held.contract_from <= NEW.on_date AND held.contract_end > NEW.on_date, FALSE) THEN
            asks := 'no contract holds';
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
CREATE TRIGGER phase_change_follows BEFORE INSERT ON merchants_phasechange
    FOR EACH ROW EXECUTE FUNCTION merchants_phase_change_guard();

CREATE FUNCTION merchants_phase_change_tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE merchants_partnership
       SET phase = NEW.to_phase, since = NEW.on_date, moved = NEW.number
     WHERE id = NEW.partnership_id;
    RETURN NULL;
END $$;
CREATE TRIGGER phase_change_tells AFTER INSERT ON merchants_phasechange
    FOR EACH ROW EXECUTE FUNCTION merchants_phase_change_tells();
CREATE TRIGGER phasechange_fixed BEFORE UPDATE OR DELETE ON merchants_phasechange
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_partnership_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.moved <> 0 THEN
            RAISE EXCEPTION 'a partnership begins with its first move'
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.merchant_id <> OLD.merchant_id THEN
        RAISE EXCEPTION 'partnership % stays with its merchant', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.phase, NEW.since, NEW.moved) IS DISTINCT FROM (OLD.phase, OLD.since, OLD.moved)
        AND NOT EXISTS (
            SELECT FROM merchants_phasechange WHERE partnership_id = NEW.id AND number = NEW.moved
                AND to_phase = NEW.phase AND on_date = NEW.since
                AND number = (SELECT max(number) FROM merchants_phasechange
                              WHERE partnership_id = NEW.id)) THEN
        RAISE EXCEPTION 'partnership % stands where its last move says', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER partnership_stands BEFORE INSERT OR UPDATE ON merchants_partnership
    FOR EACH ROW EXECUTE FUNCTION merchants_partnership_guard();
CREATE TRIGGER partnership_is_kept BEFORE DELETE ON merchants_partnership
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- A partnership that no move began would stand in no phase for ever.
CREATE FUNCTION merchants_partnership_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM merchants_phasechange WHERE partnership_id = NEW.id) THEN
        RAISE EXCEPTION 'partnership % has no first move', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER partnership_begun AFTER INSERT ON merchants_partnership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION merchants_partnership_begun();

CREATE TRIGGER partnershiprule_fixed BEFORE UPDATE OR DELETE ON merchants_partnershiprule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER playbook_fixed BEFORE UPDATE OR DELETE ON merchants_playbook
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- What became of a suggestion, a request or a task stays.
CREATE FUNCTION merchants_settled_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% % is settled, and stays so', TG_TABLE_NAME, OLD.id
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER suggestion_stays BEFORE UPDATE ON merchants_phasesuggestion
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION merchants_settled_stays();
CREATE TRIGGER request_stays BEFORE UPDATE ON merchants_moverequest
    FOR EACH ROW WHEN (OLD.state <> 'waiting') EXECUTE FUNCTION merchants_settled_stays();
CREATE TRIGGER task_stays BEFORE UPDATE ON merchants_partnershiptask
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION merchants_settled_stays();
"""
NO_GUARDS = """
DROP TRIGGER task_stays ON merchants_partnershiptask;
DROP TRIGGER request_stays ON merchants_moverequest;
DROP TRIGGER suggestion_stays ON merchants_phasesuggestion;
DROP FUNCTION merchants_settled_stays();
DROP TRIGGER playbook_fixed ON merchants_playbook;
DROP TRIGGER partnershiprule_fixed ON merchants_partnershiprule;
DROP TRIGGER partnership_begun ON merchants_partnership;
DROP FUNCTION merchants_partnership_begun();
DROP TRIGGER partnership_is_kept ON merchants_partnership;
DROP TRIGGER partnership_stands ON merchants_partnership;
DROP FUNCTION merchants_partnership_guard();
DROP TRIGGER phasechange_fixed ON merchants_phasechange;
DROP TRIGGER phase_change_tells ON merchants_phasechange;
DROP FUNCTION merchants_phase_change_tells();
DROP TRIGGER phase_change_follows ON merchants_phasechange;
DROP FUNCTION merchants_phase_change_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0008_partnerships"), ("portal", "0018_imports_again")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
