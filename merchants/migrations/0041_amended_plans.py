"""An approved plan of promotion money is changed by a plan that amends it: the accounts go over to
that one with what was booked, and nobody gets less than what is committed. As many people approve
a plan as the levels in force ask of its budget."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PLAN_GUARD = """
CREATE OR REPLACE FUNCTION merchants_fund_plan_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'draft' OR NEW.gap IS NOT NULL THEN
            RAISE EXCEPTION 'a plan of funds begins as a draft'
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_begins';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.state <> 'draft' AND (to_jsonb(NEW) - 'state') <> (to_jsonb(OLD) - 'state') THEN
        RAISE EXCEPTION 'plan % of funds was submitted, and stays as it was', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_stays';
    END IF;
    IF NEW.budget <> OLD.budget THEN
        NEW.gap := NULL;
    END IF;
    IF NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('draft', 'waiting'), ('waiting', 'approved'),
                                      ('waiting', 'draft')) THEN
        RAISE EXCEPTION 'plan % of funds does not go from % to %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_goes';
    END IF;
    IF NEW.state <> 'draft' AND NOT EXISTS (
        SELECT FROM portal_submission WHERE id = NEW.submission_id AND kind = 'fund_plan'
            AND target_key = NEW.id::text
            AND state = CASE NEW.state WHEN 'waiting' THEN 'pending' ELSE 'approved' END) THEN
        RAISE EXCEPTION 'submission % does not carry plan % of funds', NEW.submission_id, NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_approved';
    END IF;
    IF NEW.state <> 'draft' AND NOT coalesce((
        SELECT bool_and(chosen IS NOT NULL) AND sum(chosen) <= NEW.budget
        FROM merchants_fundline WHERE plan_id = NEW.id), FALSE) THEN
        RAISE EXCEPTION 'plan % of funds has no split within its budget', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_within_budget';
    END IF;
    RETURN NEW;
END $$;
"""
ACCOUNT_GUARD = """
CREATE OR REPLACE FUNCTION merchants_fund_account_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sums record;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.committed, NEW.claimed, NEW.paid) <> (0, 0, 0) OR NOT EXISTS (
            SELECT FROM merchants_fundline line JOIN merchants_fundplan plan
                ON plan.id = line.plan_id
            WHERE line.id = NEW.line_id AND plan.state = 'approved'
                AND line.chosen = NEW.allocated AND line.chosen > 0) THEN
            RAISE EXCEPTION 'line % has no such money in an approved plan', NEW.line_id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_account_as_approved';
        END IF;
        RETURN NEW;
    END IF;
    SELECT coalesce(sum(amount) FILTER (WHERE kind = 'commit'), 0) AS committed,
           coalesce(sum(amount) FILTER (WHERE kind = 'claim'), 0) AS claimed,
           coalesce(sum(amount) FILTER (WHERE kind = 'pay'), 0) AS paid
      INTO sums FROM merchants_fundentry WHERE account_id = OLD.id;
    IF (NEW.id, NEW.line_id, NEW.allocated) <> (OLD.id, OLD.line_id, OLD.allocated)
        OR (NEW.committed, NEW.claimed, NEW.paid)
            <> (sums.committed, sums.claimed, sums.paid) THEN
        RAISE EXCEPTION 'account % holds what its entries say', OLD.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_account_is_its_entries';
    END IF;
    RETURN NEW;
