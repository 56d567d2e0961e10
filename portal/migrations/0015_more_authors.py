"""Several people may have written what one of them submits: none of them may check it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

GUARD = """
CREATE TRIGGER submissionauthor_fixed BEFORE UPDATE OR DELETE ON portal_submissionauthor
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- Whoever decided already cannot be found to have written it.
CREATE FUNCTION portal_submission_author_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM portal_submission WHERE id = NEW.submission_id AND state = 'pending' FOR UPDATE;
    IF NOT FOUND OR EXISTS (
        SELECT FROM portal_submissiondecision WHERE submission_id = NEW.submission_id) THEN
        RAISE EXCEPTION 'who wrote a submission is named before anybody decides' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'submission_author_named_first';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submission_author_named_first BEFORE INSERT ON portal_submissionauthor
    FOR EACH ROW EXECUTE FUNCTION portal_submission_author_named();

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
    IF author = NEW.checker_id OR EXISTS (
        SELECT FROM portal_submissionauthor
        WHERE submission_id = NEW.submission_id AND staff_id = NEW.checker_id) THEN
        RAISE EXCEPTION 'nobody checks what he wrote himself' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'decision_checker_is_not_author';
    END IF;
    RETURN NEW;
END $$;
"""
UNGUARD = """
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
DROP TRIGGER submission_author_named_first ON portal_submissionauthor;
DROP FUNCTION portal_submission_author_named();
DROP TRIGGER submissionauthor_fixed ON portal_submissionauthor;
"""


class Migration(migrations.Migration):

    dependencies = [("portal", "0014_older_rows")]

    operations = [
        migrations.CreateModel(
            name="SubmissionAuthor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("staff", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("submission", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="co_authors", to="portal.submission")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("submission", "staff"), name="submission_author_once")],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
