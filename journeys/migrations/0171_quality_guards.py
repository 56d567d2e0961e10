"""Who may read which call, and how often; who disputes and who decides. All of it is only added to,
and opens to erasures for words alone."""

from django.db import migrations

FORM = """
CREATE FUNCTION journeys_quality_form_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF jsonb_typeof(NEW.criteria) <> 'array'
       OR jsonb_array_length(NEW.criteria) NOT BETWEEN 1 AND 20
       OR EXISTS (
        SELECT FROM jsonb_array_elements(NEW.criteria) AS one
         WHERE jsonb_typeof(one) <> 'object'
            OR coalesce(one ->> 'code', '') !~ '^[a-z][a-z_]{1,29}$'
            OR coalesce(one ->> 'name', '') = '' OR coalesce(one ->> 'name_en', '') = ''
            OR coalesce(jsonb_typeof(one -> 'weight'), '') <> 'number'
            OR coalesce(one ->> 'weight', '') !~ '^[1-9][0-9]?$'
            OR coalesce(jsonb_typeof(one -> 'grave'), '') <> 'boolean')
       OR (SELECT count(DISTINCT one ->> 'code') FROM jsonb_array_elements(NEW.criteria) AS one)
          <> jsonb_array_length(NEW.criteria) THEN
        RAISE EXCEPTION 'criteria of a form are wrong' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'quality_form_criteria';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quality_form_criteria BEFORE INSERT ON journeys_qualityform
    FOR EACH ROW EXECUTE FUNCTION journeys_quality_form_guard();
"""
NO_FORM = """
DROP TRIGGER quality_form_criteria ON journeys_qualityform;
DROP FUNCTION journeys_quality_form_guard();
"""

CASE = """
-- A case is of a call of its draw's day and branch, and begins unread; from then on its reviews
-- alone say how often it was read, and when the last one came.
CREATE FUNCTION journeys_quality_case_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE hold journeys_leadhold; draw journeys_qualitydraw; told boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT * INTO hold FROM journeys_leadhold WHERE id = NEW.hold_id;
        SELECT * INTO draw FROM journeys_qualitydraw WHERE id = NEW.draw_id;
        IF hold.called_at IS NULL OR NEW.readings <> 0 OR NEW.closed_at IS NOT NULL
           OR (hold.holder_id, hold.called_at, draw.branch_id)
              IS DISTINCT FROM (NEW.caller_id, NEW.called_at, NEW.branch_id)
           OR (hold.called_at AT TIME ZONE 'Asia/Shanghai')::date IS DISTINCT FROM draw.called_date
        THEN
            RAISE EXCEPTION 'a case is of a call of its day' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'quality_case_of_its_call';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'UPDATE' THEN
        told := (to_jsonb(NEW) - '{readings,closed_at}'::text[])
                = (to_jsonb(OLD) - '{readings,closed_at}'::text[])
            AND NEW.readings = OLD.readings + 1 AND EXISTS (
                SELECT FROM journeys_qualityreview WHERE case_id = NEW.id
                   AND number = NEW.readings AND (NEW.closed_at IS NULL OR NEW.closed_at = at));
        IF told THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'a case follows its reviews: % refused', TG_OP USING
        ERRCODE = 'restrict_violation', CONSTRAINT = 'quality_case_follows';
END $$;
CREATE TRIGGER quality_case_follows BEFORE INSERT OR UPDATE OR DELETE ON journeys_qualitycase
    FOR EACH ROW EXECUTE FUNCTION journeys_quality_case_guard();
"""
NO_CASE = """
DROP TRIGGER quality_case_follows ON journeys_qualitycase;
DROP FUNCTION journeys_quality_case_guard();
"""

