"""No promotion money is committed after the last day of its plan. Before its first day it is, for
commitments are made ahead; claims, payments and what is taken back go on after the last one, and
what was taken back of commitments after it may be committed again, once. What was committed late before this rule stays as it is."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION merchants_fund_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_fundaccount%ROWTYPE;
    base merchants_fundentry%ROWTYPE;
    undone merchants_fundentry%ROWTYPE;
    last_day date;
BEGIN
    -- Locked, so that of many writers each finds what those before it wrote.
    SELECT * INTO held FROM merchants_fundaccount WHERE id = NEW.account_id FOR NO KEY UPDATE;
    IF NEW.reverses_id IS NOT NULL THEN
        SELECT * INTO undone FROM merchants_fundentry WHERE id = NEW.reverses_id;
        IF undone.reverses_id IS NOT NULL OR (undone.account_id, undone.kind)
            <> (NEW.account_id, NEW.kind) OR undone.against_id IS DISTINCT FROM NEW.against_id THEN
            RAISE EXCEPTION 'entry % is not one that this reverses', NEW.reverses_id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_entry_reverses_its_like';
        END IF;
        IF merchants_fund_left(undone.id) + NEW.amount < 0 THEN
            RAISE EXCEPTION 'of entry % only % can be taken back', undone.id,
                merchants_fund_left(undone.id)
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_entry_reverses_the_rest';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.kind = 'commit' THEN
        {in_time}IF held.committed + NEW.amount > held.allocated THEN
            RAISE EXCEPTION 'account % has % free', held.id, held.allocated - held.committed
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_commit_within';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO base FROM merchants_fundentry WHERE id = NEW.against_id;
    IF base.account_id <> NEW.account_id OR base.reverses_id IS NOT NULL
        OR (NEW.kind, base.kind) NOT IN (('claim', 'commit'), ('pay', 'claim')) THEN
        RAISE EXCEPTION 'a % does not rest on entry %', NEW.kind, NEW.against_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_entry_rests_on_its_kind';
    END IF;
    IF NEW.kind = 'pay' AND base.actor_id = NEW.actor_id THEN
        RAISE EXCEPTION 'claim % is paid by another person than who noted it', base.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_pay_by_another';
    END IF;
    IF NEW.amount > merchants_fund_left(base.id) THEN
        RAISE EXCEPTION 'of entry % only % is left', base.id, merchants_fund_left(base.id)
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_entry_within';
    END IF;
    RETURN NEW;
END $$;
"""
# The account stands with the plan that holds: of a plan that was amended, with its amendment.
IN_TIME = """SELECT plan.last_date INTO last_day FROM merchants_fundline line
            JOIN merchants_fundplan plan ON plan.id = line.plan_id WHERE line.id = held.line_id;
        IF greatest(NEW.on_date, (NEW.at AT TIME ZONE 'Asia/Shanghai')::date) > last_day
            AND NEW.amount + (
                SELECT coalesce(sum(late.amount), 0) FROM merchants_fundentry late
                 WHERE late.account_id = held.id AND late.kind = 'commit'
                   AND greatest(late.on_date, (late.at AT TIME ZONE 'Asia/Shanghai')::date)
                       > last_day) > 0 THEN
            RAISE EXCEPTION 'the plan of account % ended on %', held.id, last_day
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_commit_in_time';
        END IF;
        """


class Migration(migrations.Migration):
    dependencies = [("merchants", "0045_shifts_change_places")]
    operations = [
        migrations.RunSQL(GUARD.format(in_time=IN_TIME), GUARD.format(in_time="")),
    ]
