"""The tree of reasons keeps its roots and its words, refusals keep what was said, and what was tried
keeps its outcome.

A reason stands where its parent says and stays there, so nothing stands above itself. A contact who
is named is one of the merchant's own, or of one that was merged into it.
"""

from django.db import migrations

GUARDS = """
-- Of a row that is settled or retired only what the arguments name may change.
CREATE FUNCTION merchants_only_these_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - TG_ARGV) IS DISTINCT FROM (to_jsonb(OLD) - TG_ARGV) THEN
        RAISE EXCEPTION '% % keeps what it says', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION merchants_reason_grows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above merchants_refusalreason%ROWTYPE;
BEGIN
    IF NEW.parent_id IS NULL THEN
        RETURN NEW;
    END IF;
    -- Locked, so that a retirement at the same time is waited for, or finds this child.
    SELECT * INTO above FROM merchants_refusalreason WHERE id = NEW.parent_id FOR SHARE;
    IF above.id IS NULL OR above.retired_date IS NOT NULL THEN
        RAISE EXCEPTION 'reason % is not there, or out of use: nothing grows below it',
            NEW.parent_id USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.root := above.root;
    NEW.depth := above.depth + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER refusal_reason_grows BEFORE INSERT ON merchants_refusalreason
    FOR EACH ROW EXECUTE FUNCTION merchants_reason_grows();

CREATE FUNCTION merchants_reason_retires() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM merchants_refusalreason
                WHERE parent_id = NEW.id AND retired_date IS NULL) THEN
        RAISE EXCEPTION 'reason % has others in use below it', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refusal_reason_retires BEFORE UPDATE ON merchants_refusalreason
    FOR EACH ROW WHEN (NEW.retired_date IS NOT NULL)
    EXECUTE FUNCTION merchants_reason_retires();
CREATE TRIGGER refusal_reason_stays BEFORE UPDATE ON merchants_refusalreason
    FOR EACH ROW WHEN (OLD.retired_date IS NOT NULL) EXECUTE FUNCTION merchants_settled_stays();
CREATE TRIGGER refusal_reason_keeps BEFORE UPDATE ON merchants_refusalreason FOR EACH ROW
    EXECUTE FUNCTION merchants_only_these_change('retired_date', 'retired_by_id', 'retired_why');
CREATE TRIGGER refusal_reason_is_kept BEFORE DELETE ON merchants_refusalreason
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_in_use(reason bigint, what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM merchants_refusalreason WHERE id = reason AND retired_date IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'reason % is out of use: no % names it', reason, what
            USING ERRCODE = 'restrict_violation';
    END IF;
END $$;

CREATE FUNCTION merchants_answer_is_of_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM merchants_in_use(NEW.reason_id, 'answer');
    RETURN NEW;
END $$;
CREATE TRIGGER refusal_answer_of_use BEFORE INSERT ON merchants_refusalanswer
    FOR EACH ROW EXECUTE FUNCTION merchants_answer_is_of_use();
CREATE TRIGGER refusal_answer_stays BEFORE UPDATE ON merchants_refusalanswer
    FOR EACH ROW WHEN (OLD.retired_date IS NOT NULL) EXECUTE FUNCTION merchants_settled_stays();
CREATE TRIGGER refusal_answer_keeps BEFORE UPDATE ON merchants_refusalanswer FOR EACH ROW
    EXECUTE FUNCTION merchants_only_these_change('retired_date', 'retired_by_id', 'retired_why');
CREATE TRIGGER refusal_answer_is_kept BEFORE DELETE ON merchants_refusalanswer
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_contact_is_theirs(contact bigint, partnership bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF contact IS NOT NULL AND NOT EXISTS (
        SELECT FROM merchants_partnership p
          JOIN merchants_merchantcontact c ON c.id = contact
          JOIN merchants_merchant m ON m.id = c.merchant_id
         WHERE p.id = partnership AND p.merchant_id IN (m.id, m.merged_into_id)) THEN
        RAISE EXCEPTION 'contact % is not of the merchant of partnership %', contact, partnership
            USING ERRCODE = 'restrict_violation';
    END IF;
END $$;

CREATE FUNCTION merchants_refusal_is_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM merchants_in_use(NEW.reason_id, 'refusal');
    PERFORM merchants_contact_is_theirs(NEW.contact_id, NEW.partnership_id);
    RETURN NEW;
END $$;
CREATE TRIGGER refusal_is_said BEFORE INSERT ON merchants_refusal
    FOR EACH ROW EXECUTE FUNCTION merchants_refusal_is_said();
CREATE FUNCTION merchants_refusal_is_overcome() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM merchants_answertry
                    WHERE refusal_id = NEW.id AND outcome = 'worked') THEN
        RAISE EXCEPTION 'nothing that was tried at refusal % worked', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refusal_is_overcome BEFORE INSERT OR UPDATE ON merchants_refusal
    FOR EACH ROW WHEN (NEW.state = 'overcome') EXECUTE FUNCTION merchants_refusal_is_overcome();
CREATE TRIGGER refusal_stays BEFORE UPDATE ON merchants_refusal
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION merchants_settled_stays();
CREATE TRIGGER refusal_keeps BEFORE UPDATE ON merchants_refusal FOR EACH ROW
    EXECUTE FUNCTION merchants_only_these_change(
        'state', 'settled_by_id', 'settled_at', 'settled_why');
CREATE TRIGGER refusal_is_kept BEFORE DELETE ON merchants_refusal
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_try_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    met merchants_refusal%ROWTYPE;
BEGIN
    SELECT * INTO met FROM merchants_refusal WHERE id = NEW.refusal_id FOR SHARE;
    IF met.state <> 'open' OR NEW.tried_date < met.said_date THEN
        RAISE EXCEPTION 'refusal % was said on % and is %: nothing is tried at it on %',
            met.id, met.said_date, met.state, NEW.tried_date
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        WITH RECURSIVE above AS (
            SELECT id, parent_id FROM merchants_refusalreason WHERE id = met.reason_id
            UNION ALL
            SELECT r.id, r.parent_id FROM merchants_refusalreason r JOIN above a ON r.id = a.parent_id
        )
        SELECT FROM merchants_refusalanswer w JOIN above ON above.id = w.reason_id
         WHERE w.id = NEW.answer_id AND w.retired_date IS NULL) THEN
        RAISE EXCEPTION 'answer % is none to reason %, or out of use', NEW.answer_id, met.reason_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answer_try_fits BEFORE INSERT ON merchants_answertry
    FOR EACH ROW EXECUTE FUNCTION merchants_try_fits();
CREATE TRIGGER answer_try_stays BEFORE UPDATE ON merchants_answertry
    FOR EACH ROW WHEN (OLD.outcome <> 'open') EXECUTE FUNCTION merchants_settled_stays();
CREATE TRIGGER answer_try_keeps BEFORE UPDATE ON merchants_answertry FOR EACH ROW
    EXECUTE FUNCTION merchants_only_these_change(
        'outcome', 'outcome_date', 'outcome_by_id', 'outcome_at', 'note');
CREATE TRIGGER answer_try_is_kept BEFORE DELETE ON merchants_answertry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NO_GUARDS = """
DROP TRIGGER answer_try_is_kept ON merchants_answertry;
DROP TRIGGER answer_try_keeps ON merchants_answertry;
DROP TRIGGER answer_try_stays ON merchants_answertry;
DROP TRIGGER answer_try_fits ON merchants_answertry;
DROP FUNCTION merchants_try_fits();
DROP TRIGGER refusal_is_kept ON merchants_refusal;
DROP TRIGGER refusal_keeps ON merchants_refusal;
DROP TRIGGER refusal_stays ON merchants_refusal;
DROP TRIGGER refusal_is_overcome ON merchants_refusal;
DROP FUNCTION merchants_refusal_is_overcome();
DROP TRIGGER refusal_is_said ON merchants_refusal;
DROP FUNCTION merchants_refusal_is_said();
DROP FUNCTION merchants_contact_is_theirs(bigint, bigint);
DROP TRIGGER refusal_answer_is_kept ON merchants_refusalanswer;
DROP TRIGGER refusal_answer_keeps ON merchants_refusalanswer;
DROP TRIGGER refusal_answer_stays ON merchants_refusalanswer;
DROP TRIGGER refusal_answer_of_use ON merchants_refusalanswer;
DROP FUNCTION merchants_answer_is_of_use();
DROP FUNCTION merchants_in_use(bigint, text);
DROP TRIGGER refusal_reason_is_kept ON merchants_refusalreason;
DROP TRIGGER refusal_reason_keeps ON merchants_refusalreason;
DROP TRIGGER refusal_reason_stays ON merchants_refusalreason;
DROP TRIGGER refusal_reason_retires ON merchants_refusalreason;
DROP FUNCTION merchants_reason_retires();
DROP TRIGGER refusal_reason_grows ON merchants_refusalreason;
DROP FUNCTION merchants_reason_grows();
DROP FUNCTION merchants_only_these_change();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0019_refusals")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
