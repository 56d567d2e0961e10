"""A plan of targets stays as it was submitted, and parts never come to more than their whole; a
scorecard has the weights that the supervisor asks for, and never changes once submitted; the ledger
of pay is only added to, and adds up to the cent.

What more than one row says is looked at when the transaction ends, so that rows may come in any
order within it.
"""

from django.db import migrations

PLANS = """
CREATE FUNCTION journeys_target_plan_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a plan of targets begins as a draft'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'target_plan_begins';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'draft' AND (to_jsonb(NEW) - 'state') <> (to_jsonb(OLD) - 'state') THEN
        RAISE EXCEPTION 'plan % of targets was submitted, and stays as it was', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'target_plan_stays';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('draft', 'waiting'), ('waiting', 'approved'),
                                      ('waiting', 'draft'), ('approved', 'replaced')) THEN
        RAISE EXCEPTION 'plan % of targets does not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'target_plan_goes';
    END IF;
    IF NEW.state IN ('waiting', 'approved') AND NOT EXISTS (
        SELECT FROM portal_submission WHERE id = NEW.submission_id AND kind = 'target_plan'
            AND target_key = NEW.id::text
            AND state = CASE NEW.state WHEN 'waiting' THEN 'pending' ELSE 'approved' END) THEN
        RAISE EXCEPTION 'submission % does not carry plan % of targets', NEW.submission_id, NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'target_plan_approved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER target_plan_guard BEFORE INSERT OR UPDATE ON journeys_targetplan
    FOR EACH ROW EXECUTE FUNCTION journeys_target_plan_guard();
CREATE TRIGGER target_plan_kept BEFORE DELETE ON journeys_targetplan
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION journeys_target_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    whose bigint;
    above bigint;
    held text;
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'value') <> (to_jsonb(OLD) - 'value') THEN
        RAISE EXCEPTION 'row % of % stays where it is', OLD.id, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'target_part_stays';
    END IF;
    IF TG_TABLE_NAME = 'journeys_targetcell' THEN
        SELECT plan_id INTO whose FROM journeys_targetnode WHERE id = (told ->> 'node_id')::bigint;
    ELSE
        whose := (told ->> 'plan_id')::bigint;
        SELECT plan_id INTO above FROM journeys_targetnode
         WHERE id = (told ->> 'parent_id')::bigint;
        IF told ->> 'parent_id' IS NOT NULL AND above IS DISTINCT FROM whose THEN
            RAISE EXCEPTION 'a part hangs on a node of its own plan'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'target_part_of_its_plan';
        END IF;
    END IF;
    -- Locked, so that a submission at the same time is waited for, or finds this row.
    SELECT state INTO held FROM journeys_targetplan WHERE id = whose FOR NO KEY UPDATE;
    IF held <> 'draft' THEN
        RAISE EXCEPTION 'plan % of targets was submitted, and stays as it was', whose
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'target_plan_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER target_node_guard BEFORE INSERT OR UPDATE OR DELETE ON journeys_targetnode
    FOR EACH ROW EXECUTE FUNCTION journeys_target_part_guard();
CREATE TRIGGER target_cell_guard BEFORE INSERT OR UPDATE OR DELETE ON journeys_targetcell
    FOR EACH ROW EXECUTE FUNCTION journeys_target_part_guard();

-- Of the node of a cell and of its parent: what its parts come to in that month.
CREATE FUNCTION journeys_target_parts_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told record;
    found record;
BEGIN
    IF TG_OP = 'DELETE' THEN told := OLD; ELSE told := NEW; END IF;
    FOR found IN
        SELECT whole.id, sum(part.value) AS parts,
               coalesce((SELECT own.value FROM journeys_targetcell own
                          WHERE own.node_id = whole.id AND own.month = told.month), 0) AS has
          FROM journeys_targetnode node
          JOIN journeys_targetnode whole ON whole.id IN (node.id, node.parent_id)
          JOIN journeys_targetplan plan ON plan.id = whole.plan_id AND plan.is_additive
          JOIN journeys_targetnode below ON below.parent_id = whole.id
          JOIN journeys_targetcell part ON part.node_id = below.id AND part.month = told.month
         WHERE node.id = told.node_id
         GROUP BY whole.id
    LOOP
        IF found.parts > found.has THEN
            RAISE EXCEPTION 'the parts of node % come to % of % in %', found.id, found.parts,
                found.has, told.month
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'target_parts_within';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER target_parts_within
    AFTER INSERT OR UPDATE OR DELETE ON journeys_targetcell
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION journeys_target_parts_within();
"""

