"""A partnership that goes to another manager takes its merchant along: both are led by one person
when the work is committed. And what a merge took from who signed it, before that was refused, goes
back to them."""

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
STAYS = """
CREATE OR REPLACE FUNCTION merchants_stays_with_signer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_signed boolean;
BEGIN
    IF TG_TABLE_NAME = 'merchants_merchantcontract' THEN
        is_signed := EXISTS (SELECT FROM merchants_signedterms t{signer} t.contract_id = OLD.id);
    ELSE
        is_signed := EXISTS (SELECT FROM merchants_signedterms t{signer} t.clause_id = OLD.id);
    END IF;
    IF is_signed THEN
        RAISE EXCEPTION '% % stays with the merchant that signed it', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_ARGV[0];
    END IF;
    RETURN NEW;
END $$;
"""
BY_ANOTHER = """
            JOIN merchants_negotiation n ON n.id = t.negotiation_id
            JOIN merchants_partnership p ON p.id = n.partnership_id
            WHERE p.merchant_id <> NEW.merchant_id AND"""
NO_GUARDS = """
DROP TRIGGER merchant_goes_along ON merchants_managerchange;
DROP FUNCTION merchants_goes_along();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0043_whose_levels_before")]
    operations = [
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunSQL(STAYS.format(signer=BY_ANOTHER), STAYS.format(signer=" WHERE")),
    ]
