"""What the database itself refuses of touch plans: a stay or a receipt that vanishes, one who comes
back into a stay that he left, an answer that is given anew; and the marks of days that moved."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER enrolment_stays BEFORE DELETE ON campaigns_enrolment
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER touch_step_stays BEFORE DELETE ON campaigns_touchstep
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION campaigns_enrolment_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.campaign_id, NEW.customer_id, NEW.rotation, NEW.occasion, NEW.entered_at)
        IS DISTINCT FROM
       (OLD.campaign_id, OLD.customer_id, OLD.rotation, OLD.occasion, OLD.entered_at)
       OR OLD.state = 'left' AND NEW.state <> 'left' THEN
        RAISE EXCEPTION 'a stay stays what it is, and who left it does not come back' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'enrolment_moves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enrolment_moves BEFORE UPDATE ON campaigns_enrolment
    FOR EACH ROW EXECUTE FUNCTION campaigns_enrolment_moves();

-- Answered once. A message that was called back before it went is the one thing that comes after.
CREATE FUNCTION campaigns_touch_step_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a step is answered once' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'touch_step_moves';
END $$;
CREATE TRIGGER touch_step_moves BEFORE UPDATE ON campaigns_touchstep
    FOR EACH ROW WHEN (OLD.state <> 'waiting' AND NOT (
        OLD.state = 'sent' AND NEW.state = 'left' AND NEW.answer = 'called_back'))
    EXECUTE FUNCTION campaigns_touch_step_moves();
CREATE FUNCTION campaigns_touch_step_is_its_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a step stays with its stay' USING
        ERRCODE = 'check_violation', CONSTRAINT = 'touch_step_is_its_own';
END $$;
CREATE TRIGGER touch_step_is_its_own BEFORE UPDATE ON campaigns_touchstep
    FOR EACH ROW WHEN ((NEW.enrolment_id, NEW.customer_id, NEW.code)
        IS DISTINCT FROM (OLD.enrolment_id, OLD.customer_id, OLD.code))
    EXECUTE FUNCTION campaigns_touch_step_is_its_own();
"""
# Of each table: whose rows they are, and the columns from which days are read.
TABLES = {
    "journeys_card": (
        "customer_id",
        "id, application_id, product_id, is_primary, issued_date, activated_date, first_used_date, closed_date",
    ),
    "journeys_application": ("customer_id", "id, product_id, filed_date, state, decided_date"),
    "campaigns_grant": ("customer_id", "id"),
    "campaigns_grantreversal": (
        "(SELECT given.customer_id FROM campaigns_grant given WHERE given.id = grant_id)", "id",
    ),
}
_ADD = "INSERT INTO campaigns_touchmark (customer_id) SELECT DISTINCT who FROM ({rows}) r"


def _follow(table, event, tables, rows):
    name = f"campaigns_touch_{table}_{event.lower()}"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_ADD.format(rows=rows)};
    RETURN NULL;
END $$;
CREATE TRIGGER touches_marked_{event.lower()} AFTER {event} ON {table}
    {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


def _of(table):
    who, columns = TABLES[table]
    row = f"SELECT {who} AS who FROM"
    both = f"SELECT {who} AS who, {columns} FROM"
    moved = f"({both} come EXCEPT ALL {both} gone) UNION ALL ({both} gone EXCEPT ALL {both} come)"
    return (
        _follow(table, "INSERT", "REFERENCING NEW TABLE AS come", f"{row} come")
        + _follow(table, "UPDATE", "REFERENCING NEW TABLE AS come OLD TABLE AS gone",
                  f"SELECT who FROM ({moved}) moved")
        + _follow(table, "DELETE", "REFERENCING OLD TABLE AS gone", f"{row} gone")
    )


UNGUARD = (
    "".join(
        f"DROP TRIGGER touches_marked_{event} ON {table};"
        f" DROP FUNCTION campaigns_touch_{table}_{event}();\n"
        for table in TABLES
        for event in ("insert", "update", "delete")
    )
    + """
DROP TRIGGER touch_step_is_its_own ON campaigns_touchstep;
DROP FUNCTION campaigns_touch_step_is_its_own();
DROP TRIGGER touch_step_moves ON campaigns_touchstep;
DROP FUNCTION campaigns_touch_step_moves();
DROP TRIGGER enrolment_moves ON campaigns_enrolment;
DROP FUNCTION campaigns_enrolment_moves();
DROP TRIGGER touch_step_stays ON campaigns_touchstep;
DROP TRIGGER enrolment_stays ON campaigns_enrolment;
"""
)


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0115_touch_plans"),
        ("journeys", "0096_refusals_outlive_phones"),
        ("portal", "0002_audit_chain"),
    ]
    operations = [migrations.RunSQL(GUARDS + "".join(map(_of, TABLES)), UNGUARD)]
