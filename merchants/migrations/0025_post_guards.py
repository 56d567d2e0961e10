"""Who may stand where and when is held by the database: each refusal under a name of its own, which
pages turn into a sentence."""

from django.db import migrations

GUARDS = """
-- The first thing that stands against a shift, by the name of its rule; NULL where nothing does.
CREATE FUNCTION merchants_shift_refusal(
    post bigint, person bigint, seat integer, on_date date, starts timestamptz, ends timestamptz
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    place merchants_post;
    store merchants_store;
    rule merchants_postrule;
    start_time timestamp := starts AT TIME ZONE 'Asia/Shanghai';
    end_time timestamp := ends AT TIME ZONE 'Asia/Shanghai';
BEGIN
    SELECT * INTO place FROM merchants_post p WHERE p.id = post;
    SELECT * INTO store FROM merchants_store s WHERE s.id = place.store_id;
    SELECT * INTO rule FROM merchants_postrule r WHERE r.effective_date <= on_date
        ORDER BY r.effective_date DESC LIMIT 1;
    IF rule.id IS NULL THEN
        RETURN 'shift_no_rule';
    END IF;
    IF start_time::date <> on_date OR on_date < place.first_date OR on_date > place.last_date
        OR start_time::time < place.opens OR end_time > on_date + place.closes THEN
        RETURN 'shift_outside_post';
    END IF;
    IF seat > place.seats THEN
        RETURN 'shift_beyond_seats';
    END IF;
    IF ends - starts > rule.most_hours * interval '1 hour' THEN
        RETURN 'shift_too_long';
    END IF;
    IF store.state IN ('closed', 'paused') AND coalesce(store.closed_date <= on_date, TRUE)
        OR store.state = 'planned' AND coalesce(store.opened_date > on_date, TRUE)
        OR store.opened_date > on_date THEN
        RETURN 'shift_store_closed';
    END IF;
    IF NOT (SELECT m.is_partner FROM merchants_merchant m WHERE m.id = store.merchant_id) THEN
        RETURN 'shift_no_partner';
    END IF;
    IF NOT EXISTS (
        SELECT FROM portal_staff p JOIN portal_branch own ON own.id = p.branch_id
        JOIN portal_branch b ON b.id = place.branch_id
        WHERE p.id = person AND p.is_active AND starts_with(own.path, b.path)) THEN
        RETURN 'shift_not_of_branch';
    END IF;
    IF EXISTS (
        SELECT FROM unnest(rule.needs) AS need(kind) WHERE NOT EXISTS (
            SELECT FROM merchants_staffqualification q
            WHERE q.staff_id = person AND q.kind = need.kind
              AND on_date BETWEEN q.first_date AND q.last_date
              AND (q.withdrawn_date IS NULL OR on_date < q.withdrawn_date))) THEN
        RETURN 'shift_unqualified';
    END IF;
    IF EXISTS (
        SELECT FROM merchants_postabsence a WHERE a.staff_id = person AND a.cancelled_at IS NULL
            AND on_date BETWEEN a.first_date AND a.last_date) THEN
        RETURN 'shift_absent';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION merchants_shift_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    against text := NULL;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state = 'cancelled' THEN
            against := 'shift_stays_cancelled';
        ELSIF EXISTS (SELECT FROM merchants_attendance WHERE shift_id = OLD.id) THEN
            against := 'shift_was_attended';
        END IF;
    END IF;
    IF against IS NULL AND NEW.state = 'planned' THEN
        -- Locked, so that an absence or a change of the post at the same time waits for this shift,
        -- or is found.
        PERFORM FROM merchants_post WHERE id = NEW.post_id FOR SHARE;
        PERFORM FROM portal_staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
        against := merchants_shift_refusal(
            NEW.post_id, NEW.staff_id, NEW.seat, NEW.on_date, NEW.starts_at, NEW.ends_at);
    END IF;
    IF against IS NOT NULL THEN
        RAISE EXCEPTION 'shift % is refused: %', NEW.number, against
            USING ERRCODE = 'restrict_violation', CONSTRAINT = against;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shift_guard BEFORE INSERT OR UPDATE ON merchants_shift
    FOR EACH ROW EXECUTE FUNCTION merchants_shift_guard();
CREATE TRIGGER shift_is_kept BEFORE DELETE ON merchants_shift
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_attendance_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_shift;
    early integer;
    against text := NULL;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.out_at IS NOT NULL OR NEW.out_at IS NULL OR (NEW.shift_id, NEW.in_at,
            NEW.minutes_late) IS DISTINCT FROM (OLD.shift_id, OLD.in_at, OLD.minutes_late) THEN
            against := 'attendance_stays';
        END IF;
    ELSE
        SELECT * INTO held FROM merchants_shift WHERE id = NEW.shift_id FOR UPDATE;
        SELECT r.early_minutes INTO early FROM merchants_postrule r
            WHERE r.effective_date <= held.on_date ORDER BY r.effective_date DESC LIMIT 1;
        IF held.state <> 'planned' THEN
            against := 'attendance_of_cancelled';
        ELSIF NEW.in_at < held.starts_at - coalesce(early, 0) * interval '1 minute' THEN
            against := 'attendance_too_early';
        ELSIF NEW.in_at >= held.ends_at THEN
            against := 'attendance_too_late';
        ELSE
            against := merchants_shift_refusal(held.post_id, held.staff_id, held.seat,
                held.on_date, held.starts_at, held.ends_at);
        END IF;
    END IF;
    IF against IS NOT NULL THEN
        RAISE EXCEPTION 'attendance of shift % is refused: %', NEW.shift_id, against
            USING ERRCODE = 'restrict_violation', CONSTRAINT = against;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER attendance_guard BEFORE INSERT OR UPDATE ON merchants_attendance
    FOR EACH ROW EXECUTE FUNCTION merchants_attendance_guard();
CREATE TRIGGER attendance_is_kept BEFORE DELETE ON merchants_attendance
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_shift_count_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_open boolean;
    last_number integer;
    total integer;
BEGIN
    SELECT out_at IS NULL INTO is_open FROM merchants_attendance WHERE shift_id = NEW.shift_id
        FOR UPDATE;
    IF NOT coalesce(is_open, FALSE) THEN
        RAISE EXCEPTION 'nobody is checked in at shift %', NEW.shift_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shift_count_while_there';
    END IF;
    SELECT coalesce(max(number), 0), coalesce(sum(step) FILTER (WHERE kind = NEW.kind), 0)
        INTO last_number, total FROM merchants_shiftcount WHERE shift_id = NEW.shift_id;
    IF NEW.number <> last_number + 1 THEN
        RAISE EXCEPTION 'shift % was counted to step %', NEW.shift_id, last_number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shift_count_follows';
    END IF;
    IF total + NEW.step < 0 THEN
        RAISE EXCEPTION 'shift % counts nothing to take back', NEW.shift_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shift_count_not_below_none';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER shift_count_guard BEFORE INSERT ON merchants_shiftcount
    FOR EACH ROW EXECUTE FUNCTION merchants_shift_count_guard();
CREATE TRIGGER shiftcount_fixed BEFORE UPDATE OR DELETE ON merchants_shiftcount
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- A post begins at an open store of a partner, and what is planned there still fits.
CREATE FUNCTION merchants_post_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    store merchants_store;
    against text := NULL;
BEGIN
    IF TG_OP = 'INSERT' OR NEW.store_id <> OLD.store_id THEN
        SELECT * INTO store FROM merchants_store WHERE id = NEW.store_id FOR SHARE;
        IF store.state = 'closed' AND store.closed_date <= NEW.last_date THEN
            against := 'post_store_closed';
        ELSIF NOT (SELECT is_partner FROM merchants_merchant WHERE id = store.merchant_id) THEN
            against := 'post_no_partner';
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF NEW.store_id <> OLD.store_id OR NEW.number <> OLD.number THEN
            against := 'post_stays_there';
        ELSIF EXISTS (
            SELECT FROM merchants_shift s WHERE s.post_id = NEW.id AND s.state = 'planned'
                AND s.on_date >= (now() AT TIME ZONE 'Asia/Shanghai')::date
                AND (s.seat > NEW.seats OR s.on_date NOT BETWEEN NEW.first_date AND NEW.last_date
                    OR (s.starts_at AT TIME ZONE 'Asia/Shanghai')::time < NEW.opens
                    OR s.ends_at AT TIME ZONE 'Asia/Shanghai' > s.on_date + NEW.closes)) THEN
            against := 'post_has_shifts';
        END IF;
    END IF;
    IF against IS NOT NULL THEN
        RAISE EXCEPTION 'post % is refused: %', NEW.number, against
            USING ERRCODE = 'restrict_violation', CONSTRAINT = against;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER post_guard BEFORE INSERT OR UPDATE ON merchants_post
    FOR EACH ROW EXECUTE FUNCTION merchants_post_guard();

CREATE FUNCTION merchants_post_absence_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.cancelled_at IS NOT NULL OR NEW.cancelled_at IS NULL
        OR (NEW.staff_id, NEW.kind, NEW.first_date, NEW.last_date)
            IS DISTINCT FROM (OLD.staff_id, OLD.kind, OLD.first_date, OLD.last_date)) THEN
        RAISE EXCEPTION 'absence % stays as it was said', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'post_absence_stays';
    END IF;
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM portal_staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
        IF EXISTS (
            SELECT FROM merchants_shift s WHERE s.staff_id = NEW.staff_id AND s.state = 'planned'
                AND s.on_date BETWEEN NEW.first_date AND NEW.last_date
                AND NOT EXISTS (SELECT FROM merchants_attendance a WHERE a.shift_id = s.id)) THEN
            RAISE EXCEPTION 'person % has shifts on these days', NEW.staff_id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'post_absence_without_shifts';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER post_absence_guard BEFORE INSERT OR UPDATE ON merchants_postabsence
    FOR EACH ROW EXECUTE FUNCTION merchants_post_absence_guard();
CREATE TRIGGER post_absence_is_kept BEFORE DELETE ON merchants_postabsence
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION merchants_qualification_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_date IS NOT NULL OR NEW.withdrawn_date IS NULL
        OR (NEW.staff_id, NEW.kind, NEW.first_date, NEW.last_date, NEW.source, NEW.recorded_by_id,
            NEW.recorded_at) IS DISTINCT FROM (OLD.staff_id, OLD.kind, OLD.first_date,
            OLD.last_date, OLD.source, OLD.recorded_by_id, OLD.recorded_at) THEN
        RAISE EXCEPTION 'qualification % is withdrawn once, and stays otherwise', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'qualification_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER qualification_guard BEFORE UPDATE ON merchants_staffqualification
    FOR EACH ROW EXECUTE FUNCTION merchants_qualification_guard();
CREATE TRIGGER qualification_is_kept BEFORE DELETE ON merchants_staffqualification
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE TRIGGER postrule_fixed BEFORE UPDATE OR DELETE ON merchants_postrule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER postcost_fixed BEFORE UPDATE OR DELETE ON merchants_postcost
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NO_GUARDS = """
DROP TRIGGER postcost_fixed ON merchants_postcost;
DROP TRIGGER postrule_fixed ON merchants_postrule;
DROP TRIGGER qualification_is_kept ON merchants_staffqualification;
DROP TRIGGER qualification_guard ON merchants_staffqualification;
DROP FUNCTION merchants_qualification_guard();
DROP TRIGGER post_absence_is_kept ON merchants_postabsence;
DROP TRIGGER post_absence_guard ON merchants_postabsence;
DROP FUNCTION merchants_post_absence_guard();
DROP TRIGGER post_guard ON merchants_post;
DROP FUNCTION merchants_post_guard();
DROP TRIGGER shiftcount_fixed ON merchants_shiftcount;
DROP TRIGGER shift_count_guard ON merchants_shiftcount;
DROP FUNCTION merchants_shift_count_guard();
DROP TRIGGER attendance_is_kept ON merchants_attendance;
DROP TRIGGER attendance_guard ON merchants_attendance;
DROP FUNCTION merchants_attendance_guard();
DROP TRIGGER shift_is_kept ON merchants_shift;
DROP TRIGGER shift_guard ON merchants_shift;
DROP FUNCTION merchants_shift_guard();
DROP FUNCTION merchants_shift_refusal(bigint, bigint, integer, date, timestamptz, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0024_posts"), ("portal", "0018_imports_again")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
