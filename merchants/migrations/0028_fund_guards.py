"""A plan of promotion money stays as it was submitted, and no money goes beyond it.

What belongs to a plan changes while it is a draft alone; whatever changes then makes the chosen
split one of another question, so its proof is forgotten. It is approved by an approval of its own.
Accounts are opened for what an approved plan gives. Their figures are the sums of the entries,
which are only added to: commitments within the allocation, claims within their commitment,
payments within their claim and by another person than the claim's, reversals within what nothing
rests on.
"""

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_fund_plan_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.gap IS NOT NULL THEN
            RAISE EXCEPTION 'a plan of funds begins as a draft'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_begins';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'draft' AND (to_jsonb(NEW) - 'state') <> (to_jsonb(OLD) - 'state') THEN
        RAISE EXCEPTION 'plan % of funds was submitted, and stays as it was', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_stays';
    END IF;
    IF NEW.budget <> OLD.budget THEN
        NEW.gap := NULL;
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('draft', 'waiting'), ('waiting', 'approved'),
                                      ('waiting', 'draft')) THEN
        RAISE EXCEPTION 'plan % of funds does not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_goes';
    END IF;
    IF NEW.state <> 'draft' AND NOT EXISTS (
        SELECT FROM portal_submission WHERE id = NEW.submission_id AND kind = 'fund_plan'
            AND target_key = NEW.id::text
            AND state = CASE NEW.state WHEN 'waiting' THEN 'pending' ELSE 'approved' END) THEN
        RAISE EXCEPTION 'submission % does not carry plan % of funds', NEW.submission_id, NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_approved';
    END IF;
    IF NEW.state <> 'draft' AND NOT coalesce((
        SELECT bool_and(chosen IS NOT NULL) AND sum(chosen) <= NEW.budget
        FROM merchants_fundline WHERE plan_id = NEW.id), FALSE) THEN
        RAISE EXCEPTION 'plan % of funds has no split within its budget', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_within_budget';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_plan_guard BEFORE INSERT OR UPDATE ON merchants_fundplan
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_plan_guard();
CREATE TRIGGER fund_plan_kept BEFORE DELETE ON merchants_fundplan
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_fund_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told jsonb;
    was jsonb;
    whose bigint;
    held text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        was := to_jsonb(OLD);
    END IF;
    told := CASE TG_OP WHEN 'DELETE' THEN was ELSE to_jsonb(NEW) END;
    IF TG_TABLE_NAME = 'merchants_responselevel' THEN
        SELECT plan_id INTO whose FROM merchants_fundline WHERE id = (told ->> 'line_id')::bigint;
    ELSE
        whose := (told ->> 'plan_id')::bigint;
    END IF;
    -- Locked, so that a submission at the same time is waited for, or finds this row.
    SELECT state INTO held FROM merchants_fundplan WHERE id = whose FOR NO KEY UPDATE;
    IF held <> 'draft' THEN
        RAISE EXCEPTION 'plan % of funds was submitted, and stays as it was', whose
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_stays';
    END IF;
    IF TG_OP = 'UPDATE' AND (told -> 'plan_id', told -> 'line_id', told -> 'partnership_id')
        IS DISTINCT FROM (was -> 'plan_id', was -> 'line_id', was -> 'partnership_id') THEN
        RAISE EXCEPTION 'row % of % stays with its plan', told ->> 'id', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_part_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;

-- After the row, since a file that says nothing new meets its rows and writes none.
CREATE FUNCTION merchants_fund_part_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    whose bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        -- When a file was heard again says nothing new either.
        IF (told - ARRAY['chosen', 'as_of', 'heard_at'])
            = (to_jsonb(OLD) - ARRAY['chosen', 'as_of', 'heard_at']) THEN
            RETURN NULL;
        END IF;
    END IF;
    IF TG_TABLE_NAME = 'merchants_responselevel' THEN
        SELECT plan_id INTO whose FROM merchants_fundline WHERE id = (told ->> 'line_id')::bigint;
    ELSE
        whose := (told ->> 'plan_id')::bigint;
    END IF;
    UPDATE merchants_fundplan SET gap = NULL WHERE id = whose AND gap IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER fund_line_guard BEFORE INSERT OR UPDATE OR DELETE ON merchants_fundline
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_part_guard();
CREATE TRIGGER fund_line_forgets AFTER INSERT OR UPDATE OR DELETE ON merchants_fundline
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_part_forgets();
CREATE TRIGGER fund_share_guard BEFORE INSERT OR UPDATE OR DELETE ON merchants_fundshare
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_part_guard();
CREATE TRIGGER fund_share_forgets AFTER INSERT OR UPDATE OR DELETE ON merchants_fundshare
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_part_forgets();
CREATE TRIGGER response_level_guard BEFORE INSERT OR UPDATE OR DELETE ON merchants_responselevel
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_part_guard();
CREATE TRIGGER response_level_forgets AFTER INSERT OR UPDATE OR DELETE ON merchants_responselevel
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_part_forgets();

