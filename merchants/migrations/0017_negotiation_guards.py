"""The history of a negotiation is only added to, and says by itself where the negotiation stands;
what was offered, and above all what was signed, is changed by nobody.

Offers come in rounds while terms are on the table. Agreement names the latest offer of a side; what
is beyond the limits of the rule in force needs its second person before signing. Signed terms agree
with the offer, with the contract and with the clause of the directory, which from then on end
earlier at most.
"""

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_stage_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_negotiation%ROWTYPE;
    rule merchants_negotiationrule%ROWTYPE;
    agreed merchants_offer%ROWTYPE;
    last_at timestamptz;
BEGIN
    -- Locked, so that of two moves at once the second finds the first.
    SELECT * INTO held FROM merchants_negotiation WHERE id = NEW.negotiation_id FOR UPDATE;
    IF NEW.number <> held.moved + 1 OR NEW.from_stage <> held.stage THEN
        RAISE EXCEPTION 'negotiation % stands in % after move %: this move does not follow on it',
            held.id, coalesce(nullif(held.stage, ''), 'no stage'), held.moved
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT max(at) INTO last_at FROM merchants_stagechange WHERE negotiation_id = held.id;
    IF NEW.on_date < held.since OR NEW.at < last_at THEN
        RAISE EXCEPTION 'negotiation % was moved last on %: a move is not put before another',
            held.id, held.since USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.offer_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM merchants_offer one WHERE one.id = NEW.offer_id
            AND one.negotiation_id = held.id AND one.number = (
                SELECT max(number) FROM merchants_offer
                 WHERE negotiation_id = held.id AND side = one.side)) THEN
        RAISE EXCEPTION 'offer % is not the latest of its side in negotiation %', NEW.offer_id,
            held.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.to_stage = 'bargaining' AND NEW.from_stage = 'proposal' AND (
        SELECT count(DISTINCT side) FROM merchants_offer WHERE negotiation_id = held.id) < 2 THEN
        RAISE EXCEPTION 'negotiation % has no offer of each side yet', held.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.to_stage = 'signing' THEN
        SELECT o.* INTO agreed FROM merchants_offer o JOIN merchants_stagechange c
            ON c.offer_id = o.id WHERE c.negotiation_id = held.id AND c.number = held.moved;
        SELECT * INTO rule FROM merchants_negotiationrule WHERE effective_date <= NEW.on_date
            ORDER BY effective_date DESC LIMIT 1;
        IF NEW.approval_id IS NULL AND (rule.id IS NULL OR agreed.months > rule.most_months
            OR agreed.cost_share > rule.most_cost_share) THEN
            RAISE EXCEPTION 'negotiation %: these terms need a second person', held.id
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    IF NEW.approval_id IS NOT NULL AND (NEW.to_stage <> 'signing' OR NOT EXISTS (
        SELECT FROM portal_submission WHERE id = NEW.approval_id AND kind = 'negotiation_terms'
            AND state = 'approved' AND target_key = held.id::text
            AND snapshot ->> 'offer' = agreed.id::text
            AND snapshot ->> 'after' = held.moved::text)) THEN
        RAISE EXCEPTION 'submission % does not allow this move', NEW.approval_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.to_stage = 'review' AND NOT EXISTS (
        SELECT FROM merchants_signedterms WHERE negotiation_id = held.id) THEN
        RAISE EXCEPTION 'negotiation % has no signed terms', held.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stage_change_follows BEFORE INSERT ON merchants_stagechange
    FOR EACH ROW EXECUTE FUNCTION merchants_stage_change_guard();

CREATE FUNCTION merchants_stage_change_tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE merchants_negotiation
       SET stage = NEW.to_stage, since = NEW.on_date, moved = NEW.number
     WHERE id = NEW.negotiation_id;
    RETURN NULL;
END $$;
CREATE TRIGGER stage_change_tells AFTER INSERT ON merchants_stagechange
    FOR EACH ROW EXECUTE FUNCTION merchants_stage_change_tells();

