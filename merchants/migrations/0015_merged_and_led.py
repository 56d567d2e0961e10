"""No open partnership hangs on an alias: who has one is not merged away, and an alias begins none."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_led_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.merged_into_id IS NOT NULL AND EXISTS (
        SELECT FROM merchants_partnership WHERE merchant_id = NEW.id AND phase <> 'ended') THEN
        RAISE EXCEPTION 'merchant % has an open partnership and is not merged away', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'merchant_led_is_kept';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merchant_led_is_kept BEFORE UPDATE OF merged_into_id ON merchants_merchant
    FOR EACH ROW EXECUTE FUNCTION merchants_led_is_kept();

CREATE FUNCTION merchants_alias_not_led() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept bigint;
BEGIN
    -- Locked, so that a merge at the same time is waited for, or finds this partnership.
    SELECT merged_into_id INTO kept FROM merchants_merchant
     WHERE id = NEW.merchant_id FOR KEY SHARE;
    IF kept IS NOT NULL THEN
        RAISE EXCEPTION 'merchant % was merged into %: the partnership is with that one',
            NEW.merchant_id, kept
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'partnership_of_no_alias';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER partnership_of_no_alias BEFORE INSERT ON merchants_partnership
    FOR EACH ROW EXECUTE FUNCTION merchants_alias_not_led();
"""
NO_GUARDS = """
DROP TRIGGER partnership_of_no_alias ON merchants_partnership;
DROP FUNCTION merchants_alias_not_led();
DROP TRIGGER merchant_led_is_kept ON merchants_merchant;
DROP FUNCTION merchants_led_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0014_one_contract")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
