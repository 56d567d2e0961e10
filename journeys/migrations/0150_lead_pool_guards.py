"""The history of a lead is only added to, and says by itself who has the lead and how it stands.

A move follows on where the lead stands; what is forbidden is answered by one function. The lead's
own columns are written by the history's trigger and by nothing else.
"""

from django.db import migrations

RULE = """
-- The policy in force for a branch on a day: of the nearest place above that has one.
CREATE FUNCTION journeys_pool_policy(of_branch bigint, on_date date) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT latest.id FROM (
        SELECT DISTINCT ON (policy.branch_id) policy.id, policy.is_lifted,
               coalesce(length(place.path), 0) AS depth
        FROM journeys_poolpolicy AS policy
        LEFT JOIN portal_branch AS place ON place.id = policy.branch_id
        WHERE policy.effective_date <= on_date
          AND (policy.branch_id IS NULL
               OR starts_with((SELECT path FROM portal_branch WHERE id = of_branch), place.path))
        ORDER BY policy.branch_id, policy.effective_date DESC
    ) AS latest
    WHERE NOT latest.is_lifted ORDER BY latest.depth DESC LIMIT 1
$$;

-- Whether somebody may have leads of a branch at all.
CREATE FUNCTION journeys_may_own_leads(person portal_staff, of_branch bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT coalesce(person.is_active AND person.role = 'telemarketer' AND starts_with(
        (SELECT path FROM portal_branch WHERE id = of_branch),
        (SELECT path FROM portal_branch WHERE id = person.branch_id)), false)
$$;

-- The first rule that stands against a move of a lead as it stands, or NULL.
CREATE FUNCTION journeys_lead_move_refusal(
    held journeys_lead, move journeys_leadmove, person portal_staff, rule journeys_poolpolicy
) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE owner portal_staff;
BEGIN
    IF held.state IN ('won', 'lost', 'off') THEN
        RETURN 'lead_is_over';
    ELSIF move.path = 'import' AND held.moved > 0 THEN
        RETURN 'lead_move_follows';
    ELSIF move.path IN ('claim', 'assign', 'call_off') AND held.owner_id IS NOT NULL THEN
        RETURN CASE WHEN held.owner_id = move.to_owner_id THEN 'lead_is_yours'
                    ELSE 'lead_is_taken' END;
    ELSIF move.path IN ('work', 'release') AND held.owner_id IS DISTINCT FROM move.actor_id THEN
        RETURN 'lead_is_not_yours';
    ELSIF move.path IN ('take_back', 'return') AND held.owner_id IS NULL THEN
        RETURN 'lead_is_in_the_pool';
    ELSIF move.path = 'return' AND held.protected_until > move.at THEN
        SELECT * INTO owner FROM portal_staff WHERE id = held.owner_id;
        IF journeys_may_own_leads(owner, held.branch_id) THEN
            RETURN 'lead_is_protected';
        END IF;
    ELSIF move.path NOT IN ('import', 'claim', 'assign')
          AND move.to_owner_id IS NOT NULL AND move.to_owner_id IS DISTINCT FROM held.owner_id THEN
        RETURN 'lead_through_the_pool';
    END IF;
    IF move.path IN ('import', 'claim', 'assign') AND move.to_owner_id IS NOT NULL THEN
        IF NOT journeys_may_own_leads(person, held.branch_id) THEN
            RETURN 'lead_owner_of_branch';
        ELSIF move.to_state NOT IN ('new', 'working') THEN
            RETURN NULL;
        ELSIF rule.id IS NULL THEN
            RETURN 'lead_no_policy';
        ELSIF move.path = 'claim' AND rule.sight = 'given' THEN
            RETURN 'lead_is_given_only';
        ELSIF move.path = 'claim' AND rule.sight = 'team' AND held.team_id IS NOT NULL
              AND held.team_id IS DISTINCT FROM person.team_id THEN
            RETURN 'lead_of_another_team';
        ELSIF EXISTS (
            SELECT FROM journeys_leadmove WHERE lead_id = held.id AND from_owner_id = person.id
               AND cools_until > move.at) THEN
            RETURN 'lead_cools_down';
        ELSIF (SELECT count(*) FROM journeys_lead WHERE owner_id = person.id
                  AND state IN ('new', 'working')) >= rule.claim_cap THEN
            RETURN 'lead_cap_reached';
        END IF;
    ELSIF move.path = 'work' AND rule.id IS NULL THEN
        RETURN 'lead_no_policy';
    END IF;
    RETURN NULL;
END $$;
"""
NO_RULE = """
DROP FUNCTION journeys_lead_move_refusal(
    journeys_lead, journeys_leadmove, portal_staff, journeys_poolpolicy);
DROP FUNCTION journeys_may_own_leads(portal_staff, bigint);
DROP FUNCTION journeys_pool_policy(bigint, date);
"""

