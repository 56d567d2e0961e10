"""A wording that somebody wrote comes in only as it was approved: the same words of the same text by
the same author, in a submission that is approved and is held so until the end. Texts that come with
the portal have no author.

Texts are few and messages are many: that every message is of an approved text follows from the key,
and costs nothing for each.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION journeys_text_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text := concat_ws(':', NEW.code, NEW.channel, NEW.language);
    before text := concat_ws('/', NEW.code, NEW.channel, NEW.language, NEW.version - 1);
BEGIN
    PERFORM FROM portal_submission
    WHERE id = NEW.approved_in_id AND state = 'approved' AND maker_id = NEW.author_id
      AND (kind = 'message_text' AND target_key = key
           OR kind = 'result_text' AND snapshot ->> 'instead_of' = before)
      AND snapshot ->> 'subject' = NEW.subject AND snapshot ->> 'body' = NEW.body
    FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nobody approved these words of %', key USING
            ERRCODE = 'check_violation', CONSTRAINT = 'text_is_approved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER text_is_approved BEFORE INSERT ON journeys_messagetemplate
    FOR EACH ROW WHEN (NEW.author_id IS NOT NULL OR NEW.approved_in_id IS NOT NULL)
    EXECUTE FUNCTION journeys_text_is_approved();
"""
UNGUARD = """
DROP TRIGGER text_is_approved ON journeys_messagetemplate;
DROP FUNCTION journeys_text_is_approved();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0141_approvals_of_texts")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