END $$;
"""
_TRANSITIONS = "('waiting', 'draft')) THEN"
_GO_OVER = """NEW.id <> OLD.id OR (
            (NEW.line_id, NEW.allocated) <> (OLD.line_id, OLD.allocated)
            AND NOT merchants_fund_goes_over(OLD.line_id, NEW.line_id, NEW.allocated))
        OR (NEW.committed"""
_STAY = """(NEW.id, NEW.line_id, NEW.allocated) <> (OLD.id, OLD.line_id, OLD.allocated)
        OR (NEW.committed"""
_AMENDED = "('waiting', 'draft'), ('approved', 'amended')) THEN"

GUARDS = """
CREATE FUNCTION merchants_fund_goes_over(old_line bigint, new_line bigint, money numeric)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM merchants_fundline was JOIN merchants_fundline line
            ON line.partnership_id = was.partnership_id
        JOIN merchants_fundplan plan ON plan.id = line.plan_id
        WHERE was.id = old_line AND line.id = new_line AND plan.state = 'approved'
          AND plan.amends_id = was.plan_id AND coalesce(line.chosen, 0) = money)
$$;

CREATE FUNCTION merchants_fund_amendment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held merchants_fundplan%ROWTYPE;
    needed integer;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.amends_id, NEW.amend_reason) IS DISTINCT FROM (OLD.amends_id, OLD.amend_reason) THEN
            RAISE EXCEPTION 'plan % of funds amends what it was begun for', OLD.id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_amends_that';
        END IF;
    END IF;
    IF NEW.amends_id IS NOT NULL AND NEW.state <> 'amended' THEN
        SELECT * INTO held FROM merchants_fundplan WHERE id = NEW.amends_id FOR NO KEY UPDATE;
        IF held.state <> 'approved' AND (
            TG_OP = 'INSERT' OR NEW.state <> OLD.state AND NEW.state <> 'draft') THEN
            RAISE EXCEPTION 'plan % of funds is not approved, and not amended', NEW.amends_id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_amends_approved';
        END IF;
        IF (NEW.branch_id, NEW.first_date) <> (held.branch_id, held.first_date) THEN
            RAISE EXCEPTION 'an amendment is of the branch and from the day of plan %', held.id
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_amends_same';
        END IF;
    END IF;
    IF TG_OP = 'INSERT' OR NEW.state = OLD.state THEN
        RETURN NEW;
    END IF;
    IF NEW.state IN ('waiting', 'approved') AND EXISTS (
        SELECT FROM merchants_fundaccount a JOIN merchants_fundline was ON was.id = a.line_id
        WHERE was.plan_id = NEW.amends_id AND NOT EXISTS (
            SELECT FROM merchants_fundline line WHERE line.plan_id = NEW.id
               AND line.partnership_id = was.partnership_id AND line.chosen >= a.committed)) THEN
        RAISE EXCEPTION 'amendment % gives somebody less than what is committed', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_amendment_holds';
    END IF;
    IF NEW.state = 'waiting' THEN
        SELECT max(level.approvals) INTO needed FROM portal_approvallevel level
         WHERE level.kind = 'fund_plan' AND level.measure = 'budget'
           AND level.at_least <= NEW.budget AND level.effective_date = (
            SELECT max(known.effective_date) FROM portal_approvallevel known
             WHERE known.kind = 'fund_plan' AND known.effective_date <= (
                SELECT (submitted_at AT TIME ZONE 'Asia/Shanghai')::date
                  FROM portal_submission WHERE id = NEW.submission_id));
        IF NOT EXISTS (SELECT FROM portal_submission WHERE id = NEW.submission_id
                          AND approvals_needed >= coalesce(needed, 1)) THEN
            RAISE EXCEPTION 'plan % of funds needs % approvals', NEW.id, coalesce(needed, 1)
                USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_by_levels';
        END IF;
    END IF;
    IF NEW.state = 'amended' AND (
        NOT EXISTS (SELECT FROM merchants_fundplan
                     WHERE amends_id = NEW.id AND state = 'approved')
        OR EXISTS (SELECT FROM merchants_fundaccount a JOIN merchants_fundline line
                       ON line.id = a.line_id WHERE line.plan_id = NEW.id)) THEN
        RAISE EXCEPTION 'plan % of funds is not amended as a whole', NEW.id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_amended_whole';
    END IF;
    RETURN NEW;
END $$;
-- After fund_plan_guard by its name.
CREATE TRIGGER fund_plan_guard_amendment BEFORE INSERT OR UPDATE ON merchants_fundplan
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_amendment_guard();

-- Money of a plan and of its amendment is there once.
CREATE FUNCTION merchants_fund_amended_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM merchants_fundplan WHERE id = NEW.amends_id AND state <> 'amended') THEN
        RAISE EXCEPTION 'plan % of funds holds beside its amendment', NEW.amends_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_amendment_replaces';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER fund_amendment_replaces AFTER UPDATE ON merchants_fundplan
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.state = 'approved' AND OLD.state <> 'approved')
    EXECUTE FUNCTION merchants_fund_amended_whole();

CREATE FUNCTION merchants_fund_account_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM merchants_fundline line JOIN merchants_fundplan plan ON plan.id = line.plan_id
        JOIN merchants_fundline was ON was.plan_id = plan.amends_id
            AND was.partnership_id = line.partnership_id
        JOIN merchants_fundaccount a ON a.line_id = was.id WHERE line.id = NEW.line_id) THEN
        RAISE EXCEPTION 'the account of line % goes over from the plan that is amended',
            NEW.line_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_account_goes_over';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER fund_account_once BEFORE INSERT ON merchants_fundaccount
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_account_once();
"""
NO_GUARDS = """
DROP TRIGGER fund_account_once ON merchants_fundaccount;
DROP FUNCTION merchants_fund_account_once();
DROP TRIGGER fund_amendment_replaces ON merchants_fundplan;
DROP FUNCTION merchants_fund_amended_whole();
DROP TRIGGER fund_plan_guard_amendment ON merchants_fundplan;
DROP FUNCTION merchants_fund_amendment_guard();
DROP FUNCTION merchants_fund_goes_over(bigint, bigint, numeric);
"""
_STATES = [
    ("draft", "Plan in the making"), ("waiting", "Plan waits for approval"),
    ("approved", "Plan approved"), ("amended", "Plan amended by another"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0040_one_or_two_merchants"),
        ("portal", "0019_parts_of_authors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="fundplan",
            name="amends",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="amendment",
                to="merchants.fundplan",
            ),
        ),
        migrations.AddField(
            model_name="fundplan",
            name="amend_reason",
            field=models.TextField(blank=True, default="", verbose_name="why it is amended"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="responselevel",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="fundplan",
            name="state",
            field=models.CharField(choices=_STATES, default="draft", max_length=8),
        ),
        migrations.RemoveConstraint(model_name="fundplan", name="fund_plan_state_known"),
        migrations.AddConstraint(
            model_name="fundplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [code for code, _label in _STATES])),
                name="fund_plan_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fundplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amend_reason", ""), ("amends", None)),
                    models.Q(
                        ("amends__isnull", False),
                        models.Q(("amend_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="fund_plan_amends_with_reason",
            ),
        ),
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunSQL(
            PLAN_GUARD.replace(_TRANSITIONS, _AMENDED) + ACCOUNT_GUARD.replace(_STAY, _GO_OVER),
            PLAN_GUARD + ACCOUNT_GUARD,
        ),
    ]
