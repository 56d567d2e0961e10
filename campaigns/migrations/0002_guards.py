"""What the database itself refuses: a gift before use, and a change of what was submitted."""

from django.db import migrations

GUARDS = """
-- Measures for the Supervision of Credit Card Business (2011), article 49: no gift before the
-- card is activated and used.
CREATE FUNCTION campaigns_gift_after_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM journeys_card card
        WHERE card.id = NEW.card_id AND card.customer_id = NEW.customer_id
          AND card.activated_date <= NEW.granted_date AND card.first_used_date <= NEW.granted_date
        FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no gift before the card is activated and used' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'grant_after_activation_and_first_use';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grant_after_activation_and_first_use BEFORE INSERT OR UPDATE ON campaigns_grant
    FOR EACH ROW EXECUTE FUNCTION campaigns_gift_after_use();
CREATE TRIGGER grant_fixed BEFORE UPDATE OR DELETE ON campaigns_grant
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION campaigns_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.content IS DISTINCT FROM OLD.content
        OR NEW.content_hash <> OLD.content_hash OR NEW.campaign_id <> OLD.campaign_id
        OR NEW.number <> OLD.number) THEN
        RAISE EXCEPTION 'a submitted version cannot be changed' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_frozen BEFORE UPDATE ON campaigns_campaignversion
    FOR EACH ROW EXECUTE FUNCTION campaigns_version_frozen();
"""

UNGUARD = """
DROP TRIGGER version_frozen ON campaigns_campaignversion;
DROP FUNCTION campaigns_version_frozen();
DROP TRIGGER grant_fixed ON campaigns_grant;
DROP TRIGGER grant_after_activation_and_first_use ON campaigns_grant;
DROP FUNCTION campaigns_gift_after_use();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0001_initial"),
        ("journeys", "0002_only_added_to"),
        ("portal", "0002_audit_chain"),
    ]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
