"""Who wrote a thing may not check it either; compliance may veto what it approved, and what was
approved; an approval may become void, and says why."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE OR REPLACE FUNCTION portal_submission_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.kind, OLD.target_key, OLD.title, OLD.summary, OLD.snapshot, OLD.snapshot_hash,
        OLD.maker_id, OLD.author_id, OLD.submitted_at, OLD.approvals_needed)
       IS DISTINCT FROM
       (NEW.kind, NEW.target_key, NEW.title, NEW.summary, NEW.snapshot, NEW.snapshot_hash,
        NEW.maker_id, NEW.author_id, NEW.submitted_at, NEW.approvals_needed) THEN
        RAISE EXCEPTION 'submission % cannot be changed', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> 'pending'
       AND NOT (OLD.state = 'approved' AND NEW.state IN ('voided', 'vetoed')) THEN
        RAISE EXCEPTION 'submission % is closed', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'approved' AND NEW.approvals_needed > (
        SELECT count(*) FROM portal_submissiondecision
        WHERE submission_id = NEW.id AND verdict = 'approve') THEN
        RAISE EXCEPTION 'submission % lacks approvals', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state = 'vetoed' AND NOT EXISTS (
        SELECT FROM portal_submissiondecision
        WHERE submission_id = NEW.id AND verdict = 'veto') THEN
        RAISE EXCEPTION 'submission % lacks a veto', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION portal_submission_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE author bigint;
BEGIN
    -- Locked, so that it cannot be closed by another while this decision is written.
    SELECT author_id INTO author FROM portal_submission
        WHERE id = NEW.submission_id
          AND (state = 'pending' OR state = 'approved' AND NEW.verdict = 'veto') FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'submission % is not open', NEW.submission_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF author = NEW.checker_id THEN
        RAISE EXCEPTION 'nobody checks what he wrote himself' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'decision_checker_is_not_author';
    END IF;
    RETURN NEW;
END $$;
"""
UNGUARD = """
CREATE OR REPLACE FUNCTION portal_submission_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION portal_submission_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Locked, so that it cannot be closed by another while this decision is written.
    PERFORM FROM portal_submission WHERE id = NEW.submission_id AND state = 'pending' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'submission % is not open', NEW.submission_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [("portal", "0012_approval_levels")]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="author",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="submission",
            name="void_reason",
            field=models.TextField(blank=True, verbose_name="why it is void", default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("void_reason", ""), ("state", "voided"), _connector="OR"),
                name="submission_void_has_reason",
            ),
        ),
        migrations.RemoveConstraint("submissiondecision", "decision_once_per_checker"),
        migrations.AddConstraint(
            model_name="submissiondecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verdict", "veto"), _negated=True),
                fields=("submission", "checker"),
                name="decision_once_per_checker",
            ),
        ),
        migrations.AddConstraint(
            model_name="submissiondecision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("verdict", "veto")),
                fields=("submission",),
                name="decision_one_veto",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
