"""Branch paths follow the tree, and submissions stay as submitted."""

from django.db import migrations

BRANCH_PATHS = """
-- Deferred to the commit, so that a branch can move together with all that hangs below it.
CREATE FUNCTION portal_branch_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE branch portal_branch;
BEGIN
    SELECT * INTO branch FROM portal_branch WHERE id = NEW.id;
    IF branch.path <> coalesce((SELECT path FROM portal_branch WHERE id = branch.parent_id), '/')
            || branch.code || '/'
       OR EXISTS (SELECT FROM portal_branch below WHERE below.parent_id = branch.id
                  AND below.path <> branch.path || below.code || '/') THEN
        RAISE EXCEPTION 'the path of branch % does not follow the tree', branch.code
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER branch_path_follows AFTER INSERT OR UPDATE ON portal_branch
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION portal_branch_path();
"""
NO_BRANCH_PATHS = """
DROP TRIGGER branch_path_follows ON portal_branch;
DROP FUNCTION portal_branch_path();
"""

SUBMISSIONS = """
-- What was submitted stays what it is; it is closed once, and approved only by enough people.
CREATE FUNCTION portal_submission_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.kind, OLD.target_key, OLD.title, OLD.summary, OLD.snapshot, OLD.snapshot_hash,
        OLD.maker_id, OLD.submitted_at, OLD.approvals_needed)
       IS DISTINCT FROM
       (NEW.kind, NEW.target_key, NEW.title, NEW.summary, NEW.snapshot, NEW.snapshot_hash,
        NEW.maker_id, NEW.submitted_at, NEW.approvals_needed) THEN
        RAISE EXCEPTION 'submission % cannot be changed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'pending' THEN
        RAISE EXCEPTION 'submission % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'approved' AND NEW.approvals_needed > (
        SELECT count(*) FROM portal_submissiondecision
        WHERE submission_id = NEW.id AND verdict = 'approve') THEN
        RAISE EXCEPTION 'submission % lacks approvals', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submission_stays BEFORE UPDATE ON portal_submission
    FOR EACH ROW EXECUTE FUNCTION portal_submission_guard();
CREATE TRIGGER submission_is_kept BEFORE DELETE ON portal_submission
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION portal_submission_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Locked, so that it cannot be closed by another while this decision is written.
    PERFORM FROM portal_submission WHERE id = NEW.submission_id AND state = 'pending' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'submission % is not open', NEW.submission_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_on_open BEFORE INSERT ON portal_submissiondecision
    FOR EACH ROW EXECUTE FUNCTION portal_submission_is_open();
CREATE TRIGGER submission_starts_pending BEFORE INSERT ON portal_submission
    FOR EACH ROW WHEN (NEW.state <> 'pending') EXECUTE FUNCTION portal_refuse_change();
"""
NO_SUBMISSIONS = """
DROP TRIGGER submission_starts_pending ON portal_submission;
DROP TRIGGER decision_on_open ON portal_submissiondecision;
DROP FUNCTION portal_submission_is_open();
DROP TRIGGER submission_is_kept ON portal_submission;
DROP TRIGGER submission_stays ON portal_submission;
DROP FUNCTION portal_submission_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0003_real_maker")]
    operations = [
        migrations.RunSQL(BRANCH_PATHS, NO_BRANCH_PATHS),
        migrations.RunSQL(SUBMISSIONS, NO_SUBMISSIONS),
    ]
