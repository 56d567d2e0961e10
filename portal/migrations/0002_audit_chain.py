"""The audit trail chains itself at commit, and refuses change."""

from django.db import migrations

CHAIN = """
CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only added to: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION portal_audit_digest(previous text, entry portal_auditentry) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(previous || chr(10) || jsonb_build_object(
        'id', entry.id, 'at', to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        'actor', entry.actor_id, 'actor_label', entry.actor_label, 'role', entry.role,
        'branch', entry.branch_id, 'action', entry.action, 'target_kind', entry.target_kind,
        'target_key', entry.target_key, 'target_label', entry.target_label,
        'reason', entry.reason, 'changes', entry.changes, 'address', host(entry.address)
    )::text, 'UTF8')), 'hex')
$$;

-- Deferred to the commit, so that the head is locked last and only for a moment.
CREATE FUNCTION portal_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE head portal_audithead; digest text;
BEGIN
    INSERT INTO portal_audithead (id, sequence, hash) VALUES (1, 0, repeat('0', 64))
        ON CONFLICT (id) DO NOTHING;
    SELECT * INTO head FROM portal_audithead WHERE id = 1 FOR UPDATE;
    digest := portal_audit_digest(head.hash, NEW);
    INSERT INTO portal_auditlink (entry_id, sequence, previous_hash, hash)
        VALUES (NEW.id, head.sequence + 1, head.hash, digest);
    UPDATE portal_audithead SET sequence = head.sequence + 1, hash = digest WHERE id = 1;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER audit_chain AFTER INSERT ON portal_auditentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION portal_audit_chain();
CREATE TRIGGER audit_entry_fixed BEFORE UPDATE OR DELETE ON portal_auditentry
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER audit_link_fixed BEFORE UPDATE OR DELETE ON portal_auditlink
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER audit_head_fixed BEFORE UPDATE OR DELETE ON portal_audithead
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION portal_refuse_change();
"""

UNCHAIN = """
DROP TRIGGER audit_head_fixed ON portal_audithead;
DROP TRIGGER audit_link_fixed ON portal_auditlink;
DROP TRIGGER audit_entry_fixed ON portal_auditentry;
DROP TRIGGER audit_chain ON portal_auditentry;
DROP FUNCTION portal_audit_chain();
DROP FUNCTION portal_audit_digest(text, portal_auditentry);
DROP FUNCTION portal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, UNCHAIN)]
