"""Whoever made an exception of a word of what is submitted had a part in it, and did not write it:
approves nothing of it, and may veto it."""

from django.db import migrations, models
from django.db.models import Q

_FUNCTION = """
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
        WHERE submission_id = NEW.submission_id AND staff_id = NEW.checker_id{but}) THEN
        RAISE EXCEPTION 'nobody checks what he wrote himself' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'decision_checker_is_not_author';
    END IF;
    RETURN NEW;
END $$;
"""
GUARD = _FUNCTION.replace(
    "{but}", "\n          AND NOT (part = 'excused' AND NEW.verdict = 'veto')"
)
UNGUARD = _FUNCTION.replace("{but}", "")


class Migration(migrations.Migration):
    dependencies = [("portal", "0018_imports_again")]

    operations = [
        migrations.AddField(
            "submissionauthor",
            "part",
            models.CharField(
                choices=[("wrote", "Wrote in it"), ("excused", "Made an exception of a word")],
                default="wrote",
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            "submissionauthor",
            models.CheckConstraint(
                condition=Q(part__in=["wrote", "excused"]), name="submission_author_part_known"
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