SCORECARDS = """
CREATE TRIGGER scorecard_rule_fixed BEFORE UPDATE OR DELETE ON journeys_scorecardrule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION journeys_scorecard_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' THEN
            RAISE EXCEPTION 'a scorecard begins as a draft'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_begins';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'draft' AND (to_jsonb(NEW) - 'state') <> (to_jsonb(OLD) - 'state') THEN
        RAISE EXCEPTION 'scorecard % was submitted, and stays as it was', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_stays';
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('draft', 'waiting'), ('waiting', 'approved'),
                                      ('waiting', 'draft')) THEN
        RAISE EXCEPTION 'scorecard % does not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_goes';
    END IF;
    IF NEW.state <> 'draft' AND NOT EXISTS (
        SELECT FROM portal_submission WHERE id = NEW.submission_id AND kind = 'scorecard'
            AND target_key = NEW.id::text
            AND state = CASE NEW.state WHEN 'waiting' THEN 'pending' ELSE 'approved' END) THEN
        RAISE EXCEPTION 'submission % does not carry scorecard %', NEW.submission_id, NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_approved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scorecard_guard BEFORE INSERT OR UPDATE ON journeys_scorecard
    FOR EACH ROW EXECUTE FUNCTION journeys_scorecard_guard();
CREATE TRIGGER scorecard_kept BEFORE DELETE ON journeys_scorecard
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION journeys_scorecard_measure_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.scorecard_id ELSE NEW.scorecard_id END;
    held text;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.scorecard_id <> NEW.scorecard_id THEN
        RAISE EXCEPTION 'measure % stays with its scorecard', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_stays';
    END IF;
    SELECT state INTO held FROM journeys_scorecard WHERE id = whose FOR NO KEY UPDATE;
    IF held <> 'draft' THEN
        RAISE EXCEPTION 'scorecard % was submitted, and stays as it was', whose
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_stays';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scorecard_measure_guard BEFORE INSERT OR UPDATE OR DELETE
    ON journeys_scorecardmeasure
    FOR EACH ROW EXECUTE FUNCTION journeys_scorecard_measure_guard();

-- 2011: no pay by issued volume alone. 2022, No. 13: volume is neither the single nor the main
-- measure, and compliance and risk are each clearly above every other kind.
CREATE FUNCTION journeys_scorecard_weighed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint;
    starts date;
    sums record;
    lead numeric;
BEGIN
    IF TG_TABLE_NAME = 'journeys_scorecard' THEN
        whose := NEW.id;
    ELSE
        whose := CASE TG_OP WHEN 'DELETE' THEN OLD.scorecard_id ELSE NEW.scorecard_id END;
    END IF;
    SELECT first_date INTO starts FROM journeys_scorecard WHERE id = whose;
    SELECT count(*) AS measures, coalesce(sum(weight), 0) AS total,
           coalesce(max(weight) FILTER (WHERE kind = 'volume'), 0) AS volume_most,
           coalesce(max(weight) FILTER (WHERE kind <> 'volume'), 0) AS other_most,
           coalesce(sum(weight) FILTER (WHERE kind = 'compliance'), 0) AS compliance,
           coalesce(sum(weight) FILTER (WHERE kind = 'risk'), 0) AS risk,
           greatest(coalesce(sum(weight) FILTER (WHERE kind = 'volume'), 0),
                    coalesce(sum(weight) FILTER (WHERE kind = 'quality'), 0),
                    coalesce(sum(weight) FILTER (WHERE kind = 'service'), 0)) AS others
      INTO sums FROM journeys_scorecardmeasure WHERE scorecard_id = whose;
    IF sums.total <> 100 THEN
        RAISE EXCEPTION 'the weights of scorecard % come to %', whose, sums.total
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_weights_whole';
    END IF;
    IF sums.volume_most > 0 AND sums.volume_most >= sums.other_most THEN
        RAISE EXCEPTION 'volume is the single or heaviest measure of scorecard %', whose
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_volume_not_main';
    END IF;
    SELECT margin INTO lead FROM journeys_scorecardrule
     WHERE effective_date <= starts ORDER BY effective_date DESC LIMIT 1;
    IF lead IS NULL THEN
        RAISE EXCEPTION 'no rule of scorecards is in force on %', starts
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_has_a_rule';
    END IF;
    IF least(sums.compliance, sums.risk) < sums.others + lead THEN
        RAISE EXCEPTION 'compliance % and risk % of scorecard % do not lead % by %',
            sums.compliance, sums.risk, whose, sums.others, lead
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_compliance_and_risk_lead';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER scorecard_weighed AFTER INSERT OR UPDATE ON journeys_scorecard
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION journeys_scorecard_weighed();
CREATE CONSTRAINT TRIGGER scorecard_measure_weighed
    AFTER INSERT OR UPDATE OR DELETE ON journeys_scorecardmeasure
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION journeys_scorecard_weighed();
"""

