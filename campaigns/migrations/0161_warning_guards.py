"""What people did about warnings is only added to, and moves an alert by itself: its state follows
its moves and nothing else. Words that people wrote open to erasures."""

from django.db import migrations

ONLY_ADDED_TO = [
    ("warningrule", "warning_rule_fixed"), ("pausepolicy", "pause_policy_fixed"),
    ("alertmove", "alert_move_fixed"),
]
GUARDS = """
CREATE FUNCTION campaigns_alert_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    alert campaigns_alert%ROWTYPE;
    is_again boolean := NEW.to_state = 'open' AND NEW.from_state IN ('dismissed', 'settled');
    is_judged boolean := NEW.to_state IN ('dismissed', 'settled');
BEGIN
    SELECT * INTO alert FROM campaigns_alert WHERE id = NEW.alert_id FOR NO KEY UPDATE;
    IF alert.state <> NEW.from_state OR NEW.round <> alert.round + is_again::int THEN
        RAISE EXCEPTION 'alert % does not stand at the beginning of this move', NEW.alert_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.actor_id = alert.concerned_id THEN
        RAISE EXCEPTION 'alert % is not moved by whom it concerns', NEW.alert_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE campaigns_alert SET state = NEW.to_state, round = NEW.round,
        judged_weight = CASE WHEN is_judged THEN NEW.weight ELSE judged_weight END,
        judged_severity = CASE WHEN is_judged THEN NEW.severity ELSE judged_severity END
    WHERE id = NEW.alert_id;
    RETURN NEW;
END $$;
CREATE TRIGGER alert_moved BEFORE INSERT ON campaigns_alertmove
    FOR EACH ROW EXECUTE FUNCTION campaigns_alert_moved();

CREATE FUNCTION campaigns_alert_state_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR pg_trigger_depth() = 1 THEN
        RAISE EXCEPTION 'the state of alert % follows its moves', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER alert_state_follows BEFORE UPDATE ON campaigns_alert FOR EACH ROW
    WHEN ((OLD.state, OLD.round, OLD.judged_weight, OLD.judged_severity)
          IS DISTINCT FROM (NEW.state, NEW.round, NEW.judged_weight, NEW.judged_severity))
    EXECUTE FUNCTION campaigns_alert_state_follows();
CREATE TRIGGER alert_stays BEFORE DELETE ON campaigns_alert
    FOR EACH ROW EXECUTE FUNCTION campaigns_alert_state_follows();

CREATE FUNCTION campaigns_appeal_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.decided_by_id IS NOT NULL
       OR (NEW.id, NEW.alert_id, NEW.round, NEW.said_by_id, NEW.words, NEW.said_at)
          IS DISTINCT FROM (OLD.id, OLD.alert_id, OLD.round, OLD.said_by_id, OLD.words, OLD.said_at)
    THEN
        RAISE EXCEPTION 'an appeal is decided once: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF EXISTS (SELECT FROM campaigns_alertmove move WHERE move.alert_id = NEW.alert_id
                 AND move.to_state = 'confirmed' AND move.actor_id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'who confirmed alert % does not decide about it', NEW.alert_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_fixed BEFORE UPDATE OR DELETE ON campaigns_appeal
    FOR EACH ROW EXECUTE FUNCTION campaigns_appeal_decided();

CREATE FUNCTION campaigns_appeal_by_concerned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM campaigns_alert alert WHERE alert.id = NEW.alert_id
                     AND alert.concerned_id = NEW.said_by_id AND alert.round = NEW.round
                     AND alert.state IN ('confirmed', 'settled')) THEN
        RAISE EXCEPTION 'no confirmed alert % about this person', NEW.alert_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER appeal_by_concerned BEFORE INSERT ON campaigns_appeal
    FOR EACH ROW EXECUTE FUNCTION campaigns_appeal_by_concerned();
"""
UNGUARDED = """
DROP TRIGGER appeal_by_concerned ON campaigns_appeal;
DROP FUNCTION campaigns_appeal_by_concerned();
DROP TRIGGER appeal_fixed ON campaigns_appeal;
DROP FUNCTION campaigns_appeal_decided();
DROP TRIGGER alert_stays ON campaigns_alert;
DROP TRIGGER alert_state_follows ON campaigns_alert;
DROP FUNCTION campaigns_alert_state_follows();
DROP TRIGGER alert_moved ON campaigns_alertmove;
DROP FUNCTION campaigns_alert_moved();
"""
OWNER = (
    "(SELECT ''customer:'' || customer_id FROM campaigns_alert"
    " WHERE id = ($1 ->> ''alert_id'')::bigint)"
)
OPENED = [
    ("campaigns_alertmove", "alert_move_fixed", OWNER, "'reason'"),
    # What staff say of themselves belongs to no customer, and may name one.
    ("campaigns_appeal", "appeal_fixed", "", "'words', 'reason'"),
]


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0160_warnings"), ("journeys", "0031_erasure_guard")]

    operations = [
        migrations.RunSQL(GUARDS, UNGUARDED),
        *(
            migrations.RunSQL(
                f"""CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON campaigns_{table}
                    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();""",
                f"DROP TRIGGER {name} ON campaigns_{table};",
            )
            for table, name in ONLY_ADDED_TO
        ),
        *(
            migrations.RunSQL(
                f"SELECT journeys_open_to_erasure('{ledger}', '{guard}', '{owner}', {columns})",
                f"SELECT journeys_close_to_erasure('{ledger}', '{guard}')",
            )
            for ledger, guard, owner, columns in OPENED
        ),
    ]
