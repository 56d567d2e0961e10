"""A submission names everybody who wrote the message texts that it puts before its approvers."""

from django.db import migrations

GUARD = """
CREATE FUNCTION campaigns_text_authors_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM portal_submission submission
        CROSS JOIN LATERAL jsonb_array_elements(submission.snapshot -> 'messages') sent
        JOIN journeys_messagetemplate text ON text.id = (sent ->> 'text')::bigint
        JOIN journeys_messagetemplate earlier USING (code, channel, language)
        WHERE submission.kind = 'campaign_version' AND submission.target_key = NEW.id::text
          AND submission.state = 'pending' AND earlier.version <= text.version
          AND earlier.author_id NOT IN (submission.maker_id, NEW.created_by_id)
          AND NOT EXISTS (
              SELECT FROM portal_submissionauthor named
              WHERE named.submission_id = submission.id AND named.staff_id = earlier.author_id)
    ) THEN
        RAISE EXCEPTION 'a submission names who wrote its message texts' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'text_author_named';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER text_author_named BEFORE UPDATE OF state ON campaigns_campaignversion
    FOR EACH ROW WHEN (NEW.state = 'submitted' AND OLD.state <> 'submitted')
    EXECUTE FUNCTION campaigns_text_authors_named();
"""
UNGUARD = """
DROP TRIGGER text_author_named ON campaigns_campaignversion;
DROP FUNCTION campaigns_text_authors_named();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0116_touch_guards"),
        ("journeys", "0120_authors_of_texts"),
        ("portal", "0015_more_authors"),
    ]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
