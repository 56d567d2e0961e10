"""A note stands in the pane that its moves say, meetings and promises keep what was agreed, and
whoever is named is of that merchant."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_window_move_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_windownote%ROWTYPE;
    last_on date;
BEGIN
    -- Locked, so that of two moves at once the second finds the first.
    SELECT * INTO held FROM merchants_windownote WHERE id = NEW.note_id FOR UPDATE;
    SELECT max(on_date) INTO last_on FROM merchants_windowmove WHERE note_id = held.id;
    IF NEW.number <> held.moved + 1 OR NEW.from_pane <> held.pane OR NEW.on_date < last_on THEN
        RAISE EXCEPTION 'note % stands in % after move % on %: this move does not follow on it',
            held.id, coalesce(nullif(held.pane, ''), 'no pane'), held.moved, last_on
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.meeting_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM merchants_meeting
         WHERE id = NEW.meeting_id AND partnership_id = held.partnership_id) THEN
        RAISE EXCEPTION 'meeting % is not with the merchant of note %', NEW.meeting_id, held.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER window_move_follows BEFORE INSERT ON merchants_windowmove
    FOR EACH ROW EXECUTE FUNCTION merchants_window_move_follows();

CREATE FUNCTION merchants_window_move_tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE merchants_windownote SET pane = NEW.to_pane, moved = NEW.number WHERE id = NEW.note_id;
    RETURN NULL;
END $$;
CREATE TRIGGER window_move_tells AFTER INSERT ON merchants_windowmove
    FOR EACH ROW EXECUTE FUNCTION merchants_window_move_tells();
CREATE TRIGGER windowmove_fixed BEFORE UPDATE OR DELETE ON merchants_windowmove
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_window_note_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.moved <> 0 THEN
            RAISE EXCEPTION 'a note begins with its first move'
                USING ERRCODE = 'restrict_violation';
        END IF;
        PERFORM merchants_contact_is_theirs(NEW.contact_id, NEW.partnership_id);
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM merchants_windowmove WHERE note_id = NEW.id
                    AND number = NEW.moved AND to_pane = NEW.pane
                    AND number = (SELECT max(number) FROM merchants_windowmove
                                   WHERE note_id = NEW.id)) THEN
        RAISE EXCEPTION 'note % stands where its last move says', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER window_note_stands BEFORE INSERT OR UPDATE ON merchants_windownote
    FOR EACH ROW EXECUTE FUNCTION merchants_window_note_stands();
CREATE TRIGGER window_note_keeps BEFORE UPDATE ON merchants_windownote FOR EACH ROW
    EXECUTE FUNCTION merchants_only_these_change('pane', 'moved');
CREATE TRIGGER window_note_is_kept BEFORE DELETE ON merchants_windownote
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- A note that no move began would stand in no pane for ever.
CREATE FUNCTION merchants_window_note_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM merchants_windowmove WHERE note_id = NEW.id) THEN
        RAISE EXCEPTION 'note % has no first move', NEW.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER window_note_begun AFTER INSERT ON merchants_windownote
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION merchants_window_note_begun();

CREATE FUNCTION merchants_meeting_person_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_meeting%ROWTYPE;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'who is at a meeting is added or taken out'
            USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT * INTO held FROM merchants_meeting
     WHERE id = coalesce(NEW.meeting_id, OLD.meeting_id) FOR SHARE;
    IF held.state <> 'planned' THEN
        RAISE EXCEPTION 'meeting % is over: who was there stays', held.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    PERFORM merchants_contact_is_theirs(NEW.contact_id, held.partnership_id);
    RETURN NEW;
END $$;
CREATE TRIGGER meeting_person_fits BEFORE INSERT OR UPDATE OR DELETE ON merchants_meetingperson
    FOR EACH ROW EXECUTE FUNCTION merchants_meeting_person_fits();

CREATE TRIGGER meeting_stays BEFORE UPDATE ON merchants_meeting
    FOR EACH ROW WHEN (OLD.state <> 'planned') EXECUTE FUNCTION merchants_settled_stays();
CREATE TRIGGER meeting_keeps BEFORE UPDATE ON merchants_meeting FOR EACH ROW
    EXECUTE FUNCTION merchants_only_these_change(
        'on_date', 'at_time', 'purpose', 'state', 'settled_by_id', 'settled_at', 'result');
CREATE TRIGGER meeting_is_kept BEFORE DELETE ON merchants_meeting
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_promise_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.meeting_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM merchants_meeting
         WHERE id = NEW.meeting_id AND partnership_id = NEW.partnership_id) THEN
        RAISE EXCEPTION 'meeting % is not one of partnership %', NEW.meeting_id, NEW.partnership_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER partner_promise_fits BEFORE INSERT ON merchants_partnerpromise
    FOR EACH ROW EXECUTE FUNCTION merchants_promise_fits();
CREATE TRIGGER partner_promise_stays BEFORE UPDATE ON merchants_partnerpromise
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION merchants_settled_stays();
CREATE TRIGGER partner_promise_keeps BEFORE UPDATE ON merchants_partnerpromise FOR EACH ROW
    EXECUTE FUNCTION merchants_only_these_change(
        'state', 'settled_by_id', 'settled_at', 'result');
CREATE TRIGGER partner_promise_is_kept BEFORE DELETE ON merchants_partnerpromise
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NO_GUARDS = """
DROP TRIGGER partner_promise_is_kept ON merchants_partnerpromise;
DROP TRIGGER partner_promise_keeps ON merchants_partnerpromise;
DROP TRIGGER partner_promise_stays ON merchants_partnerpromise;
DROP TRIGGER partner_promise_fits ON merchants_partnerpromise;
DROP FUNCTION merchants_promise_fits();
DROP TRIGGER meeting_is_kept ON merchants_meeting;
DROP TRIGGER meeting_keeps ON merchants_meeting;
DROP TRIGGER meeting_stays ON merchants_meeting;
DROP TRIGGER meeting_person_fits ON merchants_meetingperson;
DROP FUNCTION merchants_meeting_person_fits();
DROP TRIGGER window_note_begun ON merchants_windownote;
DROP FUNCTION merchants_window_note_begun();
DROP TRIGGER window_note_is_kept ON merchants_windownote;
DROP TRIGGER window_note_keeps ON merchants_windownote;
DROP TRIGGER window_note_stands ON merchants_windownote;
DROP FUNCTION merchants_window_note_stands();
DROP TRIGGER windowmove_fixed ON merchants_windowmove;
DROP TRIGGER window_move_tells ON merchants_windowmove;
DROP FUNCTION merchants_window_move_tells();
DROP TRIGGER window_move_follows ON merchants_windowmove;
DROP FUNCTION merchants_window_move_follows();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0022_windows")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
