"""A claim is granted by a grant that a flash sale gave, and by no other one."""

from django.db import migrations

_GUARD = """
CREATE OR REPLACE FUNCTION campaigns_flash_grant_is_its_own() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    PERFORM 1 FROM campaigns_grant given
        JOIN campaigns_campaignversion version ON version.campaign_id = given.campaign_id
        JOIN campaigns_flashsale sale ON sale.version_id = version.id
        WHERE given.id = NEW.grant_id AND given.customer_id = NEW.customer_id
          AND given.card_id = NEW.card_id AND sale.id = NEW.sale_id {further};
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a claim is granted by a grant to its customer' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'flash_grant_is_its_own';
    END IF;
    RETURN NEW;
END $$;
"""
FORWARD = _GUARD.format(further="AND given.door = 'flash'")
BACKWARD = _GUARD.format(further="")


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0080_grants_by_door")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