CREATE FUNCTION merchants_fund_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sums record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.committed, NEW.claimed, NEW.paid) <> (0, 0, 0) OR NOT EXISTS (
            SELECT FROM merchants_fundline line JOIN merchants_fundplan plan
                ON plan.id = line.plan_id
            WHERE line.id = NEW.line_id AND plan.state = 'approved'
                AND line.chosen = NEW.allocated AND line.chosen > 0) THEN
            RAISE EXCEPTION 'line % has no such money in an approved plan', NEW.line_id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_account_as_approved';
        END IF;
        RETURN NEW;
    END IF;
    SELECT coalesce(sum(amount) FILTER (WHERE kind = 'commit'), 0) AS committed,
           coalesce(sum(amount) FILTER (WHERE kind = 'claim'), 0) AS claimed,
           coalesce(sum(amount) FILTER (WHERE kind = 'pay'), 0) AS paid
      INTO sums FROM merchants_fundentry WHERE account_id = OLD.id;
    IF (NEW.id, NEW.line_id, NEW.allocated) <> (OLD.id, OLD.line_id, OLD.allocated)
        OR (NEW.committed, NEW.claimed, NEW.paid)
            <> (sums.committed, sums.claimed, sums.paid) THEN
        RAISE EXCEPTION 'account % holds what its entries say', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_account_is_its_entries';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_account_guard BEFORE INSERT OR UPDATE ON merchants_fundaccount
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_account_guard();
CREATE TRIGGER fund_account_kept BEFORE DELETE ON merchants_fundaccount
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- What is left of an entry beside its reversals, and what rests on it.
CREATE FUNCTION merchants_fund_left(entry bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT (SELECT amount FROM merchants_fundentry WHERE id = entry)
        + coalesce((SELECT sum(amount) FROM merchants_fundentry WHERE reverses_id = entry), 0)
        - coalesce((SELECT sum(amount) FROM merchants_fundentry WHERE against_id = entry), 0)
$$;

CREATE FUNCTION merchants_fund_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_fundaccount%ROWTYPE;
    base merchants_fundentry%ROWTYPE;
    undone merchants_fundentry%ROWTYPE;
BEGIN
    -- Locked, so that of many writers each finds what those before it wrote.
    SELECT * INTO held FROM merchants_fundaccount WHERE id = NEW.account_id FOR NO KEY UPDATE;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO undone FROM merchants_fundentry WHERE id = NEW.reverses_id;
        IF undone.reverses_id IS NOT NULL OR (undone.account_id, undone.kind)
            <> (NEW.account_id, NEW.kind) OR undone.against_id IS DISTINCT FROM NEW.against_id THEN
            RAISE EXCEPTION 'entry % is not one that this reverses', NEW.reverses_id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_entry_reverses_its_like';
        END IF;
        IF merchants_fund_left(undone.id) + NEW.amount < 0 THEN
            RAISE EXCEPTION 'of entry % only % can be taken back', undone.id,
                merchants_fund_left(undone.id)
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_entry_reverses_the_rest';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.kind = 'commit' THEN
        IF held.committed + NEW.amount > held.allocated THEN
            RAISE EXCEPTION 'account % has % free', held.id, held.allocated - held.committed
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_commit_within';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO base FROM merchants_fundentry WHERE id = NEW.against_id;
    IF base.account_id <> NEW.account_id OR base.reverses_id IS NOT NULL
        OR (NEW.kind, base.kind) NOT IN (('claim', 'commit'), ('pay', 'claim')) THEN
        RAISE EXCEPTION 'a % does not rest on entry %', NEW.kind, NEW.against_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_entry_rests_on_its_kind';
    END IF;
    IF NEW.kind = 'pay' AND base.actor_id = NEW.actor_id THEN
        RAISE EXCEPTION 'claim % is paid by another person than who noted it', base.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_pay_by_another';
    END IF;
    IF NEW.amount > merchants_fund_left(base.id) THEN
        RAISE EXCEPTION 'of entry % only % is left', base.id, merchants_fund_left(base.id)
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_entry_within';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_entry_guard BEFORE INSERT ON merchants_fundentry
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_entry_guard();

CREATE FUNCTION merchants_fund_entry_tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE merchants_fundaccount
       SET committed = committed + CASE WHEN NEW.kind = 'commit' THEN NEW.amount ELSE 0 END,
           claimed = claimed + CASE WHEN NEW.kind = 'claim' THEN NEW.amount ELSE 0 END,
           paid = paid + CASE WHEN NEW.kind = 'pay' THEN NEW.amount ELSE 0 END
     WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER fund_entry_tells AFTER INSERT ON merchants_fundentry
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_entry_tells();
CREATE TRIGGER fund_entry_fixed BEFORE UPDATE OR DELETE ON merchants_fundentry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NO_GUARDS = """
DROP TRIGGER fund_entry_fixed ON merchants_fundentry;
DROP TRIGGER fund_entry_tells ON merchants_fundentry;
DROP FUNCTION merchants_fund_entry_tells();
DROP TRIGGER fund_entry_guard ON merchants_fundentry;
DROP FUNCTION merchants_fund_entry_guard();
DROP FUNCTION merchants_fund_left(bigint);
DROP TRIGGER fund_account_kept ON merchants_fundaccount;
DROP TRIGGER fund_account_guard ON merchants_fundaccount;
DROP FUNCTION merchants_fund_account_guard();
DROP TRIGGER response_level_forgets ON merchants_responselevel;
DROP TRIGGER response_level_guard ON merchants_responselevel;
DROP TRIGGER fund_share_forgets ON merchants_fundshare;
DROP TRIGGER fund_share_guard ON merchants_fundshare;
DROP TRIGGER fund_line_forgets ON merchants_fundline;
DROP TRIGGER fund_line_guard ON merchants_fundline;
DROP FUNCTION merchants_fund_part_forgets();
DROP FUNCTION merchants_fund_part_guard();
DROP TRIGGER fund_plan_kept ON merchants_fundplan;
DROP TRIGGER fund_plan_guard ON merchants_fundplan;
DROP FUNCTION merchants_fund_plan_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0027_funds"), ("portal", "0018_imports_again")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
