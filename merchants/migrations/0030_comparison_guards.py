"""Offers of rivals are facts: withdrawn once with a reason, never changed or removed. And the
cities whose size the last census said, until the bank enters others."""

import datetime as dt

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_rival_offer_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
       AND to_jsonb(NEW) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_why']
         = to_jsonb(OLD) - ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_why'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an offer of a rival is a fact: it is withdrawn, not changed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'rival_offer_stays';
END $$;
CREATE TRIGGER rival_offer_stays BEFORE UPDATE OR DELETE ON merchants_rivaloffer
    FOR EACH ROW EXECUTE FUNCTION merchants_rival_offer_stays();
"""
NO_GUARDS = """
DROP TRIGGER rival_offer_stays ON merchants_rivaloffer;
DROP FUNCTION merchants_rival_offer_stays();
"""
FIRST = dt.date(2000, 1, 1)
SOURCE = (
    "第七次全国人口普查超大、特大城市；划分标准：国发〔2014〕51号 / "
    "Seventh national census; classes of Guofa [2014] 51"
)
# Chongqing's cities and counties have two codes.
MEGA = ["1101", "1201", "3101", "4401", "4403", "5001", "5002", "5101"]
VERY_LARGE = [
    "2101", "2102", "2301", "3201", "3301", "3701", "3702", "4101", "4201", "4301", "4406", "4419",
    "5301", "6101",
]  # fmt: skip


def name_sizes(apps, _editor):
    """This will enter the sizes that the census said."""
    tiers = apps.get_model("merchants", "CityTier").objects
    for size, cities in (("mega", MEGA), ("very_large", VERY_LARGE)):
        for city in cities:
            tiers.create(city=city, size=size, effective_date=FIRST, source=SOURCE)


class Migration(migrations.Migration):
    dependencies = [("merchants", "0029_comparison")]
    operations = [
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunPython(name_sizes, migrations.RunPython.noop),
    ]
