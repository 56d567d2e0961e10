"""Ledgers of grants and budgets are only added to; a reward is given again only after it was taken
back, and what a party gets back is what it was charged."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER grant_reversal_fixed BEFORE UPDATE OR DELETE ON campaigns_grantreversal
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER budget_entry_fixed BEFORE UPDATE OR DELETE ON campaigns_budgetentry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION campaigns_grant_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM campaigns_grant before
        JOIN campaigns_grantreversal reversal ON reversal.grant_id = before.id
        WHERE before.customer_id = NEW.customer_id AND before.campaign_id = NEW.campaign_id
          AND before.slot = NEW.slot AND before.round = NEW.round - 1
    ) THEN
        RAISE EXCEPTION 'the reward granted before was not taken back' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'grant_after_reversal';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grant_after_reversal BEFORE INSERT ON campaigns_grant
    FOR EACH ROW WHEN (NEW.round > 1) EXECUTE FUNCTION campaigns_grant_in_turn();

CREATE FUNCTION campaigns_release_as_reserved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM campaigns_budgetentry charged
        JOIN campaigns_grantreversal reversal ON reversal.grant_id = charged.grant_id
        WHERE charged.grant_id = NEW.grant_id AND charged.kind = 'reserve'
          AND charged.party = NEW.party AND charged.book_id = NEW.book_id
          AND charged.amount = -NEW.amount AND charged.units = -NEW.units
          AND charged.day = NEW.day AND charged.branch_id = NEW.branch_id
          AND charged.tier = NEW.tier AND charged.customer_id = NEW.customer_id
    ) THEN
        RAISE EXCEPTION 'nothing like this was charged for a grant that was taken back' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'entry_released_as_reserved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_released_as_reserved BEFORE INSERT ON campaigns_budgetentry
    FOR EACH ROW WHEN (NEW.kind = 'release') EXECUTE FUNCTION campaigns_release_as_reserved();
"""

UNGUARD = """
DROP TRIGGER entry_released_as_reserved ON campaigns_budgetentry;
DROP FUNCTION campaigns_release_as_reserved();
DROP TRIGGER grant_after_reversal ON campaigns_grant;
DROP FUNCTION campaigns_grant_in_turn();
DROP TRIGGER budget_entry_fixed ON campaigns_budgetentry;
DROP TRIGGER grant_reversal_fixed ON campaigns_grantreversal;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0022_budgets"), ("portal", "0002_audit_chain")]
    operations = [migrations.RunSQL(GUARDS, UNGUARD)]