GUARDS = """
CREATE FUNCTION journeys_lead_move_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held journeys_lead;
    person portal_staff;
    rule journeys_poolpolicy;
    refusal text;
BEGIN
    -- The person before the lead, as everywhere: of two at once the second counts the first.
    IF NEW.path IN ('import', 'claim', 'assign') AND NEW.to_owner_id IS NOT NULL THEN
        SELECT * INTO person FROM portal_staff WHERE id = NEW.to_owner_id FOR NO KEY UPDATE;
    END IF;
    SELECT * INTO held FROM journeys_lead WHERE id = NEW.lead_id FOR NO KEY UPDATE;
    SELECT * INTO rule FROM journeys_poolpolicy WHERE id = journeys_pool_policy(
        held.branch_id, (NEW.at AT TIME ZONE 'Asia/Shanghai')::date);
    NEW.number := held.moved + 1;
    NEW.from_owner_id := held.owner_id;
    NEW.from_state := held.state;
    NEW.policy_id := rule.id;
    refusal := journeys_lead_move_refusal(held, NEW, person, rule);
    IF refusal IS NOT NULL THEN
        RAISE EXCEPTION 'lead %: % refused: %', held.id, NEW.path, refusal
            USING ERRCODE = 'check_violation', CONSTRAINT = refusal;
    END IF;
    NEW.protected_until := CASE
        WHEN NEW.to_owner_id IS NULL OR NEW.to_state NOT IN ('new', 'working') THEN NULL
        WHEN NEW.path = 'work' THEN greatest(held.protected_until, least(
            held.protected_at_most, NEW.at + make_interval(days => rule.extension_days)))
        ELSE NEW.at + make_interval(days => rule.protection_days) END;
    NEW.cools_until := CASE
        WHEN NEW.path IN ('release', 'take_back', 'return')
        THEN NEW.at + make_interval(days => coalesce(rule.cooldown_days, 0)) END;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_move_follows BEFORE INSERT ON journeys_leadmove
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_move_guard();

CREATE FUNCTION journeys_lead_move_tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE journeys_lead
       SET owner_id = NEW.to_owner_id, state = NEW.to_state, moved = NEW.number,
           protected_until = NEW.protected_until,
           protected_at_most = CASE
               WHEN NEW.protected_until IS NULL THEN NULL
               WHEN NEW.path = 'work' THEN protected_at_most
               ELSE NEW.at + make_interval(days => (
                   SELECT longest_days FROM journeys_poolpolicy WHERE id = NEW.policy_id)) END
     WHERE id = NEW.lead_id;
    RETURN NULL;
END $$;
CREATE TRIGGER lead_move_tells AFTER INSERT ON journeys_leadmove
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_move_tells();
CREATE TRIGGER leadmove_fixed BEFORE UPDATE OR DELETE ON journeys_leadmove
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
SELECT journeys_open_to_erasure(
    'journeys_leadmove', 'leadmove_fixed', $owner$'lead:' || ($1 ->> 'lead_id')$owner$, 'why');
CREATE TRIGGER leadassignment_fixed BEFORE UPDATE OR DELETE ON journeys_leadassignment
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER poolpolicy_fixed BEFORE UPDATE OR DELETE ON journeys_poolpolicy
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

-- A lead is born free and new; from then on its moves alone say who has it and how it stands.
CREATE FUNCTION journeys_lead_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        RAISE EXCEPTION 'a lead begins in the pool' USING
            ERRCODE = 'restrict_violation', CONSTRAINT = 'lead_begins_in_the_pool';
    ELSIF NEW.moved <> OLD.moved + 1 OR NOT EXISTS (
        SELECT FROM journeys_leadmove
         WHERE lead_id = NEW.id AND number = NEW.moved AND to_state = NEW.state
           AND to_owner_id IS NOT DISTINCT FROM NEW.owner_id
           AND protected_until IS NOT DISTINCT FROM NEW.protected_until) THEN
        RAISE EXCEPTION 'lead % stands where its last move says', OLD.id USING
            ERRCODE = 'restrict_violation', CONSTRAINT = 'lead_stands_as_moved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_begins_in_the_pool BEFORE INSERT ON journeys_lead FOR EACH ROW
    WHEN (NEW.owner_id IS NOT NULL OR NEW.state <> 'new' OR NEW.moved <> 0
          OR NEW.protected_until IS NOT NULL)
    EXECUTE FUNCTION journeys_lead_guard();
CREATE TRIGGER lead_stands_as_moved BEFORE UPDATE ON journeys_lead FOR EACH ROW
    WHEN ((OLD.owner_id, OLD.state, OLD.moved, OLD.protected_until, OLD.protected_at_most)
          IS DISTINCT FROM
          (NEW.owner_id, NEW.state, NEW.moved, NEW.protected_until, NEW.protected_at_most))
    EXECUTE FUNCTION journeys_lead_guard();

CREATE FUNCTION journeys_lead_stays_in_branch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'lead % has an owner of its branch', OLD.id USING
        ERRCODE = 'restrict_violation', CONSTRAINT = 'lead_changes_branch_while_free';
END $$;
CREATE TRIGGER lead_changes_branch_while_free BEFORE UPDATE ON journeys_lead FOR EACH ROW
    WHEN (NEW.branch_id <> OLD.branch_id AND OLD.owner_id IS NOT NULL
          AND OLD.state IN ('new', 'working'))
    EXECUTE FUNCTION journeys_lead_stays_in_branch();
"""
NO_GUARDS = """
DROP TRIGGER lead_changes_branch_while_free ON journeys_lead;
DROP FUNCTION journeys_lead_stays_in_branch();
DROP TRIGGER lead_stands_as_moved ON journeys_lead;
DROP TRIGGER lead_begins_in_the_pool ON journeys_lead;
DROP FUNCTION journeys_lead_guard();
DROP TRIGGER poolpolicy_fixed ON journeys_poolpolicy;
DROP TRIGGER leadassignment_fixed ON journeys_leadassignment;
SELECT journeys_close_to_erasure('journeys_leadmove', 'leadmove_fixed');
DROP TRIGGER leadmove_fixed ON journeys_leadmove;
DROP TRIGGER lead_move_tells ON journeys_leadmove;
DROP FUNCTION journeys_lead_move_tells();
DROP TRIGGER lead_move_follows ON journeys_leadmove;
DROP FUNCTION journeys_lead_move_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0149_lead_pool_filled"), ("portal", "0019_parts_of_authors")]
    operations = [
        migrations.RunSQL(RULE, NO_RULE),
        migrations.RunSQL(GUARDS, NO_GUARDS),
    ]