PAY = """
CREATE FUNCTION journeys_pay_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    base record;
BEGIN
    -- Whoever closes a month holds the person's row: an entry is counted or refused.
    PERFORM FROM portal_staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM journeys_paymonth
                WHERE staff_id = NEW.staff_id AND month >= NEW.pay_month) THEN
        RAISE EXCEPTION 'month % of person % is closed', NEW.pay_month, NEW.staff_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'pay_month_is_closed';
    END IF;
    IF NEW.takes_back_id IS NOT NULL THEN
        SELECT entry.staff_id, entry.measure_id, entry.pay_month, part.amount INTO base
          FROM journeys_paycard part JOIN journeys_payentry entry ON entry.id = part.entry_id
         WHERE part.id = NEW.takes_back_id;
        IF (base.staff_id, base.measure_id, base.amount)
            <> (NEW.staff_id, NEW.measure_id, -NEW.amount) OR base.pay_month > NEW.pay_month THEN
            RAISE EXCEPTION 'an entry takes back what a card brought the same person, and no other '
                'amount'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'pay_takes_back_what_it_brought';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pay_entry_guard BEFORE INSERT ON journeys_payentry
    FOR EACH ROW EXECUTE FUNCTION journeys_pay_entry_guard();
CREATE TRIGGER pay_entry_fixed BEFORE UPDATE OR DELETE ON journeys_payentry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER pay_card_fixed BEFORE UPDATE OR DELETE ON journeys_paycard
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION journeys_pay_cards_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    has numeric;
    parts numeric;
BEGIN
    SELECT amount INTO has FROM journeys_payentry
     WHERE id = NEW.entry_id AND kind = 'earned';
    SELECT sum(amount) INTO parts FROM journeys_paycard WHERE entry_id = NEW.entry_id;
    IF has IS DISTINCT FROM parts THEN
        RAISE EXCEPTION 'the cards of entry % come to % of %', NEW.entry_id, parts, has
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'pay_cards_whole';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pay_cards_whole AFTER INSERT ON journeys_paycard
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION journeys_pay_cards_whole();

CREATE FUNCTION journeys_pay_month_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before numeric;
    sums record;
BEGIN
    PERFORM FROM portal_staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
    SELECT carried_out INTO before FROM journeys_paymonth
     WHERE staff_id = NEW.staff_id ORDER BY month DESC LIMIT 1;
    -- What no statement has counted yet: of this month, and of months that were left out.
    SELECT coalesce(sum(amount) FILTER (WHERE kind = 'earned'), 0) AS earned,
           coalesce(sum(amount) FILTER (WHERE kind = 'taken_back'), 0) AS taken_back
      INTO sums FROM journeys_payentry
     WHERE staff_id = NEW.staff_id AND pay_month <= NEW.month AND pay_month > coalesce((
           SELECT max(month) FROM journeys_paymonth WHERE staff_id = NEW.staff_id), '-infinity');
    IF (NEW.carried_in, NEW.earned, NEW.taken_back)
        <> (coalesce(before, 0), sums.earned, sums.taken_back) THEN
        RAISE EXCEPTION 'month % of person % is not what its entries say', NEW.month, NEW.staff_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'pay_month_is_its_entries';
    END IF;
    IF EXISTS (SELECT FROM journeys_paymonth
                WHERE staff_id = NEW.staff_id AND month > NEW.month) THEN
        RAISE EXCEPTION 'a later month of person % is closed', NEW.staff_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'pay_month_in_turn';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pay_month_guard BEFORE INSERT ON journeys_paymonth
    FOR EACH ROW EXECUTE FUNCTION journeys_pay_month_guard();
CREATE TRIGGER pay_month_fixed BEFORE UPDATE OR DELETE ON journeys_paymonth
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NOTHING = """
DROP TRIGGER pay_month_fixed ON journeys_paymonth;
DROP TRIGGER pay_month_guard ON journeys_paymonth;
DROP FUNCTION journeys_pay_month_guard();
DROP TRIGGER pay_cards_whole ON journeys_paycard;
DROP FUNCTION journeys_pay_cards_whole();
DROP TRIGGER pay_card_fixed ON journeys_paycard;
DROP TRIGGER pay_entry_fixed ON journeys_payentry;
DROP TRIGGER pay_entry_guard ON journeys_payentry;
DROP FUNCTION journeys_pay_entry_guard();
DROP TRIGGER scorecard_measure_weighed ON journeys_scorecardmeasure;
DROP TRIGGER scorecard_weighed ON journeys_scorecard;
DROP FUNCTION journeys_scorecard_weighed();
DROP TRIGGER scorecard_measure_guard ON journeys_scorecardmeasure;
DROP FUNCTION journeys_scorecard_measure_guard();
DROP TRIGGER scorecard_kept ON journeys_scorecard;
DROP TRIGGER scorecard_guard ON journeys_scorecard;
DROP FUNCTION journeys_scorecard_guard();
DROP TRIGGER scorecard_rule_fixed ON journeys_scorecardrule;
DROP TRIGGER target_parts_within ON journeys_targetcell;
DROP FUNCTION journeys_target_parts_within();
DROP TRIGGER target_cell_guard ON journeys_targetcell;
DROP TRIGGER target_node_guard ON journeys_targetnode;
DROP FUNCTION journeys_target_part_guard();
DROP TRIGGER target_plan_kept ON journeys_targetplan;
DROP TRIGGER target_plan_guard ON journeys_targetplan;
DROP FUNCTION journeys_target_plan_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0183_targets")]
    operations = [migrations.RunSQL(PLANS + SCORECARDS + PAY, NOTHING)]
