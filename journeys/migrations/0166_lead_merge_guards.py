"""A merge takes a lead out of the pool, and undoing it brings it back exactly as it was: by its
history alone, which the merge stands behind. Who collected a lead stays credited. Leads that came
are merged by their phone, and held beside those that look alike, by one function."""

from django.db import migrations

ROOT = """
-- The lead that stands for a lead: itself, or the one that it was merged into, however often.
CREATE FUNCTION journeys_lead_root(of_lead bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up AS (
        SELECT of_lead AS id, 0 AS depth
        UNION ALL
        SELECT merge.kept_id, up.depth + 1 FROM up
        JOIN journeys_leadmerge AS merge ON merge.merged_id = up.id AND merge.undone_at IS NULL
    ) SELECT id FROM up ORDER BY depth DESC LIMIT 1
$$;
"""
NO_ROOT = "DROP FUNCTION journeys_lead_root(bigint);"

MERGES = """
CREATE FUNCTION journeys_lead_merge_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept journeys_lead;
    merged journeys_lead;
    refusal text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'merges of leads are only added and undone' USING
            ERRCODE = 'restrict_violation', CONSTRAINT = 'lead_merge_stays';
    END IF;
    PERFORM FROM journeys_lead WHERE id IN (NEW.kept_id, NEW.merged_id)
        ORDER BY id FOR NO KEY UPDATE;
    SELECT * INTO kept FROM journeys_lead WHERE id = NEW.kept_id;
    SELECT * INTO merged FROM journeys_lead WHERE id = NEW.merged_id;
    IF TG_OP = 'INSERT' THEN
        refusal := CASE
            WHEN kept.state NOT IN ('new', 'working') OR merged.state NOT IN ('new', 'working')
                THEN 'lead_merge_of_open'
            WHEN kept.number LIKE 'M-%' OR merged.number LIKE 'M-%'
                THEN 'lead_merge_not_of_messages'
            WHEN NEW.undone_at IS NOT NULL THEN 'lead_merge_stays' END;
        NEW.state := merged.state;
        NEW.owner_id := merged.owner_id;
        NEW.protected_until := merged.protected_until;
        NEW.protected_at_most := merged.protected_at_most;
    ELSE
        refusal := CASE
            WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
                 OR (NEW.id, NEW.kept_id, NEW.merged_id, NEW.sign, NEW.reason, NEW.by_id, NEW.at,
                     NEW.taken, NEW.owner_id, NEW.state, NEW.protected_until,
                     NEW.protected_at_most)
                    IS DISTINCT FROM
                    (OLD.id, OLD.kept_id, OLD.merged_id, OLD.sign, OLD.reason, OLD.by_id, OLD.at,
                     OLD.taken, OLD.owner_id, OLD.state, OLD.protected_until,
                     OLD.protected_at_most) THEN 'lead_merge_stays'
            WHEN kept.state = 'merged' OR NEW.taken <> '{}'::jsonb AND EXISTS (
                SELECT FROM journeys_leadmerge AS later
                 WHERE later.kept_id = NEW.kept_id AND later.undone_at IS NULL
                   AND later.id > NEW.id AND later.taken <> '{}'::jsonb)
                THEN 'lead_merge_later_first' END;
    END IF;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION 'merge of lead % into %: %', NEW.merged_id, NEW.kept_id, refusal
            USING ERRCODE = 'check_violation', CONSTRAINT = refusal;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_merge_begins BEFORE INSERT ON journeys_leadmerge
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_merge_guard();
CREATE TRIGGER lead_merge_stays BEFORE UPDATE OR DELETE ON journeys_leadmerge
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_merge_guard();

-- At the end of a transaction a lead is merged where a merge of it stands, and nowhere else.
CREATE FUNCTION journeys_lead_merge_is_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM journeys_leadmerge
                WHERE merged_id = NEW.merged_id AND undone_at IS NULL)
       IS DISTINCT FROM (SELECT state = 'merged' FROM journeys_lead WHERE id = NEW.merged_id) THEN
        RAISE EXCEPTION 'lead % stands otherwise than its merges say', NEW.merged_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_merge_is_moved';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER lead_merge_is_moved AFTER INSERT OR UPDATE ON journeys_leadmerge
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journeys_lead_merge_is_moved();

-- After `lead_move_follows`, by its name: a lead that was merged moves no more but to come back,
-- and then as the merge found it.
CREATE FUNCTION journeys_lead_move_merge_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held journeys_lead;
    merge journeys_leadmerge;
    refusal text;
BEGIN
    SELECT * INTO held FROM journeys_lead WHERE id = NEW.lead_id;
    IF NEW.path = 'unmerge' THEN
        SELECT * INTO merge FROM journeys_leadmerge WHERE merged_id = NEW.lead_id
            ORDER BY undone_at DESC NULLS FIRST, id DESC LIMIT 1;
        IF held.state <> 'merged' OR merge.undone_at IS NULL THEN
            refusal := 'lead_is_not_apart';
        ELSE
            NEW.to_owner_id := merge.owner_id;
            NEW.to_state := merge.state;
            NEW.protected_until := merge.protected_until;
        END IF;
    ELSIF held.state = 'merged' THEN
        refusal := 'lead_is_merged';
    ELSIF NEW.path = 'merge' THEN
        refusal := CASE
            WHEN held.holder_id IS NOT NULL THEN 'lead_in_hand_is_free_or_own'
            WHEN NOT EXISTS (SELECT FROM journeys_leadmerge
                              WHERE merged_id = NEW.lead_id AND undone_at IS NULL)
                THEN 'lead_merge_is_told' END;
    END IF;
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION 'lead %: % refused: %', NEW.lead_id, NEW.path, refusal
            USING ERRCODE = 'check_violation', CONSTRAINT = refusal;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_move_merges BEFORE INSERT ON journeys_leadmove
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_move_merge_guard();

CREATE FUNCTION journeys_lead_back_as_it_was() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.protected_at_most := (
        SELECT protected_at_most FROM journeys_leadmerge
         WHERE merged_id = NEW.id ORDER BY undone_at DESC NULLS LAST, id DESC LIMIT 1);
    RETURN NEW;
END $$;
CREATE TRIGGER lead_back_as_it_was BEFORE UPDATE ON journeys_lead FOR EACH ROW
    WHEN (OLD.state = 'merged' AND NEW.state <> 'merged')
    EXECUTE FUNCTION journeys_lead_back_as_it_was();

CREATE FUNCTION journeys_lead_pair_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.is_same IS NULL
       OR (NEW.id, NEW.first_id, NEW.second_id, NEW.found_at)
          IS DISTINCT FROM (OLD.id, OLD.first_id, OLD.second_id, OLD.found_at) THEN
        RAISE EXCEPTION 'a pair of leads is only decided: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_pair_is_decided BEFORE UPDATE OR DELETE ON journeys_leadpair
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_pair_guard();
"""
NO_MERGES = """
DROP TRIGGER lead_pair_is_decided ON journeys_leadpair;
DROP FUNCTION journeys_lead_pair_guard();
DROP TRIGGER lead_back_as_it_was ON journeys_lead;
DROP FUNCTION journeys_lead_back_as_it_was();
DROP TRIGGER lead_move_merges ON journeys_leadmove;
DROP FUNCTION journeys_lead_move_merge_guard();
DROP TRIGGER lead_merge_is_moved ON journeys_leadmerge;
DROP FUNCTION journeys_lead_merge_is_moved();
DROP TRIGGER lead_merge_stays ON journeys_leadmerge;
DROP TRIGGER lead_merge_begins ON journeys_leadmerge;
DROP FUNCTION journeys_lead_merge_guard();
"""

