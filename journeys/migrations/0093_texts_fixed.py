"""Texts and their withdrawals are only added to; no message is taken in hand whose text was
withdrawn."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER template_fixed BEFORE UPDATE OR DELETE ON journeys_messagetemplate
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER text_withdrawal_fixed BEFORE UPDATE OR DELETE ON journeys_textwithdrawal
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION journeys_message_of_standing_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM journeys_textwithdrawal WHERE template_id = NEW.template_id) THEN
        RAISE EXCEPTION 'the text of message % was withdrawn', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'message_of_standing_text';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_of_standing_text BEFORE UPDATE OF state ON journeys_message
    FOR EACH ROW WHEN (NEW.state = 'sending' AND OLD.state <> 'sending')
    EXECUTE FUNCTION journeys_message_of_standing_text();
"""

UNGUARDED = """
DROP TRIGGER message_of_standing_text ON journeys_message;
DROP FUNCTION journeys_message_of_standing_text();
DROP TRIGGER text_withdrawal_fixed ON journeys_textwithdrawal;
DROP TRIGGER template_fixed ON journeys_messagetemplate;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0092_texts_withdrawn")]
    operations = [migrations.RunSQL(GUARDS, UNGUARDED)]
