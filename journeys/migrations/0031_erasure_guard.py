"""The database itself holds what an erasure may do, and when.

An erasure is carried out in one transaction, which only an approved submission of the same persons
opens. Within it the ledgers let words be taken out of named columns; to everybody else they refuse
every change as before.
"""

from django.db import migrations

# The mark of portal.kit.personal.ERASED.
MARK = "[已删除]"

STEPS = """
CREATE FUNCTION journeys_guard_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_allowed boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        is_allowed := NEW.state NOT IN ('approved', 'carrying_out', 'erased', 'proven');
    ELSIF TG_OP = 'DELETE' OR (OLD.id, OLD.request_id, OLD.persons, OLD.asked_at)
          IS DISTINCT FROM (NEW.id, NEW.request_id, NEW.persons, NEW.asked_at)
          OR OLD.submission_id IS NOT NULL
             AND OLD.submission_id IS DISTINCT FROM NEW.submission_id THEN
        is_allowed := false;
    ELSIF NEW.state = OLD.state THEN
        is_allowed := OLD.state <> 'carrying_out' AND OLD.carried_by = NEW.carried_by;
    ELSIF (OLD.state, NEW.state) = ('asked', 'approved') THEN
        is_allowed := EXISTS (
            SELECT FROM portal_submission submission
            JOIN journeys_rightsrequest request ON request.number = submission.target_key
            WHERE submission.id = NEW.submission_id AND submission.kind = 'erasure'
              AND submission.state = 'approved' AND request.id = NEW.request_id
              AND submission.snapshot -> 'persons' = to_jsonb(NEW.persons));
    ELSIF (OLD.state, NEW.state) = ('approved', 'carrying_out') THEN
        is_allowed := NEW.carried_by = pg_current_xact_id()::text;
    ELSE
        is_allowed := (OLD.state, NEW.state) IN (
            ('asked', 'returned'), ('carrying_out', 'erased'), ('erased', 'proven'));
    END IF;
    IF NOT is_allowed THEN
        RAISE EXCEPTION 'an erasure goes its way only: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER erasure_goes_its_way BEFORE INSERT OR UPDATE OR DELETE ON journeys_erasure
    FOR EACH ROW EXECUTE FUNCTION journeys_guard_erasure();

-- What is begun is ended in the same transaction, or did not happen.
CREATE FUNCTION journeys_erasure_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM journeys_erasure WHERE id = NEW.id AND state = 'carrying_out') THEN
        RAISE EXCEPTION 'erasure % is not carried out to its end', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER erasure_is_whole AFTER UPDATE ON journeys_erasure
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journeys_erasure_is_whole();
"""
NO_STEPS = """
DROP TRIGGER erasure_is_whole ON journeys_erasure;
DROP FUNCTION journeys_erasure_is_whole();
DROP TRIGGER erasure_goes_its_way ON journeys_erasure;
DROP FUNCTION journeys_guard_erasure();
"""

ERASING = f"""
-- Whether a change of a row only takes words out of the named columns, while an approved erasure
-- of its person is being carried out in this very transaction. `owner` is SQL over the row $1
-- (jsonb) that names the person ('customer:12'); it is empty for rows that belong to nobody.
CREATE FUNCTION journeys_may_erase(was jsonb, becomes jsonb, owner text, VARIADIC columns text[])
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE erasing journeys_erasure; person text; name text; before text; after text;
BEGIN
    SELECT * INTO erasing FROM journeys_erasure
        WHERE state = 'carrying_out' AND carried_by = pg_current_xact_id_if_assigned()::text;
    IF NOT FOUND OR was - columns IS DISTINCT FROM becomes - columns THEN
        RETURN false;
    END IF;
    IF owner <> '' THEN
        EXECUTE 'SELECT ' || owner INTO person USING was;
        IF person IS NULL OR NOT person = ANY(erasing.persons) THEN
            RETURN false;
        END IF;
    END IF;
    FOREACH name IN ARRAY columns LOOP
        before := was ->> name;
        after := becomes ->> name;
        -- Nothing may be put in: empty, or the old text with pieces replaced by the mark.
        CONTINUE WHEN after IS NULL OR after IN ('', '{{}}') OR after = before;
        IF before IS NULL OR before NOT LIKE replace(
            replace(replace(replace(after, '\\', '\\\\'), '%', '\\%'), '_', '\\_'), '{MARK}', '%')
        THEN
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END $$;

-- Opens a ledger to erasures: its guard stays as it is, but lets their changes pass.
CREATE FUNCTION journeys_open_to_erasure(
    ledger regclass, guard name, owner text, VARIADIC columns text[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE guarding regproc; events int;
BEGIN
    SELECT tgfoid::regproc, tgtype INTO STRICT guarding, events
        FROM pg_trigger WHERE tgrelid = ledger AND tgname = guard;
    EXECUTE format('DROP TRIGGER %I ON %s', guard, ledger);
    IF events & 8 > 0 THEN
        EXECUTE format('CREATE TRIGGER %I BEFORE DELETE ON %s FOR EACH ROW EXECUTE FUNCTION %s()',
                       guard, ledger, guarding);
    END IF;
    EXECUTE format(
        'CREATE TRIGGER %I BEFORE UPDATE ON %s FOR EACH ROW WHEN (NOT journeys_may_erase('
        'to_jsonb(OLD), to_jsonb(NEW), %L, VARIADIC %L::text[])) EXECUTE FUNCTION %s()',
        guard || '_but_erased', ledger, owner, columns, guarding);
END $$;
CREATE FUNCTION journeys_close_to_erasure(ledger regclass, guard name) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE guarding regproc; events text := 'UPDATE';
BEGIN
    SELECT tgfoid::regproc INTO STRICT guarding
        FROM pg_trigger WHERE tgrelid = ledger AND tgname = guard || '_but_erased';
    IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = ledger AND tgname = guard) THEN
        EXECUTE format('DROP TRIGGER %I ON %s', guard, ledger);
        events := 'UPDATE OR DELETE';
    END IF;
    EXECUTE format('DROP TRIGGER %I ON %s', guard || '_but_erased', ledger);
    EXECUTE format('CREATE TRIGGER %I BEFORE %s ON %s FOR EACH ROW EXECUTE FUNCTION %s()',
                   guard, events, ledger, guarding);
END $$;
"""
NOT_ERASING = """
DROP FUNCTION journeys_close_to_erasure(regclass, name);
DROP FUNCTION journeys_open_to_erasure(regclass, name, text, text[]);
DROP FUNCTION journeys_may_erase(jsonb, jsonb, text, text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0030_rights")]
    operations = [
        migrations.RunSQL(STEPS, NO_STEPS),
        migrations.RunSQL(ERASING, NOT_ERASING),
    ]
