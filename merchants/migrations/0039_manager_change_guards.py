"""A partnership is led by whom its changes of manager say, and its merchant is not given away from
it. Where the two had come apart, the partnership follows its merchant."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_manager_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held record;
    last integer;
BEGIN
    SELECT manager_id, phase INTO held FROM merchants_partnership
     WHERE id = NEW.partnership_id FOR NO KEY UPDATE;
    SELECT coalesce(max(number), 0) INTO last FROM merchants_managerchange
     WHERE partnership_id = NEW.partnership_id;
    IF held.phase = 'ended' THEN
        RAISE EXCEPTION 'partnership % has ended: nobody leads it', NEW.partnership_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'manager_change_of_open';
    END IF;
    IF NEW.number <> last + 1 OR NEW.from_manager_id <> held.manager_id THEN
        RAISE EXCEPTION 'partnership %: a change of manager follows on the one before',
            NEW.partnership_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'manager_change_follows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER manager_change_follows BEFORE INSERT ON merchants_managerchange
    FOR EACH ROW EXECUTE FUNCTION merchants_manager_change_guard();

CREATE FUNCTION merchants_manager_change_tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE merchants_partnership SET manager_id = NEW.to_manager_id WHERE id = NEW.partnership_id;
    RETURN NULL;
END $$;
CREATE TRIGGER manager_change_tells AFTER INSERT ON merchants_managerchange
    FOR EACH ROW EXECUTE FUNCTION merchants_manager_change_tells();
CREATE TRIGGER managerchange_fixed BEFORE UPDATE OR DELETE ON merchants_managerchange
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_led_as_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM merchants_managerchange WHERE partnership_id = NEW.id
           AND from_manager_id = OLD.manager_id AND to_manager_id = NEW.manager_id
           AND number = (SELECT max(number) FROM merchants_managerchange
                         WHERE partnership_id = NEW.id)) THEN
        RAISE EXCEPTION 'partnership % is led by whom its last change of manager says', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'partnership_led_as_told';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER partnership_led_as_told BEFORE UPDATE OF manager_id ON merchants_partnership
    FOR EACH ROW WHEN (OLD.manager_id IS DISTINCT FROM NEW.manager_id)
    EXECUTE FUNCTION merchants_led_as_told();

CREATE FUNCTION merchants_led_by_its_manager() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM merchants_partnership WHERE merchant_id = NEW.id AND phase <> 'ended'
           AND manager_id IS DISTINCT FROM NEW.manager_id) THEN
        RAISE EXCEPTION 'merchant % is not given away from its open partnership', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'merchant_led_by_its_manager';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merchant_led_by_its_manager BEFORE UPDATE OF manager_id ON merchants_merchant
    FOR EACH ROW WHEN (OLD.manager_id IS DISTINCT FROM NEW.manager_id)
    EXECUTE FUNCTION merchants_led_by_its_manager();

INSERT INTO merchants_managerchange
    (partnership_id, number, from_manager_id, to_manager_id, reason, at)
SELECT p.id, 1, p.manager_id, m.manager_id, '商户此前已移交，合作关系随商户移交', now()
  FROM merchants_partnership p JOIN merchants_merchant m ON m.id = p.merchant_id
 WHERE p.phase <> 'ended' AND m.manager_id <> p.manager_id;
"""
NO_GUARDS = """
DROP TRIGGER merchant_led_by_its_manager ON merchants_merchant;
DROP FUNCTION merchants_led_by_its_manager();
DROP TRIGGER partnership_led_as_told ON merchants_partnership;
DROP FUNCTION merchants_led_as_told();
DROP TRIGGER managerchange_fixed ON merchants_managerchange;
DROP TRIGGER manager_change_tells ON merchants_managerchange;
DROP FUNCTION merchants_manager_change_tells();
DROP TRIGGER manager_change_follows ON merchants_managerchange;
DROP FUNCTION merchants_manager_change_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0038_manager_changes")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