CREATE FUNCTION merchants_negotiation_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.moved <> 0 THEN
            RAISE EXCEPTION 'a negotiation begins with its first move'
                USING ERRCODE = 'restrict_violation';
        END IF;
        IF EXISTS (SELECT FROM merchants_partnership
                    WHERE id = NEW.partnership_id AND phase = 'ended') THEN
            RAISE EXCEPTION 'partnership % has ended: nothing is negotiated', NEW.partnership_id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.partnership_id, NEW.purpose, NEW.contract_id, NEW.opened_at) IS DISTINCT FROM
        (OLD.partnership_id, OLD.purpose, OLD.contract_id, OLD.opened_at) THEN
        RAISE EXCEPTION 'negotiation % stays what it is about', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.stage, NEW.since, NEW.moved) IS DISTINCT FROM (OLD.stage, OLD.since, OLD.moved)
        AND NOT EXISTS (
            SELECT FROM merchants_stagechange WHERE negotiation_id = NEW.id AND number = NEW.moved
                AND to_stage = NEW.stage AND on_date = NEW.since
                AND number = (SELECT max(number) FROM merchants_stagechange
                              WHERE negotiation_id = NEW.id)) THEN
        RAISE EXCEPTION 'negotiation % stands where its last move says', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER negotiation_stands BEFORE INSERT OR UPDATE ON merchants_negotiation
    FOR EACH ROW EXECUTE FUNCTION merchants_negotiation_guard();
CREATE TRIGGER negotiation_is_kept BEFORE DELETE ON merchants_negotiation
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- One that no move began would stand in no stage for ever; signed terms that no move follows would
-- leave it in talks.
CREATE FUNCTION merchants_negotiation_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM merchants_stagechange WHERE negotiation_id = NEW.id) THEN
        RAISE EXCEPTION 'negotiation % has no first move', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER negotiation_begun AFTER INSERT ON merchants_negotiation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION merchants_negotiation_begun();
CREATE FUNCTION merchants_terms_followed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM merchants_stagechange
                    WHERE negotiation_id = NEW.negotiation_id AND to_stage = 'review') THEN
        RAISE EXCEPTION 'the signing of negotiation % was not moved on', NEW.negotiation_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER terms_followed AFTER INSERT ON merchants_signedterms
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION merchants_terms_followed();

CREATE FUNCTION merchants_offer_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_negotiation%ROWTYPE;
    last_number integer;
    last_round integer;
    last_at timestamptz;
BEGIN
    SELECT * INTO held FROM merchants_negotiation WHERE id = NEW.negotiation_id FOR UPDATE;
    IF held.stage NOT IN ('proposal', 'bargaining') THEN
        RAISE EXCEPTION 'negotiation % stands in %: no offers are recorded there', held.id,
            held.stage USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT max(number), max(round), max(at) INTO last_number, last_round, last_at
      FROM merchants_offer WHERE negotiation_id = held.id;
    IF EXISTS (SELECT FROM merchants_offer WHERE negotiation_id = held.id
                AND round = last_round AND side = NEW.side) THEN
        last_round := last_round + 1;
    END IF;
    IF NEW.number <> coalesce(last_number, 0) + 1 OR NEW.round <> coalesce(last_round, 1)
        OR NEW.at < last_at OR NEW.on_date < held.since THEN
        RAISE EXCEPTION 'this offer does not follow on the last one of negotiation %', held.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER offer_follows BEFORE INSERT ON merchants_offer
    FOR EACH ROW EXECUTE FUNCTION merchants_offer_guard();

CREATE FUNCTION merchants_signed_terms_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_negotiation%ROWTYPE;
    agreed merchants_offer%ROWTYPE;
    of_merchant bigint;
BEGIN
    SELECT * INTO held FROM merchants_negotiation WHERE id = NEW.negotiation_id FOR UPDATE;
    SELECT merchant_id INTO of_merchant FROM merchants_partnership WHERE id = held.partnership_id;
    SELECT o.* INTO agreed FROM merchants_offer o WHERE o.id = (
        SELECT offer_id FROM merchants_stagechange WHERE negotiation_id = held.id
            AND to_stage = 'agreement' ORDER BY number DESC LIMIT 1);
    IF held.stage <> 'signing' OR agreed.id IS DISTINCT FROM NEW.offer_id THEN
        RAISE EXCEPTION 'negotiation % does not sign offer %', held.id, NEW.offer_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.last_date <> (NEW.first_date + make_interval(months => agreed.months))::date - 1 THEN
        RAISE EXCEPTION 'the span that is signed is not of % months', agreed.months
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM merchants_merchantcontract WHERE id = NEW.contract_id
            AND merchant_id = of_merchant AND signed_date = NEW.signed_date
            AND first_date = NEW.first_date AND last_date = NEW.last_date) THEN
        RAISE EXCEPTION 'contract % does not agree with what is signed', NEW.contract_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (agreed.data_clause = 'clause') <> (NEW.clause_id IS NOT NULL) OR (
        NEW.clause_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM merchants_dataclause WHERE id = NEW.clause_id AND state = 'signed'
                AND merchant_id = of_merchant AND first_date <= NEW.first_date
                AND last_date >= NEW.last_date)) THEN
        RAISE EXCEPTION 'the clause on data does not agree with what is signed'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signed_terms_agree BEFORE INSERT ON merchants_signedterms
    FOR EACH ROW EXECUTE FUNCTION merchants_signed_terms_guard();

