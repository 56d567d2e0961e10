"""No gift before activation and first use, nor for a card that is closed: asked once for all rows of
a statement, since many are given at once."""

from django.db import migrations

GUARD = """
DROP TRIGGER grant_after_activation_and_first_use ON campaigns_grant;
DROP FUNCTION campaigns_gift_after_use();
-- Measures for the Supervision of Credit Card Business (2011), article 49. The cards are locked, in
-- one order: nobody takes back activation or use, or closes one, until the gift is committed. A
-- grant never changes (grant_fixed), so inserts alone need looking at.
CREATE FUNCTION campaigns_gift_after_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held bigint; given bigint;
BEGIN
    SELECT count(*) INTO given FROM inserted;
    WITH locked AS MATERIALIZED (
        SELECT card.id FROM journeys_card card
        WHERE card.id IN (SELECT card_id FROM inserted) ORDER BY card.id FOR SHARE
    )
    SELECT count(*) INTO held FROM locked;
    SELECT count(*) INTO held FROM inserted JOIN journeys_card card ON card.id = inserted.card_id
        AND card.customer_id = inserted.customer_id
        AND card.activated_date <= inserted.granted_date
        AND card.first_used_date <= inserted.granted_date
        AND (card.closed_date IS NULL OR card.closed_date > inserted.granted_date);
    IF held <> given THEN
        RAISE EXCEPTION 'no gift before the card is activated and used, or once it is closed' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'grant_after_activation_and_first_use';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grant_after_activation_and_first_use AFTER INSERT ON campaigns_grant
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION campaigns_gift_after_use();
"""

BEFORE = """
DROP TRIGGER grant_after_activation_and_first_use ON campaigns_grant;
DROP FUNCTION campaigns_gift_after_use();
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
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0042_reversal_failures"),
        ("journeys", "0048_points_follow_spending"),
    ]
    operations = [migrations.RunSQL(GUARD, BEFORE)]