REVIEW = """
-- The first rule that stands against somebody's reading of a case, or NULL.
CREATE FUNCTION journeys_quality_reader_refusal(of_case journeys_qualitycase, person portal_staff)
RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF of_case.readings >= of_case.wants THEN
        RETURN 'quality_case_is_read';
    ELSIF person.id = of_case.caller_id THEN
        RETURN 'quality_reader_is_not_caller';
    ELSIF NOT person.is_active OR person.role NOT IN ('branch_manager', 'compliance') THEN
        RETURN 'quality_reader_may_not';
    ELSIF person.role = 'branch_manager' AND NOT starts_with(
        (SELECT path FROM portal_branch WHERE id = of_case.branch_id),
        (SELECT path FROM portal_branch WHERE id = person.branch_id)) THEN
        RETURN 'quality_reader_may_not';
    ELSIF EXISTS (SELECT FROM journeys_qualityreview
                   WHERE case_id = of_case.id AND reader_id = person.id) THEN
        RETURN 'quality_review_by_two';
    ELSIF of_case.readings = 1 AND person.role = 'branch_manager'
          AND person.branch_id = of_case.branch_id THEN
        RETURN 'quality_second_is_not_their_manager';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION journeys_quality_review_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_case journeys_qualitycase;
    person portal_staff;
    lines jsonb;
    refusal text;
BEGIN
    -- Of two at once the second reads the case as the first left it.
    SELECT * INTO of_case FROM journeys_qualitycase WHERE id = NEW.case_id FOR NO KEY UPDATE;
    SELECT * INTO person FROM portal_staff WHERE id = NEW.reader_id;
    refusal := journeys_quality_reader_refusal(of_case, person);
    SELECT form.criteria INTO lines FROM journeys_qualitydraw AS draw
        JOIN journeys_qualityform AS form ON form.id = draw.form_id WHERE draw.id = of_case.draw_id;
    IF refusal IS NULL AND (
        jsonb_typeof(NEW.marks) <> 'object'
        OR EXISTS (SELECT FROM jsonb_each_text(NEW.marks)
                    WHERE value IS NULL OR value NOT IN ('met', 'missed', 'none'))
        OR (SELECT array_agg(key ORDER BY key) FROM jsonb_object_keys(NEW.marks) AS key)
           IS DISTINCT FROM (SELECT array_agg(one ->> 'code' ORDER BY one ->> 'code')
                               FROM jsonb_array_elements(lines) AS one)) THEN
        refusal := 'quality_review_marks_the_form';
    END IF;
    IF refusal IS NULL AND NEW.at < of_case.called_at THEN
        refusal := 'quality_review_after_the_call';
    END IF;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION 'case %: review refused: %', NEW.case_id, refusal USING
            ERRCODE = 'check_violation', CONSTRAINT = refusal;
    END IF;
    NEW.number := of_case.readings + 1;
    NEW.caller_id := of_case.caller_id;
    SELECT round(100.0 * sum((one ->> 'weight')::int) FILTER (WHERE mark = 'met')
                 / nullif(sum((one ->> 'weight')::int), 0)),
           coalesce(bool_or((one ->> 'grave')::boolean AND mark = 'missed'), false)
      INTO NEW.score, NEW.missed_grave
      FROM jsonb_array_elements(lines) AS one
      CROSS JOIN LATERAL (SELECT NEW.marks ->> (one ->> 'code') AS mark) AS marked
     WHERE mark <> 'none';
    IF NEW.score IS NULL AND EXISTS (
        SELECT FROM jsonb_each_text(NEW.marks) WHERE value = 'missed') THEN
        NEW.score := 0;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quality_review_is_apt BEFORE INSERT ON journeys_qualityreview
    FOR EACH ROW EXECUTE FUNCTION journeys_quality_review_guard();

CREATE FUNCTION journeys_quality_review_tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE journeys_qualitycase
       SET readings = NEW.number, closed_at = CASE WHEN NEW.number = wants THEN NEW.at END
     WHERE id = NEW.case_id;
    RETURN NULL;
END $$;
CREATE TRIGGER quality_review_tells AFTER INSERT ON journeys_qualityreview
    FOR EACH ROW EXECUTE FUNCTION journeys_quality_review_tells();
"""
NO_REVIEW = """
DROP TRIGGER quality_review_tells ON journeys_qualityreview;
DROP FUNCTION journeys_quality_review_tells();
DROP TRIGGER quality_review_is_apt ON journeys_qualityreview;
DROP FUNCTION journeys_quality_review_guard();
DROP FUNCTION journeys_quality_reader_refusal(journeys_qualitycase, portal_staff);
"""

