"""What was submitted never becomes a draft again, and what was approved stays approved: otherwise a
frozen version could be thawed, changed and run under its old approval."""

from django.db import migrations

GUARD = """
CREATE FUNCTION campaigns_version_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND NEW.state = 'draft'
       OR OLD.state = 'approved' AND NEW.state <> 'approved' THEN
        RAISE EXCEPTION 'a version that is % cannot become %', OLD.state, NEW.state USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_state_goes_on';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_state_goes_on BEFORE UPDATE ON campaigns_campaignversion
    FOR EACH ROW EXECUTE FUNCTION campaigns_version_state();
"""

UNGUARD = """
DROP TRIGGER version_state_goes_on ON campaigns_campaignversion;
DROP FUNCTION campaigns_version_state();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_guards")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
