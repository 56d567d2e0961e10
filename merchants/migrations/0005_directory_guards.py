"""What no row of the directory may be: a credit code with a wrong check sign, a merchant in a
division that does not exist, an alias of an alias; and reveals are only added to."""

from django.db import migrations

# How a code is written is another constraint. The weights are the powers of 3 modulo 31 (GB 32100-2015). A division is looked for once there are
# any: a code may be filled up with zeros. Only what is written anew is looked at.
GUARDS = """
CREATE FUNCTION merchants_credit_code_fits(code text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT length(code) <> 18 OR substr(signs, 1 + ((31 - total % 31) % 31)::int, 1) = right(code, 1)
    FROM (
        SELECT signs, sum((strpos(signs, substr(code, place::int, 1)) - 1) * weight) AS total
        FROM (SELECT '0123456789ABCDEFGHJKLMNPQRTUWXY'::text AS signs) known,
             unnest('{1,3,9,27,19,26,16,17,20,29,25,13,8,24,10,30,28}'::int[])
                 WITH ORDINALITY weights(weight, place)
        GROUP BY signs
    ) added
$$;
ALTER TABLE merchants_merchant ADD CONSTRAINT merchant_credit_code_checks
    CHECK (merchants_credit_code_fits(credit_code));

CREATE FUNCTION merchants_known_division() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.division_code <> '' AND NOT EXISTS (
        SELECT FROM merchants_division WHERE code IN (
            NEW.division_code,
            CASE WHEN NEW.division_code ~ '^\\d{2}0000$' THEN left(NEW.division_code, 2)
                 WHEN NEW.division_code ~ '^\\d{4}00$' THEN left(NEW.division_code, 4) END)
    ) AND EXISTS (SELECT FROM merchants_division) THEN
        RAISE EXCEPTION 'there is no division %', NEW.division_code USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merchant_known_division BEFORE INSERT OR UPDATE OF division_code
    ON merchants_merchant FOR EACH ROW EXECUTE FUNCTION merchants_known_division();

CREATE FUNCTION merchants_flat_aliases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.merged_into_id IS NOT NULL AND (
        EXISTS (SELECT FROM merchants_merchant
                WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)
        OR EXISTS (SELECT FROM merchants_merchant WHERE merged_into_id = NEW.id)
    ) THEN
        RAISE EXCEPTION 'merchant % would be an alias of an alias', NEW.id
            USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merchant_flat_aliases BEFORE INSERT OR UPDATE OF merged_into_id
    ON merchants_merchant FOR EACH ROW EXECUTE FUNCTION merchants_flat_aliases();

CREATE TRIGGER contact_reveal_fixed BEFORE UPDATE OR DELETE ON merchants_contactreveal
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
BACK = """
DROP TRIGGER contact_reveal_fixed ON merchants_contactreveal;
DROP TRIGGER merchant_flat_aliases ON merchants_merchant;
DROP FUNCTION merchants_flat_aliases();
DROP TRIGGER merchant_known_division ON merchants_merchant;
DROP FUNCTION merchants_known_division();
ALTER TABLE merchants_merchant DROP CONSTRAINT merchant_credit_code_checks;
DROP FUNCTION merchants_credit_code_fits(text);
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0004_divisions"), ("portal", "0002_audit_chain")]
    operations = [migrations.RunSQL(GUARDS, BACK)]