CREDIT = """
CREATE FUNCTION journeys_lead_credit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.credit_branch_id := NEW.branch_id;
        NEW.credit_team_id := NEW.team_id;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'who collected lead % stays credited', OLD.id USING
        ERRCODE = 'restrict_violation', CONSTRAINT = 'lead_credit_stays';
END $$;
CREATE TRIGGER lead_credit_is_noted BEFORE INSERT ON journeys_lead
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_credit();
CREATE TRIGGER lead_credit_stays BEFORE UPDATE ON journeys_lead FOR EACH ROW
    WHEN ((OLD.collected_by_id, OLD.campaign, OLD.credit_branch_id, OLD.credit_team_id, OLD.source)
          IS DISTINCT FROM
          (NEW.collected_by_id, NEW.campaign, NEW.credit_branch_id, NEW.credit_team_id, NEW.source)
          -- A post that nobody had named may be named once.
          OR OLD.post_id IS NOT NULL AND OLD.post_id IS DISTINCT FROM NEW.post_id)
    EXECUTE FUNCTION journeys_lead_credit();
"""
NO_CREDIT = """
DROP TRIGGER lead_credit_stays ON journeys_lead;
DROP TRIGGER lead_credit_is_noted ON journeys_lead;
DROP FUNCTION journeys_lead_credit();
"""

CAP = """
-- Rows of one statement do not count one another before it ends: so the cap is looked at then too.
CREATE FUNCTION journeys_lead_moves_within_cap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE owner bigint;
BEGIN
    SELECT made.to_owner_id INTO owner
      FROM (SELECT to_owner_id, max(rule.claim_cap) AS cap
              FROM moves JOIN journeys_poolpolicy AS rule ON rule.id = moves.policy_id
             WHERE path IN ('import', 'claim', 'assign') AND to_owner_id IS NOT NULL
               AND to_state IN ('new', 'working')
             GROUP BY to_owner_id HAVING count(*) > 1) AS made
     WHERE (SELECT count(*) FROM journeys_lead AS lead WHERE lead.owner_id = made.to_owner_id
               AND lead.state IN ('new', 'working')) > made.cap
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'person % would have more open leads than the policy lets', owner
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lead_cap_reached';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lead_moves_within_cap AFTER INSERT ON journeys_leadmove
    REFERENCING NEW TABLE AS moves
    FOR EACH STATEMENT EXECUTE FUNCTION journeys_lead_moves_within_cap();
"""
NO_CAP = """
DROP TRIGGER lead_moves_within_cap ON journeys_leadmove;
DROP FUNCTION journeys_lead_moves_within_cap();
"""