-- What was signed stands; a contract and a clause may still come to an earlier end.
CREATE FUNCTION merchants_contract_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM merchants_signedterms WHERE contract_id = OLD.id) AND (
        TG_OP = 'DELETE' OR NEW.last_date IS NULL OR NEW.last_date > OLD.last_date OR
        (NEW.number, NEW.signed_date, NEW.first_date) IS DISTINCT FROM
        (OLD.number, OLD.signed_date, OLD.first_date)) THEN
        RAISE EXCEPTION 'contract % was signed by a negotiation and ends earlier at most', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'merchant_contract_is_signed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER merchant_contract_is_signed BEFORE UPDATE OR DELETE ON merchants_merchantcontract
    FOR EACH ROW EXECUTE FUNCTION merchants_contract_is_signed();
CREATE FUNCTION merchants_clause_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM merchants_signedterms WHERE clause_id = OLD.id) AND (
        TG_OP = 'DELETE' OR NEW.last_date IS NULL OR NEW.last_date > OLD.last_date OR
        (NEW.state, NEW.first_date, NEW.purposes, NEW.data_kinds, NEW.handling) IS DISTINCT FROM
        (OLD.state, OLD.first_date, OLD.purposes, OLD.data_kinds, OLD.handling)) THEN
        RAISE EXCEPTION 'clause % was signed by a negotiation and ends earlier at most', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'data_clause_is_signed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER data_clause_is_signed BEFORE UPDATE OR DELETE ON merchants_dataclause
    FOR EACH ROW EXECUTE FUNCTION merchants_clause_is_signed();

CREATE TRIGGER stagechange_fixed BEFORE UPDATE OR DELETE ON merchants_stagechange
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER offer_fixed BEFORE UPDATE OR DELETE ON merchants_offer
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER termsfigure_fixed BEFORE UPDATE OR DELETE ON merchants_termsfigure
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER signedterms_fixed BEFORE UPDATE OR DELETE ON merchants_signedterms
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER negotiationrule_fixed BEFORE UPDATE OR DELETE ON merchants_negotiationrule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER terms_request_stays BEFORE UPDATE ON merchants_termsrequest
    FOR EACH ROW WHEN (OLD.state <> 'waiting') EXECUTE FUNCTION merchants_settled_stays();
CREATE TRIGGER reminder_stays BEFORE UPDATE ON merchants_reminder
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION merchants_settled_stays();
"""
NO_GUARDS = """
DROP TRIGGER reminder_stays ON merchants_reminder;
DROP TRIGGER terms_request_stays ON merchants_termsrequest;
DROP TRIGGER negotiationrule_fixed ON merchants_negotiationrule;
DROP TRIGGER signedterms_fixed ON merchants_signedterms;
DROP TRIGGER termsfigure_fixed ON merchants_termsfigure;
DROP TRIGGER offer_fixed ON merchants_offer;
DROP TRIGGER stagechange_fixed ON merchants_stagechange;
DROP TRIGGER data_clause_is_signed ON merchants_dataclause;
DROP FUNCTION merchants_clause_is_signed();
DROP TRIGGER merchant_contract_is_signed ON merchants_merchantcontract;
DROP FUNCTION merchants_contract_is_signed();
DROP TRIGGER signed_terms_agree ON merchants_signedterms;
DROP FUNCTION merchants_signed_terms_guard();
DROP TRIGGER offer_follows ON merchants_offer;
DROP FUNCTION merchants_offer_guard();
DROP TRIGGER terms_followed ON merchants_signedterms;
DROP FUNCTION merchants_terms_followed();
DROP TRIGGER negotiation_begun ON merchants_negotiation;
DROP FUNCTION merchants_negotiation_begun();
DROP TRIGGER negotiation_is_kept ON merchants_negotiation;
DROP TRIGGER negotiation_stands ON merchants_negotiation;
DROP FUNCTION merchants_negotiation_guard();
DROP TRIGGER stage_change_tells ON merchants_stagechange;
DROP FUNCTION merchants_stage_change_tells();
DROP TRIGGER stage_change_follows ON merchants_stagechange;
DROP FUNCTION merchants_stage_change_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0016_negotiations"), ("portal", "0018_imports_again")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
