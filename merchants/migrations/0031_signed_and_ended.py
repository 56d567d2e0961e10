"""A signed contract keeps how it ends and the days of notice too, and nothing is offered to, agreed
on or signed with a partner that is none any more."""

from django.db import migrations

SIGNED = """
CREATE OR REPLACE FUNCTION merchants_contract_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM merchants_signedterms WHERE contract_id = OLD.id) AND (
        TG_OP = 'DELETE' OR NEW.last_date IS NULL OR NEW.last_date > OLD.last_date OR
        ({new}) IS DISTINCT FROM
        ({old})) THEN
        RAISE EXCEPTION 'contract % was signed by a negotiation and ends earlier at most', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'merchant_contract_is_signed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
BEFORE = ("number", "signed_date", "first_date")
NOW = (*BEFORE, "notice_days", "renewal", "renewal_months")


def kept(names: tuple[str, ...]) -> str:
    """This will write the guard that keeps these columns of a signed contract."""
    return SIGNED.format(
        new=", ".join(f"NEW.{name}" for name in names),
        old=", ".join(f"OLD.{name}" for name in names),
    )


ENDED = """
CREATE FUNCTION merchants_still_partners() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM merchants_negotiation n
                 JOIN merchants_partnership p ON p.id = n.partnership_id
                WHERE n.id = NEW.negotiation_id AND p.phase = 'ended') THEN
        RAISE EXCEPTION 'the partnership of negotiation % has ended: it is lost or closed',
            NEW.negotiation_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stage_change_of_partners BEFORE INSERT ON merchants_stagechange
    FOR EACH ROW WHEN (NEW.to_stage NOT IN ('lost', 'closed'))
    EXECUTE FUNCTION merchants_still_partners();
CREATE TRIGGER offer_of_partners BEFORE INSERT ON merchants_offer
    FOR EACH ROW EXECUTE FUNCTION merchants_still_partners();
"""
NOT_ENDED = """
DROP TRIGGER offer_of_partners ON merchants_offer;
DROP TRIGGER stage_change_of_partners ON merchants_stagechange;
DROP FUNCTION merchants_still_partners();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0030_comparison_guards")]
    operations = [
        migrations.RunSQL(kept(NOW), kept(BEFORE)),
        migrations.RunSQL(ENDED, NOT_ENDED),
    ]
