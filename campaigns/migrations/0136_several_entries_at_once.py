"""A file records several uses of one benefit by one statement: what is left is what the entries come
to, whichever of them is looked at first."""

from django.db import migrations

MOVES = """
CREATE OR REPLACE FUNCTION campaigns_benefit_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE campaigns_benefit own SET "left" = found."left"
    FROM (
        SELECT benefit.id, benefit.uses + coalesce(sum(entry.units), 0) AS "left"
        FROM campaigns_benefit benefit
        JOIN campaigns_benefitentry entry ON entry.benefit_id = benefit.id
        WHERE benefit.id = NEW.benefit_id GROUP BY benefit.id
    ) found WHERE own.id = found.id AND own."left" <> found."left";
    IF NEW.kind = 'undo' THEN
        INSERT INTO campaigns_tolookat (first_grant, last_grant, due_date)
        SELECT grant_id, grant_id, (NEW.at AT TIME ZONE 'Asia/Shanghai')::date
        FROM campaigns_benefit WHERE id = NEW.benefit_id;
    END IF;
    RETURN NULL;
END $$;
"""
MOVED = """
CREATE OR REPLACE FUNCTION campaigns_benefit_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE campaigns_benefit SET "left" = "left" + NEW.units WHERE id = NEW.benefit_id;
    IF NEW.kind = 'undo' THEN
        INSERT INTO campaigns_tolookat (first_grant, last_grant, due_date)
        SELECT grant_id, grant_id, (NEW.at AT TIME ZONE 'Asia/Shanghai')::date
        FROM campaigns_benefit WHERE id = NEW.benefit_id;
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0135_counts_of_benefits")]
    operations = [migrations.RunSQL(MOVES, MOVED)]
