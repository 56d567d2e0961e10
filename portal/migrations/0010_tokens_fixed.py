"""A token stays, with what it may; it is revoked for good."""

from django.db import migrations

GUARD = """
CREATE FUNCTION portal_guard_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.name, NEW.token_hash, NEW.kinds, NEW.created_by_id, NEW.created_at)
          IS DISTINCT FROM
          (OLD.id, OLD.name, OLD.token_hash, OLD.kinds, OLD.created_by_id, OLD.created_at)
       OR NEW.expires_at > OLD.expires_at
       OR OLD.revoked_at IS NOT NULL
          AND (NEW.revoked_at, NEW.revoked_by_id, NEW.revoke_reason)
              IS DISTINCT FROM (OLD.revoked_at, OLD.revoked_by_id, OLD.revoke_reason)
    THEN
        RAISE EXCEPTION 'a token is only used or revoked: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER apitoken_fixed BEFORE UPDATE OR DELETE ON portal_apitoken
    FOR EACH ROW EXECUTE FUNCTION portal_guard_token();
"""
UNGUARD = """
DROP TRIGGER apitoken_fixed ON portal_apitoken;
DROP FUNCTION portal_guard_token();
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0009_token_use")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
