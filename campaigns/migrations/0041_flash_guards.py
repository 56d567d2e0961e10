"""What the database itself refuses of flash claims: a unit that is none, a step back, a change of
who has what; and a unit or claim that vanishes."""

from django.db import migrations

GUARDS = """
ALTER TABLE campaigns_flashclaim ADD CONSTRAINT flash_claim_of_a_unit
    FOREIGN KEY (sale_id, number) REFERENCES campaigns_flashunit (sale_id, number);

CREATE FUNCTION campaigns_flash_claim_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'held' OR (NEW.sale_id, NEW.number, NEW.customer_id, NEW.card_id,
        NEW.claimed_at, NEW.held_until) IS DISTINCT FROM (OLD.sale_id, OLD.number,
        OLD.customer_id, OLD.card_id, OLD.claimed_at, OLD.held_until) THEN
        RAISE EXCEPTION 'a claim only moves from held to granted or expired' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'flash_claim_moves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER flash_claim_moves BEFORE UPDATE ON campaigns_flashclaim
    FOR EACH ROW EXECUTE FUNCTION campaigns_flash_claim_moves();
CREATE TRIGGER flash_claim_stays BEFORE DELETE ON campaigns_flashclaim
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER flash_unit_fixed BEFORE UPDATE OR DELETE ON campaigns_flashunit
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- A claim is granted by a grant of its own campaign to its own customer.
CREATE FUNCTION campaigns_flash_grant_is_its_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM campaigns_grant given
        JOIN campaigns_campaignversion version ON version.campaign_id = given.campaign_id
        JOIN campaigns_flashsale sale ON sale.version_id = version.id
        WHERE given.id = NEW.grant_id AND given.customer_id = NEW.customer_id
          AND given.card_id = NEW.card_id AND sale.id = NEW.sale_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a claim is granted by a grant to its customer' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'flash_grant_is_its_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER flash_grant_is_its_own BEFORE INSERT OR UPDATE ON campaigns_flashclaim
    FOR EACH ROW WHEN (NEW.grant_id IS NOT NULL)
    EXECUTE FUNCTION campaigns_flash_grant_is_its_own();
"""

UNGUARD = """
DROP TRIGGER flash_grant_is_its_own ON campaigns_flashclaim;
DROP FUNCTION campaigns_flash_grant_is_its_own();
DROP TRIGGER flash_unit_fixed ON campaigns_flashunit;
DROP TRIGGER flash_claim_stays ON campaigns_flashclaim;
DROP TRIGGER flash_claim_moves ON campaigns_flashclaim;
DROP FUNCTION campaigns_flash_claim_moves();
ALTER TABLE campaigns_flashclaim DROP CONSTRAINT flash_claim_of_a_unit;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0040_flash_sales"), ("portal", "0002_audit_chain")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