DISPUTE = """
CREATE FUNCTION journeys_quality_dispute_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE of_case journeys_qualitycase; days int; refusal text;
BEGIN
    SELECT * INTO of_case FROM journeys_qualitycase WHERE id = NEW.case_id;
    SELECT policy.dispute_days INTO days FROM journeys_qualitydraw AS draw
        JOIN journeys_qualitypolicy AS policy ON policy.id = draw.policy_id
        WHERE draw.id = of_case.draw_id;
    refusal := CASE
        WHEN NEW.by_id <> of_case.caller_id THEN 'quality_dispute_by_the_caller'
        WHEN of_case.closed_at IS NULL OR NEW.at < of_case.closed_at
            THEN 'quality_dispute_of_a_result'
        WHEN NEW.at > of_case.closed_at + make_interval(days => days)
            THEN 'quality_dispute_in_time' END;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION 'case %: dispute refused: %', NEW.case_id, refusal USING
            ERRCODE = 'check_violation', CONSTRAINT = refusal;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quality_dispute_is_apt BEFORE INSERT ON journeys_qualitydispute
    FOR EACH ROW EXECUTE FUNCTION journeys_quality_dispute_guard();

CREATE FUNCTION journeys_quality_decision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE disputed journeys_qualitydispute; refusal text;
BEGIN
    SELECT * INTO disputed FROM journeys_qualitydispute WHERE id = NEW.dispute_id;
    refusal := CASE
        WHEN NEW.by_id = disputed.by_id THEN 'quality_decision_by_a_third'
        WHEN EXISTS (SELECT FROM journeys_qualityreview
                      WHERE case_id = disputed.case_id AND reader_id = NEW.by_id)
            THEN 'quality_decision_by_a_third'
        WHEN NOT EXISTS (SELECT FROM portal_staff
                          WHERE id = NEW.by_id AND is_active AND role = 'compliance')
            THEN 'quality_decision_by_compliance'
        WHEN NEW.at < disputed.at THEN 'quality_decision_after_the_dispute' END;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION 'dispute %: decision refused: %', NEW.dispute_id, refusal USING
            ERRCODE = 'check_violation', CONSTRAINT = refusal;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quality_decision_is_apt BEFORE INSERT ON journeys_qualitydecision
    FOR EACH ROW EXECUTE FUNCTION journeys_quality_decision_guard();
"""
NO_DISPUTE = """
DROP TRIGGER quality_decision_is_apt ON journeys_qualitydecision;
DROP FUNCTION journeys_quality_decision_guard();
DROP TRIGGER quality_dispute_is_apt ON journeys_qualitydispute;
DROP FUNCTION journeys_quality_dispute_guard();
"""

FIXED = ("qualitypolicy", "qualityform", "qualitydraw")
_OF_CASE = """(SELECT ''lead:'' || hold.lead_id FROM journeys_qualitycase AS drawn
    JOIN journeys_leadhold AS hold ON hold.id = drawn.hold_id
    WHERE drawn.id = ($1 ->> ''case_id'')::bigint)"""
_OF_DISPUTE = """(SELECT ''lead:'' || hold.lead_id FROM journeys_qualitydispute AS disputed
    JOIN journeys_qualitycase AS drawn ON drawn.id = disputed.case_id
    JOIN journeys_leadhold AS hold ON hold.id = drawn.hold_id
    WHERE disputed.id = ($1 ->> ''dispute_id'')::bigint)"""
WITH_WORDS = {
    "qualityreview": _OF_CASE, "qualitydispute": _OF_CASE, "qualitydecision": _OF_DISPUTE,
}  # fmt: skip


def _fixed(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON journeys_{table}
            FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();""",
        f"DROP TRIGGER {table}_fixed ON journeys_{table};",
    )


class Migration(migrations.Migration):
    dependencies = [("journeys", "0170_quality")]
    operations = [
        migrations.RunSQL(FORM, NO_FORM),
        migrations.RunSQL(CASE, NO_CASE),
        migrations.RunSQL(REVIEW, NO_REVIEW),
        migrations.RunSQL(DISPUTE, NO_DISPUTE),
        *(_fixed(table) for table in (*FIXED, *WITH_WORDS)),
        *(
            migrations.RunSQL(
                f"SELECT journeys_open_to_erasure('journeys_{table}', '{table}_fixed',"
                f" '{owner}', 'words')",
                f"SELECT journeys_close_to_erasure('journeys_{table}', '{table}_fixed')",
            )
            for table, owner in WITH_WORDS.items()
        ),
    ]