SORT = """
-- For each phone of these leads the first open lead that has it, or into which one with it was
-- merged. Calls of messages are no leads to merge.
CREATE FUNCTION journeys_open_of_phones(came bigint[]) RETURNS TABLE (callee bytea, id bigint)
LANGUAGE sql STABLE AS $$
    WITH phones AS MATERIALIZED (
        SELECT DISTINCT lead.callee FROM journeys_lead AS lead
         WHERE lead.id = ANY(came) AND lead.callee IS NOT NULL AND lead.state = 'new'
           AND lead.number NOT LIKE 'M-%'
    )
    SELECT phones.callee, first.id FROM phones CROSS JOIN LATERAL (
        SELECT held.id FROM journeys_lead AS lead
        JOIN journeys_lead AS held ON held.id = CASE
            WHEN lead.state = 'merged' THEN journeys_lead_root(lead.id) ELSE lead.id END
        WHERE lead.callee = phones.callee AND held.state IN ('new', 'working')
          AND held.number NOT LIKE 'M-%'
        -- The one of its phone: of two that came at once the other may have the earlier number.
        ORDER BY held.is_sole DESC, held.id LIMIT 1) AS first
$$;

-- What becomes of leads that came just now, in the order of their ids: whoever has the phone of an
-- open lead, or of one that was merged into such a one, is merged into it; the others are the one
-- of their phone from now on, and each is held beside the first open lead that looks like it.
CREATE FUNCTION journeys_sort_leads(came bigint[], on_at timestamptz) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE count bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('journeys.leads', 0));
    -- Locked in the order of their ids; then looked for once more, since one may have ended.
    PERFORM FROM journeys_lead WHERE id IN (SELECT id FROM journeys_open_of_phones(came))
        ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO journeys_leadmerge
           (kept_id, merged_id, sign, reason, at, taken, state, undo_reason)
    SELECT kept.id, lead.id, 'phone', '', on_at, '{}', 'new', ''
      FROM journeys_lead AS lead JOIN journeys_open_of_phones(came) AS kept USING (callee)
     WHERE lead.id = ANY(came) AND lead.id <> kept.id AND lead.state = 'new'
       AND lead.number NOT LIKE 'M-%'
     ORDER BY lead.id;
    INSERT INTO journeys_leadmove (lead_id, number, path, at, from_state, to_state, why)
    SELECT merge.merged_id, 0, 'merge', on_at, 'new', 'merged', ''
      FROM journeys_leadmerge AS merge JOIN journeys_lead AS lead ON lead.id = merge.merged_id
     WHERE merge.merged_id = ANY(came) AND merge.undone_at IS NULL AND lead.state = 'new'
     ORDER BY merge.merged_id;
    GET DIAGNOSTICS count = ROW_COUNT;
    UPDATE journeys_lead SET is_sole = TRUE
     WHERE id = ANY(came) AND state = 'new' AND callee IS NOT NULL AND number NOT LIKE 'M-%';
    INSERT INTO journeys_leadpair (first_id, second_id, found_at, reason)
    SELECT least(other.id, lead.id), greatest(other.id, lead.id), on_at, ''
      FROM journeys_lead AS lead CROSS JOIN LATERAL (
          SELECT seen.id FROM journeys_lead AS seen
           WHERE seen.alike = lead.alike AND seen.state IN ('new', 'working')
             AND seen.id <> lead.id AND (seen.id < lead.id OR cardinality(came) = 1)
             AND seen.number NOT LIKE 'M-%'
           ORDER BY seen.id LIMIT 1) AS other
     WHERE lead.id = ANY(came) AND lead.state = 'new' AND lead.alike IS NOT NULL
       AND lead.number NOT LIKE 'M-%'
    ON CONFLICT DO NOTHING;
    RETURN count;
END $$;
"""
NO_SORT = """
DROP FUNCTION journeys_sort_leads(bigint[], timestamptz);
DROP FUNCTION journeys_open_of_phones(bigint[]);
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0165_lead_merges_filled")]
    operations = [
        migrations.RunSQL(ROOT, NO_ROOT),
        migrations.RunSQL(MERGES, NO_MERGES),
        migrations.RunSQL(CREDIT, NO_CREDIT),
        migrations.RunSQL(CAP, NO_CAP),
        migrations.RunSQL(SORT, NO_SORT),
        migrations.RunSQL(
            "SELECT journeys_open_to_erasure('journeys_leadmerge', 'lead_merge_stays',"
            " $owner$'lead:' || ($1 ->> 'kept_id')$owner$, 'reason', 'undo_reason')",
            "SELECT journeys_close_to_erasure('journeys_leadmerge', 'lead_merge_stays')",
        ),
        migrations.RunSQL(
            "SELECT journeys_open_to_erasure('journeys_leadpair', 'lead_pair_is_decided',"
            " $owner$'lead:' || ($1 ->> 'first_id')$owner$, 'reason')",
            "SELECT journeys_close_to_erasure('journeys_leadpair', 'lead_pair_is_decided')",
        ),
    ]
