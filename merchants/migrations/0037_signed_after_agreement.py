"""What is signed was agreed on before: neither is the paper of an earlier day than the agreement,
nor do its terms hold before it; and nothing is signed on a day that has not come."""

from django.db import migrations

SIGNED = """
CREATE FUNCTION merchants_signed_after_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    agreed date;
BEGIN
    SELECT on_date INTO agreed FROM merchants_stagechange
     WHERE negotiation_id = NEW.negotiation_id AND to_stage = 'agreement'
     ORDER BY number DESC LIMIT 1;
    IF NEW.signed_date < agreed OR NEW.first_date < agreed THEN
        RAISE EXCEPTION 'negotiation % was agreed on %: nothing of it is signed or holds before',
            NEW.negotiation_id, agreed USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.signed_date > (NEW.at AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION 'negotiation %: the day of signing has not come', NEW.negotiation_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signed_terms_after_agreement BEFORE INSERT ON merchants_signedterms
    FOR EACH ROW EXECUTE FUNCTION merchants_signed_after_agreement();
"""
NOT_SIGNED = """
DROP TRIGGER signed_terms_after_agreement ON merchants_signedterms;
DROP FUNCTION merchants_signed_after_agreement();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0036_groups_by_city_size")]
    operations = [migrations.RunSQL(SIGNED, NOT_SIGNED)]
