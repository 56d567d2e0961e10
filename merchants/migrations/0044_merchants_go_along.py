"""A partnership that goes to another manager takes its merchant along: both are led by one person
when the work is committed."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_goes_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM merchants_partnership p JOIN merchants_merchant m ON m.id = p.merchant_id
         WHERE p.id = NEW.partnership_id AND p.phase <> 'ended'
           AND m.manager_id IS DISTINCT FROM p.manager_id) THEN
        RAISE EXCEPTION 'the merchant of partnership % goes along to its manager',
            NEW.partnership_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'merchant_goes_along';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER merchant_goes_along AFTER INSERT ON merchants_managerchange
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION merchants_goes_along();
"""
NO_GUARDS = """
DROP TRIGGER merchant_goes_along ON merchants_managerchange;
DROP FUNCTION merchants_goes_along();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0043_whose_levels_before")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
